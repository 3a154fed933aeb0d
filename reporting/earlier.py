"""Which answers of a State's earlier reports stand behind a form: two questions to the database."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from reporting.models import DRAFT, FormAnswers, Report
from reporting.schema import Form, cleaned
from reporting.versions import schema_of


def _earlier(report: Report, which: Q) -> QuerySet[FormAnswers]:
    """Answers that the State handed in, of the last version of each report, the newest first."""
    later = Report.objects.handed_in().filter(
        state=OuterRef("report__state"),
        kind=OuterRef("report__kind"),
        year=OuterRef("report__year"),
        number__gt=OuterRef("report__number"),
    )
    before = Q(report__year__lt=report.year)
    if report.kind == Report.Kind.ANNUAL:
        before |= Q(report__year=report.year, report__kind=Report.Kind.INITIAL)
    return (
        FormAnswers.objects.filter(before | which, ~Exists(later), report__state=report.state_id)
        .exclude(report__status=DRAFT)
        .exclude(said={})
        .select_related("report")
        # Of one year the annual report comes after the initial one.
        .order_by("form", "-report__year", "report__kind", "pk")
    )


def answers_before(report: Report) -> dict[str, FormAnswers]:
    """By form the answers in the last report before this one that has any; one query."""
    return {row.form: row for row in _earlier(report, Q(pk__in=[])).distinct("form")}


def source_of(report: Report, form: Form) -> FormAnswers | None:
    """What a form may start from: the version that this one amends, else the last report before."""
    amended = Q(report__kind=report.kind, report__year=report.year)
    return _earlier(report, amended).filter(form=form.key).first()


def said_in(row: FormAnswers, form: Form) -> dict[str, Any]:
    """The earlier answers as far as this version of the form asks for them."""
    if schema_of(row.report).form(row.form) == form:
        return row.said
    return cleaned(form, row.said)[0]


def left_in(row: FormAnswers, form: Form) -> list[str]:
    """The questions of the earlier answers that have no place in this version of the form.

    They stay in the report in which they were given: nothing is carried over silently, and nothing
    is made into something else.
    """
    then = schema_of(row.report).form(row.form)
    if then == form:
        return []
    kept = said_in(row, form)
    return [
        str(asked.label)
        for asked in then.fields
        if asked.key in row.said and kept.get(asked.key) != row.said[asked.key]
    ]


def name_of(report: Report, source: Report) -> str:
    """The year of the earlier report; of an earlier version of the same report its reference."""
    return str(source.year) if source.year != report.year else source.reference
