"""The forms as an Excel workbook: one sheet each, with the draft's answers, to be filled in.

The first column of a sheet is not seen: it says what stands in each line, so that the workbook is
read back (`reporting.workbook_reading`) by keys, and not by letters or words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from records.sheets import fillable
from records.sheets.fillable import Cell, Page
from reporting import hints
from reporting.boxes import Box, Names
from reporting.schema import (
    LEVELS,
    Answers,
    Date,
    Field,
    File,
    Form,
    Level,
    Number,
    Schema,
    StateOf,
    Table,
    Whole,
    Wrong,
    simple,
)
from states.words import colon

SPARE_ROWS = 10
NAME_LENGTH = 31
STATES = "states"
# What the hidden column says of a line.
COVER = "cover"
QUESTION, TABLE, KEYS, HEADS, END = "question:", "table:", "keys:", "heads:", "end:"
FIRST_LINES = 4  # of a form's sheet, before its questions


class About(NamedTuple):
    """Which report a workbook is of: in words, by its key, and where it is sent back."""

    report: str
    state: str
    period: str
    key: str
    language: str
    address: str
    # Which state of each form the workbook shows, by the form's key.
    tokens: Mapping[str, str]


def written(schema: Schema, answers: Answers, names: Names, about: About) -> bytes:
    """The workbook (.xlsx): a cover sheet, and a sheet for each form in the order of its letters.

    `answers` may hold what was typed and is no answer yet; it stands in its cell as it was typed.
    """
    forms = schema.in_order(about.language)
    pages = [_cover(schema, about)]
    pages += [_page(schema, form, answers.get(form.key, {}), names, about) for form in forms]
    return fillable.written(pages, _lists(schema, names))


def places_of(asked: Field) -> list[tuple[Field, str, Field]]:
    """The columns of a table, or the lines of another question: question, part, simple question.

    A file is in no cell.
    """
    columns = asked.columns if isinstance(asked, Table) else (asked,)
    return [
        (column, part, one)
        for column in columns
        if not isinstance(column, File)
        for part, one in simple(column)
    ]


def head_of(column: Field, one: Field) -> str:
    """What stands over a column, or before an answer: the label, and the unit."""
    box = Box("", one, column)
    return f"{box.label} ({box.unit})" if box.unit else box.label


def key_of(column: Field, part: str) -> str:
    """The key of a place within its question or row."""
    return f"{column.key}.{part}" if part else column.key


def hint() -> str:
    """The line under the rows of a table."""
    return _("For more rows, insert lines above this one.")


def sheet_name(form: Form, language: str) -> str:
    """Letter and title, cut between words where a sheet's name has no place for more."""
    words = f"{form.letter_in(language)} {form.title}".replace("/", " ").split()
    while len(" ".join(words)) > NAME_LENGTH:
        words.pop()
        while len(words) > 2 and len(words[-1]) <= 3:
            words.pop()
    return " ".join(words).rstrip(",;")


def _cover(schema: Schema, about: About) -> Page:
    lines = [
        [Cell(COVER), Cell(about.report, "title")],
        [],
        [Cell(), Cell(colon(_("State"), about.state))],
        [Cell(), Cell(colon(_("Period"), about.period))],
        [Cell(), Cell(colon(_("Forms"), schema.title))],
        [],
        [Cell(), Cell(_("How to fill it in and send it back"), "title")],
    ]
    lines += [[Cell(), Cell(text)] for text in _how_to(about)]
    return Page(_("Read me first"), lines, (3, 110))


def _how_to(about: About) -> list[str]:
    return [
        _("Each form has a sheet of its own. Fill in what you know; leave the rest empty."),
        _("Dark heads are asked by the Convention, grey ones are voluntary."),
        _("Write days as year, month and day, such as 2026-11-20; numbers in digits."),
        _("For more rows in a table, insert lines above the last line of the table."),
        _("A sheet that is deleted leaves its form as it stands in the portal."),
        _("Files and photographs are not here: add them in the portal, where they stay."),
        _("Save the workbook as .xlsx and send it on this page: %(address)s")
        % {"address": about.address},
        _("The page shows every difference first; nothing changes until you confirm it."),
    ]


def _lists(schema: Schema, names: Names) -> dict[str, list[str]]:
    """The words of each choice, by the name of its list."""
    found = {STATES: sorted(names.by_code.values())}
    for form in schema.forms:
        for asked in form.fields:
            for column, part, one in places_of(asked):
                words = [str(word) for _key, word in Box("", one, column).choices]
                if words:
                    found[_list_name(form, asked, column, part)] = words
    return found


def _list_name(form: Form, asked: Field, column: Field, part: str) -> str:
    return f"{form.key}.{asked.key}.{key_of(column, part)}"


def _page(schema: Schema, form: Form, said: Mapping[str, Any], names: Names, about: About) -> Page:
    letter = form.letter_in(about.language)
    title = _("Form %(letter)s: %(title)s") % {"letter": letter, "title": form.title}
    lines = [
        [Cell(f"{schema.version}/{form.key}"), Cell(title, "title")],
        [Cell(about.tokens.get(form.key, "")), Cell(str(form.help), "quiet")],
        [Cell(about.key), Cell(about.report, "quiet")],
        [],
    ]
    hidden = []
    for asked in form.fields:
        if isinstance(asked, Table):
            hidden.append(len(lines) + 2)
            lines += [*_table(form, asked, said.get(asked.key) or [], names), []]
        else:
            lines += [*_question(form, asked, said.get(asked.key), names), []]
    return Page(sheet_name(form, about.language), lines, (12, 36, 44, *(22,) * 14), hidden)


def _question(form: Form, asked: Field, value: Any, names: Names) -> Iterator[list[Cell]]:
    for column, part, one in places_of(asked):
        name = _list_name(form, asked, column, part)
        yield [
            Cell(f"{QUESTION}{key_of(column, part)}"),
            Cell(head_of(column, one), _head_look(column), _note(form, asked, column, one)),
            _answer(column, one, _part(value, part), names, name),
        ]


def _table(form: Form, table: Table, rows: list[Any], names: Names) -> Iterator[list[Cell]]:
    places = places_of(table)
    helps = hints.of(form, table)
    said = f"{helps.help}\n{helps.article}"
    yield [Cell(f"{TABLE}{table.key}"), Cell(str(table.label), "title", said)]
    keys = [Cell(key_of(column, part), "quiet") for column, part, _one in places]
    yield [Cell(f"{KEYS}{table.key}"), *keys]
    heads = [
        Cell(head_of(column, one), _head_look(column), _note(form, table, column, one))
        for column, _part, one in places
    ]
    yield [Cell(f"{HEADS}{table.key}"), *heads]
    for row in [*rows, *({},) * SPARE_ROWS]:
        cells = [
            _answer(
                column,
                one,
                _part(row.get(column.key), part),
                names,
                _list_name(form, table, column, part),
            )
            for column, part, one in places
        ]
        yield [Cell(row.get("id", "")), *cells]
    yield [Cell(f"{END}{table.key}"), Cell(hint(), "quiet")]


def _part(value: Any, part: str) -> Any:
    if not part:
        return value
    return value.get(part) if isinstance(value, Mapping) else None


def _answer(column: Field, one: Field, value: Any, names: Names, name: str) -> Cell:
    look = "grey-answer" if column.level is Level.VOLUNTARY else "answer"
    shape = "yyyy-mm-dd" if isinstance(one, Date) else "" if isinstance(one, Number) else "@"
    choices = STATES if isinstance(one, StateOf) else name if _offers(one, column) else ""
    return Cell(_shown(one, value, names), look, "", choices, shape)


def _offers(one: Field, column: Field) -> bool:
    return bool(Box("", one, column).choices)


def _shown(one: Field, value: Any, names: Names) -> Any:
    """The answer as a cell shows it; what is no answer yet as it was typed."""
    if value is None:
        return None
    try:
        found = one.read(value)
    except Wrong:
        return str(value)
    if found is None:
        return None
    return names.name(str(found)) if isinstance(one, StateOf) else one.cell(found)


def _head_look(column: Field) -> str:
    return "grey-head" if column.level is Level.VOLUNTARY else "head"


def _note(form: Form, asked: Field, column: Field, one: Field) -> str:
    """What helps to fill it in, for the note beside a head."""
    helps = hints.of(form, asked, column if column is not asked else None)
    words = [helps.help, str(one.help) if one is not column else ""]
    # Of a whole each part has its own example, where it has one.
    if example := helps.example if one is column else str(one.example):
        words.append(_("For example: %(example)s") % {"example": example})
    if column is asked:
        words.append(helps.article)
    if isinstance(column, Whole) or column.level is not Level.MANDATORY:
        words.append(str(LEVELS[column.level]))
    return Truncator("\n".join(filter(None, words))).chars(500)
