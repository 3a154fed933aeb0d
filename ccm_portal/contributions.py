"""The one list of what the apps contribute to the parts that join them."""

import records.asking
import records.search
import reporting.api
import reporting.demo
import reporting.figures
import reporting.measures.api
import reporting.measures.search
import reporting.measures.sections
import reporting.search
import states.api
import states.calendar
import states.demo
import states.figures
import states.search
import states.sections
from records import sections as evidence
from records.seams import (
    CalendarSource,
    DemoSource,
    DeskSource,
    DueSource,
    FigureSource,
    OwedSections,
    SearchSource,
    StateSections,
)
from reporting import dues as article_7
from reporting import sections as reports
from states.access import AudienceSource
from states.answers import Answer, One

AUDIENCES: list[AudienceSource] = []
DUES: list[DueSource] = [article_7.of_reports, records.asking.of_contacts]
STATE_SECTIONS: list[StateSections] = [reports.of_state, reporting.measures.sections.of_state]
OWED_SECTIONS: list[OwedSections] = [reports.owed]
DESK: list[DeskSource] = [reports.DESK, evidence.DESK, evidence.ENQUIRIES, *states.sections.DESK]
CALENDAR: list[CalendarSource] = [states.calendar.of_states]
ANSWERS: list[Answer] = [
    *states.api.ANSWERS,
    *reporting.api.ANSWERS,
    *reporting.measures.api.ANSWERS,
]
ONES: list[One] = [*reporting.api.ONES]
DEMO: list[DemoSource] = [states.demo.make, reporting.demo.make]
FIGURES: list[FigureSource] = [states.figures.of_states, reporting.figures.of_reports]
SEARCH: list[SearchSource] = [
    states.search.STATES,
    reporting.search.REPORTS,
    reporting.measures.search.MEASURES,
    records.search.DOCUMENTS,
]
