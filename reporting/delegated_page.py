"""The page of a colleague who fills in one form behind a link, without an account."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as lazy

from records import uploads
from records.models import Upload
from records.views import stored
from reporting import delegating, form_page
from reporting.delegating import DelegatedSheet, Gone
from reporting.filing import HandedIn
from states import passes
from states.models import Pass
from states.posting import Typed
from states.views import gone, open_by_pass

# A page that saves by itself asks often, and several colleagues may share one address.
RATE = "240/m/ip"
ENDED = lazy(
    "This link does not work any more, and what you typed since is not saved. It stays on this "
    "page: copy it, and send it to whoever asked you for the form."
)


def _behind_a_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What opens by the secret of one form; whatever else the secret is shows the same page."""

    @functools.wraps(view)
    def answer(request: HttpRequest, secret: str, **kwargs: Any) -> HttpResponse:
        row = passes.find(secret, Pass.Purpose.FORM)
        delegation = delegating.of_pass(row) if row else None
        if delegation is None:
            return _closed(request, secret)
        try:
            return view(request, DelegatedSheet(delegation, secret), **kwargs)
        except (Gone, HandedIn):
            return _closed(request, secret)

    return open_by_pass(answer, "pass-form", RATE)


@_behind_a_link
@uploads.limited
def form(request: HttpRequest, sheet: DelegatedSheet) -> HttpResponse:
    """One form and nothing else of the report: shown, saved, handed back."""
    beside = {"delegation": sheet.delegation}
    if request.method != "POST":
        if request.method == "GET":
            delegating.open_first(sheet.delegation, sheet.secret)
        return form_page.shown(request, sheet, beside)

    def done() -> HttpResponse:
        delegating.hand_back(sheet.delegation, sheet.secret)
        return _thanks(request)

    return form_page.saved(request, sheet, beside, done)


@_behind_a_link
def file(request: HttpRequest, sheet: DelegatedSheet, pk: int) -> Any:
    """A file of the copy, behind the same secret."""
    upload = sheet.uploads().get(pk)
    if upload is None or upload.verdict == Upload.Verdict.INFECTED:
        return gone(request)
    return stored(request, upload.path, upload.sha256, upload.name, upload.media_type)


def _closed(request: HttpRequest, secret: str) -> HttpResponse:
    """A link that does not work any more; what was typed meanwhile is given back to be copied."""
    row = passes.used_up(secret, Pass.Purpose.FORM)
    if row is not None and delegating.handed_back_by(row):
        return _thanks(request)
    if request.method != "POST":
        return gone(request)
    if "quietly" in request.POST:
        return JsonResponse({"words": str(ENDED)}, status=409)
    typed = Typed.of(request).sentences
    context = {"typed": typed, "robots": "noindex"}
    return render(request, "reporting/delegated_gone.html", context, status=404)


def _thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "reporting/delegated_thanks.html", {"robots": "noindex"})
