"""The answers of a report in words, as page, paper and check read them: one walk for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from records.models import Upload
from reporting import coverpage
from reporting.boxes import Names
from reporting.models import FormAnswers, Report
from reporting.schema import Field, File, Form, Level, Number, Schema, StateOf, Table, Whole
from states.words import colon

# More columns than these go on a sheet that lies on its side.
UPRIGHT = 6
# So many still stand upright in small type, where no cell has more characters than these.
UPRIGHT_SMALL = 8
FEW_WORDS = 60
# Rows that a table has to be written into where nothing stands in it.
BLANK_ROWS = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer in words; a file with the upload behind it. Empty where nothing was answered."""

    words: str = ""
    upload: Upload | None = None
    voluntary: bool = False
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """One question with its answer, or with its rows; `total` is the last row of sums.

    One that is `blank` is asked and not answered: it has room to be written into, and its `help`.
    One that `lies_already` stands among others on sheets that lie on their side.
    """

    label: str
    voluntary: bool
    answer: Cell | None = None
    blank: bool = False
    help: str = ""
    heads: list[Cell] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    total: list[Cell] = field(default_factory=list)
    lies_already: bool = False

    @property
    def labelled(self) -> list[list[tuple[str, Cell]]]:
        """The rows with the head of its column beside each cell, for a narrow screen."""
        return [self._labelled(row) for row in self.rows]

    @property
    def labelled_total(self) -> list[tuple[str, Cell]]:
        """The same of the row of sums."""
        return self._labelled(self.total)

    def _labelled(self, row: list[Cell]) -> list[tuple[str, Cell]]:
        heads = [one.words for one in self.heads] or [""] * len(row)
        return list(zip(heads, row, strict=False))

    @property
    def wide(self) -> bool:
        """Whether an upright sheet is too narrow for its columns."""
        return len(self.heads) > UPRIGHT and not self.small and not self.lies_already

    @property
    def small(self) -> bool:
        """Whether its columns fit an upright sheet in small type: not so many, and few words."""
        longest = max((len(one.words) for row in self.rows for one in row), default=0)
        many = UPRIGHT < len(self.heads) <= UPRIGHT_SMALL
        return many and longest <= FEW_WORDS and not self.blank


@dataclass(frozen=True, slots=True)
class FormRead:
    """One form as it is read: its line of the cover page, and what was answered in it.

    `unread` are what was typed and is no answer, each with its question.
    """

    form: Form
    letter: str
    line: coverpage.Line
    questions: list[Read]
    unread: list[str]


def forms_of(report: Report, schema: Schema, *, whole: bool = False) -> list[FormRead]:
    """Every form that says something, in the order of the report's language; four queries.

    With `whole` every form and question, also those that nobody has answered.
    """
    rows = {row.form: row for row in report.forms.all()}
    if not rows and not whole:
        return []
    names = Names()
    uploads = {
        one.upload_id: one.upload for one in report.attachments.select_related("upload").all()
    }
    lines = {line.form.key: line for line in coverpage.lines(report.marks, report.language)}
    found = []
    for form in schema.in_order(report.language):
        row = rows.get(form.key) or FormAnswers(report=report, form=form.key)
        if not (row.said or row.unread or whole):
            continue
        line = lines[form.key]
        found.append(read_form(form, report.language, line, row, names, uploads, whole=whole))
    return found


def read_form(
    form: Form,
    language: str,
    line: coverpage.Line,
    row: FormAnswers,
    names: Names,
    uploads: Mapping[int, Upload],
    *,
    whole: bool = False,
    empty: str = "",
) -> FormRead:
    """One form as it is read; `uploads` are its files by their number. No query.

    `empty` is what a question without an answer says; without it, that nothing was reported.
    """
    return FormRead(
        form,
        form.letter_in(language),
        line,
        list(_questions(form, row, names, uploads, whole=whole, empty=empty)),
        [colon(label, text) for label, text in _unread(form, row)],
    )


def in_runs(forms: list[FormRead]) -> list[tuple[bool, list[FormRead]]]:
    """The forms in up to three runs, each with whether its sheets lie on their side.

    From the first wide table to the last the sheets are not turned back: nobody wants to turn a
    draft ten times.
    """
    wide = [place for place, one in enumerate(forms) if any(each.wide for each in one.questions)]
    if not wide:
        return [(False, forms)]
    first, last = wide[0], wide[-1] + 1
    turned = [
        replace(one, questions=[replace(each, lies_already=True) for each in one.questions])
        for one in forms[first:last]
    ]
    runs = [(False, forms[:first]), (True, turned), (False, forms[last:])]
    return [(turns, run) for turns, run in runs if run]


def without_files(read: FormRead) -> FormRead:
    """The same words for a reader who may not open the files behind them."""

    def bare(one: Cell) -> Cell:
        return replace(one, upload=None)

    questions = [
        replace(
            one,
            answer=bare(one.answer) if one.answer else None,
            rows=[[bare(each) for each in row] for row in one.rows],
        )
        for one in read.questions
    ]
    return replace(read, questions=questions)


def _questions(
    form: Form,
    row: FormAnswers,
    names: Names,
    uploads: Mapping[int, Upload],
    *,
    whole: bool,
    empty: str,
) -> Iterator[Read]:
    nothing = Cell(empty or _("nothing reported"))
    for asked in form.fields:
        value = row.said.get(asked.key)
        voluntary = asked.level is Level.VOLUNTARY
        if whole and not value and not isinstance(value, (bool, int, float)):
            yield _blank(asked, voluntary=voluntary)
        elif isinstance(asked, Table):
            lines = [line for line in value or [] if len(line) > 1]
            if not lines:
                if not voluntary:
                    yield Read(str(asked.label), voluntary, nothing)
                continue
            yield _table(asked, lines, names, uploads)
        elif value is not None:
            yield Read(str(asked.label), voluntary, cell(asked, value, names, uploads))
        elif asked.level is Level.MANDATORY:
            yield Read(str(asked.label), voluntary, nothing)


def _blank(asked: Field, *, voluntary: bool) -> Read:
    """Room for an answer: a box, or some rows of a table."""
    columns = asked.columns if isinstance(asked, Table) else ()
    heads = [
        replace(head(one), words=_levelled(one, within=asked))
        for one in columns
        if not isinstance(one, File)
    ]
    return Read(
        _levelled(asked),
        voluntary,
        blank=True,
        help=str(asked.help),
        heads=heads,
        rows=[[Cell(voluntary=one.voluntary) for one in heads]] * BLANK_ROWS
        if heads
        else [[Cell(voluntary=voluntary)]],
    )


def _levelled(asked: Field, within: Field | None = None) -> str:
    """The words of a question with what the Convention asks of it, where a colour would say it."""
    if asked.level is Level.IF_POSSIBLE:
        return f"{asked.label} {_('(if possible)')}"
    # Within a voluntary table every column is, and its title says so.
    if asked.level is Level.VOLUNTARY and (within is None or within.level is not Level.VOLUNTARY):
        return f"{asked.label} {_('(voluntary)')}"
    return str(asked.label)


def _table(
    table: Table, lines: list[dict[str, Any]], names: Names, uploads: Mapping[int, Upload]
) -> Read:
    """Only the columns in which something stands: a page is narrow."""
    used = [one for one in table.columns if any(one.key in line for line in lines)]
    rows = [
        [
            cell(one, line[one.key], names, uploads)
            if one.key in line
            else Cell(voluntary=one.level is Level.VOLUNTARY)
            for one in used
        ]
        for line in lines
    ]
    return Read(
        str(table.label),
        table.level is Level.VOLUNTARY,
        heads=[head(one) for one in used],
        rows=rows,
        total=_total(table, used, lines) if len(lines) > 1 else [],
    )


def head(one: Field) -> Cell:
    """The head of a column."""
    return Cell(
        str(one.label),
        voluntary=one.level is Level.VOLUNTARY,
        is_number=isinstance(one, Number),
    )


def _total(table: Table, used: list[Field], lines: list[dict[str, Any]]) -> list[Cell]:
    """Sums of the columns that add up; empty where there is none of them."""
    if not any(one.key in table.totals for one in used):
        return []
    cells = []
    for place, one in enumerate(used):
        if one.key in table.totals:
            number = sum((Decimal(repr(line.get(one.key, 0))) for line in lines), Decimal(0))
            plain = number.normalize()
            value = int(plain) if plain == plain.to_integral_value() else float(plain)
            cells.append(Cell(one.shown(value), is_number=True))
        else:
            cells.append(Cell(_("Total") if place == 0 else ""))
    return cells


def cell(asked: Field, value: Any, names: Names, uploads: Mapping[int, Upload]) -> Cell:
    """One answer in words, as its question writes it."""
    voluntary = asked.level is Level.VOLUNTARY
    if isinstance(asked, File):
        upload = uploads.get(value)
        return Cell(upload.name if upload else _("file"), upload, voluntary)
    if isinstance(asked, StateOf):
        return Cell(names.name(str(value)), voluntary=voluntary)
    if isinstance(asked, Whole):
        return Cell(asked.shown(value), voluntary=voluntary)
    return Cell(asked.shown(value), voluntary=voluntary, is_number=isinstance(asked, Number))


def _unread(form: Form, row: FormAnswers) -> Iterator[tuple[str, str]]:
    for name, text in row.unread.items():
        key, *rest = name.split(".")
        asked = form.field(key)
        label = str(asked.label)
        if isinstance(asked, Table) and len(rest) > 1:
            column = {one.key: one for one in asked.columns}.get(rest[1])
            label = f"{label}, {column.label}" if column else label
        yield label, text
