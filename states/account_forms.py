"""The sign-in library's forms in our words: labels that stand, no words inside the fields."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from states import posting

CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "autocapitalize": "none"}

TOO_MANY_CODES = _(
    "Too many codes were not right. Wait up to five minutes, then try again. Where the telephone "
    "or the key is lost, two colleagues of the secretariat can help to sign in."
)


class Plain(forms.Form):
    """Takes the words out of the fields and gives each its label."""

    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)


class LoginForm(Plain, account.LoginForm):
    """Who signs in; a form that came after the end of a session is carried through."""

    labels = {"login": _("E-mail"), "password": _("Password")}

    typed = forms.CharField(
        widget=forms.HiddenInput, required=False, max_length=posting.MOST, strip=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = getattr(self.request, "language_asked", "")
        if asked:
            # The library's link to a forgotten password takes the language along.
            link = reverse("account_reset_password")
            help_text = str(self.fields["password"].help_text)
            self.fields["password"].help_text = mark_safe(  # noqa: S308 -- no words of a reader's
                help_text.replace(f'"{link}"', f'"{link}?lang={asked}"')
            )
        # What cannot be read is not carried on, nor written into the page once more.
        if posting.KEPT in self.data and posting.Typed.read(self.data[posting.KEPT]) is None:
            self.data = {name: self.data[name] for name in self.data if name != posting.KEPT}

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Signs in, by one factor or two, and leads on to what was typed before."""
        posting.forget(request)
        typed = posting.Typed.read(self.cleaned_data.get(posting.KEPT, ""))
        if typed is None or not (typed.act or typed.sentences):
            return super().login(request, redirect_url=redirect_url)
        response = super().login(request, redirect_url=reverse("typed-again"))
        # Only now: the password was right, and the session is no stranger's.
        if self.user.is_active:
            posting.keep(request, typed, of=self.user)
        return response


class ResetPasswordForm(Plain, account.ResetPasswordForm):
    """Whose password is forgotten."""

    labels = {"email": _("E-mail")}


class ResetPasswordKeyForm(Plain, account.ResetPasswordKeyForm):
    """A new password, by the link of a letter."""

    labels = {"password1": _("New password"), "password2": _("The same password once more")}


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    """A new password, by the present one."""

    labels = ResetPasswordKeyForm.labels | {"oldpassword": _("Present password")}


class SetPasswordForm(Plain, account.SetPasswordForm):
    """A first password for whoever signed in through a provider."""

    labels = {"password1": _("Password"), "password2": _("The same password once more")}


class AddEmailForm(Plain, account.AddEmailForm):
    """Another address in place of the present one."""

    labels = {"email": _("New e-mail address")}


class ReauthenticateForm(Plain, account.ReauthenticateForm):
    """The password once more, before something that matters."""

    labels = {"password": _("Password")}


class _Coded(Plain):
    labels = {"code": _("Code")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(CODE)

    def clean_code(self) -> str:
        """A new password is no help where codes went wrong; colleagues are."""
        checked: Any = super()
        try:
            return str(checked.clean_code())
        except ValidationError as wrong:
            if wrong.code != "too_many_login_attempts":
                raise
            raise ValidationError(TOO_MANY_CODES, code=wrong.code) from wrong


class AuthenticateForm(_Coded, mfa.AuthenticateForm):
    """The second factor when signing in."""


class ReauthenticateByCodeForm(_Coded, mfa.ReauthenticateForm):
    """The second factor once more."""


class ActivateTOTPForm(_Coded, totp.ActivateTOTPForm):
    """The first code of a new app."""

    labels = {"code": _("The six digits that the app shows")}


class AddWebAuthnForm(Plain, webauthn.AddWebAuthnForm):
    """A new key."""

    labels = {"name": _("Name of the key"), "passwordless": _("Sign in with this key alone")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("So that you tell it from others, such as “office”.")
        if "passwordless" in self.fields:
            self.fields["passwordless"].help_text = _(
                "Without a password. The key then asks for a finger, a face or its PIN."
            )


class EditWebAuthnForm(Plain, webauthn.EditWebAuthnForm):
    """Another name for a key."""

    labels = {"name": _("Name of the key")}
