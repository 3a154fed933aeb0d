"""A .zip that somebody sends: judged as a whole, its files found by name and read in pieces.

Nothing is ever written under a name that stands in it, and nothing of it is held in memory.
"""

from __future__ import annotations

import hashlib
import tempfile
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from records.files import ZIP_FAULTS

CHUNK = 1024 * 1024
MOST_FILES = 20_000
# What a .zip of the largest size allowed may unpack to; papers are seldom packed to a tenth.
MOST_TIMES = 20
# Systems leave these beside what people put into an archive.
LITTER = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


class Unreadable(Exception):
    """Why an archive, or a file in it, cannot be read; fit to show to whoever sent it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file of the archive, unpacked: an open temporary file at its beginning, hash and size."""

    file: IO[bytes]
    name: str
    sha256: str
    size: int


class Container:
    """An open archive."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._by_path: dict[str, list[zipfile.ZipInfo]] = defaultdict(list)
        self._by_name: dict[str, list[zipfile.ZipInfo]] = defaultdict(list)
        self._seen: set[int] = set()
        for part in archive.infolist():
            if _is_litter(part):
                continue
            for spelling in _spellings(part):
                path = _folded(spelling)
                _once(self._by_path[path], part)
                _once(self._by_name[path.rpartition("/")[2]], part)

    def index(self) -> bytes:
        """The bytes of the index: "index.csv", or the only .csv there is. Raises `Unreadable`."""
        found = self._indexes()
        if not found:
            raise Unreadable(self._no_index())
        if len(found) > 1:
            raise Unreadable(
                _("There are several .csv files in the archive: name the index “index.csv”.")
            )
        with self._unpacked(found[0]) as taken:
            return taken.file.read()

    def _indexes(self) -> list[zipfile.ZipInfo]:
        tables = {path: parts for path, parts in self._by_path.items() if path.endswith(".csv")}
        named = {
            path: parts
            for path, parts in tables.items()
            if path.rpartition("/")[2] in {"index.csv", "indice.csv"}
        }
        # The same file may be known under several spellings of its name.
        found = {id(part): part for parts in (named or tables).values() for part in parts}
        return list(found.values())

    def _no_index(self) -> str:
        names = [part.filename.lower() for part in self._archive.infolist()]
        if any(name.endswith((".zip", ".rar", ".7z")) for name in names):
            return _(
                "There is another archive in this one and no index: unpack it, and send one .zip "
                "with the files and the index."
            )
        if any(name.endswith((".xlsx", ".xls")) for name in names):
            return _("There is no index: save the table of the files as “index.csv”.")
        return _("There is no index in the archive: add the table of the files as “index.csv”.")

    @contextmanager
    def taken(self, name: str) -> Iterator[Taken]:
        """The file that an index calls `name`, unpacked for as long as the block runs.

        The path may be written with either slash, in other capitals, or left out where the name
        stands once. Raises `Unreadable`.
        """
        with self._unpacked(self._find(name)) as taken:
            yield taken

    def _find(self, name: str) -> zipfile.ZipInfo:
        path = _folded(name)
        if not path:
            raise Unreadable(_("The line names no file."))
        if _leads_out(path):
            raise Unreadable(
                _("“%(name)s” leads out of the archive: name files by their place in it.")
                % {"name": name[:200]}
            )
        found = self._by_path.get(path) or self._by_name.get(path.rpartition("/")[2], [])
        # A path that is given is meant: the same name elsewhere is another file.
        if "/" in path and path not in self._by_path:
            found = [part for part in found if _folded(part.filename).endswith("/" + path)]
        if not found:
            raise Unreadable(_("The file “%(name)s” is not in the archive.") % {"name": name[:200]})
        if len(found) > 1:
            raise Unreadable(
                _("“%(name)s” stands in the archive more than once: which is meant is not clear.")
                % {"name": name[:200]}
            )
        return found[0]

    @contextmanager
    def _unpacked(self, part: zipfile.ZipInfo) -> Iterator[Taken]:
        self._seen.add(part.header_offset)
        # The last spelling is the one that people read: our own fold loses capitals.
        name = _spellings(part)[-1].replace("\\", "/").rpartition("/")[2]
        if part.flag_bits & 1:
            raise Unreadable(
                _("“%(name)s” is protected by a password: make the archive without one.")
                % {"name": name[:200]}
            )
        most = settings.UPLOAD_MAX_BYTES
        if part.file_size > most:
            raise Unreadable(
                _("“%(name)s” is larger than %(most)d MB.")
                % {"name": name[:200], "most": most // 1024**2}
            )
        with tempfile.TemporaryFile() as file:
            try:
                digest, size = self._copy(part, file, most)
            except ZIP_FAULTS as fault:
                raise Unreadable(
                    _("“%(name)s” is damaged in the archive: make the archive anew.")
                    % {"name": name[:200]}
                ) from fault
            file.seek(0)
            yield Taken(file, name, digest, size)

    def _copy(self, part: zipfile.ZipInfo, to: BinaryIO | IO[bytes], most: int) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        with self._archive.open(part) as stream:
            while piece := stream.read(CHUNK):
                size += len(piece)
                if size > most:
                    raise zipfile.BadZipFile("larger than it says")
                digest.update(piece)
                to.write(piece)
        return digest.hexdigest(), size

    def unmentioned(self) -> list[str]:
        """The names of the files that nobody has asked for, in their order, without the index."""
        seen = self._seen | {part.header_offset for part in self._indexes()}
        return [
            _spellings(part)[-1]
            for part in self._archive.infolist()
            if not _is_litter(part) and part.header_offset not in seen
        ]

    def mention(self, name: str) -> None:
        """Some line is about the file, whether it is unpacked or not."""
        try:
            self._seen.add(self._find(name).header_offset)
        except Unreadable:
            return


@contextmanager
def opened(file: Any) -> Iterator[Container]:
    """The archive in a seekable binary file; raises `Unreadable` where it is none, or a trap."""
    try:
        archive = zipfile.ZipFile(file)
    except ZIP_FAULTS as fault:
        raise Unreadable(
            _("This is no .zip archive, or it was cut off on its way. Please make it anew.")
        ) from fault
    with archive:
        parts = archive.infolist()
        if len(parts) > MOST_FILES:
            raise Unreadable(
                _("There are more than %(most)d files in the archive: send it in parts.")
                % {"most": MOST_FILES}
            )
        unpacked = sum(part.file_size for part in parts)
        if unpacked > MOST_TIMES * settings.ARCHIVE_MAX_BYTES:
            raise Unreadable(
                _("Unpacked, this archive would be far larger than papers are. Send it in parts.")
            )
        yield Container(archive)


def _is_litter(part: zipfile.ZipInfo) -> bool:
    path = part.filename.replace("\\", "/").lower()
    return part.is_dir() or path.startswith(LITTER) or path.rpartition("/")[2] in LITTER


def _spellings(part: zipfile.ZipInfo) -> list[str]:
    """How the name may be meant: programs write it in the code page of their own machine.

    The likeliest comes last: UTF-8 where the bytes are UTF-8, else Windows' western code page.
    """
    name = part.filename
    if part.flag_bits & 0x800:
        return [name]
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return [name]
    found = [name]
    for page in ("cp850", "cp1252", "utf-8"):
        try:
            found.append(raw.decode(page))
        except UnicodeDecodeError:
            continue
    # Without a letter beyond ASCII they are all one.
    return list(dict.fromkeys(found))


def _folded(path: str) -> str:
    parts = unicodedata.normalize("NFC", path).replace("\\", "/").casefold().split("/")
    return "/".join(part.strip() for part in parts if part.strip() not in {"", "."})


def _leads_out(path: str) -> bool:
    parts = path.split("/")
    return ".." in parts or path.startswith("/") or parts[0].endswith(":")


def _once(parts: list[zipfile.ZipInfo], part: zipfile.ZipInfo) -> None:
    if part not in parts:
        parts.append(part)
