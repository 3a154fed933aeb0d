"""Reads and writes tables as .xlsx, and writes them as CSV: the only door to openpyxl."""

from __future__ import annotations

import csv as _csv
import io
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import zip_longest
from typing import Any, BinaryIO, NamedTuple
from xml.etree.ElementTree import ParseError

from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_UNPACKED = 200 * 1024 * 1024
WIDEST = 60  # characters
# Of the 1,048,576 lines that Excel reads.
MOST_ON_A_SHEET = 1_000_000
PIECE = 64 * 1024
LONGEST = 32_767  # characters that a cell can hold, by the limits of Excel
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ERRORS = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!")
)

# What a spreadsheet program would take for a formula: OWASP, "CSV injection".
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Characters that XML 1.0 cannot carry.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Value = str | int | float | Decimal | bool | date | datetime | time | None


class Unreadable(ValueError):
    """The file cannot be read as a table; the message says what is wrong, where and what to do."""


class Column(NamedTuple):
    """A column of a written table: the key of its value in a row, and its head."""

    key: str
    head: str


class Row(dict[str, Value]):
    """One row that was read: values by normalised head, and the line at which it stands."""

    def __init__(self, line: int, values: Mapping[str, Value]) -> None:
        super().__init__(values)
        self.line = line


# --- Reading --------------------------------------------------------------------------------------


def read(file: BinaryIO, *, sheet: str = "") -> list[Row]:
    """Return the rows of a workbook's first sheet, or of the one named.

    The first row that is not empty is the head; its cells become keys as `key()` says. Text is
    stripped and in NFC, "" becomes None, whole numbers are int, days are `date`, and a moment keeps
    its time. Empty rows are left out; `Row.line` is the line as the spreadsheet shows it. Values
    that formulas gave are read, formulas are not. Raises Unreadable.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - a web process seldom needs it
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    check_unpacked(file)
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (
        *(zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError),
        *(OSError, EOFError, ParseError, AttributeError, IndexError),
    ) as fault:
        raise Unreadable(unreadable()) from fault
    try:
        chosen = _chosen(book, sheet)
        # What the file says of its own size may be wrong, and then cells are lost without a word.
        chosen.reset_dimensions()
        return list(_rows(chosen.iter_rows(values_only=True)))
    except Unreadable:
        raise
    except (
        *(zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, EOFError),
        *(ParseError, AttributeError, IndexError, OverflowError),
    ) as fault:
        raise Unreadable(unreadable()) from fault
    finally:
        book.close()
        file.seek(0)


def key(head: object) -> str:
    """Return the key of a head: "Entry into force (day)" is "entry_into_force_day"."""
    decomposed = unicodedata.normalize("NFKD", str(head)).casefold()
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return "_".join(re.findall(r"[^\W_]+", plain))


def check_unpacked(file: BinaryIO) -> None:
    """Raise Unreadable for what is no archive, or would be too large unpacked."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError) as fault:
        raise Unreadable(unreadable()) from fault
    if unpacked > MOST_UNPACKED:
        raise Unreadable(
            _(
                "Unpacked, this workbook would be larger than %d MB. Please remove pictures and"
                " unused sheets and save it anew."
            )
            % (MOST_UNPACKED // 1024**2)
        )
    file.seek(0)


def unreadable() -> str:
    """Return the sentence for a file that is no workbook, or a broken one."""
    return _(
        "This file cannot be read as an Excel workbook. Please open it in Excel or LibreOffice,"
        " save it as “Excel Workbook (.xlsx)” without a password, and send that."
    )


def _chosen(book: Any, name: str) -> Any:
    sheets = book.worksheets
    if not sheets:
        raise Unreadable(_("The workbook has no sheet. Please put the table on its first sheet."))
    if not name:
        return sheets[0]
    for each in sheets:
        if key(each.title) == key(name):
            return each
    raise Unreadable(
        _("The workbook has no sheet “%(name)s”; it has: %(sheets)s. Please name the sheet so.")
        % {"name": name, "sheets": ", ".join(f"“{each.title}”" for each in sheets)}
    )


def _rows(lines: Iterable[Sequence[Any]]) -> Iterator[Row]:
    keys: list[str] = []
    head = count = 0
    for line, cells in enumerate(lines, start=1):
        values = [_value(cell, line, place) for place, cell in enumerate(cells)]
        if all(value is None for value in values):
            continue
        if not keys:
            keys, head = _keys(values, line), line
            continue
        count += 1
        if count > MOST_ROWS:
            raise Unreadable(
                _("The table has more than %d rows. Please send it in parts.") % MOST_ROWS
            )
        for place, value in enumerate(values):
            if value is not None and (place >= len(keys) or not keys[place]):
                raise Unreadable(
                    _(
                        "Cell %(cell)s has a value, but its column has no head. Please name the"
                        " column in line %(head)d, or empty the cell."
                    )
                    % {"cell": address(line, place), "head": head}
                )
        yield Row(line, {name: value for name, value in zip_longest(keys, values) if name})
    if not keys:
        raise Unreadable(_("The sheet is empty. Please put the table on the first sheet."))


def _keys(heads: Sequence[Value], line: int) -> list[str]:
    if len(heads) > MOST_COLUMNS:
        raise Unreadable(
            _("The table has more than %d columns. Please send only those asked for.")
            % MOST_COLUMNS
        )
    keys = ["" if head is None else key(head) for head in heads]
    for place, name in enumerate(keys):
        if name and name in keys[:place]:
            raise Unreadable(
                _(
                    "The heads of %(first)s and %(second)s are the same: “%(head)s”. Please give"
                    " each column a name of its own."
                )
                % {
                    "first": address(line, keys.index(name)),
                    "second": address(line, place),
                    "head": heads[place],
                }
            )
    return keys


def _value(cell: object, line: int, place: int) -> Value:
    if isinstance(cell, str):
        text = unicodedata.normalize("NFC", cell).strip()
        if text in ERRORS:
            raise Unreadable(
                _("Cell %(cell)s shows the error %(error)s. Please correct or empty it.")
                % {"cell": address(line, place), "error": text}
            )
        return text or None
    if isinstance(cell, datetime):
        return cell.date() if cell.time() == time.min else cell
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, bool | int | float | date | time):
        return cell
    return None if cell is None else str(cell)


def address(line: int, place: int) -> str:
    """Return the name of a cell by its line (from 1) and its place (from 0): (5, 1) is "B5"."""
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{line}"


# --- Writing --------------------------------------------------------------------------------------


def write(name: str, columns: Sequence[Column], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Return a workbook (.xlsx) of one sheet; keys that a row lacks are empty cells."""
    return workbook(
        name,
        [column.head for column in columns],
        ([row.get(column.key) for column in columns] for row in rows),
    )


def workbook(
    name: str,
    heads: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    above: Sequence[str] = (),
) -> bytes:
    """Return a workbook (.xlsx) of one sheet: styled head, frozen and with filters, typed cells.

    Days and moments are shown the ISO way, moments in Geneva's time; text is never a formula, even
    where it begins like one. `above` are lines over the head, such as a title and "As at …"; a
    sheet with them is for people, and `read` would take the first of them for the head.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - a web process seldom needs it

    lines = [[plain(value) for value in row] for row in rows]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_name(name))
    head_line = len(above) + 2 if above else 1
    sheet.freeze_panes = f"A{head_line + 1}"
    sheet.sheet_view.rightToLeft = get_language_bidi()
    if heads:
        last = address(head_line + len(lines), len(heads) - 1)
        sheet.auto_filter.ref = f"A{head_line}:{last}"
    for place, head in enumerate(heads):
        widest = max(_width(value) for value in (str(head), *(line[place] for line in lines)))
        sheet.column_dimensions[address(0, place)[:-1]].width = min(widest, WIDEST) + 3

    _begin(sheet, heads, above)
    for line in lines:
        sheet.append([_cell(sheet, value) for value in line])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def streamed(
    name: str,
    heads: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    above: Sequence[str] = (),
    widths: Sequence[int],
) -> Iterator[bytes]:
    """Yield a workbook like `workbook` piece by piece, for rows that are too many to be held.

    Each row is written to a temporary file as it comes and forgotten; after a million rows another
    sheet begins, since Excel reads no more. `widths` are those of the columns, in characters: who
    does not hold the rows cannot measure them.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - a web process seldom needs it

    book = Workbook(write_only=True)
    waiting, number = iter(rows), 0
    line = next(waiting, None)
    while line is not None or not number:
        number += 1
        sheet = book.create_sheet(sheet_name(name if number == 1 else f"{name[:26]} {number}"))
        head_line = len(above) + 2 if above else 1
        sheet.freeze_panes = f"A{head_line + 1}"
        sheet.sheet_view.rightToLeft = get_language_bidi()
        for place, width in enumerate(widths):
            sheet.column_dimensions[address(0, place)[:-1]].width = min(width, WIDEST) + 3
        _begin(sheet, heads, above)
        count = 0
        while line is not None and count < MOST_ON_A_SHEET:
            sheet.append([_cell(sheet, plain(value)) for value in line])
            line, count = next(waiting, None), count + 1
        last = address(head_line + count, len(heads) - 1)
        sheet.auto_filter.ref = f"A{head_line}:{last}"
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _begin(sheet: Any, heads: Sequence[object], above: Sequence[str]) -> None:
    """The lines above a table, and its styled head."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # noqa: PLC0415

    for place, text in enumerate(above):
        made = _cell(sheet, text, wrap=False)
        made.font = Font(bold=not place)
        sheet.append([made])
    if above:
        sheet.append([])
    styled = []
    for head in heads:
        made = _cell(sheet, str(head))
        made.font = Font(bold=True, color="FFFFFF")
        made.fill = PatternFill("solid", fgColor="0D4F57")
        made.border = Border(bottom=Side("thin", color="16191D"))
        made.alignment = Alignment(vertical="center", wrap_text=True)
        styled.append(made)
    sheet.append(styled)


def _cell(sheet: Any, value: Value, *, wrap: bool = True) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Alignment  # noqa: PLC0415

    if isinstance(value, str):
        value = UNWRITABLE.sub("", value)[:LONGEST]
    made = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        # openpyxl takes "=…" for a formula and "#N/A" for an error; a reader's program would
        # do the same on editing, unless the cell is marked as text.
        made.data_type = "s"
        made.quotePrefix = value.startswith(FORMULA)
        made.alignment = Alignment(vertical="top", wrap_text=wrap and len(value) > WIDEST)
    elif isinstance(value, datetime):
        made.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        made.number_format = "yyyy-mm-dd"
    return made


def sheet_name(text: str) -> str:
    """Return a name that Excel takes for a sheet: at most 31 characters, none that it forbids."""
    return re.sub(r"[\[\]:*?/\\]", " ", text).strip("' ")[:31].rstrip("' ") or "1"


def csv(columns: Sequence[Column], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Return a CSV file (RFC 4180): UTF-8, one line of heads, days and moments the ISO way.

    Text that a spreadsheet program would take for a formula is preceded by an apostrophe.
    """
    return "".join(csv_lines(columns, rows)).encode()


def csv_lines(columns: Sequence[Column], rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Yield the same file line by line, for rows that are too many to be held."""
    stream = io.StringIO(newline="")
    writer = _csv.writer(stream)
    writer.writerow([_harmless(str(column.head)) for column in columns])
    yield _taken(stream)
    for row in rows:
        writer.writerow([_plain_and_harmless(row.get(column.key)) for column in columns])
        yield _taken(stream)


def _plain_and_harmless(value: object) -> str:
    # Nearly all of a million cells are of these three kinds.
    kind = type(value)
    if kind is str:
        return inert(value)  # type: ignore[arg-type]
    if value is None or kind is int:
        return "" if value is None else str(value)
    return _harmless(plain(value))


def _taken(stream: io.StringIO) -> str:
    text = stream.getvalue()
    stream.seek(0)
    stream.truncate()
    return text


def plain(value: object) -> Value:
    """Return a value as a cell can hold it; moments in Geneva's time."""
    if isinstance(value, datetime):
        # A spreadsheet knows no time zones.
        moment = timezone.localtime(value) if timezone.is_aware(value) else value
        return moment.replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, bool | int | float | Decimal | date | time):
        return value
    return str(value)


def _harmless(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return inert(value) if isinstance(value, str) else str(value)


def inert(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula when it opens a CSV file."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _width(value: Value) -> int:
    """Return how many places of a fixed-width face a value takes: a Chinese character is two."""
    text = str(value) if value is not None else ""
    lines = text.splitlines() or [""]
    return max(sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line) for line in lines)
