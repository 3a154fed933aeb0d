"""A State confirms or corrects its contacts: by a pass from a letter, or signed in."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from states.forms import ContactForm, NewContactForm
from states.history import act
from states.models import Contact, Pass, State, User


def of_pass(row: Pass) -> tuple[State | None, list[Contact]]:
    """What a pass opens: `state/LAO` all contacts that stand today, `contact/12` one.

    Nothing once the mailbox that it was sent to is no contact any more: the link is still there.
    """
    state, opened = _opened(row)
    named = current(state) if state is not None else opened
    if row.mailbox.lower() not in {one.email.lower() for one in named}:
        return None, []
    return state, opened


def _opened(row: Pass) -> tuple[State | None, list[Contact]]:
    kind, _slash, key = row.subject.partition("/")
    if kind == "state":
        state = State.objects.filter(pk=key).first()
        return state, current(state) if state else []
    if kind == "contact" and key.isdigit():
        one = Contact.objects.current(localdate()).filter(pk=key).select_related("state").first()
        return (one.state, [one]) if one else (None, [])
    return None, []


def current(state: State) -> list[Contact]:
    """The State's contacts that stand today, mailboxes of a function first."""
    return list(state.contacts.current(localdate()).in_order())


class Confirmation:
    """The forms of one page: an answer for each contact, and one for a contact not yet named."""

    def __init__(
        self,
        contacts: list[Contact],
        state: State | None,
        data: Mapping[str, Any] | None = None,
        *,
        may_add: bool = True,
    ) -> None:
        self.state = state
        self.forms = [
            ContactForm(data, instance=one, prefix=f"contact-{one.pk}") for one in contacts
        ]
        # Only whoever speaks for the State as a whole names further contacts.
        self.new = (
            NewContactForm(data, prefix="new", instance=Contact(state=state))
            if state is not None and may_add
            else None
        )

    def is_valid(self) -> bool:
        """Whether every contact has its answer and what was written can stand.

        In the transaction that saves: a further contact is judged while its State is held.
        """
        answered = [form.is_valid() for form in self.forms]
        return all(answered) and (self.new is None or self.new.is_valid())

    @transaction.atomic
    def save(self, *, by: User | None, reason: str) -> None:
        """Writes all answers as one act of `by` (None: whoever held the pass)."""
        today = localdate()
        with act(by=by, reason=reason):
            for form in self.forms:
                form.apply(today)
            if self.new is not None and self.new.has_changed():
                self.new.instance.from_on = self.new.instance.confirmed_on = today
                self.new.instance.source = reason
                self.new.save()
