"""The reader's language: asked for in the address, remembered in a session, else negotiated."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from states import posting
from states.models import User

KNOWN = dict(settings.LANGUAGES)
# Arabic proves the layout from right to left before its catalogue is complete.
PROVING = {"ar"}


class LanguageMiddleware:
    """Reads `?lang=`; the session's language next; else what the browser asks for.

    A session's language is what its reader chose last, and before any choice the account's; when
    the session has ended, it goes on in the address. No cookie: pages that may be cached set none,
    so a language chosen by an anonymous reader stays in the address, and templates and steps
    elsewhere carry it along.
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
            language = self._remembered(request)
            asked = "" if language else self._of_ended_session(request)
            language = language or asked or translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        request.language_asked = asked  # type: ignore[attr-defined]
        response = self.get_response(request)
        if asked and hasattr(request, "session") and self._began(request):
            request.session["language"] = asked
        elif asked and not self._remembered(request):
            self._carry(asked, response)
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

    @staticmethod
    def _of_ended_session(request: HttpRequest) -> str:
        """Whoever was signed in until just now reads on as before."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.session.session_key:
            return ""
        language = str(posting.ended_session(request).get("language", ""))
        return language if language in KNOWN or language in PROVING else ""

    @staticmethod
    def _carry(asked: str, response: HttpResponse) -> None:
        """Where the answer leads on to another page of ours, the choice goes along."""
        location = response.headers.get("Location", "")
        parts = urlsplit(location)
        if location.startswith("/") and not parts.netloc and "lang" not in parse_qs(parts.query):
            query = f"{parts.query}&lang={asked}" if parts.query else f"lang={asked}"
            response.headers["Location"] = urlunsplit(parts._replace(query=query))


def as_the_account(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Signing in: whoever chose no language reads in the account's, from this answer on."""
    if getattr(request, "language_asked", "") or request.session.get("language"):
        return
    if user.language in KNOWN:
        request.session["language"] = user.language
        if hasattr(request, "language_asked"):
            translation.activate(user.language)
