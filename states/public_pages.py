"""Marks pages that are the same for everybody, so that the page cache may keep them."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

FOR_EVERYBODY = "public, no-cache"
FOR_ONE_READER = "private, no-cache"
_TELLS_OF = "tells_of_state"


def of_one_reader() -> tuple[str, ...]:
    """The names of the cookies with which a page is one reader's: who it is, what waits to be
    told, which language was chosen."""
    return settings.SESSION_COOKIE_NAME, "messages", settings.LANGUAGE_COOKIE_NAME


def is_for_everybody(request: HttpRequest) -> bool:
    """Whether nothing of a person can be on the answer."""
    return request.COOKIES.keys().isdisjoint(of_one_reader())


def tells_only_of(request: HttpRequest, iso3: str) -> None:
    """Says that the answer hangs on rows of one State and on what belongs to no State.

    A kept page is then not dropped when something about another State changes.
    `tests/states/test_generation.py` proves it for each address that says so.
    """
    setattr(request, _TELLS_OF, iso3)


def tells_of_all(request: HttpRequest) -> None:
    """Takes that back, where the page says something that hangs on other States too."""
    setattr(request, _TELLS_OF, "")


def carry(request: HttpRequest, response: HttpResponseBase) -> None:
    """Hands on with the answer what was said of its request, for the page cache."""
    if state := getattr(request, _TELLS_OF, ""):
        setattr(response, _TELLS_OF, state)


def state_of(answer: object) -> str:
    """The code of the one State that an answer tells of, or nothing."""
    return getattr(answer, _TELLS_OF, "")


def mark_public(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Says in `Cache-Control` whether a good answer is for everybody or for one reader.

    It is for everybody only when the request came without a session and without a message: only
    then nothing of a person can be on it. Any answer but 200, and one that says something itself,
    is left alone.
    """
    carry(request, response)
    if response.status_code == 200 and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = (
            FOR_EVERYBODY if is_for_everybody(request) else FOR_ONE_READER
        )
    return response


def public_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorates a view that anybody may read without signing in, and that the cache may keep.

    The view must show nothing that depends on more than the address, the language, the rows of
    tables named in `seen_in_public`, and the day in Geneva.
    """

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return mark_public(request, view(request, *args, **kwargs))

    return login_not_required(answer)
