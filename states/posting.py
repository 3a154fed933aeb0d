"""Forms that come too late or to the wrong place: what was typed is given back, never lost.

It stands in the answer to the form's own POST, for the browser that sent it. The server keeps it
for nobody but a person who has just proved a password, and no longer than that session.
"""

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import unquote

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.models import Session
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render, resolve_url
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_safe

from states.models import User
from states.seen import SEEN

# What is given back at most, in characters and in fields: a page writes each several times over.
# The longest page of ours, a report's form with its tables full, has some fourteen hundred fields.
MOST = 200_000
MOST_FIELDS = 2_000
KEPT = "typed"
FILE = "ccm.file_not_read"
# Ways in ask for secrets, under many names: nothing that was typed in their forms is given back.
WAYS_IN = "allauth"
# The one form that carries what was typed in another.
SIGN_IN = "account_login"


def posted_from(page: str, *names: str) -> Callable[..., Any]:
    """A view that takes only POST; `page` is the page with its form, with the arguments `names`.

    Whoever opens the address itself, after signing in or by going back, is led to that page.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def address(kwargs: dict[str, Any]) -> str:
            return reverse(page, kwargs={name: kwargs[name] for name in names})

        @functools.wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.method in ("GET", "HEAD"):
                return redirect(address(kwargs))
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

        answer.page_with_form = address  # type: ignore[attr-defined]
        return answer

    return decorate


def sent_again_as(words: Callable[..., str]) -> Callable[..., Any]:
    """A view whose form may be sent once more by a press elsewhere; `words` of its arguments say
    what that does.

    Only for what can be mended afterwards: what is final or gives rights is done on its own page.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        view.sent_again_as = words  # type: ignore[attr-defined]
        return view

    return decorate


def posted_words(request: HttpRequest, name: str) -> str:
    """A field that no form reads, as it can be kept: PostgreSQL takes no null character."""
    return request.POST.get(name, "").replace("\0", "").strip()


def page_of(request: HttpRequest) -> str:
    """The address of the page on which the form of this request stands; safe to be opened."""
    return _page_at(request.get_full_path())


def _page_at(address: str) -> str:
    try:
        match = resolve(unquote(address.partition("?")[0]))
    except Resolver404:
        return "/"
    page = getattr(match.func, "page_with_form", None)
    return page(match.kwargs) if page else address


def way_in(request: HttpRequest) -> str:
    """The address at which one signs in and then lands on the page of this request's form."""
    return redirect_to_login(page_of(request), resolve_url(settings.LOGIN_URL)).url


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form held: where it goes, its fields but for secrets, whether a file was with it.

    Of a form that held `too_much` to be given back there are no fields. `typed_by` is whose
    session had ended, where that is known.
    """

    address: str
    fields: list[tuple[str, str]]
    file: bool = False
    too_much: bool = False
    typed_by: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """What the request brought; of the sign-in form only what it carries for another."""
        if _signs_in(request):
            carried = cls.read(request.POST.get(KEPT, ""))
            return carried or cls(request.get_full_path(), [])
        fields: list[tuple[str, str]] = []
        if not _asks_for_a_secret(request):
            fields = [
                (name, str(value))
                for name, values in request.POST.lists()
                for value in values
                if name != "csrfmiddlewaretoken"
            ]
        with_file = bool(request.FILES) or bool(request.META.get(FILE))
        if _is_too_much(fields):
            return cls(request.get_full_path(), [], with_file, too_much=True)
        return cls(request.get_full_path(), fields, with_file, typed_by=_whose_session(request))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What `written` wrote; None for anything else, an address elsewhere included."""
        if len(text) > MOST:
            return None
        try:
            given = json.loads(text)
            address, file = str(given["address"]), bool(given["file"])
            typed_by = str(given.get("by", ""))
            fields = [(str(name), str(value)) for name, value in given["fields"]]
            # JSON can name half a character, which no page can hold.
            "".join([address, typed_by, *(part for field in fields for part in field)]).encode()
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        here = address.startswith("/") and url_has_allowed_host_and_scheme(address, None)
        return (
            cls(address, fields, file, typed_by=typed_by)
            if here and not _is_too_much(fields)
            else None
        )

    @property
    def written(self) -> str:
        """For a hidden field of the sign-in form; nothing where it is too long for one."""
        given = {
            "address": self.address,
            "fields": self.fields,
            "file": self.file,
            "by": self.typed_by,
        }
        text = json.dumps(given, ensure_ascii=False)
        return text if self.fields and len(text) <= MOST else ""

    @property
    def act(self) -> str:
        """What sending it does, in words; nothing where it is not sent from elsewhere."""
        try:
            match = resolve(unquote(self.address.partition("?")[0]))
        except Resolver404:
            return ""
        words = getattr(match.func, "sent_again_as", None)
        return str(words(**match.kwargs)) if words and self.fields else ""

    @property
    def sentences(self) -> list[str]:
        """What the person wrote in words, to be read and, if need be, copied.

        Not what the page carried for itself.
        """
        return [
            value
            for name, value in self.fields
            if " " in value.strip() and name.rpartition("-")[2] != SEEN
        ]


def _is_too_much(fields: list[tuple[str, str]]) -> bool:
    return len(fields) > MOST_FIELDS or sum(len(name) + len(value) for name, value in fields) > MOST


def ended_session(request: HttpRequest) -> dict[str, Any]:
    """What the session held that the browser still names, though it has run out."""
    row = Session.objects.filter(pk=request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")).first()
    return row.get_decoded() if row else {}


def _whose_session(request: HttpRequest) -> str:
    return str(ended_session(request).get(SESSION_KEY, ""))


def _signs_in(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.url_name == SIGN_IN


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _is_closed(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and getattr(match.func, "login_required", True)


def _asks_for_a_secret(request: HttpRequest) -> bool:
    match = request.resolver_match
    way_in = match is None or match.func.__module__.startswith(WAYS_IN)
    return way_in or any("password" in name.lower() for name in request.POST)


class _NoFiles(FileUploadHandler):
    """Reads past the files of a request that cannot be taken; remembers that there was one."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        assert self.request is not None
        self.request.META[FILE] = True
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never called: each file is skipped."""

    def file_complete(self, file_size: int) -> None:
        """Never called: each file is skipped."""


def session_ended(request: HttpRequest) -> HttpResponse:
    """The answer to a form whose session has ended: what it held, and a way to sign in with it."""
    _read_no_files(request)
    return _checked(request)


def _read_no_files(request: HttpRequest) -> None:
    if not hasattr(request, "_post"):
        request.upload_handlers = [_NoFiles(request)]


@csrf_protect
def _checked(request: HttpRequest) -> HttpResponse:
    # Here, since views that take files check the token themselves, and have not been asked.
    typed = Typed.of(request)
    if not typed.fields and not typed.file and not typed.too_much:
        return redirect(way_in(request))
    return _given_back(request, "ended", typed)


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form whose token does not fit (setting CSRF_FAILURE_VIEW).

    Most often the person has signed in anew since. What was typed is given back only where the
    browser says that the form came from a page of ours, and goes nowhere unless it is pressed. Of
    a page for everybody nothing is even read: anybody may send anything there.
    """
    _read_no_files(request)
    closed = _is_closed(request)
    gives_back = _is_ours(request) and (closed or _signs_in(request))
    typed = Typed.of(request) if gives_back else None
    signed_in = _has_session(request) and request.user.is_authenticated
    if typed is not None and (typed.fields or typed.too_much) and closed and not signed_in:
        return _given_back(request, "ended", typed)
    return _given_back(request, "refused", typed)


def _is_ours(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "")
    here = f"{request.scheme}://{request.get_host()}"
    return origin == here or origin in settings.CSRF_TRUSTED_ORIGINS


def _given_back(request: HttpRequest, why: str, typed: Typed | None) -> HttpResponse:
    from states.account_forms import LoginForm  # noqa: PLC0415 -- it hands on what is typed here

    form = None
    carries = typed is not None and not typed.too_much and (typed.written or not typed.fields)
    if why == "ended" and typed is not None and carries:
        form = LoginForm(request=request, initial={KEPT: typed.written})
    context = {
        "why": why,
        "typed": typed if typed is not None and (typed.act or typed.sentences) else None,
        "act": typed.act if typed is not None else "",
        "another": why == "again"
        and typed is not None
        and typed.typed_by not in ("", str(request.user.pk)),
        "who": request.user if why != "ended" and _has_session(request) else None,
        "with_file": typed is not None and typed.file,
        "too_much": typed is not None and typed.too_much,
        "page": _page_at(typed.address) if typed is not None else page_of(request),
        "sign_in": way_in(request),
        "form": form,
        "robots": "noindex",
    }
    response = render(
        request, "states/given_back.html", context, status=200 if why == "again" else 403
    )
    add_never_cache_headers(response)
    return response


def keep(request: HttpRequest, typed: Typed, *, of: User) -> None:
    """Keeps what was typed for the person who has just proved the password, and for nobody else."""
    request.session[KEPT] = [of.pk, typed.written]


def kept(request: HttpRequest) -> Typed | None:
    """What is kept for whoever is signed in; None where that is another person's."""
    of, written = request.session.get(KEPT, [None, ""])
    return Typed.read(written) if of is not None and of == request.user.pk else None


def forget(request: HttpRequest) -> None:
    """Keeps nothing any more."""
    request.session.pop(KEPT, None)


@receiver(user_logged_in)
def _of_one_person_only(request: HttpRequest, user: User, **kwargs: Any) -> None:
    # A browser may have been left between the password and the second factor.
    if request.session.get(KEPT, [None])[0] != user.pk:
        forget(request)


def used(request: HttpRequest) -> None:
    """Forgets what was kept once it has been sent."""
    if not _has_session(request) or KEPT not in request.session:
        return
    typed = kept(request)
    if typed is None or typed.address == request.get_full_path():
        forget(request)


@require_safe
def again(request: HttpRequest) -> HttpResponse:
    """After signing in: what was typed before, to be handed in by one press."""
    typed = kept(request)
    if typed is None:
        forget(request)
        return redirect(settings.LOGIN_REDIRECT_URL)
    return _given_back(request, "again", typed)
