"""The one list of what the apps contribute to the parts that join them."""

from records import sections as evidence
from records.seams import CalendarSource, DeskSource, DueSource, OwedSections, StateSections
from reporting import dues as article_7
from reporting import sections as reports
from states.access import AudienceSource

AUDIENCES: list[AudienceSource] = []
DUES: list[DueSource] = [article_7.of_reports]
STATE_SECTIONS: list[StateSections] = [reports.of_state]
OWED_SECTIONS: list[OwedSections] = [reports.owed]
DESK: list[DeskSource] = [reports.desk, evidence.desk]
CALENDAR: list[CalendarSource] = []
