"""Keeps an archive as it was sent, once by its hash, until everything in it has been taken in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from records.archive.container import CHUNK, Container, Unreadable, opened


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored archive: where it lies, its name as received, its hash and its size in bytes."""

    path: str
    name: str
    sha256: str
    size: int


def too_large() -> str:
    """The sentence for an archive above the limit."""
    return _("The archive is larger than %(most)d MB: send it in parts.") % {
        "most": settings.ARCHIVE_MAX_BYTES // 1024**2
    }


def keep(file: Any, name: str = "") -> Kept:
    """Stores a seekable binary file, read in pieces; raises `Unreadable` for what is no archive.

    The same bytes are stored once. A file that was resumed after a cut comes here whole, as any
    other: how it arrived is no matter of the archive's.
    """
    name = (name or getattr(file, "name", "") or "archive.zip").replace("\\", "/")
    name = name.rpartition("/")[2].replace("\0", "")[:200]
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(CHUNK):
        size += len(piece)
        if size > settings.ARCHIVE_MAX_BYTES:
            raise Unreadable(too_large())
        digest.update(piece)
    if not size:
        raise Unreadable(_("The file is empty. Please choose it again, or save it anew."))
    file.seek(0)
    with opened(file):
        pass  # a broken one is refused at once, not in the background
    sha256 = digest.hexdigest()
    path = f"archives/{sha256[:2]}/{sha256}"
    if not (default_storage.exists(path) and default_storage.size(path) == size):
        file.seek(0)
        path = default_storage.save(path, File(file))
    return Kept(path, name, sha256, size)


@contextmanager
def reading(path: str) -> Iterator[Container]:
    """A stored archive, open; raises `Unreadable` where it is gone."""
    if not default_storage.exists(path):
        raise Unreadable(_("The archive is no longer kept: send it again."))
    with default_storage.open(path, "rb") as file, opened(file) as container:
        yield container


def drop(path: str) -> None:
    """Forgets a stored archive; the papers taken from it are kept as files of their own."""
    if default_storage.exists(path):
        default_storage.delete(path)
