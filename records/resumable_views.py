"""Resumable uploads at their addresses: tus 1.0.0 with creation, expiration and termination."""

import base64
import binascii
import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from records import resumable, uploads
from records.models import Arrival
from states import access
from states.models import State

VERSION = "1.0.0"
BYTES = "application/offset+octet-stream"


def _speaks_tus(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Every answer says which version is spoken; another one is not answered."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.headers.get("Tus-Resumable", "")
        if request.method in ("GET", "OPTIONS") or asked == VERSION:
            response = view(request, *args, **kwargs)
        else:
            response = HttpResponse(status=412)
            response["Tus-Version"] = VERSION
        response["Tus-Resumable"] = VERSION
        return response

    return answer


def _said(words: str, status: int) -> HttpResponse:
    return JsonResponse({"words": words}, status=status)


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.headers.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else None


def _facts(request: HttpRequest) -> dict[str, str]:
    """The header Upload-Metadata: names, each with a value in base64."""
    found = {}
    for part in request.headers.get("Upload-Metadata", "")[:2000].split(","):
        name, _space, value = part.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found


@never_cache
@_speaks_tus
@require_http_methods(["POST", "OPTIONS"])
def begin(request: HttpRequest) -> HttpResponse:
    """Announces a file: its size, name, and the State that it is for; answers with its address."""
    if request.method == "OPTIONS":
        response = HttpResponse(status=204)
        response["Tus-Version"] = VERSION
        response["Tus-Extension"] = "creation,expiration,termination"
        response["Tus-Max-Size"] = str(settings.UPLOAD_MAX_BYTES)
        return response
    by = access.signed_in(request)
    facts = _facts(request)
    state = State.objects.filter(pk=facts.get("state", "")[:3].replace("\0", "")).first()
    if not resumable.may_send(by, state):
        raise Http404
    size = _number(request, "Upload-Length")
    if size is None:
        return _said(_("The size of the file was not said."), 400)
    try:
        row = resumable.begin(facts.get("filename", ""), size, state, by)
    except uploads.FileRefused as refused:
        return _said(str(refused), 413)
    except resumable.NoRoom as full:
        return _said(str(full), 507)
    response = HttpResponse(status=201)
    response["Location"] = reverse("upload-part", args=[row.pk])
    return _dated(response, row)


def _dated(response: HttpResponse, row: Arrival) -> HttpResponse:
    response["Upload-Offset"] = str(row.received)
    response["Upload-Expires"] = http_date(row.expires_at.timestamp())
    return response


@never_cache
@_speaks_tus
@require_http_methods(["GET", "HEAD", "PATCH", "DELETE"])
def part(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How much of a file has arrived (HEAD), more of it (PATCH), or no more of it (DELETE).

    GET says in words what became of a whole file. Another person's file does not exist.
    """
    by = access.signed_in(request)
    try:
        row = resumable.find(pk, by)
        match request.method:
            case "PATCH":
                return _more(request, row)
            case "DELETE":
                resumable.give_up(row)
                return HttpResponse(status=204)
    except resumable.NotHere:
        raise Http404 from None
    if request.method == "GET":
        return JsonResponse({"whole": row.is_whole, "words": row.refused})
    response = HttpResponse(status=410 if row.refused else 200)
    response["Upload-Length"] = str(row.size)
    # Whoever has signed in anew goes on with a new token; no page elsewhere may read it.
    response["CSRF-Token"] = get_token(request)
    return _dated(response, row)


def _more(request: HttpRequest, row: Arrival) -> HttpResponse:
    if request.content_type != BYTES:
        return HttpResponse(status=415)
    offset = _number(request, "Upload-Offset")
    if offset is None:
        return HttpResponse(status=400)
    try:
        row = resumable.go_on(row, offset, request)  # type: ignore[arg-type]  # it reads as a file does
    except resumable.OutOfStep as step:
        return _dated(HttpResponse(status=409), step.row)
    if row.refused:
        return _said(row.refused, 422)
    return _dated(HttpResponse(status=204), row)
