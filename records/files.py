"""Judges a file as it was received: what it is, whether it is whole, and what the antivirus says.

The content decides, never the name. Every refusal is a sentence for the person who chose the file:
what is wrong, and what to do.
"""

from __future__ import annotations

import hashlib
import lzma
import socket
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from records import ole, pictures

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC = "application/msword"
ODT = "application/vnd.oasis.opendocument.text"
XLS = "application/vnd.ms-excel"
JPEG = "image/jpeg"
PNG = "image/png"

SUFFIXES = {
    PDF: (".pdf",),
    DOCX: (".docx",),
    DOC: (".doc",),
    ODT: (".odt",),
    XLSX: (".xlsx",),
    XLS: (".xls",),
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
}

CHUNK = 1024 * 1024
# An honest document of 50 MB does not unpack to more; what would is made to exhaust a machine.
MOST_UNPACKED = 400 * 1024 * 1024
MOST_PARTS = 5_000

# What Python's unpacker raises for bytes that are no archive of the kind that they say.
ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    IndexError,
    KeyError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)

# Files that people send by mistake, by how they begin, so that the sentence can name them.
OTHERS = (
    (b"{\\rtf", "RTF"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1f\x8b", "GZIP"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"<!DOCTYPE html", "HTML"),
    (b"<html", "HTML"),
    (b"%!PS", "PostScript"),
    (b"BM", "BMP"),
)


@dataclass(frozen=True)
class Finding:
    """What a file is: media type ("" when not one of ours), size in bytes, SHA-256, and a problem.

    `problem` is None for a file that may be kept, else a sentence in the reader's language.
    `sha256` is that of the whole file, or "" when it was too large to be read to the end.
    """

    media_type: str
    size: int
    sha256: str
    problem: str | None = None

    @property
    def acceptable(self) -> bool:
        """Whether the file may be kept."""
        return self.problem is None


class Problem(Exception):
    """Why a file is not taken."""


def examine(file: BinaryIO, name: str = "") -> Finding:
    """Return what an uploaded file is; never raises for its content.

    `file` is seekable and binary, and stands at its beginning afterwards; `name` is the name as
    received, by default the file's own. The file is read in pieces, so 50 MB cost no memory.
    """
    most = settings.UPLOAD_MAX_BYTES
    name = PurePath(name or getattr(file, "name", None) or "").name
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(file):
        size += len(piece)
        if size > most:
            file.seek(0)
            return Finding("", size, "", _too_large(most))
        digest.update(piece)
    media_type, problem = "", None
    try:
        media_type = _kind(file, size, name)
        _check_name(name, media_type)
        _check_content(file, media_type)
    except Problem as refusal:
        problem = str(refusal)
    file.seek(0)
    return Finding(media_type, size, digest.hexdigest(), problem)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(CHUNK):
        yield piece


def _too_large(most: int) -> str:
    return _("The file is larger than %(most)d MB. Please send a smaller copy.") % {
        "most": most // (1024 * 1024)
    }


# --- What it is -----------------------------------------------------------------------------------


def _kind(file: BinaryIO, size: int, name: str) -> str:
    if not size:
        raise Problem(_("The file is empty. Please choose it again, or save it anew."))
    file.seek(0)
    head = file.read(1024)
    # ISO 32000-1, note in 7.5.2: readers take a header within the first 1024 bytes.
    if b"%PDF-" in head:
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(file)
    if head.startswith(ole.SIGNATURE):
        return _kind_of_ole(file)
    for beginning, other in OTHERS:
        if head.lstrip()[: len(beginning)].lower() == beginning.lower():
            raise Problem(_("This is a file of the kind %s. %s") % (other, _accepted()))
    suffix = PurePath(name).suffix.lower()
    if any(suffix in known for known in SUFFIXES.values()):
        # No known kind begins so: the beginning of the file is lost, or was never one.
        raise Problem(_broken(_("file “%(suffix)s”") % {"suffix": suffix}))
    raise Problem(_("This kind of file is not known here. %s") % _accepted())


def _accepted() -> str:
    return _(
        "Accepted are PDF, Word (.docx, .doc), OpenDocument text (.odt), Excel (.xlsx, .xls),"
        " JPEG and PNG."
    )


def _kind_of_zip(file: BinaryIO) -> str:
    """Return the kind of an Office file (ISO/IEC 29500-2: a ZIP with a list of content types)."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise Problem(_protected(_("archive")))
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Problem(
                    _(
                        "Unpacked, this file would be far larger than a document is. Please save it"
                        " anew from the program that made it."
                    )
                )
            if _is_odt(archive):
                return _kind_of_odt(archive)
            if "[Content_Types].xml" not in archive.namelist():
                raise Problem(
                    _("This is a ZIP archive. Please send the files in it. ") + _accepted()
                )
            types = archive.read("[Content_Types].xml")
            _read_all(archive)
    except ZIP_FAULTS as fault:
        raise Problem(_broken(_("Office file"))) from fault
    if b"macroEnabled" in types or any(
        PurePath(part.filename).name.lower() == "vbaproject.bin" for part in parts
    ):
        raise Problem(_with_macros())
    for kind in (DOCX, XLSX):
        if f"{kind}.main+xml".encode() in types:
            return kind
    raise Problem(_("This Office file is neither a document nor a workbook. %s") % _accepted())


def _is_odt(archive: zipfile.ZipFile) -> bool:
    """Whether it says so where OpenDocument says it (OASIS ODF 1.2, part 3, 3.3)."""
    names = archive.namelist()
    if not names or names[0] != "mimetype":
        return False
    with archive.open("mimetype") as stream:
        return stream.read(len(ODT) + 1) == ODT.encode()


def _kind_of_odt(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    _read_all(archive)
    # ODF 1.2, part 3, 3.4: each part that is encrypted says so in the list of parts.
    listed = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
    if b"encryption-data" in listed:
        raise Problem(_protected("OpenDocument"))
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        raise Problem(_with_macros())
    if "content.xml" not in names:
        raise Problem(_broken("OpenDocument"))
    return ODT


def _read_all(archive: zipfile.ZipFile) -> None:
    """Unpack every part into nothing: a wrong checksum or a cut file shows here."""
    for part in archive.infolist():
        with archive.open(part) as stream:
            while stream.read(CHUNK):
                pass


def _kind_of_ole(file: BinaryIO) -> str:
    try:
        compound = ole.Compound(file)
        names = compound.entries.keys()
        # [MS-OFFCRYPTO] 2.3.2: what .docx and .xlsx become when they are given a password.
        if "EncryptedPackage" in names:
            raise Problem(_protected(_("Office file")))
        if "WordDocument" in names:
            # [MS-DOC] 2.5.2: flag F of the file information block.
            start = compound.read("WordDocument", 32)
            protected = bool(struct.unpack_from("<H", start, 10)[0] & 0x0100)
            kind, word = DOC, _("Word file")
        elif found := names & {"Workbook", "Book"}:
            protected = _has_filepass(compound.read(found.pop(), 8192))
            kind, word = XLS, _("Excel file")
        else:
            raise Problem(_("This is an old Office file of another kind. %s") % _accepted())
    except (ole.Broken, struct.error) as fault:
        raise Problem(_broken(_("Office file"))) from fault
    if protected:
        raise Problem(_protected(word))
    if names & {"Macros", "_VBA_PROJECT_CUR", "VBA", "_VBA_PROJECT"}:
        raise Problem(_with_macros())
    return kind


def _has_filepass(stream: bytes) -> bool:
    """Whether a workbook is encrypted: [MS-XLS] 2.4.117, FilePass among the first records."""
    offset = 0
    while offset + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, offset)
        if record == 0x002F:
            return True
        if record == 0x0085:  # BoundSheet8: FilePass would have stood before it
            return False
        offset += 4 + length
    return False


# --- Whether it is whole --------------------------------------------------------------------------


def _check_name(name: str, media_type: str) -> None:
    suffix = PurePath(name).suffix.lower()
    if suffix and suffix not in SUFFIXES[media_type]:
        raise Problem(
            _(
                "The name ends in “%(suffix)s”, but the content is that of a file “%(expected)s”."
                " Please check that it is the right file and correct its name."
            )
            % {"suffix": suffix, "expected": SUFFIXES[media_type][0]}
        )


def _check_content(file: BinaryIO, media_type: str) -> None:
    file.seek(0)
    if media_type == PDF:
        _check_pdf(file)
    elif media_type in (JPEG, PNG):
        _check_picture(file, media_type)


def _check_pdf(file: BinaryIO) -> None:
    # Late: it announces itself in the log, and a process seldom needs it.
    import pikepdf  # noqa: PLC0415

    try:
        with pikepdf.open(file) as document:
            pages = len(document.pages)
    except pikepdf.PasswordError as fault:
        raise Problem(_protected("PDF")) from fault
    except (pikepdf.PdfError, ValueError) as fault:
        raise Problem(_broken("PDF")) from fault
    # The reader mends what it can, so the end of the file is looked at, too.
    file.seek(0, 2)
    file.seek(max(0, file.tell() - 4096))
    if not pages or b"%%EOF" not in file.read():
        raise Problem(_broken("PDF"))


def _check_picture(file: BinaryIO, media_type: str) -> None:
    kind = "JPEG" if media_type == JPEG else "PNG"
    try:
        pictures.check(file, kind)
    except pictures.TooLarge as fault:
        raise Problem(
            _("The picture has more than %d million points. Please save a smaller copy.")
            % (pictures.MOST_POINTS // 1_000_000)
        ) from fault
    except pictures.Broken as fault:
        raise Problem(_broken(kind)) from fault


def _protected(kind: str) -> str:
    return (
        _(
            "This %s is protected by a password, so that nobody here could read it. Please save a"
            " copy without a password and send that."
        )
        % kind
    )


def _broken(kind: str) -> str:
    return (
        _(
            "This %s is damaged or was cut off on its way. Please open it on your computer, save it"
            " anew and send it again."
        )
        % kind
    )


def _with_macros() -> str:
    return _(
        "This file carries macros (small programs), which cannot be taken. Please save it as an"
        " ordinary document (.docx, .xlsx) or as PDF."
    )


# --- What the antivirus says ----------------------------------------------------------------------


class Answer(StrEnum):
    """The three answers; a scanner that cannot be asked has not called anything clean."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Verdict:
    """What ClamAV said; `detail` is the name of the virus, or why there is no answer."""

    answer: Answer
    detail: str = ""


def scan(file: BinaryIO, address: str, *, timeout: float = 60) -> Verdict:
    """Ask the ClamAV daemon about a file, in pieces (clamd(8), INSTREAM); never raises.

    `address` is the path of a unix socket or "tcp://host:port"; `timeout`, in seconds, is for each
    piece and for the answer. Its StreamMaxLength must be at least UPLOAD_MAX_BYTES.
    """
    try:
        with _connect(address, timeout) as connection:
            _send(connection, file)
            said = _answer(connection)
    except (OSError, ValueError) as fault:
        return Verdict(Answer.UNREACHABLE, str(fault) or type(fault).__name__)
    finally:
        file.seek(0)
    if said == "stream: OK":
        return Verdict(Answer.CLEAN)
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return Verdict(Answer.INFECTED, said.removeprefix("stream: ").removesuffix(" FOUND"))
    return Verdict(Answer.UNREACHABLE, said or "no answer")


def _connect(address: str, timeout: float) -> socket.socket:
    if address.startswith("tcp://"):
        host, _colon, port = address.removeprefix("tcp://").rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout)
        connection.connect(address.removeprefix("unix:"))
    except OSError:
        connection.close()
        raise
    return connection


def _send(connection: socket.socket, file: BinaryIO) -> None:
    try:
        connection.sendall(b"zINSTREAM\0")
        for piece in _pieces(file):
            connection.sendall(struct.pack(">I", len(piece)) + piece)
        connection.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        # It stops listening once it has made up its mind, such as that the file is too large.
        return


def _answer(connection: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and (piece := connection.recv(4096)):
        said += piece
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()
