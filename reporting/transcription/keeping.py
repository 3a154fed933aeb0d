"""Keeps what the ISU types of each form of a report that came as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from records.models.events import record
from records.workflow import Refused
from reporting import answering, coverpage
from reporting.answering import FormOvertaken
from reporting.boxes import unread_of
from reporting.models import DRAFT, Report, TranscribedForm, Transcription
from reporting.models.transcriptions import OPEN
from reporting.schema import CHANGED, Field, File, Form, Table, cleaned
from reporting.transcription.confirmed import as_answers
from reporting.versions import schema_of
from states import access
from states.models import User

RIGHT = "file_for_state"


def why_not(report: Report) -> str:
    """Why there is nothing to transcribe, in a sentence; empty where there is."""
    if report.status == DRAFT:
        return _("%(report)s has not been handed in.") % {"report": report}
    if report.original is None:
        return _("This report has no file.")
    if report.forms.exclude(said={}).exists():
        return _("The State has answered the forms itself: there is nothing to transcribe.")
    return ""


@transaction.atomic
def begin(report: Report, *, by: User) -> Transcription:
    """The transcription of a report that came as a file: the one that stands, or a new one.

    Raises `Refused` where there is nothing to transcribe.
    """
    if not (answer := access.may(by, RIGHT, report.state)):
        raise Refused(answer.reason)
    # Under the report's lock, so that of two presses the second finds the first's.
    held = Report.objects.select_for_update(of=("self",)).select_related("state").get(pk=report.pk)
    standing = Transcription.objects.standing().filter(report=held).first()
    if standing is not None:
        return standing
    if refusal := why_not(held):
        raise Refused(refusal)
    try:
        with transaction.atomic():
            row = Transcription.objects.create(report=held, begun_by=by)
    except IntegrityError:  # pragma: no cover - the lock is held
        return Transcription.objects.standing().get(report=held)
    record("transcribe", held, by=by, state=held.state)
    return row


def asked(form: Form) -> Form:
    """The form without its files: what is typed from a file is words and numbers."""
    fields: list[Field] = []
    for one in form.fields:
        if isinstance(one, Table):
            columns = tuple(column for column in one.columns if not isinstance(column, File))
            fields.append(replace(one, columns=columns))
        elif not isinstance(one, File):
            fields.append(one)
    return replace(form, fields=tuple(fields))


def row_of(row: Transcription, form: Form) -> TranscribedForm:
    """What was typed of one form; an unsaved row where nothing was yet."""
    found = row.forms.filter(form=form.key).select_related("touched_by").first()
    return found or TranscribedForm(transcription=row, form=form.key, touched_at=row.begun_at)


def token(row: TranscribedForm) -> str:
    """Which state of a form a page shows; empty where nothing was saved yet."""
    return row.touched_at.isoformat() if row.pk else ""


@transaction.atomic
def save(
    transcription: Transcription, form: Form, given: Mapping[str, Any], *, by: User, seen: str
) -> TranscribedForm:
    """Keeps what was typed; what is no answer yet is kept as it was typed.

    `seen` is the `token` that the page had. Raises `Refused` where the State has the transcription
    or has confirmed it, and `FormOvertaken` where somebody saved otherwise since. The same once
    more changes nothing.
    """
    held = Transcription.objects.select_for_update(of=("self",)).get(pk=transcription.pk)
    if not (answer := access.may(by, RIGHT)):
        raise Refused(answer.reason)
    if held.status not in OPEN:
        raise Refused(closed(held))
    said, mistakes = cleaned(asked(form), given)
    unread = unread_of(mistakes)
    row = row_of(held, form)
    if (row.said, row.unread) == (said, unread):
        return row
    if token(row) != seen:
        raise FormOvertaken(as_answers(row, transcription.report))
    row.said, row.unread = said, unread
    row.touched_at, row.touched_by = timezone.now(), by
    row.save()
    return row


def closed(row: Transcription) -> str:
    """Why nothing of it can be typed now."""
    return _(
        "Nothing was saved: this transcription is %(status)s. To change it, take it back from the "
        "State first."
    ) % {"status": row.get_status_display()}


def tasks(row: Transcription, here: Form | None = None) -> list[dict[str, Any]]:
    """The forms in the order of the report's language, and how far each has come; one query."""
    report = row.report
    rows = {one.form: as_answers(one, report) for one in row.forms.all()}
    lines = {
        line.form.key: line
        for line in coverpage.lines(report.marks, report.language)
        if line.mark and line.mark != CHANGED
    }
    found = []
    for form in schema_of(report).in_order(report.language):
        row_here = rows.get(form.key)
        # Of what was typed it is said how far it has come, whatever the cover page marks.
        typed = row_here is not None and bool(row_here.said or row_here.unread)
        come = answering.progress(asked(form), {}, row_here)
        # Where nothing was typed the mark stands as it is: the ISU has nothing to add to it.
        mark = "" if typed else _mark(lines.get(form.key))
        letter = form.letter_in(report.language)
        found.append(
            {
                "label": _("Form %(letter)s: %(title)s") % {"letter": letter, "title": form.title},
                "url": address(row, form),
                "tone": "settled" if mark else come.tone,
                "words": mark or come.words,
                "current": here is not None and form.key == here.key,
            }
        )
    return found


def _mark(line: coverpage.Line | None) -> str:
    return line.said if line else ""


def address(row: Transcription, form: Form) -> str:
    """Where the form is typed."""
    return reverse("transcribe", args=[row.pk, form.key])
