"""Keeps the answers to each form of a draft by itself, and says how far each form has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records.models import Upload
from records.workflow import Refused
from reporting import schema as grammar
from reporting.boxes import files_of, unread_of
from reporting.filing import HandedIn
from reporting.models import DRAFT, Attachment, Delegation, FormAnswers, Report
from reporting.schema import (
    CHANGED,
    Form,
    Level,
    cleaned,
)
from reporting.versions import schema_of
from states import access
from states.models import User


class FormOvertaken(Exception):
    """Somebody saved this form meanwhile; holds the answers as they stand."""

    def __init__(self, row: FormAnswers | Delegation) -> None:
        super().__init__(row)
        self.row = row


def row_of(report: Report, form: Form) -> FormAnswers:
    """The answers to one form; an unsaved row where there are none yet."""
    found = (
        FormAnswers.objects.filter(report=report, form=form.key)
        .select_related("touched_by")
        .first()
    )
    return found or FormAnswers(report=report, form=form.key, touched_at=report.drafted_at)


def token(row: FormAnswers | Delegation) -> str:
    """Which state of a form a page shows; empty where nothing was saved yet."""
    return row.touched_at.isoformat() if row.pk else ""


@transaction.atomic
def save(
    report: Report,
    form: Form,
    given: Mapping[str, Any],
    mark: Mapping[str, Any] | None,
    *,
    by: User,
    seen: str,
) -> FormAnswers:
    """Keeps what is an answer as an answer, and the rest of what was typed as typed.

    `seen` is the `token` that the page had; `mark` is what the cover page says of the form, None to
    leave it as it is. Raises `Refused`, `HandedIn`, and `FormOvertaken` where somebody saved other
    answers since. The same answers once more change nothing.
    """
    held = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not (answer := access.may(by, "draft_report", held.state)):
        raise Refused(answer.reason)
    if held.status != DRAFT:
        raise HandedIn(held)
    said, mistakes = cleaned(form, given)
    unread = unread_of(mistakes)
    uploads = _own_files(held, form, said, by)
    row = row_of(held, form)
    same = (row.said, row.unread) == (said, unread)
    if token(row) != seen and not same:
        raise FormOvertaken(row)
    if not same:
        row.said, row.unread = said, unread
        row.touched_at, row.touched_by = timezone.now(), by
        row.save()
        _attach(held, form, uploads)
    _mark(held, form, mark, said, by)
    return row


def _own_files(report: Report, form: Form, said: dict[str, Any], by: User) -> set[int]:
    """The uploads that the answers name; others than the State attached itself are taken out.

    A file of the State is not yet its drafters': the secretariat files notes and papers under its
    name too. Theirs is what this person has sent, what stands in a report of the State already,
    and what a colleague has sent with a form of this one.
    """

    def attached(wanted: set[int]) -> set[int]:
        rows = Upload.objects.filter(pk__in=wanted, state=report.state_id).filter(
            Q(received_by=by)
            | Q(attachments__report__state=report.state_id)
            | Q(delegations__report=report)
        )
        return set(rows.values_list("pk", flat=True))

    return only_files(form, said, attached)


def only_files(form: Form, said: dict[str, Any], own: Callable[[set[int]], set[int]]) -> set[int]:
    """The uploads that the answers name and that are `own`; the others are taken out of them."""
    holders = []
    for question, column in files_of(form):
        if column:
            holders += [(row, column) for row in said.get(question, []) if column in row]
        elif question in said:
            holders.append((said, question))
    wanted = {holder[key] for holder, key in holders}
    kept = own(wanted)
    for holder, key in holders:
        if holder[key] not in kept:
            del holder[key]
    return wanted & kept


def uploads_of(report: Report, form: Form) -> dict[int, Upload]:
    """The files of a form by the number that its answers hold; no query where it takes none."""
    if not any(files_of(form)):
        return {}
    rows = report.attachments.filter(form=form.key).select_related("upload")
    return {one.upload_id: one.upload for one in rows}


def _attach(report: Report, form: Form, uploads: set[int]) -> None:
    """Each file of the form is carried by a row, through which its readers are asked for."""
    present = Attachment.objects.filter(report=report, form=form.key)
    present.exclude(upload__in=uploads).delete()
    held = set(present.values_list("upload", flat=True))
    Attachment.objects.bulk_create(
        Attachment(report=report, form=form.key, upload_id=one) for one in uploads - held
    )


def _mark(
    report: Report,
    form: Form,
    mark: Mapping[str, Any] | None,
    said: Mapping[str, Any],
    by: User,
) -> None:
    """The cover page follows: a form in which something is answered has changed, unless it says."""
    before = report.marks.get(form.key, {})
    after = dict(before if mark is None else mark)
    if said and not after.get("mark"):
        after["mark"] = CHANGED
    if after == before:
        return
    report.marks[form.key] = after
    if not after:
        del report.marks[form.key]
    report.touched_at, report.touched_by = timezone.now(), by
    report.save(update_fields=["marks", "touched_at", "touched_by"])


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a form has come: a tone, and words."""

    tone: str
    words: str


def progress(
    form: Form, mark: Mapping[str, Any], row: FormAnswers | None, before: int | None = None
) -> Progress:
    """Of a changed form how many of the Convention's questions are answered; nothing is asked.

    `before` is the year of the report: what is unchanged is so since an earlier one.
    """
    unread = len(row.unread) if row else 0
    if unread:
        words = ngettext("%(n)s to mend", "%(n)s to mend", unread) % {"n": unread}
        return Progress("late", words)
    said = row.said if row else {}
    match mark.get("mark"):
        case grammar.UNCHANGED:
            year = mark.get("year")
            if not year or (before is not None and year > before):
                return Progress("soon", _("unchanged, since when?"))
            return Progress("settled", _("unchanged since %(year)s") % {"year": year})
        case grammar.NOT_APPLICABLE:
            if not mark.get("sentence"):
                return Progress("soon", _("one sentence is missing"))
            return Progress("settled", _("not applicable"))
    asked = [one for one in form.fields if one.level is Level.MANDATORY]
    if not said:
        return Progress("quietly", _("if you wish") if form.voluntary else _("not begun"))
    answered = sum(1 for one in asked if said.get(one.key))
    if answered == len(asked):
        return Progress("settled", _("filled in"))
    words = _("%(done)s of %(all)s questions") % {"done": answered, "all": len(asked)}
    return Progress("soon", words)


def rows_in(report: Report) -> int:
    """How many rows stand in all tables of the report."""
    return sum(
        len(value)
        for row in report.forms.all()
        for value in row.said.values()
        if isinstance(value, list)
    )


def address(report: Report, form: Form) -> str:
    """Where the form is filled in."""
    return reverse("report-form", args=[report.state_id, report.kind, report.year, form.key])


def tasks(report: Report, here: Form | None = None) -> list[dict[str, Any]]:
    """The ten forms in the order of the report's language, and how far each has come."""
    rows = {row.form: row for row in report.forms.all()}
    found = []
    for form in schema_of(report).in_order(report.language):
        come = progress(form, report.marks.get(form.key, {}), rows.get(form.key), report.year)
        letter = form.letter_in(report.language)
        found.append(
            {
                "label": _("Form %(letter)s: %(title)s") % {"letter": letter, "title": form.title},
                "url": address(report, form),
                "tone": come.tone,
                "words": come.words,
                "current": form is here,
            }
        )
    return found
