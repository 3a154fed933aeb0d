"""A form of a report as a page shows it and sends it back: boxes by name, some rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from reporting import hints
from reporting.hints import Hint
from reporting.schema import (
    Field,
    File,
    Form,
    Mistake,
    Number,
    Path,
    StateOf,
    Table,
    Whole,
    Wrong,
    YesNo,
    simple,
)
from reporting.schema.fields import NO, YES
from reporting.schema.grammar import new_id
from states.models import State
from states.words import fold

# More rows than these make a page heavy on a thin line.
ROWS_ON_A_PAGE = 25
MOST_NEW_ROWS = 50


class Names:
    """The States' names: what is typed becomes a code, and a code becomes the reader's name."""

    def __init__(self) -> None:
        rows = list(State.objects.order_by("name_en", "iso3"))
        self.by_code = {row.iso3: row.name() for row in rows if not row.demo}
        self._codes = {fold(row.iso3): row.iso3 for row in rows}
        for row in rows:
            for name in (row.name_en, row.name_fr, row.name_es):
                self._codes.setdefault(fold(name), row.iso3)
            if row.demo:
                self.by_code[row.iso3] = row.name()

    def code(self, typed: str) -> str:
        """The code of the State of that name in any of our languages; else what was typed."""
        return self._codes.get(fold(typed.strip()), typed)

    def name(self, code: str) -> str:
        """The name in the reader's language; an unknown code stands for itself."""
        return self.by_code.get(code, code)


def name_of(path: Path) -> str:
    """The name of the box in which the answer at that place is typed."""
    _form, question, row, column, part = path
    return ".".join(piece for piece in (question, row, column, part) if piece)


@dataclass(slots=True)
class Box:
    """One box: a simple question with what stands in it."""

    name: str
    asked: Field
    whole: Field
    value: str = ""
    error: str = ""
    # Of many rows the first alone says what helps to fill it in.
    first: bool = False
    upload: Any = None
    upload_at: str = ""

    @property
    def kind(self) -> str:
        """What is put into it: chooses the element of the page."""
        return self.asked.kind

    @property
    def label(self) -> str:
        """Its own label; of a part, after that of the whole."""
        if self.asked is self.whole:
            return str(self.asked.label)
        return f"{self.whole.label}: {self.asked.label}"

    @property
    def is_file(self) -> bool:
        """Whether a file is chosen for it."""
        return isinstance(self.asked, File)

    @property
    def is_number(self) -> bool:
        """Whether digits are typed."""
        return isinstance(self.asked, Number)

    @property
    def unit(self) -> Any:
        """What is counted, where it is a number with a unit."""
        return getattr(self.asked, "unit", "")

    @property
    def help_once(self) -> Any:
        """The help of the question, in the first row."""
        return self.whole.help if self.first else ""

    @property
    def choices(self) -> Iterable[tuple[str, Any]]:
        """What may be chosen, where it is a choice."""
        if isinstance(self.asked, YesNo):
            return (("true", YES), ("false", NO))
        return getattr(self.asked, "choices", ())

    @property
    def long(self) -> bool:
        """Whether several lines may stand in it."""
        return bool(getattr(self.asked, "long", False))


@dataclass(slots=True)
class Line:
    """One row of a table, as boxes."""

    id: str
    number: int
    boxes: list[Box]
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a long table: its number, and the rows from the first to the last."""

    number: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Mend:
    """An answer that is none yet: what it answers, why it is none, and where it is typed."""

    label: str
    error: str
    href: str


@dataclass(slots=True)
class Question:
    """One question of a form: boxes, or lines of them."""

    asked: Field
    hint: Hint
    boxes: list[Box] = field(default_factory=list)
    # Of a table: what helps with each column.
    hints: list[Hint] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    heads: list[Box] = field(default_factory=list)
    rows: int = 0
    page: int = 1
    pages: int = 1
    # What was copied from a spreadsheet and could not be taken.
    pasted: str = ""

    @property
    def every_page(self) -> list[Part]:
        """The parts of a long table."""
        last = max(self.rows, 1)
        return [
            Part(number, (number - 1) * ROWS_ON_A_PAGE + 1, min(number * ROWS_ON_A_PAGE, last))
            for number in range(1, self.pages + 1)
        ]

    @property
    def parts_at_hand(self) -> list[Part]:
        """The first part of a long table, those around the one that is shown, and the last."""
        near = {1, self.page - 1, self.page, self.page + 1, self.pages}
        return [part for part in self.every_page if part.number in near]

    @property
    def is_table(self) -> bool:
        """Whether it has rows."""
        return isinstance(self.asked, Table)


class Filled:
    """A form with answers in it, ready for a page.

    `pages` tells of each table which part of its rows is shown, `more` how many new rows it offers;
    `uploads` are the files that the answers name, by their number; `file_address` is where the
    reader of the page opens one.
    """

    def __init__(
        self,
        form: Form,
        said: Mapping[str, Any],
        unread: Mapping[str, str],
        names: Names,
        *,
        pages: Mapping[str, int] | None = None,
        more: Mapping[str, int] | None = None,
        uploads: Mapping[int, Any] | None = None,
        file_address: Callable[[Any], str] = lambda upload: "",
        pasted: Mapping[str, str] | None = None,
    ) -> None:
        self._file_address, self._pasted = file_address, pasted or {}
        self.form, self.said, self.unread, self.names = form, said, unread, names
        self._pages, self._more, self._uploads = pages or {}, more or {}, uploads or {}
        self.errors = _sentences(form, unread, names)
        self.questions = [self._question(asked) for asked in form.fields]

    def _question(self, asked: Field) -> Question:
        hint = hints.of(self.form, asked)
        if not isinstance(asked, Table):
            at = (self.form.key, asked.key, "", "")
            boxes = list(self._boxes(at, asked, self.said.get(asked.key)))
            return Question(asked, hint, boxes=boxes)
        rows = list(self.said.get(asked.key, []))
        pages = max(1, -(-len(rows) // ROWS_ON_A_PAGE))
        page = min(max(1, self._pages.get(asked.key, 1)), pages)
        first = (page - 1) * ROWS_ON_A_PAGE
        shown = rows[first : first + ROWS_ON_A_PAGE]
        new = min(self._more.get(asked.key, 0 if rows else 1), MOST_NEW_ROWS)
        kept = {row["id"] for row in shown}
        if page == pages:
            shown += [{"id": new_id()} for _number in range(new)]
        lines = [
            Line(
                row["id"],
                first + number,
                list(self._cells(asked, row, first=number == 1)),
                is_kept=row["id"] in kept,
            )
            for number, row in enumerate(shown, start=1)
        ]
        heads = [Box("", one, column) for column in asked.columns for _part, one in simple(column)]
        return Question(
            asked,
            hint,
            lines=lines,
            hints=list(hints.of_columns(self.form, asked)),
            pasted=self._pasted.get(asked.key, ""),
            heads=heads,
            rows=len(rows),
            page=page,
            pages=pages,
        )

    def _cells(self, table: Table, row: Mapping[str, Any], *, first: bool) -> Iterator[Box]:
        for column in table.columns:
            at = (self.form.key, table.key, row["id"], column.key)
            for box in self._boxes(at, column, row.get(column.key)):
                box.first = first
                yield box

    @property
    def mends(self) -> list[Mend]:
        """Everything that is no answer yet, also in rows that this page does not show."""
        found = []
        order = {one.key: number for number, one in enumerate(self.form.fields)}
        for name, error in self.errors.items():
            key, *rest = name.split(".")
            asked = self.form.field(key)
            label, query, place, across = str(asked.label), "", 0, 0
            if isinstance(asked, Table):
                ids = [row["id"] for row in self.said.get(key, [])]
                place = ids.index(rest[0]) if rest[0] in ids else 0
                columns = [one.key for one in asked.columns]
                across = columns.index(rest[1])
                column = asked.columns[across]
                row = _("row %(number)s") % {"number": place + 1}
                label = f"{label}, {row}, {column.label}"
                query = f"?{key}.page={place // ROWS_ON_A_PAGE + 1}"
            found.append(((order[key], place, across), Mend(label, error, f"{query}#{name}")))
        return [mend for _at, mend in sorted(found, key=lambda one: one[0])]

    def _boxes(self, at: tuple[str, str, str, str], asked: Field, value: Any) -> Iterator[Box]:
        for part, one in simple(asked):
            name = name_of((*at, part))
            found = value.get(part) if part and isinstance(value, Mapping) else value
            if isinstance(asked, Whole) and not isinstance(value, Mapping):
                found = None
            box = Box(name, one, asked)
            if name in self.unread:
                box.value, box.error = self.unread[name], self.errors.get(name, "")
            elif found is not None:
                if isinstance(one, File):
                    box.upload = self._uploads.get(found)
                    box.upload_at = self._file_address(box.upload) if box.upload else ""
                box.value = (
                    self.names.name(str(found)) if isinstance(one, StateOf) else one.typed(found)
                )
            yield box


def _sentences(form: Form, unread: Mapping[str, str], names: Names) -> dict[str, str]:
    """Why each of these is no answer, in the reader's language."""
    found: dict[str, str] = {}
    for name, text in unread.items():
        try:
            one = asked_by(form, name)
            one.read(names.code(text) if isinstance(one, StateOf) else text)
        except Wrong as wrong:
            found[name] = str(wrong)
        except KeyError:
            continue
    return found


def asked_by(form: Form, name: str) -> Field:
    """The simple question behind a box of that name. Raises KeyError."""
    key, *rest = name.split(".")
    asked = form.field(key)
    if isinstance(asked, Table):
        if len(rest) < 2:
            raise KeyError(name)
        asked = {column.key: column for column in asked.columns}[rest[1]]
        rest = rest[2:]
    return dict(simple(asked))[rest[0] if rest else ""]


def sent(form: Form, data: QueryDict, names: Names) -> dict[str, Any]:
    """What a page sent, in the shape of answers and not yet read; tables with the rows it showed.

    A row whose box "remove" is ticked is left out.
    """
    found: dict[str, Any] = {}
    for asked in form.fields:
        if isinstance(asked, Table):
            rows = []
            for row in data.getlist(f"{asked.key}.rows"):
                if f"{asked.key}.{row}.remove" in data:
                    continue
                cells = {
                    column.key: _sent(data, f"{asked.key}.{row}.{column.key}", column, names)
                    for column in asked.columns
                }
                rows.append({"id": row} | cells)
            found[asked.key] = rows
        else:
            found[asked.key] = _sent(data, asked.key, asked, names)
    return found


def _sent(data: QueryDict, name: str, asked: Field, names: Names) -> Any:
    if isinstance(asked, Whole):
        return {part: _text(data, f"{name}.{part}", one, names) for part, one in simple(asked)}
    return _text(data, name, asked, names)


def _text(data: QueryDict, name: str, one: Field, names: Names) -> str:
    text = data.get(name, "")
    return names.code(text) if isinstance(one, StateOf) else text


def typed(form: Form, said: Mapping[str, Any], unread: Mapping[str, str]) -> dict[str, Any]:
    """The answers with what is no answer yet in its place: everything that was ever typed."""
    found: dict[str, Any] = {
        key: [dict(row) for row in value] if isinstance(value, list) else value
        for key, value in said.items()
    }
    for name, text in unread.items():
        key, *rest = name.split(".")
        holder = found
        if isinstance(form.field(key), Table):
            row = next((one for one in found.get(key, []) if one["id"] == rest[0]), None)
            if row is None:
                continue
            holder, key, rest = row, rest[1], rest[2:]
        if rest:
            holder[key] = {**holder.get(key, {}), rest[0]: text}
        else:
            holder[key] = text
    return found


def merged(
    form: Form, before: Mapping[str, Any], page: Mapping[str, Any], data: QueryDict
) -> dict[str, Any]:
    """What was typed so far, with what the page sent in its place.

    Rows that the page did not show stay where they are; new ones stand at the end.
    """
    found = dict(page)
    for asked in form.fields:
        if not isinstance(asked, Table):
            continue
        on_page = {row["id"]: row for row in page.get(asked.key, [])}
        shown = set(data.getlist(f"{asked.key}.rows"))
        rows = []
        for row in before.get(asked.key, []):
            if row["id"] not in shown:
                rows.append(row)
            elif row["id"] in on_page:
                rows.append(on_page.pop(row["id"]))
        found[asked.key] = [*rows, *on_page.values()]
    return found


def unread_of(mistakes: Iterable[Mistake]) -> dict[str, str]:
    """What was typed and is no answer, by the name of its box."""
    return {name_of(one.path): one.given for one in mistakes}


def files_of(form: Form) -> Iterator[tuple[str, str]]:
    """Where a form takes files: (question, column), the column "" outside of tables."""
    for asked in form.fields:
        if isinstance(asked, File):
            yield asked.key, ""
        elif isinstance(asked, Table):
            yield from ((asked.key, one.key) for one in asked.columns if isinstance(one, File))
