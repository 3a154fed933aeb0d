"""What a public address asks for: the day and filters in plain words; a sentence where unclear."""

import datetime as dt
import functools
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from states.access import Person
from states.public_pages import mark_public
from states.words import LAST_DAY, day, words_in

# The Convention was adopted in Dublin on 30 May 2008: nothing is known of any earlier day.
ADOPTED_ON = dt.date(2008, 5, 30)
MOST_WORDS = 10


class Unclear(ValueError):
    """The address asks for something that is not there to be asked for; says what to do instead."""

    def __init__(self, sentence: str, name: str, given: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.name = name
        self.given = given


def public(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page for everybody, read only; an unclear address is answered by 400 and a sentence."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return mark_public(request, view(request, *args, **kwargs))
        except Unclear as unclear:
            return _sentence(request, unclear)

    return login_not_required(require_safe(answer))


def _sentence(request: HttpRequest, unclear: Unclear) -> HttpResponse:
    if request.path.endswith(".json"):
        problem = {
            "type": "about:blank",
            "title": _("The address is not clear"),
            "status": 400,
            "detail": unclear.sentence,
            "parameter": unclear.name,
        }
        return JsonResponse(problem, status=400, content_type="application/problem+json")
    if not request.path.endswith("/"):
        return HttpResponse(
            f"{unclear.sentence}\n", status=400, content_type="text/plain; charset=utf-8"
        )
    kept = [
        (name, value)
        for name, values in request.GET.lists()
        if name != unclear.name
        for value in values
    ]
    context = {
        "unclear": unclear,
        "kept": kept,
        "is_day": unclear.name == "as_at",
        "robots": "noindex",
    }
    return render(request, "ccm_portal/unclear.html", context, status=400)


def as_at(request: HttpRequest) -> dt.date:
    """The day for which the reader asks, today in Geneva unless told; Unclear for anything else."""
    given = request.GET.get("as_at", "").strip()
    if not given:
        return localdate()
    try:
        asked = dt.date.fromisoformat(given)
    except ValueError:
        raise Unclear(
            _("“%(given)s” is not a day. Write it as year, month and day, such as 2026-11-20.")
            % {"given": given[:40]},
            "as_at",
            given[:40],
        ) from None
    if len(given) != 10 or not ADOPTED_ON <= asked <= LAST_DAY:
        raise Unclear(
            _("Choose a day from %(first)s to %(last)s, written such as 2026-11-20.")
            % {"first": day(ADOPTED_ON), "last": day(LAST_DAY)},
            "as_at",
            given[:40],
        )
    return asked


def choice(request: HttpRequest, name: str, known: Mapping[str, Any]) -> str:
    """One of the known words for a filter, or nothing; Unclear for a word that it does not know."""
    given = request.GET.get(name, "").strip()
    if given and given not in known:
        raise Unclear(
            _("“%(given)s” is not a choice for “%(name)s”. Choose one of: %(known)s.")
            % {"given": given[:40], "name": name, "known": ", ".join(known)},
            name,
            given[:40],
        )
    return given


def search(request: HttpRequest) -> str:
    """What the reader looks for, at most 100 characters, without those that nobody types."""
    given = request.GET.get("q", "")[:1000]
    typed = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in given)
    return " ".join(typed.split())[:100].strip()


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a search, letters and digits, each once; none where nothing is asked."""
    return tuple(dict.fromkeys(words_in(text)))[:MOST_WORDS]


def reader(request: HttpRequest) -> Person:
    """Who reads; without a session cookie nobody does, and the session is not even looked at."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return AnonymousUser()
    return request.user


def kept(request: HttpRequest, **more: object) -> str:
    """The part of an address that every link carries: language and day, where asked for."""
    query = {name: request.GET[name] for name in ("lang", "as_at") if request.GET.get(name)}
    query |= {name: str(value) for name, value in more.items() if value}
    return f"?{urlencode(query)}" if query else ""


def link(request: HttpRequest, name: str, *args: object, **more: object) -> str:
    """The address of a page of ours in the reader's language and as at the reader's day."""
    return reverse(name, args=args) + kept(request, **more)


def with_query(request: HttpRequest, address: str, **more: object) -> str:
    """An address of ours, which may have a query, in the reader's language and as at their day."""
    query = kept(request, **more)
    return address + (query.replace("?", "&", 1) if "?" in address else query)
