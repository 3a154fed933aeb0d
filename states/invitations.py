"""Accounts come by invitation: a person, an appointment, and a pass to set the first password."""

import datetime as dt
from contextlib import suppress
from typing import NamedTuple

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from states import access, passes
from states.history import act
from states.models import Appointment, Organisation, Pass, State, User

DAYS = 14


class Invited(NamedTuple):
    """Who was invited, and the pass with its secret; none for whoever has a password already."""

    user: User
    row: Pass | None
    secret: str


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    role: str,
    of: State | Organisation | None,
    from_on: dt.date,
    until_on: dt.date | None = None,
    reference: str,
    by: User | None,
    language: str = "en",
    title: str = "",
) -> Invited:
    """Appoints the person behind the mailbox to `of` (None: the secretariat), known or new.

    Who may invite is asked by the caller (`access.may(by, "appoint")`). Raises ValidationError
    where the role does not belong there or the dates are out of order.
    """
    email = email.strip().lower()
    with act(by=by, reason=_("Invited: %(reference)s") % {"reference": reference}):
        user = _person(email, name=name, language=language, title=title)
        # Inviting once more, because the letter was lost, does not appoint once more.
        if not user.appointments.filter(
            role=role,
            from_on=from_on,
            until_on=until_on,
            state=of if isinstance(of, State) else None,
            organisation=of if isinstance(of, Organisation) else None,
        ).exists():
            access.appoint(
                user, role, of, from_on=from_on, until_on=until_on, reference=reference, by=by
            )
    if user.has_usable_password():
        return Invited(user, None, "")
    row, secret = new_pass(user, by=by)
    return Invited(user, row, secret)


def _person(email: str, **facts: str) -> User:
    """The person behind the mailbox, known or new, and theirs alone until the transaction ends."""
    if not User.objects.filter(email=email).exists():
        # Of two who invite at once the second waits here for the first, and finds the person.
        with suppress(IntegrityError), transaction.atomic():
            User.objects.create_user(email, None, **facts)
    return User.objects.select_for_update(of=("self",)).get(email=email)


def new_pass(user: User, *, by: User | None) -> tuple[Pass, str]:
    """A fresh pass to set a password; earlier ones of the person stop working."""
    for old in Pass.objects.filter(
        purpose=Pass.Purpose.INVITATION,
        subject=f"user/{user.pk}",
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
    ):
        passes.revoke(old, by=by)
    return passes.make(
        Pass.Purpose.INVITATION, f"user/{user.pk}", user.email, by=by, days=DAYS, uses=1
    )


def link(secret: str, language: str = "") -> str:
    """The address that the invited person opens."""
    return passes.link(secret, Pass.Purpose.INVITATION, language)


def send(invited: Invited, *, anew: bool = False) -> None:
    """Writes to the invited person when the transaction is through.

    Mail about an account is not a letter of `records`: it goes at once, without anybody's release,
    and is not kept. `anew`: the person has lost the means to sign in.
    """
    context = {
        "user": invited.user,
        "appointments": list(
            invited.user.appointments.select_related("state", "organisation").filter(
                pk__in=Appointment.objects.not_over(localdate()).values("pk")
            )
        ),
        "link": link(invited.secret, invited.user.language) if invited.secret else "",
        "until": invited.row.expires_at if invited.row else None,
        "anew": anew,
    }
    transaction.on_commit(
        lambda: get_adapter().send_mail("account/email/invitation", invited.user.email, context)
    )


def person_of(row: Pass) -> User | None:
    """Whom an invitation is for, if that person may still sign in."""
    number = row.subject.removeprefix("user/")
    return User.objects.filter(pk=number, is_active=True).first() if number.isdigit() else None


@transaction.atomic
def accept(request: HttpRequest, secret: str, password: str) -> User | None:
    """Uses the pass to set the person's password; None where the pass does not work any more.

    The link came to the mailbox, so the address counts as confirmed.
    """
    row = passes.use(secret, Pass.Purpose.INVITATION, act=_("set a password"))
    user = person_of(row) if row else None
    if row is None or user is None:
        return None
    user.set_password(password)
    user.save(update_fields=["password"])
    if row.mailbox == user.email:
        EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
    return user
