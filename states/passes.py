"""Passes: links that work without an account. GET shows, POST acts, each use leaves a row."""

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from states.models.actors import User
from states.models.rights import Pass, PassUse


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make(
    purpose: str,
    subject: str,
    mailbox: str,
    *,
    by: User | None,
    days: int = 30,
    uses: int = 1,
) -> tuple[Pass, str]:
    """A new pass and its secret, which is not stored and cannot be shown again."""
    secret = secrets.token_urlsafe(32)
    row = Pass.objects.create(
        purpose=purpose,
        subject=subject,
        mailbox=mailbox,
        digest=_digest(secret),
        made_by=by,
        expires_at=timezone.now() + dt.timedelta(days=days),
        uses_allowed=uses,
    )
    return row, secret


def find(secret: str, purpose: str) -> Pass | None:
    """The pass behind the secret if it still works; None otherwise, whatever the cause."""
    row = Pass.objects.filter(
        digest=_digest(secret), purpose=purpose, revoked_at__isnull=True
    ).first()
    if row is None or row.expires_at <= timezone.now() or row.uses.count() >= row.uses_allowed:
        return None
    return row


@transaction.atomic
def use(secret: str, purpose: str, *, act: str) -> Pass | None:
    """Uses the pass once for `act`, or None; two uses at once cannot both have the last one."""
    row = Pass.objects.select_for_update(of=("self",)).filter(digest=_digest(secret)).first()
    if row is None or find(secret, purpose) is None:
        return None
    PassUse.objects.create(used_pass=row, act=act)
    return row


def revoke(row: Pass, *, by: User | None) -> None:
    """The link stops working now."""
    row.revoked_at = timezone.now()
    row.revoked_by = by
    row.save(update_fields=["revoked_at", "revoked_by"])
