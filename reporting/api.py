"""The public answer about published transparency reports."""

import datetime as dt
from typing import Any, Literal

from django.conf import settings
from django.utils.timezone import localdate
from ninja import Schema
from pydantic import Field

from reporting.models import Report
from states.answers import Answer, Number, Question, page


class ReportsQuestion(Question):
    """Parameters of /reports."""

    kind: Literal["initial", "annual", "voluntary"] | None = Field(None)
    year: Number | None = Field(None, description="The calendar year reported on.")


class ReportAnswer(Schema):
    """A published report."""

    state: str
    kind: Literal["initial", "annual", "voluntary"]
    year: int
    version: int
    covers_from: dt.date
    covers_to: dt.date
    language: str
    reference: str
    published_on: dt.date
    page: str
    sha256: str
    demo: bool


class Reports(Schema):
    """A page of reports, by the code of the State, newest year first."""

    count: int
    items: list[ReportAnswer]


def reports(question: ReportsQuestion) -> dict[str, Any]:
    """The last version of each report that was public on the day."""
    on = question.as_at or localdate()
    rows = Report.objects.published(on)
    if question.state:
        rows = rows.filter(state=question.state)
    if question.kind:
        rows = rows.filter(kind=question.kind)
    if question.year is not None:
        rows = rows.filter(year=question.year)
    chosen = rows.select_related("state", "original").order_by(
        "state_id", "-year", "kind", "-number", "pk"
    )
    items = [
        {
            "state": row.state_id,
            "kind": row.kind,
            "year": row.year,
            "version": row.number,
            "covers_from": row.covers_from,
            "covers_to": row.covers_to,
            "language": row.language,
            "reference": row.reference,
            "published_on": row.published_on,
            "page": settings.SITE_URL + row.get_absolute_url(),
            "sha256": row.original.sha256 if row.original else "",
            "demo": row.state.demo,
        }
        for row in chosen[question.offset : question.offset + question.limit]
    ]
    return page(question, rows.count(), items)


ANSWERS = [Answer("reports", ReportsQuestion, Reports, reports, ReportAnswer)]
