"""Draws the measures out of Form A of published reports, on publication and whenever made anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q

from reporting import counted
from reporting.models import Attachment, FormAnswers, Measure, Report, TranscribedForm
from reporting.models.transcriptions import CONFIRMED
from reporting.transcription import confirmed

# The form of every version that holds them, and its table.
FORM, TABLE = "measures", "measures"


def measures_in(report: Report) -> list[Measure]:
    """Every row of Form A, in its order; not saved. Three queries at most.

    Where a State gave a file and no answers, those that it confirmed of the ISU's transcription.
    A file counts only where it came with this form of this report: a number alone shows nothing.
    """
    said = {row.form: row.said for row in report.forms.all() if row.said}
    rows = (said or confirmed.said_in(report)).get(FORM, {}).get(TABLE, [])
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
    """Makes the measures of a report that is being published, or whose figures are confirmed."""
    Measure.objects.bulk_create(measures_in(report))


def rebuild() -> int:
    """Makes the measures of every published report anew; returns how many reports had others."""
    return counted.renew(Measure, measures_in)


def draw_missing() -> int:
    """Draws from published reports that were there before measures were kept; returns how many."""
    answered = FormAnswers.objects.filter(report=OuterRef("pk"), form=FORM, said__has_key=TABLE)
    transcribed = TranscribedForm.objects.filter(
        transcription__report=OuterRef("pk"),
        transcription__status=CONFIRMED,
        form=FORM,
        said__has_key=TABLE,
    )
    drawn = Measure.objects.filter(report=OuterRef("pk"))
    missing = (Q(Exists(answered)) | Q(Exists(transcribed))) & ~Q(Exists(drawn))
    return counted.renew(Measure, measures_in, missing)
