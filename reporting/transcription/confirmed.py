"""What a State has confirmed of the ISU's transcriptions: as good as its answers, and marked so."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from reporting.models import FormAnswers, Report, TranscribedForm, Transcription
from reporting.models.transcriptions import CONFIRMED


def transcription_of(report: Report) -> Transcription | None:
    """The confirmed transcription of a report; one query."""
    return Transcription.objects.confirmed().filter(report=report).first()


def asked_about(report: Report) -> Transcription | None:
    """The transcription about which the State was asked, whatever it answered; one query."""
    return Transcription.objects.standing().filter(report=report, times_sent__gt=0).first()


def said_in(report: Report) -> dict[str, dict[str, Any]]:
    """By form what the State confirmed; nothing where it did not. One query."""
    rows = TranscribedForm.objects.filter(
        transcription__report=report, transcription__status=CONFIRMED
    )
    return {row.form: row.said for row in rows if row.said}


def answers(rows: QuerySet[TranscribedForm]) -> list[FormAnswers]:
    """Of these forms those that were confirmed, as answers of their reports; one query."""
    found = rows.filter(transcription__status=CONFIRMED).exclude(said={})
    return [
        as_answers(row, row.transcription.report)
        for row in found.select_related("transcription__report")
    ]


def answers_of(report: Report) -> list[FormAnswers]:
    """What the State answered; where it gave a file, what it confirmed as its own. Two queries."""
    own = list(report.forms.all())
    if own:
        return own
    return answers(TranscribedForm.objects.filter(transcription__report=report))


def as_answers(row: TranscribedForm, report: Report) -> FormAnswers:
    """The same as answers of the report, for those who read answers; never saved."""
    return FormAnswers(
        report=report,
        form=row.form,
        said=row.said,
        unread=row.unread,
        touched_at=row.touched_at,
        touched_by=row.touched_by,
    )
