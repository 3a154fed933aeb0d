"""Asks a State to confirm its contacts: a pass by e-mail to a mailbox that it has named."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from states import passes
from states.models import Contact, Pass, State, User

DAYS = 30


def askable(state: State) -> list[Contact]:
    """The mailboxes that can be asked, those of a function first."""
    today = timezone.localdate()
    return list(Contact.objects.current(today).reachable().filter(state=state).in_order())


@transaction.atomic
def ask_to_confirm(state: State, *, by: User, contact: Contact | None = None) -> Pass:
    """Makes a pass to all contacts of the State and writes to the mailbox (the first by default).

    An earlier pass that was not used stops working. The letter carries a secret, so it is not one
    of `records`, which are kept and read at the desk. Raises ValidationError without a mailbox.
    """
    contact = contact or next(iter(askable(state)), None)
    if contact is None or not contact.email:
        raise ValidationError(
            _("%(state)s has no mailbox that works: add a contact first.") % {"state": state}
        )
    subject = f"state/{state.pk}"
    for old in Pass.objects.filter(
        purpose=Pass.Purpose.CONTACTS,
        subject=subject,
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
        uses__isnull=True,
    ):
        passes.revoke(old, by=by)
    row, secret = passes.make(
        Pass.Purpose.CONTACTS, subject, contact.email, by=by, days=DAYS, uses=1
    )
    context = {
        "state_name": state.name(language=contact.language),
        "contact": contact,
        "link": settings.SITE_URL + reverse("confirm-contacts", args=[secret]),
        "until": row.expires_at,
    }
    transaction.on_commit(lambda: _send(contact, context))
    return row


def _send(contact: Contact, context: dict[str, object]) -> None:
    # The adapter takes the language of an account; a contact has its own and often no account.
    with translation.override(contact.language):
        get_adapter().send_mail("states/email/contacts", contact.email, context)
