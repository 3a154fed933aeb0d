"""What a person, or an event, does to letters before they leave; each act leaves an event."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from records.letters import carrying
from records.letters.delivery import LEASE
from records.letters.writing import poke
from records.models import Letter
from records.models.events import record
from records.workflow import Refused
from states import access
from states.models import User

Status = Letter.Status


@transaction.atomic
def set_aside(letter: Letter, *, by: User, note: str) -> Letter:
    """A person decides that the letter does not go out; planning does not bring it back."""
    must(by, "release_letters")
    if not note.strip():
        raise Refused(_("Say why the letter is set aside."))
    row = _locked(letter)
    if row.status not in (Status.HELD, Status.QUEUED, Status.FAILED):
        raise Refused(
            _("%(letter)s is %(status)s and cannot be set aside.")
            % {"letter": row, "status": row.get_status_display()}
        )
    was, row.status = row.status, Status.OVERTAKEN
    row.settled_note = note.strip()
    row.save()
    record("set-aside", row, by=by, state=row.state, was=was, now=row.status, note=note.strip())
    return row


@transaction.atomic
def settle(letter: Letter, *, by: User, sent: bool, note: str) -> Letter:
    """A person has asked the mail log for the Message-ID: it left, or is to leave again."""
    must(by, "release_letters")
    if not note.strip():
        raise Refused(_("Say how the doubt was settled, for example what the mail log shows."))
    row = _locked(letter)
    if row.status != Status.DOUBTFUL:
        raise Refused(
            _("%(letter)s is %(status)s: there is no doubt to settle.")
            % {"letter": row, "status": row.get_status_display()}
        )
    now = timezone.now()
    row.settled_note = note.strip()
    if not sent and carrying.arrived(row):
        raise Refused(_("Its link has been used: the letter arrived."))
    if sent:
        row.status = Status.SENT
        carrying.left(row)
        # The moment of the claim is the best that is known.
        row.sent_at = row.lease_until - LEASE if row.lease_until else now
    else:
        row.status = Status.QUEUED
        row.queued_at = row.released_at = now
        row.released_by = by
        transaction.on_commit(poke, robust=True)
    row.lease_until = None
    row.save()
    record("settle", row, by=by, state=row.state, was=Status.DOUBTFUL, now=row.status, note=note)
    return row


@transaction.atomic
def overtake(key: str, *, why: str, by: User | None = None, but: Letter | None = None) -> int:
    """Sets aside what is not yet sent about one due (`Due.key`): for effects of workflow steps.

    It only marks; the next planning run plans anew if the due still stands. `but` is the letter
    that takes the place of the others. Returns how many.
    """
    rows = list(
        Letter.objects.unsent()
        .filter(due_key__startswith=f"{key}/")
        .exclude(key=but.key if but is not None else "")
        .order_by("pk")
        .select_for_update(of=("self",))
        .select_related("state")
    )
    mark_overtaken(rows, why=why, by=by)
    return len(rows)


def mark_overtaken(rows: Iterable[Letter], *, why: str, by: User | None = None) -> None:
    """Marks locked, unsent letters as overtaken by events."""
    for row in rows:
        was, row.status = row.status, Status.OVERTAKEN
        row.queued_at = None
        row.save(update_fields=["status", "queued_at"])
        record("overtake", row, by=by, state=row.state, was=was, now=row.status, note=why)


def must(by: User, right: str) -> None:
    """Raises `Refused` where the person has not the right."""
    if not (answer := access.may(by, right)):
        raise Refused(answer.reason)


def _locked(letter: Letter) -> Letter:
    return Letter.objects.select_for_update(of=("self",)).select_related("state").get(pk=letter.pk)


def mailbox(row: Letter) -> str:
    """Where it goes now: the contact may have been corrected since it was planned."""
    return (row.contact.email if row.contact is not None else "") or row.to
