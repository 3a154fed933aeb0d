"""The doors before every page: signed in, and for the secretariat with a second factor."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from states import access, adapter, posting
from states.public_pages import FOR_ONE_READER

# What one needs to set up a second factor, to give it, or to leave.
SET_UP = frozenset(
    {"mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "account_logout"}
)
GIVE = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_logout"})


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends to sign in; afterwards one lands on a page that opens, and what was typed is kept."""

    def handle_no_permission(  # type: ignore[override]  # a page may be the answer, too
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        """A form is answered with what it held, anything else with the way to sign in."""
        if request.method == "POST":
            return posting.session_ended(request)
        return redirect(posting.way_in(request))

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """What was typed before is kept until it has been sent and answered."""
        if request.method == "POST" and response.status_code < 500:
            posting.used(request)
        return response


class ForItsReaderMiddleware:
    """Whatever does not say for whom it is, is for its reader alone, also in caches on the way.

    Closed by default: a page of work, a page that is not there and a step elsewhere say nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", FOR_ONE_READER)
        return response


class LightMiddleware(GZipMiddleware):
    """Compresses the pages of one reader, which cross thin lines; Django hides their length.

    Pages for everybody are compressed where they are kept; a file is sent as it is.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Only whole texts that no cache keeps for others."""
        kept = "public" in response.headers.get("Cache-Control", "")
        text = response.headers.get("Content-Type", "").startswith(("text/", "application/json"))
        if kept or response.streaming or not text:
            return response
        return super().process_response(request, response)


class SecondFactorMiddleware:
    """Asks on every request of the secretariat whether its session was opened with a second factor.

    No setting turns this off.

    Appointments begin and end while sessions live, so the moment of signing in decides nothing:
    the day's appointments and the session's own record do.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and access.is_secretariat(request.user):
            return self._refusal(request) or self.get_response(request)
        return self.get_response(request)

    @staticmethod
    def _refusal(request: HttpRequest) -> HttpResponse | None:
        if adapter.gave_second_factor(request, request.user):
            return None
        try:
            name = resolve(request.path_info).url_name
        except Resolver404:
            name = None
        held = adapter.factors(request.user).exists()
        if name in (GIVE if held else SET_UP):
            return None
        if held:
            here = urlencode({"next": posting.page_of(request)})
            return redirect(f"{reverse('mfa_reauthenticate')}?{here}")
        messages.info(
            request,
            _(
                "The secretariat signs in with a second factor. Set one up to go on: it takes "
                "two minutes."
            ),
        )
        return redirect("mfa_activate_totp")
