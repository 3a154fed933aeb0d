"""Says whether a JPEG or PNG is whole and bearable for a machine, and makes it small for paper."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps

# Enough for any telephone's picture; a few kilobytes can claim to be far more.
MOST_POINTS = 80_000_000
# A picture that is decoded whole takes three bytes a point; a JPEG may be read at an eighth.
MOST_POINTS_AT_ONCE = 25_000_000
CHUNK = 1024 * 1024


class Broken(ValueError):
    """The picture is damaged or was cut off."""


class TooLarge(ValueError):
    """The picture has more than MOST_POINTS points."""


def check(file: BinaryIO, kind: str) -> None:
    """Raise Broken or TooLarge for a file that is not a sound "JPEG" or "PNG"."""
    file.seek(0)
    try:
        with Image.open(file, formats=(kind,)) as picture:
            if picture.width * picture.height > MOST_POINTS:
                raise TooLarge
            if kind == "PNG":
                picture.verify()
            else:
                # An eighth of the size: all the data are read, little memory is used.
                picture.draft("L", (picture.width // 8, picture.height // 8))
                picture.load()
            whole = _ends(file, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise TooLarge from fault
    # Pillow's own choice: a damaged PNG is a SyntaxError.
    except (OSError, SyntaxError, EOFError, struct.error) as fault:
        raise Broken from fault
    if not whole:
        raise Broken


def _ends(file: BinaryIO, kind: str) -> bool:
    """Whether the data end as they should; cameras add things of their own behind that.

    Pillow would notice, but WeasyPrint tells it for the whole process to let cut pictures pass.
    """
    file.seek(2)
    if kind == "PNG":
        return _holds(file, b"IEND\xaeB`\x82")
    while (segment := file.read(4)) and segment[1:2] != b"\xda":  # up to the first scan
        marker, length = struct.unpack(">HH", segment)
        if marker < 0xFF00 or length < 2:
            return False
        file.seek(length - 2, 1)
    # ITU-T T.81, B.1.1.5: in a scan the byte FF is followed by 00 or a restart mark.
    return _holds(file, b"\xff\xd9")


def _holds(file: BinaryIO, mark: bytes) -> bool:
    before = b""
    while piece := file.read(CHUNK):
        if mark in before + piece:
            return True
        before = piece[1 - len(mark) :]
    return False


def for_paper(file: BinaryIO, longest: int) -> bytes:
    """The picture as a small JPEG, upright, without what a camera adds, for a printed page.

    `longest` is the most points of a side. The same bytes in give the same bytes out; at most some
    hundred megabytes of memory are used. Raises Broken or TooLarge.
    """
    file.seek(0)
    try:
        with Image.open(file, formats=("JPEG", "PNG")) as picture:
            whole = picture.format == "PNG" or picture.info.get("progressive")
            most = MOST_POINTS_AT_ONCE if whole else MOST_POINTS
            if picture.width * picture.height > most:
                raise TooLarge
            if not _ends(file, picture.format or ""):
                raise Broken
            file.seek(0)
            picture.draft("RGB", (longest, longest))
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((longest, longest))
            paper = Image.new("RGB", upright.size, "white")
            seen = upright.convert("RGBA") if _may_be_seen_through(upright) else None
            paper.paste(seen or upright.convert("RGB"), mask=seen)
            out = BytesIO()
            paper.save(out, "JPEG", quality=82)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise TooLarge from fault
    except (OSError, SyntaxError, EOFError, ValueError, struct.error) as fault:
        if isinstance(fault, (TooLarge, Broken)):
            raise
        raise Broken from fault
    return out.getvalue()


def _may_be_seen_through(picture: Image.Image) -> bool:
    return picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
