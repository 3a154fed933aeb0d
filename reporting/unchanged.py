"""Which earlier report an unchanged form points to, and what of it cannot be carried here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from reporting.earlier import left_in
from reporting.models import FormAnswers, Report
from reporting.schema import CHANGED, UNCHANGED, Form
from reporting.versions import schema_of


def years_covered(covers_from: dt.date, covers_to: dt.date) -> list[int]:
    """The calendar years that the period covers from the first day to the last."""
    return [
        year
        for year in range(covers_from.year, covers_to.year + 1)
        if covers_from <= dt.date(year, 1, 1) and covers_to >= dt.date(year, 12, 31)
    ]


def answers_for(report: Report, year: int) -> bool:
    """Whether the report is the one on that year, or one on several years of which it is one."""
    return report.year == year or year in years_covered(report.covers_from, report.covers_to)


def on_the_year(reports: Iterable[Report], year: int) -> Report | None:
    """The report on the year, else the one on several years that holds it; the first of each."""
    holding = [one for one in reports if answers_for(one, year)]
    return next((one for one in holding if one.year == year), next(iter(holding), None))


def says(report: Report, form: Form | str, answered: bool = False) -> bool:
    """Whether the report itself says what the form holds: never one that points on to another.

    An initial report fills in every form and marks none; `answered` is whether one without a mark
    was answered here.
    """
    key = form if isinstance(form, str) else form.key
    mark = report.marks.get(key, {}).get("mark")
    if not mark:
        return answered or report.kind == Report.Kind.INITIAL
    return bool(mark == CHANGED)


def answered_forms(reports: Iterable[Report]) -> set[tuple[int, str]]:
    """Which forms of these reports hold answers given here; one query."""
    rows = FormAnswers.objects.filter(report__in=[one.pk for one in reports]).exclude(said={})
    return set(rows.order_by().values_list("report", "form"))


def left_behind(report: Report, earlier: Sequence[Report]) -> Iterator[tuple[str, str]]:
    """By form, what of the answers that it points to has no place in this version of the forms.

    One query, and only where the forms were of another version then.
    """
    pointing = {
        key: source
        for key, said in report.marks.items()
        if said.get("mark") == UNCHANGED
        and said.get("year")
        and (source := on_the_year(earlier, said["year"])) is not None
        and source.schema != report.schema
    }
    if not pointing:
        return
    rows = FormAnswers.objects.filter(report__in={one.pk for one in pointing.values()})
    answers = {(row.report_id, row.form): row for row in rows.select_related("report")}
    for form in schema_of(report).forms:
        source = pointing.get(form.key)
        row = answers.get((source.pk, form.key)) if source else None
        if row is None or not (left := left_in(row, form)):
            continue
        yield (
            form.key,
            _(
                "Form %(letter)s is unchanged since %(year)s, when it was written in another "
                "version of the forms. This has no place here and stays in that report: "
                "%(questions)s."
            )
            % {
                "letter": form.letter_in(report.language),
                "year": row.report.year,
                "questions": "; ".join(left),
            },
        )
