"""The index of an archive: a table of text, in whichever way a spreadsheet program wrote it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from records.archive.container import Unreadable
from states.words import fold

MOST_BYTES = 20 * 1024 * 1024
MOST_LINES = 10_000
LONGEST_CELL = 2_000
SEPARATORS = (";", ",", "\t")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an index: its key, and the names by which its first line may call it."""

    key: str
    names: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number as a spreadsheet counts, and what stands in each column, by its key."""

    number: int
    given: dict[str, str]


@dataclass(frozen=True, slots=True)
class Index:
    """The lines, and the names of the columns that are not known here."""

    lines: list[Line]
    unknown: list[str]


def read(content: bytes, columns: Sequence[Column]) -> Index:
    """The index in any of the usual encodings and separators, its columns in any order.

    Raises `Unreadable` with a sentence: no text, no first line, a column missing, too many lines.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(
            _("The index is larger than %(most)d MB.") % {"most": MOST_BYTES // 1024**2}
        )
    text = decoded(content)
    lines = _table(text)
    if not lines:
        raise Unreadable(_("The index is empty: its first line names the columns."))
    heads, unknown = _heads(lines[0][1], columns)
    found = []
    for number, cells in lines[1:]:
        given = {
            heads[place]: cell.strip()[:LONGEST_CELL]
            for place, cell in enumerate(cells)
            if place in heads and cell.strip()
        }
        if given:
            found.append(Line(number, given))
    if not found:
        raise Unreadable(_("The index has a first line and nothing below it."))
    return Index(found, unknown)


def decoded(content: bytes) -> str:
    """The text: UTF-8 or UTF-16, with a mark or without, else Windows-1252; without nulls."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", "replace")
    elif order := _unmarked_utf16(content[:4096]):
        text = content.decode(order, "replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            # Five bytes mean nothing in Windows-1252.
            text = content.decode("cp1252", "replace")
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _unmarked_utf16(head: bytes) -> str:
    """The byte order of UTF-16 without a mark: every other byte of western text is null."""
    if len(head) < 4:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    return ""


def _table(text: str) -> list[tuple[int, list[str]]]:
    """The lines that hold something, each with its number; "sep=;" of Excel is none of them."""
    start, skipped = text.lstrip("\ufeff"), 0
    said = re.match(r"sep=(.)\r?\n", start)
    if said:
        start, skipped = start[said.end() :], 1
    separator = said[1] if said else _separator(start)
    found: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=separator)
    try:
        # A cell with line breaks ends further down than it began: spreadsheets count rows.
        for number, cells in enumerate(reader, start=1 + skipped):
            if not any(cell.strip() for cell in cells):
                continue
            if len(found) > MOST_LINES:
                raise Unreadable(
                    _("The index has more than %(most)d lines: send it in parts.")
                    % {"most": MOST_LINES}
                )
            found.append((number, cells))
    except csv.Error as fault:
        raise Unreadable(
            _("The index cannot be read from line %(line)d on: save it anew as .csv.")
            % {"line": reader.line_num}
        ) from fault
    return found


def _separator(text: str) -> str:
    """What stands most often in the first line: programs write the one of their own language."""
    head = re.sub(r'"[^"]*"', "", text.lstrip().partition("\n")[0])
    return max(SEPARATORS, key=head.count)


def _heads(cells: Sequence[str], columns: Sequence[Column]) -> tuple[dict[int, str], list[str]]:
    known: Mapping[str, str] = {
        _name(name): column.key for column in columns for name in (column.key, *column.names)
    }
    found: dict[int, str] = {}
    unknown = []
    for place, cell in enumerate(cells):
        key = known.get(_name(cell))
        if key is None:
            if cell.strip():
                unknown.append(cell.strip()[:80])
        elif key in found.values():
            raise Unreadable(
                _("The first line of the index names the column “%(name)s” twice.")
                % {"name": cell.strip()[:80]}
            )
        else:
            found[place] = key
    if missing := [one.key for one in columns if one.needed and one.key not in found.values()]:
        raise Unreadable(
            _("The first line of the index lacks: %(missing)s. Known columns are: %(all)s.")
            % {
                "missing": ", ".join(missing),
                "all": ", ".join(column.key for column in columns),
            }
        )
    return found, unknown


def _name(cell: str) -> str:
    return " ".join(re.split(r"[\W_]+", fold(cell))).strip()
