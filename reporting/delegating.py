"""Hands single forms of a draft to colleagues without an account, and takes them over again.

The colleague writes into a copy. All of it is the State's: those who draft see it as soon as it is
saved, and take it over when they choose; nothing of it enters the draft by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from records import letters, uploads
from records.models import Letter, Upload
from records.models.events import record
from records.seams import Opens
from records.workflow import Refused
from reporting import answering, boxes, last_year, reading
from reporting.answering import FormOvertaken, only_files, row_of, token
from reporting.boxes import Names, unread_of
from reporting.filing import HandedIn
from reporting.models import DRAFT, Delegation, FormAnswers, Report
from reporting.models.delegations import BACK, OUT
from reporting.schema import CHANGED, Form, cleaned
from reporting.sheet import Sheet
from reporting.versions import schema_of
from reporting.workflow import DELEGATIONS
from states import access, passes
from states.models import Pass, User
from states.words import day

KIND = "delegated-form"
# Each link is opened once, as far as is counted, and hands back once.
USES = 2
LONGEST = dt.timedelta(days=180)
MOST_FILES = 40


class Gone(Refused):
    """The link does not work any more: the form is not with the colleague now."""


def _subject(delegation: Delegation) -> str:
    return f"delegation/{delegation.pk}"


def form_of(delegation: Delegation) -> Form:
    """The form in the version in which the report is written."""
    return schema_of(delegation.report).form(delegation.form)


def _locked_report(report: Report, by: User) -> Report:
    held = Report.objects.select_for_update(of=("self",)).select_related("state").get(pk=report.pk)
    if not (answer := access.may(by, "draft_report", held.state)):
        raise Refused(answer.reason)
    if held.status != DRAFT:
        raise HandedIn(held)
    return held


def _locked(delegation: Delegation, by: User) -> Delegation:
    """The row under its lock, taken after that of the report as everywhere."""
    report = _locked_report(delegation.report, by)
    row = Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)
    row.report = report
    if row.status not in (OUT, BACK):
        raise Refused(
            _("This form is not with a colleague any more: %(status)s.")
            % {"status": row.get_status_display()}
        )
    return row


def checked(until_on: dt.date | None, today: dt.date) -> dt.date:
    """The day until which a colleague has a form; raises `Refused` with a sentence."""
    if until_on is None:
        raise Refused(_("Name the day until which your colleague has the form."))
    if until_on < today:
        raise Refused(_("%(day)s is past.") % {"day": day(until_on)})
    if until_on > today + LONGEST:
        raise Refused(_("%(day)s is more than half a year away.") % {"day": day(until_on)})
    return until_on


@transaction.atomic
def hand_out(
    report: Report,
    form: Form,
    *,
    mailbox: str,
    function: str,
    until_on: dt.date | None,
    by: User,
    word: str = "",
    language: str = "en",
) -> Delegation:
    """A colleague has the form until the day: a copy of it as it stands. Raises `Refused`.

    The link is made by `send` or by `show_link`.
    """
    until = checked(until_on, timezone.localdate())
    held = _locked_report(report, by)
    row = row_of(held, form)
    mark = held.marks.get(form.key, {})
    try:
        with transaction.atomic():
            made = Delegation.objects.create(
                report=held,
                form=form.key,
                mailbox=mailbox,
                function=function,
                language=language,
                word=word,
                until_on=until,
                said=row.said,
                unread=row.unread,
                mark=mark,
                began={"seen": token(row), "mark": mark},
                handed_out_by=by,
            )
    except IntegrityError:
        raise Refused(_("This form is with a colleague already.")) from None
    made.files.set(answering.uploads_of(held, form))
    record("hand-out", made, by=by, state=held.state, now=until.isoformat())
    return made


@transaction.atomic
def send(delegation: Delegation, *, by: User) -> Letter:
    """The letter with the link. It is the State's own, and leaves without the ISU's release."""
    row = _locked(delegation, by)
    _end_links(row, by)
    row.links += 1
    row.save(update_fields=["links"])
    form, state = form_of(row), row.report.state
    context = {
        "report": row.report,
        "form": form,
        "letter": form.letter_in(row.report.language),
        "state_name": state.name(language=row.language),
        "until_on": row.until_on,
        "asked_by": by,
    }
    return letters.write(
        key=f"delegation/{row.pk}/{row.links}",
        kind=KIND,
        to=row.mailbox,
        template="delegated-form",
        context=context,
        language=row.language,
        state=state,
        reply_to=by.email,
        resend=True,
        by=by,
        due_key=f"{_subject(row)}/{row.links}",
        opens=Opens(Pass.Purpose.FORM, _subject(row), _days(row), USES),
        of_state_itself=True,
    )


def _days(row: Delegation) -> int:
    return max(1, (row.until_on - timezone.localdate()).days + 1)


@transaction.atomic
def show_link(delegation: Delegation, *, by: User) -> str:
    """A new link, for whoever hands it on by another way: told once and kept nowhere.

    Of one form one link works: earlier ones end, and a letter that has not left stays.
    """
    row = _locked(delegation, by)
    _end_links(row, by)
    row.links += 1
    row.save(update_fields=["links"])
    _pass, secret = passes.make(
        Pass.Purpose.FORM, _subject(row), row.mailbox, by=by, days=_days(row), uses=USES
    )
    record("show-link", row, by=by, state=row.report.state)
    return passes.link(secret, Pass.Purpose.FORM, row.language)


def _end_links(row: Delegation, by: User | None) -> None:
    letters.overtake(_subject(row), why=_("The link is not wanted any more."), by=by)
    passes.revoke_all(Pass.Purpose.FORM, _subject(row), by=by)


def last_letter(delegation: Delegation) -> Letter | None:
    """The newest letter with a link to it, for the State to see whether it left."""
    return (
        Letter.objects.filter(due_key__startswith=f"{_subject(delegation)}/")
        .order_by("-planned_at", "-pk")
        .first()
    )


def of_pass(row: Pass) -> Delegation | None:
    """The form that the pass opens, while the colleague may write in it; else None."""
    found = _of(row).select_related("report__state", "handed_out_by").first()
    if found is None or found.report.status != DRAFT or not found.runs(timezone.localdate()):
        return None
    return found


def handed_back_by(row: Pass) -> bool:
    """Whether the pass handed its form back: its holder is thanked, and shown nothing."""
    return _of(row).filter(status=BACK, report__status=DRAFT).exists()


def _of(row: Pass) -> Any:
    kind, _slash, key = row.subject.partition("/")
    known = kind == "delegation" and key.isascii() and key.isdigit()
    return Delegation.objects.filter(pk=int(key)) if known else Delegation.objects.none()


@transaction.atomic
def open_first(delegation: Delegation, secret: str) -> None:
    """Leaves a row of the first time that a link is opened."""
    row = Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)
    held = passes.find(secret, Pass.Purpose.FORM)
    if held is None or held.uses.exists():
        return
    passes.use(secret, Pass.Purpose.FORM, act="open")
    if row.opened_at is None:
        row.opened_at = timezone.now()
        row.save(update_fields=["opened_at"])
    record("open", row, by=None, state=delegation.report.state)


@transaction.atomic
def hand_back(delegation: Delegation, secret: str) -> None:
    """The colleague has done; the link is used up, and who handed the form out is told.

    Raises `Gone` where the form is not with the colleague any more.
    """
    row = _with_colleague(delegation)
    if passes.use(secret, Pass.Purpose.FORM, act="hand-back") is None:
        raise Gone(_("This link does not work any more"))
    report, to = row.report, row.handed_out_by
    DELEGATIONS.take("hand-back", row, by=None)
    form = form_of(row)
    letters.write(
        key=f"delegation/{row.pk}/{row.links}/back",
        kind=KIND,
        to=to.email,
        template="delegated-form-back",
        context={
            "report": report,
            "form": form,
            "letter": form.letter_in(report.language),
            "function": row.function,
            "address": _address(row),
        },
        language=to.language,
        state=report.state,
        resend=True,
        of_state_itself=True,
    )


def _address(row: Delegation) -> str:
    report = row.report
    page = reverse("report-delegate", args=[report.state_id, report.kind, report.year, row.form])
    return settings.SITE_URL + page


def _with_colleague(delegation: Delegation) -> Delegation:
    report = Report.objects.select_for_update(of=("self",)).get(pk=delegation.report_id)
    rows = Delegation.objects.select_for_update(of=("self",)).select_related("handed_out_by")
    row = rows.filter(pk=delegation.pk).first()
    if row is None or report.status != DRAFT:
        raise Gone(_("This link does not work any more"))
    row.report = delegation.report
    if not row.runs(timezone.localdate()):
        raise Gone(_("This link does not work any more"))
    return row


@transaction.atomic
def ask_again(
    delegation: Delegation, *, word: str, until_on: dt.date | None, by: User
) -> Delegation:
    """The form goes back to the colleague, with a word; what was written stays in the copy.

    Whoever asks again has handed it out from now on, and earlier links end.
    """
    until = checked(until_on, timezone.localdate())
    row = _locked(delegation, by)
    _end_links(row, by)
    again: Delegation = DELEGATIONS.take("ask-again", row, by=by, word=word, until_on=until)
    return again


@transaction.atomic
def withdraw(delegation: Delegation, *, by: User) -> None:
    """The colleague has the form no more; the draft stays as it is."""
    row = _locked(delegation, by)
    _settle(row, "withdraw", by)


@transaction.atomic
def take_over(delegation: Delegation, *, by: User, seen: str) -> FormAnswers:
    """Puts all of the colleague's answers, and their files, in the place of those in the draft.

    `seen` is the token of the form that they were compared with. Raises `FormOvertaken` where
    somebody saved it meanwhile, and as `answering.save` does.
    """
    row = _locked(delegation, by)
    form = form_of(row)
    given = boxes.typed(form, row.said, row.unread)
    mark = row.mark if row.mark != row.began.get("mark", {}) else None
    saved = answering.save(row.report, form, given, mark, by=by, seen=seen)
    _settle(row, "take-over", by)
    return saved


def close_all(report: Report, *, by: User) -> None:
    """At hand-in what is still out ends: its links open nothing any more."""
    rows = Delegation.objects.select_for_update(of=("self",)).filter(
        report=report, status__in=[OUT, BACK]
    )
    for row in rows.order_by("pk"):
        row.report = report
        _settle(row, "end", by)


def _settle(row: Delegation, step: str, by: User) -> None:
    DELEGATIONS.take(step, row, by=by)
    _end_links(row, by)


class DelegatedSheet(Sheet):
    """A colleague's copy of one form, behind the secret of a link."""

    template = "reporting/delegated.html"
    saved = lazy("Saved. Hand the form back when you have done.")

    def __init__(self, delegation: Delegation, secret: str) -> None:
        super().__init__(delegation.report, form_of(delegation))
        self.delegation, self.secret = delegation, secret

    @property
    def address(self) -> str:
        """The link itself."""
        return reverse("delegated-form", args=[self.secret])

    @property
    def after(self) -> str:
        """There is no other page."""
        return self.address

    def row(self) -> Delegation:
        """The copy."""
        return self.delegation

    def mark(self) -> Mapping[str, Any]:
        """As the copy has it."""
        found: Mapping[str, Any] = self.delegation.mark
        return found

    def uploads(self) -> dict[int, Upload]:
        """The files of this copy; it has no way to any other."""
        return self.delegation.files.in_bulk()

    def file_address(self, upload: Upload) -> str:
        """Behind the same secret."""
        return reverse("delegated-file", args=[self.secret, upload.pk])

    def receive(self, file: UploadedFile) -> Upload:
        """Keeps it with the copy."""
        if self.delegation.files.count() >= MOST_FILES:
            raise uploads.FileRefused(_("More files than these cannot be added to one form."))
        kept = uploads.receive(file, self.report.state, None)
        self.delegation.files.add(kept)
        return kept

    @transaction.atomic
    def save(
        self, given: Mapping[str, Any], mark: Mapping[str, Any] | None, *, seen: str
    ) -> Delegation:
        """Keeps answers as answers and the rest as typed; files that are not the copy's go.

        Raises `Gone` where the form is not with the colleague any more.
        """
        row = _with_colleague(self.delegation)
        said, mistakes = cleaned(self.form, given)
        unread = unread_of(mistakes)
        only_files(
            self.form,
            said,
            lambda wanted: set(row.files.filter(pk__in=wanted).values_list("pk", flat=True)),
        )
        after = dict(row.mark if mark is None else mark)
        if said and not after.get("mark"):
            after["mark"] = CHANGED
        if (row.said, row.unread, row.mark) == (said, unread, after):
            return row
        if token(row) != seen:
            raise FormOvertaken(row)
        row.said, row.unread, row.mark = said, unread, after
        row.touched_at = timezone.now()
        row.save(update_fields=["said", "unread", "mark", "touched_at"])
        return row

    @transaction.atomic
    def take(self, source: FormAnswers, given: Mapping[str, Any], *, seen: str) -> Delegation:
        """The earlier answers and their files come into the copy."""
        self.delegation.files.add(*answering.uploads_of(source.report, self.form))
        answers = last_year.taken(self.form, last_year.said_in(source, self.form), given)
        return self.save(answers, {**self.delegation.mark, "mark": CHANGED}, seen=seen)

    def earlier(
        self, row: Any, names: Names, files: Mapping[int, Upload]
    ) -> last_year.Earlier | None:
        """As the State's own page says it, without the way to what lies behind it."""
        found = super().earlier(row, names, files)
        if found is None or found.read is None:
            return found
        return replace(found, read=reading.without_files(found.read))
