"""Reads the directory and streams of an OLE compound file: .doc, .xls, and protected .docx, .xlsx.

Just enough of [MS-CFB] to say what a file is and whether it is whole, without a library that would
open it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
LAST_SECTOR = 0xFFFFFFFA  # above it stand the marks: free, end of chain, FAT, DIFAT
STREAM, ROOT = 2, 5


class Broken(ValueError):
    """The file is cut off or its inner tables contradict each other."""


@dataclass(frozen=True)
class Entry:
    """A storage, a stream or the root: where it starts and how many bytes it has."""

    name: str
    kind: int
    start: int
    size: int


class Compound:
    """An opened compound file. Raises Broken for one that cannot be read to the end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        file.seek(0)
        header = file.read(512)
        if len(header) < 512 or not header.startswith(SIGNATURE):
            raise Broken
        shift, mini_shift = struct.unpack_from("<HH", header, 30)
        fat_count, directory = struct.unpack_from("<I", header, 44)[0], self._at(header, 48)
        self._cutoff, mini_fat = self._at(header, 56), self._at(header, 60)
        if shift not in (9, 12) or mini_shift != 6:
            raise Broken
        self._sector, self._mini_sector = 1 << shift, 1 << mini_shift
        file.seek(0, 2)
        self._sectors = max(0, -(-file.tell() // self._sector) - 1)
        self._fat = self._read_fat(header, fat_count)
        self.entries = self._read_directory(directory)
        self._mini_fat = self._numbers(b"".join(self._chain(mini_fat)))
        self._mini: bytes | None = None

    @staticmethod
    def _at(header: bytes, offset: int) -> int:
        return int(struct.unpack_from("<I", header, offset)[0])

    @staticmethod
    def _numbers(data: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])

    def _read_sector(self, number: int) -> bytes:
        if number >= self._sectors:
            raise Broken
        self._file.seek((number + 1) * self._sector)
        return self._file.read(self._sector)

    def _read_fat(self, header: bytes, count: int) -> tuple[int, ...]:
        places = list(self._numbers(header[76:512]))
        following, left = self._at(header, 68), self._at(header, 72)
        while left and following < LAST_SECTOR:
            *more, following = self._numbers(self._read_sector(following))
            places += more
            left -= 1
        used = [place for place in places if place < LAST_SECTOR][:count]
        if len(used) != count:
            raise Broken
        return tuple(n for place in used for n in self._numbers(self._read_sector(place)))

    def _chain(self, start: int) -> list[bytes]:
        sectors: list[bytes] = []
        while start < LAST_SECTOR:
            if start >= len(self._fat) or len(sectors) > self._sectors:
                raise Broken
            sectors.append(self._read_sector(start))
            start = self._fat[start]
        return sectors

    def _read_directory(self, start: int) -> dict[str, Entry]:
        data = b"".join(self._chain(start))
        entries: dict[str, Entry] = {}
        for offset in range(0, len(data) - 127, 128):
            length, kind = struct.unpack_from("<HB", data, offset + 64)
            if not kind:
                continue
            if not 2 <= length <= 64:
                raise Broken
            name = data[offset : offset + length - 2].decode("utf-16-le", "replace")
            first, size = struct.unpack_from("<II", data, offset + 116)
            entries.setdefault(name, Entry(name, kind, first, size))
        if not any(entry.kind == ROOT for entry in entries.values()):
            raise Broken
        return entries

    def read(self, name: str, limit: int) -> bytes:
        """Return at most `limit` bytes of a stream, having walked all of it: a cut is noticed."""
        entry = self.entries[name]
        if entry.size >= self._cutoff:
            data = b"".join(self._chain(entry.start))
        else:
            data = self._read_mini(entry)
        if len(data) < min(entry.size, limit) or entry.kind != STREAM:
            raise Broken
        return data[: min(entry.size, limit)]

    def _read_mini(self, entry: Entry) -> bytes:
        if self._mini is None:
            root = next(each for each in self.entries.values() if each.kind == ROOT)
            self._mini = b"".join(self._chain(root.start))
        pieces: list[bytes] = []
        place = entry.start
        while place < LAST_SECTOR:
            if place >= len(self._mini_fat) or len(pieces) > len(self._mini_fat):
                raise Broken
            offset = place * self._mini_sector
            pieces.append(self._mini[offset : offset + self._mini_sector])
            place = self._mini_fat[place]
        return b"".join(pieces)
