"""People of the demonstration: their passwords and codes follow from the site's own secret."""

import base64
import hashlib
import hmac
import time
from functools import cache

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import encrypt
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction
from django.utils.timezone import localdate

from states import access
from states.history import act
from states.models import Organisation, State, User

# A reserved top-level name: no real mailbox can ever end so.
DOMAIN = "demo.example"
PERIOD = 30
# mailbox, what the person is, role, whom for
PEOPLE = (
    ("assistant", "ISU assistant", "assistant", None),
    ("officer", "ISU officer", "officer", None),
    ("director", "Director, ISU", "director", None),
    ("focal-point.xaa", "Focal point, Arvalia", "focal-point", "XAA"),
    ("focal-point.xab", "Focal point, Borduna", "focal-point", "XAB"),
    ("focal-point.xac", "Focal point, Calderra", "focal-point", "XAC"),
    ("drafter.xab", "Drafter, Borduna", "drafter", "XAB"),
    ("mission.xac", "Mission in Geneva, Calderra", "certifier", "XAC"),
    ("observer", "Observer, CMC", "observer", "cmc"),
)
LANGUAGES = {"XAA": "fr", "XAC": "es"}


def all_of_them() -> dict[str, User]:
    """Everybody of the demonstration by mailbox; made once, when the fictional States are there."""
    return {mailbox: _person(mailbox, name, role, of) for mailbox, name, role, of in PEOPLE}


def _person(mailbox: str, name: str, role: str, of: str | None) -> User:
    whom: State | Organisation | None = None
    if of is not None:
        whom = State.objects.filter(pk=of).first() or Organisation.objects.get(pk=of)
    return make(mailbox, name, role, whom, language=LANGUAGES.get(of or "", "en"))


def everybody() -> models.QuerySet[User]:
    """All who belong to the demonstration."""
    return User.objects.filter(email__endswith=f"@{DOMAIN}").order_by("pk")


def make(
    mailbox: str, name: str, role: str, of: State | Organisation | None, *, language: str = "en"
) -> User:
    """A person of the demonstration, appointed since the year began; made once.

    The address is `mailbox`@demo.example; `of` None is the secretariat. Raises
    ImproperlyConfigured where the demonstration is not allowed, ValueError for an appointment to
    a real State: the invented is for fictional ones.
    """
    _demand()
    if isinstance(of, State) and not of.demo:
        raise ValueError(f"{of.iso3} is a real State; people of the demo act for fictional ones")
    email = f"{mailbox}@{DOMAIN}"
    with transaction.atomic(), act(by=None, reason="Demonstration"):
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, None, name=name, language=language)
        if not user.has_usable_password() or not _fits(user.password):
            user.password = _hashed()
            user.save(update_fields=["password"])
        EmailAddress.objects.update_or_create(
            user=user, email=email, defaults={"verified": True, "primary": True}
        )
        if not user.appointments.in_force(localdate()).filter(role=role).exists():
            access.appoint(
                user,
                role,
                of,
                from_on=localdate().replace(month=1, day=1),
                until_on=localdate().replace(month=12, day=31)
                if role == "acting-director"
                else None,
                reference="Demonstration",
                by=None,
            )
        if of is None:
            Authenticator.objects.update_or_create(
                user=user,
                type=Authenticator.Type.TOTP,
                defaults={"data": {"secret": encrypt(totp_secret(user))}},
            )
    return User.objects.get(pk=user.pk)


def password() -> str:
    """The one password of all people of the demonstration on this site."""
    _demand()
    return "demo-" + _digest("password").hex()[:10]


@cache
def _hashed() -> str:
    """Hashing takes long on purpose; people who share a password share its hash."""
    return make_password(password())


@cache
def _fits(encoded: str) -> bool:
    return check_password(password(), encoded)


def totp_secret(user: User) -> str:
    """What the person's authenticator app would hold, in base 32."""
    _demand()
    return base64.b32encode(_digest(f"totp:{user.email}")[:20]).decode()


def code(user: User) -> tuple[str, int]:
    """The code that works now, and for how many seconds more."""
    if not user.email.endswith(f"@{DOMAIN}"):
        raise ValueError(f"{user.email} does not belong to the demonstration")
    now = int(time.time())
    return format_hotp_value(hotp_value(totp_secret(user), now // PERIOD)), PERIOD - now % PERIOD


def _digest(what: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"demo:{what}".encode(), hashlib.sha256)


def _demand() -> None:
    if not settings.DEMO_IS_ALLOWED:
        raise ImproperlyConfigured(
            "The demonstration is not allowed here: set DEMO=1, never on a site relied upon."
        )
