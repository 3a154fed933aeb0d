"""A person lets letters go: many at once, the first time only after being asked again."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records.letters import planning
from records.letters.acts import mailbox, must
from records.letters.writing import poke
from records.models import Letter
from records.models.events import record
from records.workflow import Refused
from states.history import act
from states.models import Practice, User

Status = Letter.Status


class FirstRelease(Refused):
    """The first release from a site asks back: how many letters, and to whom."""

    def __init__(self, recipients: tuple[str, ...]) -> None:
        self.recipients = recipients
        super().__init__(
            ngettext(
                "This is the first release from this site: %(count)s letter to %(recipients)s. "
                "Confirm that it is to go out.",
                "This is the first release from this site: %(count)s letters to %(recipients)s. "
                "Confirm that they are to go out.",
                len(recipients),
            )
            % {"count": len(recipients), "recipients": ", ".join(dict.fromkeys(recipients))}
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many letters an act reached, and why it did not reach the others."""

    done: int
    reasons: tuple[str, ...] = ()


@transaction.atomic
def release(letters: Iterable[Letter], *, by: User, first_confirmed: bool = False) -> Outcome:
    """Queues held letters, and again those that the mail host refused.

    Raises `Refused` where the person may not, and `FirstRelease` (with count and recipients) on a
    site from which nothing was released yet, unless `first_confirmed`. A letter of which a fact was
    corrected since it was planned is written anew and stays: nobody has read it yet.
    """
    must(by, "release_letters")
    rows = list(
        Letter.objects.filter(pk__in=[letter.pk for letter in letters])
        .select_for_update(of=("self",))
        .select_related("contact", "state", "stage")
        .order_by("pk")
    )
    ready = [row for row in rows if row.status in (Status.HELD, Status.FAILED)]
    reasons = [
        _("%(letter)s is %(status)s.") % {"letter": row, "status": row.get_status_display()}
        for row in rows
        if row not in ready
    ]
    if ready and not Practice.on(Practice.Key.FIRST_RELEASE):
        if not first_confirmed:
            raise FirstRelease(tuple(mailbox(row) for row in ready))
        with act(by=by, reason=_("Confirmed the first release of letters")):
            Practice.objects.update_or_create(
                key=Practice.Key.FIRST_RELEASE, defaults={"value": "yes"}
            )
    now = timezone.now()
    today = timezone.localdate(now)
    anew = planning.written_anew(ready, planning.dues(today), today)
    done = 0
    for row in ready:
        if row.pk in anew:
            reasons.append(
                _("%(letter)s was written anew, since what it says has changed. Read it again.")
                % {"letter": row}
            )
            continue
        if row.contact is not None and row.contact.bounced_on is not None:
            reasons.append(
                _("Letters to %(mailbox)s came back: correct the contact first.")
                % {"mailbox": mailbox(row)}
            )
            continue
        if row.contact is not None and not row.contact.stands(today):
            reasons.append(
                _("%(mailbox)s is no contact any more: set the letter aside, or write a new one.")
                % {"mailbox": mailbox(row)}
            )
            continue
        was, row.status = row.status, Status.QUEUED
        row.to = mailbox(row)
        row.queued_at = row.released_at = now
        row.released_by = by
        row.attempts, row.last_error = 0, ""
        row.save()
        record("release", row, by=by, state=row.state, was=was, now=row.status)
        done += 1
    if done:
        transaction.on_commit(poke, robust=True)
    return Outcome(done, tuple(reasons))
