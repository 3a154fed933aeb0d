"""Keeps files as received: judged, scanned where there is a scanner, stored once by their hash."""

import functools
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

import structlog
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from records import files
from records.models import Upload
from states.access import Person
from states.models import State, User

log = structlog.get_logger(__name__)
LEFT_OUT = "ccm.file_left_out"


class FileRefused(Exception):
    """Why a file was not taken; fit to show to the person who chose it. Nothing of it was kept."""


def receive(
    file: BinaryIO | File, state: State | None, by: User | None, *, name: str = ""
) -> Upload:
    """Keeps an uploaded file byte for byte and returns its row; raises `FileRefused`.

    `file` is seekable and binary; `name` is the name as received, by default the file's own. Two
    uploads of the same bytes share the stored file; a stored file is never written again. Without
    a scanner, or where it does not answer, the row says "not scanned".
    """
    name = (name or getattr(file, "name", "") or "file").rsplit("/", 1)[-1][:200]
    finding = files.examine(cast("BinaryIO", file), name)
    if finding.problem is not None:
        raise FileRefused(finding.problem)
    facts = _verdict(file)
    if facts.get("verdict") == Upload.Verdict.INFECTED:
        log.warning("file_refused", sha256=finding.sha256, finding=facts["finding"])
        raise FileRefused(
            _("The antivirus found “%(virus)s” in this file; nothing was kept. Send a clean copy.")
            % {"virus": facts["finding"]}
        )
    return Upload.objects.create(
        path=_stored(cast("BinaryIO", file), finding),
        sha256=finding.sha256,
        size=finding.size,
        media_type=finding.media_type,
        name=name,
        state=state,
        received_by=by,
        **facts,
    )


def _stored(file: BinaryIO, finding: files.Finding) -> str:
    path = f"uploads/{finding.sha256[:2]}/{finding.sha256}"
    # A file cut off by a crash has another size: it is left alone, the storage finds a new name.
    if default_storage.exists(path) and default_storage.size(path) == finding.size:
        return path
    file.seek(0)
    return default_storage.save(path, File(file))


def _verdict(file: Any) -> dict[str, object]:
    if not settings.CLAMD_SOCKET:
        return {"verdict": Upload.Verdict.NOT_SCANNED}
    said = files.scan(file, settings.CLAMD_SOCKET)
    if said.answer is files.Answer.UNREACHABLE:
        log.warning("scanner_unreachable", detail=said.detail)
        return {"verdict": Upload.Verdict.NOT_SCANNED, "finding": said.detail}
    return {
        "verdict": Upload.Verdict(said.answer.value),
        "finding": said.detail,
        "scanned_at": timezone.now(),
    }


def scan_waiting(limit: int = 20) -> int:
    """Asks the scanner again about files that it has not seen; returns how many were scanned.

    A file that turns out to be infected stays on the record and is no longer served.
    """
    if not settings.CLAMD_SOCKET:
        return 0
    scanned = 0
    waiting = Upload.objects.filter(verdict=Upload.Verdict.NOT_SCANNED).order_by("pk")[:limit]
    for upload in waiting:
        with default_storage.open(upload.path, "rb") as file:
            facts = _verdict(file)
        if facts["verdict"] == Upload.Verdict.NOT_SCANNED:
            break  # it does not answer; the next run asks again
        Upload.objects.filter(pk=upload.pk).update(**facts)
        scanned += 1
    return scanned


def carriers(upload: Upload, user: Person) -> Iterator[models.Model]:
    """The rows that carry the file and that this reader may see.

    Whatever points at an upload answers for itself through its `visible_to`: a file without such a
    row is read by nobody, not even by those who sent it.
    """
    for relation in Upload._meta.related_objects:
        rows: models.QuerySet = relation.related_model._default_manager.all()
        ask = getattr(rows, "visible_to", None)
        if ask is not None:
            yield from ask(user).filter(**{relation.field.name: upload})


def may_read(upload: Upload, user: Person) -> bool:
    """Whether something that this reader may see carries the file."""
    return next(carriers(upload, user), None) is not None


class Limit(FileUploadHandler):
    """Stops a file that is too large while it arrives; the other answers of the form are kept.

    Set first among the request's handlers (`limited`); afterwards `left_out` says whether a file
    was.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.answers = request.META
        self.arrived = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Counts what all files of the request have brought."""
        self.arrived += len(raw_data)
        if self.arrived > settings.UPLOAD_MAX_BYTES:
            self.answers[LEFT_OUT] = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps the file."""


def limited(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that takes files: the limit is set before anything, the form's token too, is read."""
    checked = csrf_protect(view)

    @functools.wraps(view)
    def set_limit(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            request.upload_handlers.insert(0, Limit(request))
        return checked(request, *args, **kwargs)

    return csrf_exempt(set_limit)


def left_out(request: HttpRequest) -> bool:
    """Whether `Limit` stopped a file of this request."""
    return bool(request.META.get(LEFT_OUT))


def too_large() -> str:
    """The sentence for a file that `Limit` left out."""
    return _("The file is larger than %(most)d MB. Please send a smaller copy.") % {
        "most": settings.UPLOAD_MAX_BYTES // (1024 * 1024)
    }
