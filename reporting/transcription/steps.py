"""The steps of a transcription: typed by the ISU, sent to the State, confirmed or corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from records import letters
from records.models import Letter
from records.seams import Opens
from records.workflow import Refused, Step, Workflow
from reporting import clarification, counted
from reporting.measures import drawing
from reporting.models import PUBLISHED, Correction, Report, Transcription
from reporting.models.transcriptions import (
    CONFIRMED,
    CORRECTED,
    SENT,
    TYPING,
    WITHDRAWN,
)
from states.models import Contact, Pass, User

KIND = "figures"


def key(row: Transcription) -> str:
    """How the letters of a transcription begin their keys."""
    return f"figures/{row.pk}/"


def subject(row: Transcription) -> str:
    """What a pass for its figures opens."""
    return f"transcription/{row.pk}"


def _nothing_typed(row: Transcription) -> Iterable[str]:
    forms = list(row.forms.all())
    if not any(one.said for one in forms):
        yield _("Nothing is typed yet: there are no figures to confirm.")
    if unread := sum(len(one.unread) for one in forms):
        yield ngettext(
            "%(n)s answer is no answer yet: mend it first, so that the State confirms what counts.",
            "%(n)s answers are no answers yet: mend them first, so that the State confirms what "
            "counts.",
            unread,
        ) % {"n": unread}


def _send(row: Transcription, *, by: User, note: str) -> None:
    row.sent_at, row.sent_by = timezone.now(), by
    row.times_sent += 1
    row.corrections.filter(settled_at__isnull=True).update(settled_at=row.sent_at)
    _overtake(row, _("Overtaken: the figures were sent anew, with a new letter."), by)
    for to, language, contact in clarification.recipients(row.report):
        _write(row, to, language, contact, by)


def _write(row: Transcription, to: str, language: str, contact: Contact | None, by: User) -> Letter:
    report = row.report
    return letters.write(
        key=f"{key(row)}{row.times_sent}/{to}",
        kind=KIND,
        to=to,
        template="figures-question",
        language=language,
        context={
            "report": report,
            "state_name": report.state.name(language=language),
            "file": report.original.name if report.original else "",
            "again": row.times_sent > 1,
            "page": f"{settings.SITE_URL}{page(report)}",
        },
        state=report.state,
        contact=contact,
        cc=settings.ISU_ADDRESS,
        held=True,
        why=_("Figures typed from the file of %(reference)s") % {"reference": report.reference},
        by=by,
        opens=Opens(Pass.Purpose.FIGURES, subject(row)),
    )


def page(report: Report) -> str:
    """Where a State's people who sign in read the figures and answer."""
    address = [report.state_id, report.kind, report.year, report.number]
    return reverse("report-figures", args=address)


def _overtake(row: Transcription, why: str, by: User | None) -> None:
    """Letters that have not left, and ask what is asked no more, stay here."""
    waiting = Letter.objects.unsent().filter(key__startswith=key(row)).order_by("pk")
    letters.mark_overtaken(
        waiting.select_for_update(of=("self",)).select_related("state"), why=why, by=by
    )


def _take_back(row: Transcription, *, by: User, note: str) -> None:
    _overtake(row, _("Overtaken: the ISU took the figures back."), by)


def _answered(row: Transcription, by: User | None, said_as: str, mailbox: str, word: str) -> None:
    row.answered_at, row.answered_by = timezone.now(), by
    row.answered_as, row.mailbox, row.word = said_as, mailbox, word


def _same_as_seen(row: Transcription, seen: str) -> None:
    """The State answers on what it has read, and on nothing that came after."""
    if str(row.times_sent) != seen:
        raise Refused(
            _("The ISU has sent other figures meanwhile. They are below: read them, then answer.")
        )


def _confirm(
    row: Transcription,
    *,
    by: User | None,
    note: str,
    said_as: str,
    seen: str,
    mailbox: str = "",
    word: str = "",
) -> None:
    _same_as_seen(row, seen)
    _answered(row, by, said_as, mailbox, word)
    _overtake(row, _("Overtaken: the State has confirmed the figures."), by)


def _correct(
    row: Transcription,
    *,
    by: User | None,
    note: str,
    said_as: str,
    seen: str,
    wrong: Mapping[str, str],
    mailbox: str = "",
    word: str = "",
) -> None:
    _same_as_seen(row, seen)
    _answered(row, by, said_as, mailbox, word)
    assert row.answered_at is not None
    Correction.objects.bulk_create(
        Correction(
            transcription=row,
            form=form,
            text=text,
            said_at=row.answered_at,
            said_by=by,
            said_as=said_as,
        )
        for form, text in wrong.items()
    )
    _overtake(row, _("Overtaken: the State has answered."), by)


TRANSCRIPTIONS = Workflow(
    name="transcription",
    steps=(
        Step(
            "send-figures",
            lazy("Send to the State"),
            frozenset({TYPING, CORRECTED}),
            SENT,
            permission="file_for_state",
            problems=_nothing_typed,
            effect=_send,
        ),
        Step(
            "take-back-figures",
            lazy("Take back from the State"),
            frozenset({SENT}),
            TYPING,
            permission="file_for_state",
            effect=_take_back,
            asks_note=True,
        ),
        Step(
            "confirm-figures",
            lazy("Confirm these figures"),
            frozenset({SENT}),
            CONFIRMED,
            permission="hand_in_report",
            effect=_confirm,
        ),
        Step(
            "correct-figures",
            lazy("Send what is wrong"),
            frozenset({SENT}),
            CORRECTED,
            permission="hand_in_report",
            effect=_correct,
        ),
        Step(
            "withdraw-figures",
            lazy("Withdraw"),
            frozenset({TYPING, SENT, CORRECTED}),
            WITHDRAWN,
            permission="file_for_state",
            effect=_take_back,
            asks_note=True,
        ),
    ),
    labels=dict(Transcription.Status.choices),
)


def confirm(row: Transcription, **facts: object) -> Transcription:
    """The State confirms the figures: they are final, and count where the report is published.

    The caller holds a transaction. Facts are those of the step: `by`, `said_as`, `seen`, `note`…
    """
    # The report is locked as its publication locks it: whichever comes second makes the figures.
    report = Report.objects.select_for_update(of=("self",)).get(pk=row.report_id)
    done: Transcription = TRANSCRIPTIONS.take("confirm-figures", row, **facts)  # type: ignore[arg-type]
    if report.status == PUBLISHED:
        counted.keep(report)
        drawing.keep(report)
    return done
