"""When a State is to be asked whether its contacts are still right, and which mailbox is asked."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from states.deadlines import shift
from states.models import Contact

# What falls due so soon after a question is part of that question: nobody is asked twice in a row.
COVERS = dt.timedelta(days=90)
PURPOSES: Sequence[str] = Contact.Purpose.values


@dataclass(frozen=True, slots=True)
class Asked:
    """The newest question put to a State: for which day, and whether a person wanted it."""

    on: dt.date
    by_hand: bool


def known_since(contact: Contact) -> dt.date:
    """From which day the contact's year counts: confirmed; else begun or recorded, the later."""
    if contact.confirmed_on is not None:
        return contact.confirmed_on
    return max(contact.from_on or contact.recorded_on, contact.recorded_on)


def answered(contacts: Iterable[Contact], asked: Asked) -> bool:
    """Whether each contact that stood when the question was put has been confirmed since."""
    return not any(
        contact.confirmed_on < asked.on
        if contact.confirmed_on is not None
        else contact.recorded_on <= asked.on
        for contact in contacts
    )


def due_on(contacts: Sequence[Contact], asked: Asked | None, today: dt.date) -> dt.date:
    """The day of the question that stands, or of the next one.

    A year after the oldest confirmation among the State's contacts, and again each year while it
    does not answer; never before the portal knew the contact. A question that a person put stands
    from its own day; so does one that covers what fell due soon after it.
    """
    first = min(
        max(shift(known_since(contact), years=1), contact.recorded_on) for contact in contacts
    )
    years = max(0, today.year - first.year)
    yearly = shift(first, years=years)
    if years and yearly > today:
        yearly = shift(first, years=years - 1)
    if asked is None or answered(contacts, asked):
        return yearly
    if yearly <= asked.on + COVERS or (asked.by_hand and today < yearly):
        return asked.on
    return yearly


def addressee(contacts: Iterable[Contact], today: dt.date) -> Contact | None:
    """The one mailbox that is asked: of a function first, then by purpose, then the older row."""
    fit = [
        contact
        for contact in contacts
        if contact.email and contact.bounced_on is None and contact.stands(today)
    ]
    return min(
        fit,
        key=lambda contact: (
            not contact.role_mailbox,
            PURPOSES.index(contact.purpose),
            contact.pk,
        ),
        default=None,
    )
