"""Each year a State is asked whether its contacts are right; a person may ask it at any time.

Both are the same letter: it carries a pass with which the State confirms or corrects all its
contacts. What a person asks stands as a due of its own day, until the State has answered.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from records import letters
from records.models import Letter
from records.models.events import record
from records.seams import Due, Opens
from states import access, asking
from states.asking import Asked
from states.models import Contact, Pass, State, User
from states.words import day

KIND = "contacts"
TEMPLATE = "contacts-question"
# Stages may come round so long before the day; the outlook looks 30 days further.
BEFORE = dt.timedelta(days=60)
LOOK_BACK = dt.timedelta(days=800)
Status = Letter.Status
# Of these the State has heard, or may have.
LEFT = (Status.SENDING, Status.SENT, Status.DOUBTFUL)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many letters were released, and how many wait for somebody who may release them."""

    released: int
    held: int


def key(state: State) -> str:
    """The stable name of the due: "contacts/LAO"."""
    return f"{KIND}/{state.pk}"


def opens(state: State) -> Opens:
    """All contacts of the State, once."""
    return Opens(Pass.Purpose.CONTACTS, f"state/{state.pk}")


def of_contacts(today: dt.date) -> Iterator[Due]:
    """The question to each State whose contacts stand, in two queries.

    Settled while every contact that stands was confirmed within the year. A State without a mailbox
    that works is among them: the digest names it.
    """
    asked = _asked(today)
    named = (
        Contact.objects.current(today).filter(state__isnull=False).select_related("state")
    ).order_by("state", "pk")
    for _pk, group in groupby(named, key=lambda contact: contact.state_id):
        contacts = list(group)
        state = contacts[0].state
        assert state is not None  # by the filter
        last = asked.get(state.pk)
        on = asking.due_on(contacts, last, today)
        by_hand = last is not None and last.by_hand and last.on == on
        yield Due(
            kind=KIND,
            key=key(state),
            state=state,
            due_on=on,
            # What a person asked was the first letter: only what follows comes by itself.
            starts_on=on + dt.timedelta(days=1) if by_hand else on - BEFORE,
            settled=on > today + BEFORE,
            subject={
                "what": _("Contacts: are they still right?"),
                "why": _why(contacts, on if by_hand else None),
            },
            question=True,
            opens=opens(state),
        )


def _asked(today: dt.date) -> dict[str, Asked]:
    """The newest question to each State that left, or that a person wants to leave."""
    by_hand = Q(asked_by__isnull=False, stage__isnull=True)
    rows = (
        Letter.objects.filter(kind=KIND, planned_at__date__gte=today - LOOK_BACK)
        .exclude(due_key="")
        .filter(Q(status__in=LEFT) | by_hand & Q(status__in=[Status.HELD, Status.QUEUED]))
        .order_by("planned_at", "pk")
        .values_list("state_id", "due_key", "stage_id", "asked_by_id")
    )
    found: dict[str, Asked] = {}
    for state, due_key, stage, person in rows:
        on = dt.date.fromisoformat(due_key.rpartition("/")[2])
        before = found.get(state)
        same = before is not None and before.on == on and before.by_hand
        found[state] = Asked(on, same or (stage is None and person is not None))
    return found


def _why(contacts: list[Contact], by_hand_on: dt.date | None) -> str:
    if by_hand_on is not None:
        return _("Asked by hand on %(day)s.") % {"day": day(by_hand_on)}
    oldest = min(contacts, key=asking.known_since)
    sentence = (
        _("The oldest confirmation is of %(day)s.")
        if oldest.confirmed_on
        else _("Never confirmed; known since %(day)s.")
    )
    return sentence % {"day": day(asking.known_since(oldest))}


@transaction.atomic
def ask(mailboxes: Iterable[Contact], *, by: User, first_confirmed: bool = False) -> Outcome:
    """Asks the State of each mailbox now; whoever may release letters has released it with this.

    An unsent letter that asks the same is overtaken; the same mailbox is asked once a day. Raises
    ValidationError where there is nobody to ask or nothing to ask, `letters.FirstRelease` as
    `letters.release` does.
    """
    today = localdate()
    written = [_write(contact, by, today) for contact in mailboxes]
    held = [letter for letter in written if letter.status == Status.HELD]
    if not held:
        raise ValidationError(_("Asked today already: the letter is on record."))
    if not access.may(by, "release_letters"):
        return Outcome(0, len(held))
    done = letters.release(held, by=by, first_confirmed=first_confirmed)
    if done.reasons:
        raise ValidationError(list(done.reasons))
    return Outcome(done.done, 0)


def _write(contact: Contact, by: User, today: dt.date) -> Letter:
    state = contact.state
    if state is None or asking.addressee([contact], today) is None:
        raise ValidationError(_("Only a mailbox of a State that works can be asked."))
    standing = [one for one in state.contacts.all() if one.stands(today)]
    if all(one.confirmed_on == today for one in standing):
        raise ValidationError(
            _("%(state)s has confirmed its contacts today.") % {"state": state.name()}
        )
    due = f"{key(state)}/{today.isoformat()}"
    name = f"due/{due}/asked/{contact.pk}"
    again = Letter.objects.filter(
        Q(key=name) | Q(key__startswith=f"{name}/"), status__in=[Status.OVERTAKEN, Status.FAILED]
    ).count()
    if again:
        name = f"{name}/{again}"
    new = not Letter.objects.filter(key=name).exists()
    letter = letters.write(
        key=name,
        kind=KIND,
        to=contact.email,
        template=TEMPLATE,
        context={"state_name": state.name(language=contact.language)},
        language=contact.language,
        state=state,
        contact=contact,
        cc=settings.ISU_ADDRESS,
        held=True,
        resend=contact.resend,
        why=_("Asked by hand on %(day)s.") % {"day": day(today)},
        by=by,
        due_key=due,
        opens=opens(state),
    )
    if new:
        record("ask", letter, by=by, state=state, now=letter.status)
    letters.overtake(
        key(state), why=_("Overtaken: asked by hand, with a new letter."), by=by, but=letter
    )
    return letter
