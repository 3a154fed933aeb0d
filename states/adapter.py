"""How accounts behave where allauth asks: by invitation, in our words, with secrets sealed."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from states import access
from states.access import Person
from states.history import act
from states.models import User

# For how long a sign-in counts as fresh when the first second factor is set up, in seconds.
FRESH = 15 * 60


def factors(user: Person) -> QuerySet[Authenticator]:
    """What the person can prove to hold: an app or keys; recovery codes alone are no factor."""
    return Authenticator.objects.filter(
        user_id=user.pk, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    )


def gave_second_factor(request: HttpRequest, user: Person) -> bool:
    """Whether this session was opened, or strengthened later, with a second factor."""
    return any(one.get("method") == "mfa" for one in get_authentication_records(request, user))


class AccountAdapter(DefaultAccountAdapter):
    """E-mail and password for those whom the secretariat has invited, and for nobody else."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Write to the Implementation Support Unit."),
        "email_password_mismatch": _(
            "This e-mail address and password do not belong together. Check both, or ask for "
            "a new password."
        ),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This code is not right, or it has run out. Wait for the next one."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link has been used or has run out. Ask for a new one."),
        "too_many_login_attempts": _(
            "Too many attempts went wrong. Wait up to five minutes, then try again, or ask for "
            "a new password."
        ),
        "duplicate_email": _("This is your address already."),
        "rate_limited": _("Too many attempts. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come by invitation only."""
        return False

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The public front page."""
        return "/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """The account page, where the message is read."""
        return reverse("account_email")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of a password letter, on the portal's own name whatever the request said."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", key)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """The link that confirms an address, on the portal's own name."""
        return settings.SITE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """A confirmed address replaces the former one, on the record."""
        with act(by=email_address.user, reason=str(_("Confirmed the new e-mail address"))):
            return super().confirm_email(request, email_address)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Nobody who signed in moments ago types the password again for a first second factor."""
        request = allauth_context.request
        if app == "allauth.mfa" and not factors(request.user).exists():
            records = get_authentication_records(request, request.user)
            if records and timezone.now().timestamp() - records[-1]["at"] < FRESH:
                return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """One letter about an account, in the person's language, with a subject and plain text."""
        user = context.get("user") or User.objects.filter(email=email.lower()).first()
        language = getattr(user, "language", "") or translation.get_language() or "en"
        with translation.override(language):
            context = {
                "site_url": settings.SITE_URL,
                "isu_address": settings.ISU_ADDRESS,
                "email": email,
                "person": user,
                **context,
            }
            self.render_mail(template_prefix, email, context).send()

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Says what was done, except that someone has signed in: they can see that."""
        if args and args[0] == "account/messages/logged_in.txt":
            return
        super().add_message(request, level, *args, **kwargs)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Sign-in through an organisation's own provider, for people who are known here already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody gets an account by having one elsewhere."""
        return False


def _seal() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second factor:{key}".encode()).digest()))
        for key in keys
    )


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: sealed with the site's secret, and never taken off by staff themselves."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "The secretariat signs in with a second factor. Add another one first; the last "
            "cannot be taken away."
        ),
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "unverified_email": _(
            "Confirm your new e-mail address first, or cancel the change; then set up the "
            "second factor."
        ),
    }

    def encrypt(self, text: str) -> str:
        """A backup of the database alone gives nobody a code."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; under a lost SECRET_KEY one that no code fits: recovery is the way in."""
        try:
            return _seal().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return generate_totp_secret()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether enough remains when this one goes; for the secretariat one must."""
        if not access.is_secretariat(authenticator.user):
            return True
        return factors(authenticator.user).exclude(pk=authenticator.pk).exists()

    def build_totp_svg(self, url: str) -> str:
        """The code to scan, as one path that stands in the page: no picture is loaded for it."""
        import qrcode  # noqa: PLC0415 -- needed on one page in a year

        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        path = "".join(
            f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
        )
        return mark_safe(  # noqa: S308 -- numbers only
            render_to_string("mfa/qr.svg", {"size": len(rows), "path": path}).strip()
        )

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who asks for a passkey."""
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """A name that tells keys apart until the person gives a better one."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return str(_("Key %(number)s") % {"number": number})


@receiver(authenticator_added)
def _setting_up_is_giving(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Whoever has just proved to hold a new factor has given it: the session goes on."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(
            request,
            user,
            "mfa",
            id=authenticator.pk,
            type=authenticator.type,
            reauthenticated=True,
        )
