"""The public answer about national implementation measures."""

import datetime as dt
from typing import Annotated, Any, Literal

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localdate
from ninja import Schema
from pydantic import BeforeValidator, Field

from reporting.measures import standing, words
from reporting.measures.standing import NOT_RECORDED, Line
from reporting.models import Measure, MeasureGroup
from states.answers import Answer, Question, page
from states.models import State


def _kind(value: object) -> str:
    if value not in Measure.Kind.values:
        known = ", ".join(Measure.Kind.values)
        raise ValueError(f"“{value}” is not a kind of measure; known are {known}")
    return str(value)


def _status(value: object) -> str:
    known = [*MeasureGroup.objects.values_list("key", flat=True), NOT_RECORDED]
    if value not in known:
        raise ValueError(f"“{value}” is not a status; known are {', '.join(known)}")
    return str(value)


class MeasuresQuestion(Question):
    """Parameters of /measures."""

    kind: Annotated[str, BeforeValidator(_kind)] | None = Field(
        None, description="The kind of measure, such as law."
    )
    status: Annotated[str, BeforeValidator(_status)] | None = Field(
        None, description="A status of the State under Article 9, such as legislation."
    )
    demo: Literal["0", "1"] = Field("0", description="1: the fictional States instead.")


class MeasureAnswer(Schema):
    """A national implementation measure of a State, as reported by it or as noted by the ISU."""

    state: str
    statuses: list[str] = Field(description="The statuses of the State; the words of ?status=.")
    kind: str = Field(description="Empty where nobody has said it.")
    title: str = Field(description="In the language in which it was reported.")
    title_en: str = Field(description="As the ISU has noted it, where it says more.")
    citation: str
    effective_on: dt.date | None
    penal_sanctions: bool | None = Field(description="null: nobody has said.")
    bans_investment: bool | None = Field(
        description="As the ISU has noted it, since Form A does not ask; null: nobody has said."
    )
    said: str = Field(description="Whose word it is.")
    reference: str = Field(description="The report, where it is the word of the State.")
    note: str = Field(description="The note of the ISU, dated, with its source.")
    in_latest_report: bool | None
    text: str = Field(description="The address of the text of the law, where there is one.")
    text_sha256: str
    page: str
    demo: bool


class Measures(Schema):
    """A page of measures, by the code of the State, newest report first."""

    count: int
    items: list[MeasureAnswer]


def measures(question: MeasuresQuestion) -> dict[str, Any]:
    """Each measure in the last version of each report that was public on the day, by its row.

    A row that later reports carry stands once, as the newest of them has it. A State of which
    nothing is recorded here has no item: that says nothing of its law.
    """
    on = question.as_at or localdate()
    demo = question.demo == "1"
    groups = list(standing.groups())
    fictional = set(State.objects.filter(demo=True).values_list("pk", flat=True))
    items = []
    for iso3, lines in sorted(standing.lines(on).items()):
        statuses = [group.key for group in standing.statuses(lines, groups)]
        if (
            (iso3 in fictional) is not demo
            or (question.state and iso3 != question.state)
            or (question.status and question.status not in (statuses or [NOT_RECORDED]))
        ):
            continue
        items += [
            _facts(line, statuses, demo)
            for line in lines
            if not question.kind or line.kind == question.kind
        ]
    return page(question, len(items), items[question.offset : question.offset + question.limit])


def _facts(line: Line, statuses: list[str], demo: bool) -> dict[str, Any]:
    report, text, note = line.report, line.text, line.note
    # What the State reported stands alone; what the ISU adds is in the note.
    own = line.own
    address = reverse("file", args=[text.pk, text.name]) if text else ""
    return {
        "state": line.state_id,
        "statuses": statuses,
        "kind": own.kind,
        "title": own.title,
        "title_en": line.title_en,
        "citation": own.citation,
        "effective_on": own.effective_on,
        "penal_sanctions": own.penal,
        "bans_investment": line.bans_investment,
        "said": words.whose(line),
        "reference": report.reference if report else "",
        "note": words.shown(line).note,
        "in_latest_report": line.in_latest if report else None,
        "text": settings.SITE_URL + address if address else note.link if note else "",
        "text_sha256": text.sha256 if text else "",
        "page": settings.SITE_URL
        + (report.get_absolute_url() if report else f"/states/{line.state_id}/#measures"),
        "demo": demo,
    }


ANSWERS = [Answer("measures", MeasuresQuestion, Measures, measures, MeasureAnswer)]
