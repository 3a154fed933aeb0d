"""What letters add to the registers of States and contacts: asking whether contacts are right."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from records import asking, letters
from records.admin.letters import ReleaseForm
from records.workflow import Refused
from states.admin.acts import Act, StaffRequest
from states.asking import addressee
from states.models import Contact, Practice, State


def _ask(request: StaffRequest, mailboxes: list[Contact], data: dict[str, Any]) -> str:
    try:
        done = asking.ask(
            mailboxes, by=request.user, first_confirmed=bool(data.get("first_confirmed"))
        )
    except Refused as refused:
        raise ValidationError(list(refused.reasons)) from refused
    if why := letters.gate(localdate()):
        messages.warning(request, why)
    if done.held:
        return ngettext(
            "Written: %(count)d letter. It is held until somebody releases it.",
            "Written: %(count)d letters. They are held until somebody releases them.",
            done.held,
        ) % {"count": done.held}
    return ngettext("Asked: %(count)d State.", "Asked: %(count)d States.", done.released) % {
        "count": done.released
    }


def _of(state: State) -> Contact | None:
    return addressee(state.contacts.all(), localdate())


def _no_mailbox(state: State) -> str:
    return _("%(state)s has no mailbox that works: add a contact first.") % {"state": state}


def _ask_states(request: StaffRequest, states: list[State], data: dict[str, Any]) -> str:
    mailboxes = [found for state in states if (found := _of(state)) is not None]
    without = [_no_mailbox(state) for state in states if _of(state) is None]
    if not mailboxes:
        raise ValidationError(without)
    for sentence in without:
        messages.warning(request, sentence)
    return _ask(request, mailboxes, data)


def _ask_contacts(request: StaffRequest, rows: list[Contact], data: dict[str, Any]) -> str:
    """Of several mailboxes of one State one is asked: the link works once, for all contacts."""
    by_state: dict[Any, list[Contact]] = {}
    for row in rows:
        by_state.setdefault(row.state_id, []).append(row)
    asked = [found for some in by_state.values() if (found := addressee(some, localdate()))]
    if not asked or None in by_state:
        raise ValidationError(_("Only a mailbox of a State that works can be asked."))
    return _ask(request, asked, data)


def _circumstances() -> list[str]:
    said = []
    if not Practice.on(Practice.Key.FIRST_RELEASE):
        said.append(
            _("Nothing was released from this site before: read the list of recipients, then tick.")
        )
    if why := letters.gate(localdate()):
        said.append(why)
    return said


def _to_states(states: list[State]) -> list[str]:
    said = []
    for state in states:
        found = _of(state)
        said.append(
            _("%(state)s: the link goes to %(mailbox)s.") % {"state": state, "mailbox": found.email}
            if found is not None
            else _("%(state)s has no mailbox that works.") % {"state": state}
        )
    return said + _circumstances()


def _to_contacts(rows: list[Contact]) -> list[str]:
    return _circumstances()


def _works(user: Any, row: Contact) -> bool:
    return row.state_id is not None and addressee([row], localdate()) is not None


ACTS: dict[type[Any], tuple[Act, ...]] = {
    State: (
        Act(
            "ask-contacts",
            lazy("Ask to confirm the contacts"),
            "keep_contacts",
            does_all=_ask_states,
            form=ReleaseForm,
            open_to=lambda user, state: _of(state) is not None,
            explains=_to_states,
            reads=("contacts",),
            bulk=True,
            help=lazy(
                "A letter with a link, good for 30 days from its sending; an earlier link stops "
                "working then."
            ),
        ),
    ),
    Contact: (
        Act(
            "ask",
            lazy("Ask to confirm"),
            "keep_contacts",
            does_all=_ask_contacts,
            form=ReleaseForm,
            open_to=_works,
            explains=_to_contacts,
            reads=("state__contacts",),
            bulk=True,
            help=lazy("A letter to this mailbox, with a link to all contacts of its State."),
        ),
    ),
}
