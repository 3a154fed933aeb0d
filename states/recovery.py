"""Lets a person in anew who has lost the second factor: two of the secretariat, never one alone."""

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from states import access, invitations
from states.history import act
from states.models import RecoveryRequest, User


@transaction.atomic
def ask(user: User, *, by: User, reason: str) -> RecoveryRequest:
    """The first of two: says for whom, and how they know that it is this person who asks.

    Raises ValidationError for the own account, without a reason, or where one waits already.
    """
    _demand(by)
    # Of two who ask at once the second finds what the first has written.
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    row = RecoveryRequest(user=user, reason=reason.strip(), asked_by=by)
    row.full_clean()
    with act(by=by, reason=_("Recovery asked for: %(reason)s") % {"reason": reason}):
        row.save()
    return row


@transaction.atomic
def approve(row: RecoveryRequest, *, by: User) -> invitations.Invited:
    """The second of two: takes the factors off, ends the sessions and writes a fresh invitation.

    Raises ValidationError where the same person asked, or the recovery is settled already.
    """
    _demand(by)
    row = _open(row)
    row.approved_by = by
    row.done_at = timezone.now()
    row.full_clean()
    with act(by=by, reason=_("Recovery agreed to: %(reason)s") % {"reason": row.reason}):
        row.save()
    return _begin_anew(row.user, by=by)


@transaction.atomic
def refuse(row: RecoveryRequest, *, by: User) -> None:
    """Sets a recovery aside; nothing changes for the person. Whoever asked may take it back so."""
    _demand(by)
    row = _open(row)
    row.refused_by = by
    row.done_at = timezone.now()
    with act(by=by, reason=_("Recovery refused: %(reason)s") % {"reason": row.reason}):
        row.save()


@transaction.atomic
def from_the_machine(user: User, *, reason: str) -> invitations.Invited:
    """For the case that one person is left: whoever has a shell on the server answers for it.

    Raises ValidationError without a reason.
    """
    now = timezone.now()
    row = RecoveryRequest(user=user, reason=reason.strip(), asked_at=now, done_at=now)
    row.full_clean()
    with act(by=None, reason=_("Recovery on the server: %(reason)s") % {"reason": reason}):
        row.save()
    return _begin_anew(user, by=None)


def _begin_anew(user: User, *, by: User | None) -> invitations.Invited:
    Authenticator.objects.filter(user=user).delete()
    # A new password hash ends every session; an unusable one keeps the old password, which may
    # be known to somebody, from setting up a factor before the letter is read.
    user.set_unusable_password()
    user.save(update_fields=["password"])
    row, secret = invitations.new_pass(user, by=by)
    invited = invitations.Invited(user, row, secret)
    invitations.send(invited, anew=True)
    return invited


def _demand(by: User) -> None:
    answer = access.may(by, "help_to_sign_in")
    if not answer:
        raise PermissionDenied(answer.reason)


def _open(row: RecoveryRequest) -> RecoveryRequest:
    row = RecoveryRequest.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.done_at is not None:
        raise ValidationError(_("This recovery has been settled already."))
    return row
