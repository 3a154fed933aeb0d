"""Draws the figures out of published reports, on publication and whenever they are made anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils import translation

from reporting.models import PUBLISHED, Figure, Report
from reporting.schema import Leaf, Money, Number, Table, Text
from reporting.transcription import confirmed
from reporting.versions import schema_of

LONGEST_LABEL = 200
AT_ONCE = 1_000


def figures_in(report: Report) -> list[Figure]:
    """Every number marked as a figure in the answers, in the order of the forms; not saved.

    Where a State gave a file and no answers, those that it confirmed of the ISU's transcription.
    """
    schema = schema_of(report)
    said = {row.form: row.said for row in report.forms.all() if row.said}
    transcribed = {} if said else confirmed.said_in(report)
    said = said or transcribed
    rows = {
        (form.key, table.key, row["id"]): (table, row)
        for form in schema.forms
        for table in form.fields
        if isinstance(table, Table)
        for row in said.get(form.key, {}).get(table.key, [])
    }
    found: list[Figure] = []
    for leaf in schema.leaves(said):
        if not leaf.simple.figure:
            continue
        form, question, row, column, part = leaf.path
        table, line = rows.get((form, question, row), (None, said[form]))
        found.append(
            Figure(
                report=report,
                state_id=report.state_id,
                year=report.year,
                position=len(found),
                form=form,
                question=question,
                row=row,
                row_label=about(table, line) if table else "",
                column=column,
                part=part,
                number=Decimal(repr(leaf.value)),
                unit=unit_of(leaf, line),
                transcribed=bool(transcribed),
            )
        )
    return found


def about(table: Table, line: Mapping[str, Any]) -> str:
    """What a row is about: the words by which its table adds up, or else its first words."""
    words = [column.key for column in table.columns if isinstance(column, Text)]
    for key in (table.by, *words):
        if said := " ".join(str(line.get(key, "")).split()):
            return said if len(said) <= LONGEST_LABEL else f"{said[: LONGEST_LABEL - 1]}…"
    return ""


def unit_of(leaf: Leaf, line: Mapping[str, Any]) -> str:
    """The currency of an amount, or the unit of the question in the language of the source."""
    if isinstance(leaf.field, Money):
        return str(line[leaf.field.key].get("currency", ""))
    with translation.override(None):
        return str(leaf.simple.unit) if isinstance(leaf.simple, Number) else ""


def keep(report: Report) -> None:
    """Makes the figures of a report that is being published."""
    Figure.objects.bulk_create(figures_in(report), batch_size=AT_ONCE)


def rebuild() -> int:
    """Makes the figures of every published report anew; returns how many reports had others."""
    return renew(Figure, figures_in)


@transaction.atomic
def renew[Drawn: Model](
    kind: type[Drawn], drawn: Callable[[Report], list[Drawn]], reports: Q | None = None
) -> int:
    """Makes what is drawn from published reports anew; returns how many reports had other rows.

    Rows of the `kind` have a report and a position. Where nothing is different nothing is written,
    so no public page is dropped. Safe at any time: each report is locked as its publication locks
    it.
    """
    rows = kind._default_manager
    rows.exclude(report__status=PUBLISHED).delete()
    published = Report.objects.filter(reports or Q(), status=PUBLISHED).order_by("pk")
    renewed = 0
    for pk in list(published.values_list("pk", flat=True)):
        report = Report.objects.select_for_update(of=("self",)).get(pk=pk)
        wanted = drawn(report)
        present = rows.filter(report=report).order_by("position")
        if [_facts(one) for one in present] != [_facts(one) for one in wanted]:
            present.delete()
            rows.bulk_create(wanted, batch_size=AT_ONCE)
            renewed += 1
    return renewed


def _facts(row: Model) -> list[Any]:
    return [
        getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    ]
