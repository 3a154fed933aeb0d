"""The one list of what the apps contribute to the parts that join them."""

from records.seams import CalendarSource, DeskSource, DueSource, OwedSections, StateSections
from states.access import AudienceSource

AUDIENCES: list[AudienceSource] = []
DUES: list[DueSource] = []
STATE_SECTIONS: list[StateSections] = []
OWED_SECTIONS: list[OwedSections] = []
DESK: list[DeskSource] = []
CALENDAR: list[CalendarSource] = []
