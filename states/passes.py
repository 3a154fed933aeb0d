"""Passes: links that work without an account. GET shows, POST acts, each use leaves a row.

A secret is drawn by chance (`make`), or follows from a name and the key of the site (`renew`): then
whoever knows both makes the same link again, and it need not be kept anywhere.
"""

import base64
import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from states.models.actors import State, User
from states.models.contacts import Contact
from states.models.rights import Pass, PassUse

PAGES = {
    Pass.Purpose.INVITATION: "invitation",
    Pass.Purpose.CONTACTS: "confirm-contacts",
    # Pages of `reporting`, known here by the names of their addresses only.
    Pass.Purpose.FORM: "delegated-form",
    Pass.Purpose.FIGURES: "confirm-figures",
}
REGISTERS: dict[str, type[models.Model]] = {"user": User, "state": State, "contact": Contact}
DAYS = 30


def know(kind: str, register: type[models.Model]) -> None:
    """An app above says of which rows its passes speak; called once, when it is ready."""
    REGISTERS[kind] = register


class Revoked(Exception):
    """A person has revoked the pass: it does not come back by itself."""


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def link(secret: str, purpose: str, language: str = "") -> str:
    """The address that the holder of the pass opens, to read there in the letter's language."""
    page = settings.SITE_URL + reverse(PAGES[Pass.Purpose(purpose)], args=[secret])
    return f"{page}?lang={language}" if language else page


def make(
    purpose: str,
    subject: str,
    mailbox: str,
    *,
    by: User | None,
    days: int = DAYS,
    uses: int = 1,
    secret: str = "",
) -> tuple[Pass, str]:
    """A new pass and its secret, which is not stored and cannot be shown again."""
    secret = secret or secrets.token_urlsafe(32)
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


def derived(name: str, purpose: str) -> list[str]:
    """The secrets that follow from `name` by each key of the site, the present key's first."""
    return [
        base64.urlsafe_b64encode(
            salted_hmac(f"states.passes/{purpose}", name, secret=key, algorithm="sha256").digest()
        )
        .decode()
        .rstrip("=")
        for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    ]


def found(name: str, purpose: str) -> tuple[Pass, str] | None:
    """The pass that follows from `name`, working or not, and its secret; None if none was made.

    One that was made by an earlier key of the site is found as long as that is a fallback.
    """
    by_digest = {_digest(secret): secret for secret in derived(name, purpose)}
    rows = {row.digest: row for row in Pass.objects.filter(digest__in=by_digest, purpose=purpose)}
    for digest, secret in by_digest.items():
        if digest in rows:
            return rows[digest], secret
    return None


def subjects(of: Iterable[str]) -> dict[str, str]:
    """What each subject of a pass is called, a query for each kind; what is gone is not in it."""
    keys: dict[str, list[str]] = {}
    for subject in of:
        kind, _slash, key = subject.partition("/")
        keys.setdefault(kind, []).append(key)
    return {
        f"{kind}/{row.pk}": str(row)
        for kind, register in REGISTERS.items()
        if kind in keys
        for row in register._default_manager.filter(pk__in=keys[kind])
    }


@transaction.atomic
def renew(
    name: str,
    purpose: str,
    subject: str,
    mailbox: str,
    *,
    by: User | None,
    days: int = DAYS,
    uses: int = 1,
) -> tuple[Pass, str]:
    """The pass that follows from `name`, made or found again, works for `days` from now.

    Raises `Revoked` where a person has revoked it.
    """
    held = found(name, purpose)
    if held is None:
        fresh = derived(name, purpose)[0]
        return make(purpose, subject, mailbox, by=by, days=days, uses=uses, secret=fresh)
    row = Pass.objects.select_for_update(of=("self",)).get(pk=held[0].pk)
    if row.revoked_by_id is not None:
        raise Revoked
    row.mailbox, row.revoked_at = mailbox, None
    row.expires_at = timezone.now() + dt.timedelta(days=days)
    row.save(update_fields=["mailbox", "revoked_at", "expires_at"])
    return row, held[1]


def retire_others(row: Pass) -> None:
    """Passes to the same end that nobody used stop working: this one has taken their place.

    One that was renewed after it runs out later, and stays.
    """
    Pass.objects.filter(
        purpose=row.purpose,
        subject=row.subject,
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
        expires_at__lte=row.expires_at,
        uses__isnull=True,
    ).exclude(pk=row.pk).update(revoked_at=timezone.now())


def revoke_all(purpose: str, subject: str, *, by: User | None) -> None:
    """Every link to the subject that still works stops working now."""
    Pass.objects.filter(
        purpose=purpose, subject=subject, revoked_at__isnull=True, expires_at__gt=timezone.now()
    ).update(revoked_at=timezone.now(), revoked_by=by)


def used_up(secret: str, purpose: str) -> Pass | None:
    """The pass behind the secret where nothing but its number of uses ended it."""
    row = Pass.objects.filter(
        digest=_digest(secret), purpose=purpose, revoked_at__isnull=True
    ).first()
    ended = row is None or row.expires_at <= timezone.now()
    return None if ended or row is None or row.uses.count() < row.uses_allowed else row


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
