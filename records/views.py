"""Files, documents and their verification: each asks who may read before it shows anything."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import parse_etags
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from records import documents, uploads, verification
from records.models import Document, Revision, Upload
from states.access import Person
from states.public_pages import public_page


def reader_of(request: HttpRequest) -> Person:
    """Who reads; without a session cookie nobody does, and the page may be cached."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return AnonymousUser()
    return request.user


def _closed(request: HttpRequest, reader: Person) -> HttpResponse:
    """What is not for this reader, or not there at all: sign in, or it does not exist."""
    if not reader.is_authenticated:
        return redirect_to_login(request.get_full_path())
    raise Http404


def stored(request: HttpRequest, path: str, sha256: str, name: str, kind: str) -> HttpResponseBase:
    """A stored file, streamed, as an attachment that no browser guesses about."""
    tag = f'"{sha256}"'
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    if tag in asked or "*" in asked:
        return HttpResponseNotModified(headers=headers)
    return FileResponse(
        default_storage.open(path, "rb"),
        as_attachment=True,
        filename=name,
        content_type=kind,
        headers=headers,
    )


@login_not_required
@require_safe
def file(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """A file as it was received; one in which the antivirus found something is not handed out."""
    reader = reader_of(request)
    upload = Upload.objects.filter(pk=pk, name=name).first()
    if upload is None or not uploads.may_read(upload, reader):
        return _closed(request, reader)
    if upload.verdict == Upload.Verdict.INFECTED:
        context = {"upload": upload, "robots": "noindex"}
        return render(request, "records/file_refused.html", context, status=403)
    return stored(request, upload.path, upload.sha256, upload.name, upload.media_type)


def _issued(reader: Person, reference: str) -> Document | None:
    return (
        documents.readable_by(reader)
        .select_related("state")
        .filter(reference=reference)
        .filter(revisions__status__in=[Revision.Status.ISSUED, Revision.Status.WITHDRAWN])
        .distinct()
        .first()
    )


@public_page
@require_safe
def document(request: HttpRequest, reference: str) -> HttpResponse:
    """A document as it was issued: the text as a page, the PDF beside it, versions and hashes."""
    reader = reader_of(request)
    found = _issued(reader, reference)
    if found is None:
        return _closed(request, reader)
    revisions = list(
        found.revisions.exclude(status=Revision.Status.DRAFT).order_by("language", "-number")
    )
    asked = request.GET.get("text", "") or request.LANGUAGE_CODE
    in_use = [row for row in revisions if row.status == Revision.Status.ISSUED] or revisions
    shown = next((row for row in in_use if row.language == asked), None) or next(
        (row for row in in_use if row.language == found.language), in_use[0]
    )
    context: dict[str, Any] = {
        "document": found,
        "shown": shown,
        "issued_on": localdate(shown.issued_at),
        "revisions": revisions,
        "languages_of_it": {row.language: row for row in reversed(in_use)}.values(),
        "is_demo": bool(found.state and found.state.demo),
        "robots": "" if found.audience == "public" else "noindex",
    }
    return render(request, "records/document.html", context)


@login_not_required
@require_safe
def document_pdf(request: HttpRequest, reference: str, language: str) -> HttpResponseBase:
    """The stored PDF of the newest issued text in the language."""
    reader = reader_of(request)
    found = _issued(reader, reference)
    if found is None:
        return _closed(request, reader)
    revision = (
        found.revisions.filter(language=language, status=Revision.Status.ISSUED)
        .order_by("-number")
        .first()
    )
    if revision is None or not revision.pdf:
        raise Http404
    name = f"{reference.replace('/', '-')}-{language}.pdf"
    return stored(request, revision.pdf, revision.sha256, name, "application/pdf")


def _guarded(view: Any) -> Any:
    """Takes a file without a form token: nothing is changed, and a cached page carries no token."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            request.upload_handlers.insert(0, uploads.Limit(request))
        return view(request)

    return csrf_exempt(answer)


@public_page
@_guarded
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a file or a printed hash is one of ours; a file sent is hashed and not kept."""
    if request.method == "POST":
        sha256 = request.POST.get("sha256", "")
        sent = request.FILES.get("file")
        if sent is not None:
            sha256 = verification.hash_of(sent)
        if uploads.left_out(request):
            return _verify_page(request, status=413, problem=uploads.too_large())
        return redirect(f"{reverse('verify')}?{verification.query(sha256)}")
    given = request.GET.get("sha256", "")
    if not given:
        return _verify_page(request)
    wanted = verification.cleaned(given)
    if wanted is None:
        problem = _(
            "“%(given)s” is not a SHA-256: that is 64 characters, the digits 0 to 9 and the "
            "letters a to f. Copy it again, spaces do not matter."
        ) % {"given": given[:80]}
        return _verify_page(request, status=400, given=given[:200], problem=problem)
    found = verification.find(wanted, reader_of(request))
    return _verify_page(request, given=wanted, asked=True, found=found, robots="noindex")


def _verify_page(request: HttpRequest, *, status: int = 200, **facts: Any) -> HttpResponse:
    context = {"given": "", "asked": False, "found": None, "problem": "", **facts}
    return render(request, "records/verify.html", context, status=status)
