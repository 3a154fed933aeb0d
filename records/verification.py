"""Tells whether a hash is that of a document or file of ours which the reader may see."""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.utils import timezone

from records import documents, uploads
from records.models import Revision, Upload
from states.access import Person


@dataclass(frozen=True, slots=True)
class Found:
    """What the hash belongs to: an issued text, or a received file and the rows that carry it."""

    revision: Revision | None = None
    upload: Upload | None = None
    carriers: tuple[Model, ...] = ()
    of_words: bool = False

    @property
    def day(self) -> dt.date:
        """The day in Geneva on which the text was issued."""
        assert self.revision is not None  # of a received file no day is told
        return timezone.localdate(self.revision.issued_at)

    @property
    def withdrawn(self) -> bool:
        """The text was issued once and has been withdrawn since."""
        return self.revision is not None and self.revision.status == Revision.Status.WITHDRAWN


def cleaned(given: str) -> str | None:
    """The 64 hexadecimal digits in what somebody typed or copied; None where there are not."""
    found = re.sub(r"[\s:-]", "", given).lower().removeprefix("sha256")
    return found if re.fullmatch(r"[0-9a-f]{64}", found) else None


def query(given: str) -> str:
    """The part of the address that asks for this hash, so that the answer can be linked to."""
    return urlencode({"sha256": cleaned(given) or given[:200]})


def hash_of(file: UploadedFile) -> str:
    """The SHA-256 of an uploaded file, read in pieces; the file itself goes with the request."""
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    return digest.hexdigest()


def find(sha256: str, user: Person) -> Found | None:
    """What the reader may know of the hash; None for an unknown one and for others' alike."""
    revision = documents.find_by_hash(sha256, user)
    if revision is not None:
        return Found(revision=revision, of_words=revision.sha256 != sha256)
    for upload in Upload.objects.filter(sha256=sha256).order_by("received_at", "pk"):
        rows = list(uploads.carriers(upload, user))
        if rows:
            return Found(upload=upload, carriers=tuple(rows))
    return None
