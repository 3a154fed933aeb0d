"""How answers differ from others: the one walk, for every page that compares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from records.models import Upload
from reporting import boxes, reading
from reporting.boxes import Box, Names
from reporting.counted import about
from reporting.models import FormAnswers
from reporting.schema import Field, File, Form, Table
from states.words import colon

ADDED, CHANGED, REMOVED = "added", "changed", "removed"


@dataclass(frozen=True, slots=True)
class Side:
    """Answers to a form, what is no answer yet, and the files that the answers name."""

    said: Mapping[str, Any] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[int, Upload] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that is another than before, in words; empty where there was, or is, none.

    In a table `row` is the id of the row, `number` its place from 1 (of a row that is gone: its
    place before), `about` what it is about in the words of the State; a row that is new or gone is
    one difference. Outside of tables these are empty, and `column` too.
    """

    what: str
    question: str
    then: str
    now: str
    column: str = ""
    row: str = ""
    number: int = 0
    about: str = ""

    @property
    def label(self) -> str:
        """Where it is, in one line: "Transferred, row 2: Quantity of munitions"."""
        words = {"table": self.question, "number": self.number, "column": self.column}
        if not self.row:
            return self.question
        if self.what == ADDED:
            return _("%(table)s, row %(number)s: new") % words
        if self.what == REMOVED:
            return _("%(table)s: gone") % words
        return _("%(table)s, row %(number)s: %(column)s") % words


def differing(form: Form, then: Side, now: Side, names: Names) -> Iterator[Difference]:
    """How the answers differ, in the order of the form; a row is the same where its id is.

    Rows in another order are no difference. No query.
    """
    before, after = _Reader(form, then, names), _Reader(form, now, names)
    for asked in form.fields:
        if isinstance(asked, Table):
            yield from _rows(asked, before, after)
            continue
        was, is_now = before.words(asked, then.said), after.words(asked, now.said)
        if was != is_now:
            yield Difference(_what(was, is_now), str(asked.label), *_apart(was, is_now))


class Words(NamedTuple):
    """An answer in words; of a file also its fingerprint, so that two of one name differ."""

    text: str = ""
    sha256: str = ""


class _Reader:
    """One side in words: each answer with what was typed beside it and is no answer yet."""

    def __init__(self, form: Form, side: Side, names: Names) -> None:
        self.side, self.names = side, names
        self._typed: dict[str, list[tuple[Field, str]]] = defaultdict(list)
        for name, text in side.unread.items():
            parts = name.split(".")
            place = parts[:3] if isinstance(form.field(parts[0]), Table) else parts[:1]
            self._typed[".".join(place)].append((boxes.asked_by(form, name), text))

    def words(self, asked: Field, holder: Mapping[str, Any], at: str = "") -> Words:
        """The answer in `holder`: the form's answers, or the row that stands `at`."""
        value = holder.get(asked.key)
        text, sha256 = "", ""
        if value is not None:
            text = reading.cell(asked, value, self.names, self.side.files).words
            if isinstance(asked, File):
                upload = self.side.files.get(value)
                sha256 = upload.sha256 if upload else str(value)
        typed = self._typed.get(f"{at}{asked.key}", ())
        more = [said if box is asked else colon(str(box.label), said) for box, said in typed]
        return Words("\n".join(filter(None, [text, *more])), sha256)

    def row(self, table: Table, row: Mapping[str, Any]) -> str:
        """A whole row in words."""
        at = f"{table.key}.{row['id']}."
        cells = [(str(one.label), self.words(one, row, at).text) for one in table.columns]
        return "\n".join(colon(label, text) for label, text in cells if text)


def _apart(was: Words, now: Words) -> tuple[str, str]:
    if was.text != now.text:
        return was.text, now.text
    return f"{was.text} (SHA-256 {was.sha256[:12]}…)", f"{now.text} (SHA-256 {now.sha256[:12]}…)"


def _what(was: Words, now: Words) -> str:
    return CHANGED if was.text and now.text else ADDED if now.text else REMOVED


def _rows(table: Table, before: _Reader, after: _Reader) -> Iterator[Difference]:
    then = enumerate(before.side.said.get(table.key, []), start=1)
    held = {row["id"]: (number, row) for number, row in then}
    label = str(table.label)
    for number, row in enumerate(after.side.said.get(table.key, []), start=1):
        at = {"row": row["id"], "number": number, "about": about(table, row)}
        _then, old = held.pop(row["id"], (0, None))
        if old is None:
            if text := after.row(table, row):
                yield Difference(ADDED, label, "", text, **at)
            continue
        place = f"{table.key}.{row['id']}."
        for column in table.columns:
            was, is_now = before.words(column, old, place), after.words(column, row, place)
            if was != is_now:
                apart = _apart(was, is_now)
                yield Difference(CHANGED, label, *apart, column=str(column.label), **at)
    for number, old in held.values():
        if text := before.row(table, old):
            gone = {"row": old["id"], "number": number, "about": about(table, old)}
            yield Difference(REMOVED, label, text, "", **gone)


class Change(NamedTuple):
    """A difference from what stands in a draft, with what would stand in its place."""

    question: str
    row: str
    stands: str
    would_be: str


def differences(
    form: Form, names: Names, row: FormAnswers, said: Mapping[str, Any], unread: Mapping[str, str]
) -> Iterator[Change]:
    """How answers and what is no answer yet differ from a form of a draft as it stands.

    Rows in another order are told too: they would be saved.
    """
    found = list(differing(form, Side(row.said, row.unread), Side(said, unread), names))
    for asked in form.fields:
        label = str(asked.label)
        yield from (_change(one) for one in found if one.question == label)
        if isinstance(asked, Table):
            before = [one["id"] for one in row.said.get(asked.key, [])]
            after = [one["id"] for one in said.get(asked.key, [])]
            kept = [one for one in before if one in set(after)]
            if kept != [one for one in after if one in set(before)]:
                yield Change(label, "", _("rows as they stand"), _("rows in another order"))


def _change(one: Difference) -> Change:
    if not one.row:
        return Change(one.question, "", one.then, one.now)
    if one.what == ADDED:
        return Change(one.question, _("new"), one.then, one.now)
    question = f"{one.question}, {one.column}" if one.column else one.question
    return Change(question, str(one.number), one.then, one.now)


def _column(form: Form, name: str) -> Field:
    question, *rest = name.split(".")
    asked = form.field(question)
    if isinstance(asked, Table):
        return {one.key: one for one in asked.columns}[rest[1]]
    return asked


def label_of(form: Form, name: str) -> str:
    """The question behind a box of that name, in words: of a table with its column."""
    asked = form.field(name.partition(".")[0])
    place = Box("", boxes.asked_by(form, name), _column(form, name)).label
    return f"{asked.label}, {place}" if isinstance(asked, Table) else place
