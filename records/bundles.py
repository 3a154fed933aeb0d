"""Many stored files as one .zip that is made while it is sent: the only door to zipstream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.core.files.storage import default_storage
from zipstream import ZIP_DEFLATED, ZIP_STORED, ZipStream

MEDIA_TYPE = "application/zip"
PIECE = 64 * 1024


class Member(NamedTuple):
    """A file of the bundle: its name there, and where it is stored."""

    name: str
    path: str


def bundle(texts: Iterable[tuple[str, str]], members: Iterable[Member]) -> Iterator[bytes]:
    """Yield a .zip of a few texts and of stored files, a piece at a time.

    Files are what they are: PDF, Word and Excel are packed already. A file that the storage has
    lost raises when its turn comes, so that nobody takes half a bundle for the whole.
    """
    stream = ZipStream(compress_type=ZIP_STORED)
    for name, text in texts:
        stream.add(text.encode(), name, compress_type=ZIP_DEFLATED)
        yield from stream.all_files()
    for member in members:
        stream.add(_pieces(member.path), member.name)
        yield from stream.all_files()
    yield from stream.finalize()


def _pieces(path: str) -> Iterator[bytes]:
    with default_storage.open(path, "rb") as file:
        while piece := file.read(PIECE):
            yield piece
