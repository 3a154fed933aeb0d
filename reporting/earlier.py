"""Which answers of a State's earlier reports stand behind a form: its own, or those confirmed."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from reporting.models import DRAFT, FormAnswers, Report, TranscribedForm
from reporting.schema import Form, cleaned
from reporting.transcription import confirmed
from reporting.versions import schema_of


def _earlier(report: Report, which: Q, form: str = "") -> list[FormAnswers]:
    """Answers that the State handed in, of the last version of each report, the newest first.

    What it confirmed of the ISU's transcription of a file stands among them, as answers that are
    not saved. Two queries.
    """
    later = Report.objects.handed_in().filter(
        state=OuterRef("state"),
        kind=OuterRef("kind"),
        year=OuterRef("year"),
        number__gt=OuterRef("number"),
    )
    before = Q(year__lt=report.year)
    if report.kind == Report.Kind.ANNUAL:
        before |= Q(year=report.year, kind=Report.Kind.INITIAL)
    reports = Report.objects.filter(before | which, ~Exists(later), state=report.state_id).exclude(
        status=DRAFT
    )
    of_form = {"form": form} if form else {}
    own = FormAnswers.objects.filter(report__in=reports, **of_form).exclude(said={})
    typed = TranscribedForm.objects.filter(transcription__report__in=reports, **of_form)
    order = ("form", "-{0}year", "{0}kind", "{0}pk")
    newest = own.select_related("report").order_by(*(one.format("report__") for one in order), "pk")
    last = typed.order_by(*(one.format("transcription__report__") for one in order), "pk")
    found = [*newest.distinct("form"), *confirmed.answers(last.distinct("form"))]
    # Of one year the annual report comes after the initial one.
    return sorted(found, key=lambda row: (-row.report.year, row.report.kind, row.report_id))


def answers_before(report: Report) -> dict[str, FormAnswers]:
    """By form the answers in the last report before this one that has any; two queries."""
    found: dict[str, FormAnswers] = {}
    for row in _earlier(report, Q(pk__in=[])):
        found.setdefault(row.form, row)
    return found


def source_of(report: Report, form: Form) -> FormAnswers | None:
    """What a form may start from: the version that this one amends, else the last report before."""
    amended = Q(kind=report.kind, year=report.year)
    return next(iter(_earlier(report, amended, form.key)), None)


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
