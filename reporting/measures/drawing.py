"""Draws the measures out of Form A of published reports, on publication and whenever made anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q

from reporting import counted
from reporting.models import Attachment, FormAnswers, Measure, Report

# The form of every version that holds them, and its table.
FORM, TABLE = "measures", "measures"


def measures_in(report: Report) -> list[Measure]:
    """Every row of Form A, in its order; not saved. Two queries.

    A file counts only where it came with this form of this report: a number alone shows nothing.
    """
    said = FormAnswers.objects.filter(report=report, form=FORM).values_list("said", flat=True)
    rows = (said.first() or {}).get(TABLE, [])
    files = set(
        Attachment.objects.filter(report=report, form=FORM).values_list("upload", flat=True)
    )
    return [_measure(report, place, row, files) for place, row in enumerate(rows)]


def _measure(report: Report, place: int, row: Mapping[str, Any], files: set[int]) -> Measure:
    since, text = row.get("effective_on"), row.get("text")
    return Measure(
        report=report,
        state_id=report.state_id,
        position=place,
        row=row["id"],
        kind=row.get("kind", ""),
        title=row.get("title", ""),
        citation=row.get("citation", ""),
        effective_on=dt.date.fromisoformat(since) if since else None,
        penal=row.get("penal"),
        text_id=text if text in files else None,
        remark=row.get("remark", ""),
    )


def keep(report: Report) -> None:
    """Makes the measures of a report that is being published."""
    Measure.objects.bulk_create(measures_in(report))


def rebuild() -> int:
    """Makes the measures of every published report anew; returns how many reports had others."""
    return counted.renew(Measure, measures_in)


def draw_missing() -> int:
    """Draws from published reports that were there before measures were kept; returns how many."""
    answered = FormAnswers.objects.filter(report=OuterRef("pk"), form=FORM, said__has_key=TABLE)
    drawn = Measure.objects.filter(report=OuterRef("pk"))
    missing = Q(Exists(answered)) & ~Q(Exists(drawn))
    return counted.renew(Measure, measures_in, missing)
