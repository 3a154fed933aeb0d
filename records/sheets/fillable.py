"""Writes workbooks (.xlsx) that people fill in, and reads every cell of what they send back."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from datetime import date, datetime, time
from typing import Any, BinaryIO, NamedTuple

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from records.sheets import (
    FORMULA,
    LONGEST,
    MOST_COLUMNS,
    MOST_ROWS,
    UNWRITABLE,
    Unreadable,
    Value,
    address,
    check_unpacked,
    plain,
    sheet_name,
    unreadable,
)

# How Excel writes a character that XML cannot carry, and the mark of such writing itself.
ESCAPED = re.compile("_x(005F|000D|000A|0009)_")
LIKE_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# Excel counts days from the first of these; before it, it knows a day that never was.
FIRST_SURE_DAY = date(1900, 3, 1)
LISTS = "lists"
LOOKS = {  # bold, colour of the letters, colour behind them, a frame
    "plain": (False, "16191D", "", False),
    "title": (True, "0D4F57", "", False),
    "quiet": (False, "5B6470", "", False),
    "head": (True, "FFFFFF", "0D4F57", True),
    "grey-head": (True, "16191D", "D9DCE0", True),
    "answer": (False, "16191D", "", True),
    "grey-answer": (False, "16191D", "F1F2F4", True),
}


class Broken(str):
    """What a cell shows where its formula has failed: no text that somebody wrote."""

    __slots__ = ()


class Unreckoned(Broken):
    """A formula of which the file holds no result: the program that wrote it did not reckon."""

    __slots__ = ()


class Cell(NamedTuple):
    """A cell of a workbook to be filled in.

    `look` is one of `LOOKS`, `choices` the name of the list that it offers, `note` what is shown
    beside it on demand, `shape` how Excel shows what is typed into it ("@" keeps text as text).
    """

    value: object = None
    look: str = "plain"
    note: str = ""
    choices: str = ""
    shape: str = ""


class Page(NamedTuple):
    """A sheet of a workbook to be filled in; `hidden` are the lines, from 1, that nobody sees.

    Of a page with `quiet_first` the first column is not seen either: it holds what is read back.
    """

    name: str
    lines: Sequence[Sequence[Cell]]
    widths: Sequence[int] = ()
    hidden: Collection[int] = ()
    quiet_first: bool = True


def read(file: BinaryIO) -> list[tuple[str, list[list[Value]]]]:
    """Return every sheet of a workbook: its name, and its cells line by line from the first line.

    Values as `records.sheets.read` gives them; nothing is taken for a head, and a formula that
    failed is `Broken`, one without a result `Unreckoned`. Cells beyond the columns that are read
    are left out. Raises Unreadable.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - a web process seldom needs it

    check_unpacked(file)
    found = []
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            cells = sheet.iter_rows(max_row=MOST_ROWS + 1)
            lines = [_loose(line[:MOST_COLUMNS]) for line in cells]
            if len(lines) > MOST_ROWS and lines[-1]:
                raise Unreadable(
                    _("The table has more than %d rows. Please send it in parts.") % MOST_ROWS
                )
            found.append((sheet.title, lines))
        if _has_formulas(file):
            _mark_unreckoned(file, found)
    except Unreadable:
        raise
    except Exception as fault:  # what others wrote may break its parser in any way
        raise Unreadable(unreadable()) from fault
    finally:
        file.seek(0)
    return found


def _has_formulas(file: BinaryIO) -> bool:
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(b"<f" in archive.read(name) for name in names if name.endswith(".xml"))


def _mark_unreckoned(file: BinaryIO, found: list[tuple[str, list[list[Value]]]]) -> None:
    """Puts `Unreckoned` where a formula stands and nothing was read: it is no empty cell."""
    from openpyxl import load_workbook  # noqa: PLC0415 - as above

    file.seek(0)
    book = load_workbook(file, read_only=True, keep_links=False)
    for sheet, (_title, lines) in zip(book.worksheets, found, strict=True):
        sheet.reset_dimensions()
        for line, cells in zip(lines, sheet.iter_rows(max_row=MOST_ROWS + 1), strict=False):
            for place, cell in enumerate(cells[:MOST_COLUMNS]):
                if cell.data_type != "f":
                    continue
                line.extend([None] * (place + 1 - len(line)))
                if line[place] is None:
                    line[place] = Unreckoned(cell.value)


def _loose(cells: Sequence[Any]) -> list[Value]:
    """One line without the empty cells at its end."""
    values: list[Value] = []
    for cell in cells:
        value = cell.value
        if isinstance(value, str):
            if cell.data_type == "e":
                value = Broken(value)
            else:
                text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
                value = unicodedata.normalize("NFC", text).strip() or None
        elif isinstance(value, datetime) and value.time() == time.min:
            value = value.date()
        elif not isinstance(value, int | float | date | time | None):
            value = str(value)
        values.append(value)
    while values and values[-1] is None:
        values.pop()
    return values


def written(made: Sequence[Page], lists: Mapping[str, Sequence[str]]) -> bytes:
    """Return a workbook (.xlsx) that people fill in; `lists` are the words to choose from, by name.

    A list is offered and not forced: what else is typed is for the reader of the workbook to judge.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - a web process seldom needs it

    book = Workbook()
    book.remove(book.active)
    worn: dict[Any, Any] = {}
    for page in made:
        _fill(book.create_sheet(sheet_name(page.name)), page, list(lists), worn)
    words = book.create_sheet(LISTS)
    words.sheet_state = "veryHidden"
    for place, choices in enumerate(lists.values(), start=1):
        for line, word in enumerate(choices, start=1):
            _put(words.cell(line, place), word)
    for sheet in book.worksheets[: len(made)]:
        for rule in sheet.data_validations.dataValidation:
            column = address(0, int(rule.formula1))[:-1]
            last = max(1, len(list(lists.values())[int(rule.formula1)]))
            rule.formula1 = f"{LISTS}!${column}$1:${column}${last}"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(sheet: Any, page: Page, lists: list[str], worn: dict[Any, Any]) -> None:
    from openpyxl.comments import Comment  # noqa: PLC0415 - a web process seldom needs it
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    sheet.sheet_view.rightToLeft = get_language_bidi()
    sheet.sheet_view.showGridLines = False
    offered: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, line in enumerate(page.lines, start=1):
        for place, cell in enumerate(line):
            if cell == Cell():
                continue
            made = sheet.cell(number, place + 1)
            _put(made, cell.value)
            _dress(made, cell, worn)
            if cell.note:
                made.comment = Comment(cell.note, "", height=120, width=280)
            if cell.choices:
                offered[cell.choices, place].append(number)
    for place, width in enumerate(page.widths):
        sheet.column_dimensions[address(0, place)[:-1]].width = width
    sheet.column_dimensions["A"].hidden = page.quiet_first
    for number in page.hidden:
        sheet.row_dimensions[number].hidden = True
    rules: dict[str, Any] = {}
    for (name, place), numbers in offered.items():
        if name not in rules:
            # Which list it is; where the list stands is known once all of them are written.
            rules[name] = DataValidation("list", str(lists.index(name)), allow_blank=True)
            rules[name].showErrorMessage = False
            sheet.add_data_validation(rules[name])
        for first, last in _runs(numbers):
            rules[name].add(f"{address(first, place)}:{address(last, place)}")


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of the numbers that follow one another."""
    first = last = numbers[0]
    for number in numbers[1:]:
        if number != last + 1:
            yield first, last
            first = number
        last = number
    yield first, last


def _put(made: Any, given: object) -> None:
    value = plain(given)
    if isinstance(value, date) and not isinstance(value, datetime) and value < FIRST_SURE_DAY:
        value = value.isoformat()
    if not isinstance(value, str):
        made.value = value
        return
    text = LIKE_ESCAPED.sub("_x005F_", UNWRITABLE.sub("", value))[:LONGEST]
    made.value = text
    made.data_type = "s"


def _dress(made: Any, cell: Cell, worn: dict[tuple[str, str, bool], Any]) -> None:
    """Gives a cell its look; `worn` keeps each look once it was made, for making it is slow."""
    quoted = isinstance(made.value, str) and made.value.startswith(FORMULA)
    known = (cell.look, cell.shape or made.number_format, quoted)
    if known not in worn:
        _style(made, cell)
        made.quotePrefix = quoted
        worn[known] = made._style
    made._style = copy(worn[known])


def _style(made: Any, cell: Cell) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # noqa: PLC0415

    bold, colour, behind, framed = LOOKS[cell.look]
    made.font = Font(bold=bold, color=colour)
    if behind:
        made.fill = PatternFill("solid", fgColor=behind)
    if framed:
        side = Side("thin", color="B8BEC6")
        made.border = Border(left=side, right=side, top=side, bottom=side)
        made.alignment = Alignment(vertical="top", wrap_text=True)
    if cell.shape:
        made.number_format = cell.shape
