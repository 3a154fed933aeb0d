"""Reads a filled workbook back: answers by their keys, and by cell whatever is not understood."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from records import sheets
from records.sheets import Unreadable, fillable
from records.sheets.fillable import LISTS, Broken, Unreckoned
from reporting.boxes import Box, Names, name_of
from reporting.schema import Choice, Field, Form, Schema, StateOf, Table, Wrong, YesNo
from reporting.schema.fields import NO, YES
from reporting.schema.grammar import new_id
from reporting.schema.wholes import MOST_ROWS, ROW_ID
from reporting.workbook import (
    COVER,
    END,
    FIRST_LINES,
    HEADS,
    KEYS,
    QUESTION,
    TABLE,
    head_of,
    hint,
    key_of,
    places_of,
)


class Fault(NamedTuple):
    """What in a workbook cannot be taken over as it is: the sheet, the cell, a sentence."""

    sheet: str
    cell: str
    sentence: str


@dataclass(slots=True)
class FormSheet:
    """What the sheet of one form says.

    `given` is in the shape of answers and not yet read; a question or column that the sheet does
    not have is left out, an empty cell is "". `cells` says where each box was read, `token` which
    state of the form was written into the workbook, `report` of which report.
    """

    form: Form
    sheet: str
    token: str
    report: str
    given: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


class Filled(NamedTuple):
    """A workbook that was read: its forms by their keys, and what was wrong with other sheets."""

    forms: dict[str, FormSheet]
    faults: list[Fault]


def read(file: BinaryIO, schema: Schema, names: Names) -> Filled:
    """What a filled workbook says, in any of our languages. Raises `sheets.Unreadable`."""
    words = _Words(schema)
    found: dict[str, FormSheet] = {}
    faults: list[Fault] = []
    version = ""
    for name, lines in fillable.read(file):
        this_version, slash, key = _text(lines, 0).partition("/")
        form = {one.key: one for one in schema.forms}.get(key)
        if not slash or form is None or this_version != schema.version:
            version = version or (this_version if slash else "")
            if name != LISTS and _text(lines, 0) != COVER and any(lines):
                faults.append(Fault(name, "A1", _("This sheet is none of the forms: not read.")))
        elif key in found:
            faults.append(Fault(name, "A1", _("This form has two sheets: the first is read.")))
        else:
            sheet = FormSheet(form, name, _text(lines, 1), _text(lines, 2))
            _Reader(sheet, words, names).read(lines)
            found[key] = sheet
    if not found:
        raise Unreadable(_not_ours(version, schema))
    return Filled(found, faults)


def _not_ours(version: str, schema: Schema) -> str:
    if version and version != schema.version:
        return _(
            "This workbook is not of the forms of this report (%(forms)s). Please download the "
            "workbook of this report, and copy your answers into it."
        ) % {"forms": schema.title}
    return _(
        "This workbook has no sheet with a form of ours. Please download the workbook of this "
        "report, fill it in, and send that one: its hidden first column is needed."
    )


def _text(lines: Sequence[Sequence[Any]], number: int) -> str:
    """What the hidden column says in a line."""
    line = lines[number] if number < len(lines) else []
    return str(line[0]) if line and line[0] is not None else ""


class _Words:
    """Labels and words of a version in all our languages, those of the reader before others."""

    def __init__(self, schema: Schema) -> None:
        self.heads: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self.of_key: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        self.choices: dict[tuple[str, str, str], dict[str, Any]] = defaultdict(dict)
        self.hints: set[str] = set()
        here = translation.get_language() or settings.LANGUAGE_CODE
        for language in dict.fromkeys([here, *(code for code, _name in settings.LANGUAGES)]):
            with translation.override(language):
                self.hints.add(sheets.key(hint()))
                for form in schema.forms:
                    for asked in form.fields:
                        self._learn(form, asked)

    def _learn(self, form: Form, asked: Field) -> None:
        for column, part, one in places_of(asked):
            key = key_of(column, part)
            for head in (head_of(column, one), Box("", one, column).label):
                plain = sheets.key(head)
                self.heads[form.key, asked.key].setdefault(plain, key)
                self.of_key[form.key, asked.key, key].add(plain)
            choices: Any = one.choices if isinstance(one, Choice) else ()
            if isinstance(one, YesNo):
                choices = ((True, YES), (False, NO))
            for value, word in choices:
                self.choices[form.key, asked.key, key].setdefault(str(word).casefold(), value)


class _Reader:
    """Walks the lines of one form's sheet."""

    def __init__(self, sheet: FormSheet, words: _Words, names: Names) -> None:
        self.sheet, self.words, self.names = sheet, words, names
        self.form = sheet.form
        self.table: Table | None = None
        self.columns: dict[int, tuple[Field, str, Field]] = {}
        self.keys: list[Any] = []
        self.ids: set[tuple[str, str]] = set()
        self.full: set[str] = set()

    def read(self, lines: Sequence[Sequence[Any]]) -> None:
        """Every line after the first ones, by what the hidden column says of it."""
        for number, line in enumerate(lines[FIRST_LINES:], start=FIRST_LINES + 1):
            mark = str(line[0]) if line and line[0] is not None else ""
            kind, colon, key = mark.partition(":")
            match f"{kind}{colon}":
                case code if code == QUESTION:
                    self.table = None
                    self._question(number, line, key)
                case code if code == TABLE:
                    self._begin(key)
                case code if code == KEYS:
                    self._begin(key)
                    self.keys = list(line)
                    self._find_columns([])
                case code if code == HEADS:
                    self._find_columns(line)
                case code if code == END:
                    self._end(number, line)
                case _:
                    self._row(number, line, mark)

    def _asked(self, key: str) -> Field | None:
        return {one.key: one for one in self.form.fields}.get(key)

    def _fault(self, number: int, place: int, sentence: str) -> None:
        at = sheets.address(number, place)
        self.sheet.faults.append(Fault(self.sheet.sheet, at, sentence))

    # --- Questions that are no tables ---

    def _question(self, number: int, line: Sequence[Any], key: str) -> None:
        question, _dot, part = key.partition(".")
        asked = self._asked(question)
        if asked is None or isinstance(asked, Table):
            return
        one = {found: one for _column, found, one in places_of(asked)}.get(part)
        if one is None:
            return
        labels = self.words.of_key[self.form.key, question, key]
        at = [place for place, value in enumerate(line) if place and self._is(value, labels)]
        label = at[0] if at else 1
        if not at and len(line) > 1 and line[1] is not None:
            self._fault(number, 1, _moved())
        filled = [place for place in range(label + 1, len(line)) if line[place] is not None]
        place = filled[0] if filled else label + 1
        for other in filled[1:]:
            self._fault(number, other, _in_no_column())
        found = self._said(number, place, (question, key), one, line[place] if filled else None)
        if found is None:
            return
        if part:
            self.sheet.given.setdefault(question, {})[part] = found
        else:
            self.sheet.given[question] = found
        name = name_of((self.form.key, question, "", "", part))
        self.sheet.cells[name] = sheets.address(number, place)

    @staticmethod
    def _is(value: Any, labels: set[str]) -> bool:
        return value is not None and sheets.key(value) in labels

    # --- Tables ---

    def _begin(self, key: str) -> None:
        asked = self._asked(key)
        if asked is not self.table:
            self.columns, self.keys = {}, []
        self.table = asked if isinstance(asked, Table) else None

    def _find_columns(self, heads: Sequence[Any]) -> None:
        """Which column is which: by its head in any language, else by the hidden key over it."""
        if self.table is None:
            return
        known = {key_of(column, part): (column, part, one)
                 for column, part, one in places_of(self.table)}  # fmt: skip
        of_table = self.words.heads[self.form.key, self.table.key]
        found: dict[int, str] = {}
        for place in range(1, max(len(heads), len(self.keys))):
            head = heads[place] if place < len(heads) else None
            key = str(self.keys[place]) if place < len(self.keys) else ""
            plain = sheets.key(head) if head is not None else ""
            agree = plain in self.words.of_key[self.form.key, self.table.key, key]
            chosen = key if agree else of_table.get(plain, key)
            if chosen in known and chosen not in found.values():
                found[place] = chosen
        self.columns = {place: known[key] for place, key in found.items()}
        if self.columns:
            self.sheet.given.setdefault(self.table.key, [])

    def _end(self, number: int, line: Sequence[Any]) -> None:
        """The line under a table; where somebody wrote over it, it is a row more."""
        first = line[1] if len(line) > 1 else None
        if len(line) > 2 or (first is not None and sheets.key(first) not in self.words.hints):
            if first is not None and sheets.key(first) in self.words.hints:
                line = [None, None, *line[2:]]
            self._row(number, line, "")
        self.table = None

    def _row(self, number: int, line: Sequence[Any], mark: str) -> None:
        filled = [place for place in range(1, len(line)) if line[place] is not None]
        if self.table is None or not self.columns:
            for place in filled:
                self._fault(number, place, _outside())
            return
        if not filled and not ROW_ID.fullmatch(mark):
            return
        if len(self.sheet.given[self.table.key]) >= MOST_ROWS:
            if self.table.key not in self.full:
                self.full.add(self.table.key)
                self._fault(number, 1, _too_many_rows())
            return
        known = ROW_ID.fullmatch(mark) and (self.table.key, mark) not in self.ids
        name = mark if known else new_id()
        self.ids.add((self.table.key, name))
        row: dict[str, Any] = {"id": name}
        for place in filled:
            if place not in self.columns:
                self._fault(number, place, _in_no_column())
        for place, (column, part, one) in self.columns.items():
            value = line[place] if place < len(line) else None
            at = (self.table.key, key_of(column, part))
            found = self._said(number, place, at, one, value)
            if found is None:
                continue
            if part:
                row.setdefault(column.key, {})[part] = found
            else:
                row[column.key] = found
            box = name_of((self.form.key, self.table.key, name, column.key, part))
            self.sheet.cells[box] = sheets.address(number, place)
        self.sheet.given[self.table.key].append(row)

    # --- Cells ---

    def _said(self, number: int, place: int, at: tuple[str, str], one: Field, value: Any) -> Any:
        """What a cell says, as JSON carries it; None where its formula has failed."""
        if value is None:
            return ""
        if isinstance(value, Unreckoned):
            self._fault(number, place, _no_result())
            return None
        if isinstance(value, Broken):
            sentence = _("The cell shows the error %(error)s: what stands in the portal stays.")
            self._fault(number, place, sentence % {"error": value})
            return None
        if isinstance(value, dt.datetime):
            value = value.date()
        if isinstance(value, dt.date | dt.time):
            value = value.isoformat()
        if isinstance(one, StateOf):
            return self.names.code(str(value))
        if isinstance(one, Choice | YesNo):
            return self._chosen(at, one, value)
        return value

    def _chosen(self, at: tuple[str, str], one: Field, value: Any) -> Any:
        try:
            one.read(value)
        except Wrong:
            words = self.words.choices[self.form.key, at[0], at[1]]
            return words.get(str(value).strip().casefold(), value)
        return value


def _no_result() -> str:
    return _(
        "The formula in this cell has no result in the file: what stands in the portal stays. Open "
        "the workbook, save it, and send it again; or write the answer itself."
    )


def _moved() -> str:
    return _(
        "Something else stands where the question was. Check that the answer is still its own."
    )


def _in_no_column() -> str:
    return _("This stands in no column of the form and is not read. Move it, or empty the cell.")


def _too_many_rows() -> str:
    return _(
        "A table holds at most %(most)s rows: this row and those below it are not read. Attach the "
        "longer list as a file."
    ) % {"most": MOST_ROWS}


def _outside() -> str:
    return _(
        "This stands in no question and in no table, and is not read. Insert lines within the "
        "table and move it there."
    )


def over(form: Form, stands: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What is typed in a form, with what a sheet says in its place.

    Questions, columns and parts that the sheet does not have stay, files among them; of the rows of
    a table that the sheet has, those stay that are in it.
    """
    found = dict(stands)
    for key, value in given.items():
        asked = form.field(key)
        if isinstance(asked, Table):
            before = {row["id"]: row for row in stands.get(key, [])}
            found[key] = [_joined(before.get(row["id"], {}), row) for row in value]
        else:
            found |= _joined({key: stands.get(key)}, {key: value})
    return found


def _joined(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(before)
    for key, value in after.items():
        old = before.get(key)
        both = isinstance(value, Mapping) and isinstance(old, Mapping)
        found[key] = {**old, **value} if both and isinstance(old, Mapping) else value
    return found
