"""The reader's language: asked for in the address, remembered in a session, else negotiated."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from states.models import User

KNOWN = dict(settings.LANGUAGES)
# Arabic proves the layout from right to left before its catalogue is complete.
PROVING = {"ar"}


class LanguageMiddleware:
    """Reads `?lang=`; the session's language next; else what the browser asks for.

    A session's language is what its reader chose last, and before any choice the account's. No
    cookie: pages that may be cached set none, so a language chosen by an anonymous reader stays in
    the address and templates carry it along.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("lang", "")
        if asked in KNOWN or asked in PROVING:
            language = asked
            if hasattr(request, "session") and request.session.session_key:
                request.session["language"] = asked
        else:
            asked = ""
            language = self._remembered(request) or translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        request.language_asked = asked  # type: ignore[attr-defined]
        response = self.get_response(request)
        if asked and hasattr(request, "session") and self._began(request):
            request.session["language"] = asked
        response.headers.setdefault("Content-Language", translation.get_language() or "en")
        patch_vary_headers(response, ["Accept-Language"])
        return response

    @staticmethod
    def _began(request: HttpRequest) -> bool:
        """Whether somebody has just signed in, or given a password: they read on as before."""
        return request.session.modified and not request.session.is_empty()

    @staticmethod
    def _remembered(request: HttpRequest) -> str:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return ""
        language = request.session.get("language", "")
        return language if language in KNOWN or language in PROVING else ""


def as_the_account(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Signing in: whoever chose no language reads in the account's, from this answer on."""
    if getattr(request, "language_asked", "") or request.session.get("language"):
        return
    if user.language in KNOWN:
        request.session["language"] = user.language
        if hasattr(request, "language_asked"):
            translation.activate(user.language)
