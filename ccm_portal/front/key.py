"""Reads from a request the key of its page, or that the cache is to be passed by."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from ccm_portal.language import KNOWN, PROVING
from states.public_pages import of_one_reader

type Environ = dict[str, Any]

# What public addresses understand. `q` is missing on purpose: no two readers type the same words,
# and a cache full of searches keeps no page.
PARAMETERS = frozenset(
    {
        "as_at",
        "demo",
        "form",
        "from",
        "group",
        "history",
        "kind",
        "lang",
        "language",
        "limit",
        "offset",
        "only",
        "page",
        "published",
        "question",
        "sort",
        "state",
        "status",
        "text",
        "to",
        "year",
    }
)
# Whoever sends one of these wants another answer than the page.
REFUSED = (
    "HTTP_AUTHORIZATION",
    "HTTP_RANGE",
    "HTTP_IF_MATCH",
    "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_TRANSFER_ENCODING",
)
NO_BODY = frozenset({None, "", "0"})
NEVER = re.compile(r"q\s*=\s*0(\.0*)?")
LONGEST = 1000
MOST_REMEMBERED = 4096


class Key(NamedTuple):
    """What tells one kept page from another. A plain tuple of the same parts is as good a key."""

    scheme: str
    host: str
    path: str
    query: str
    language: str
    gzip: bool

    @classmethod
    def is_short(cls, parts: tuple[Any, ...]) -> bool:
        """Whether the parts are short enough to be kept; nobody fills the memory with addresses."""
        return sum(len(part) for part in parts if isinstance(part, str)) <= LONGEST


class Memory(dict[Any, Any]):
    """Answers of a function, computed once; forgets everything when it holds too much."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, asked: Any) -> Any:
        answer = self._function(asked)
        if len(asked) <= LONGEST:
            if len(self) >= MOST_REMEMBERED:
                self.clear()
            self[asked] = answer
        return answer


class KeyMaker:
    """Makes keys. What depends on a header alone is worked out once for each of its values."""

    def __init__(self) -> None:
        self._cookies = of_one_reader()
        self._static = "/" + settings.STATIC_URL.strip("/") + "/"
        proxy = settings.SECURE_PROXY_SSL_HEADER
        self._scheme = proxy[0] if proxy else ""
        self._queries = Memory(known_query)
        self._languages = Memory(negotiated)
        self._encodings = Memory(takes_gzip)

    def __call__(self, environ: Environ) -> tuple[Any, ...] | None:
        """The parts of a Key for a GET request; None where the cache is to be passed by.

        This is what a page from the cache costs, so it makes nothing that it can do without.
        """
        get = environ.get
        cookies = get("HTTP_COOKIE")
        # Found anywhere in the header, even inside another value: a doubt leads to Django.
        if cookies and any(name in cookies for name in self._cookies):
            return None
        if not environ.keys().isdisjoint(REFUSED) or get("SCRIPT_NAME"):
            return None
        if get("CONTENT_LENGTH") not in NO_BODY:
            return None
        host = get("HTTP_HOST")
        path = environ["PATH_INFO"]
        if not host or path.startswith(self._static):
            return None
        known = self._queries[get("QUERY_STRING", "")]
        if known is None:
            return None
        query, asked = known
        scheme = environ["wsgi.url_scheme"]
        if self._scheme:
            # A page must not be answered where Django would first redirect to https.
            scheme = f"{scheme} {get(self._scheme, '')}"
        language = asked or self._languages[get("HTTP_ACCEPT_LANGUAGE", "")]
        return scheme, host, path, query, language, self._encodings[get("HTTP_ACCEPT_ENCODING", "")]


def known_query(raw: str) -> tuple[str, str] | None:
    """The query with its parameters in order, and the language that it asks for, or "".

    None where a parameter is unknown, comes twice, or is written with escapes.
    """
    if not raw:
        return "", ""
    if "%" in raw or "+" in raw:
        return None
    found: dict[str, str] = {}
    for part in raw.split("&"):
        name, _equals, value = part.partition("=")
        if name not in PARAMETERS or name in found:
            return None
        found[name] = value
    asked = found.get("lang", "")
    if asked not in KNOWN and asked not in PROVING:
        asked = ""
    return "&".join(f"{name}={value}" for name, value in sorted(found.items())), asked


def negotiated(accepted: str) -> str:
    """The language that Django chooses for an Accept-Language header."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    return translation.get_language_from_request(request)


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header names gzip and does not refuse it."""
    for part in accepted.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        if name.strip() == "gzip":
            return NEVER.fullmatch(weight.strip()) is None
    return False
