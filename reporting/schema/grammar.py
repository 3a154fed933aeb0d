"""A version of the reporting forms as a value: forms, their questions, and ways of walking them."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils import translation

from reporting.schema.fields import Field, Wrong, written
from reporting.schema.wholes import MOST_ROWS, ROW_ID, Table, Whole, simple, titled

CHANGED, UNCHANGED, NOT_APPLICABLE = "changed", "unchanged", "not-applicable"

# What a State answered: by form, by question. Empty answers are left out, and so are empty forms.
type Answers = dict[str, dict[str, Any]]
# Form, question, row's id ("" outside of tables), column ("" outside), part ("" of a simple field).
type Path = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form. `key` is for ever; the letter depends on the language."""

    key: str
    letter: str
    title: Any
    article: str
    fields: tuple[Field, ...]
    help: Any = ""
    # A definite sentence for a State to which the form does not apply.
    nothing: Any = ""
    allowed: tuple[str, ...] = (CHANGED, UNCHANGED, NOT_APPLICABLE)
    letters: tuple[tuple[str, str], ...] = ()
    voluntary: bool = False

    def letter_in(self, language: str) -> str:
        """The letter of the form in a language: French prints C and D the other way round."""
        return dict(self.letters).get(language[:2], self.letter)

    def field(self, key: str) -> Field:
        """The question of that key. Raises KeyError."""
        return {field.key: field for field in self.fields}[key]

    def facts(self) -> dict[str, Any]:
        """What the hash of a released version covers."""
        return {
            "key": self.key,
            "letter": self.letter,
            "letters": [list(pair) for pair in self.letters],
            "title": str(self.title),
            "article": self.article,
            "help": str(self.help),
            "nothing": str(self.nothing),
            "allowed": list(self.allowed),
            "voluntary": self.voluntary,
            "fields": [field.facts() for field in self.fields],
        }


class Leaf(NamedTuple):
    """One simple answer, and where it stands."""

    path: Path
    form: Form
    field: Field
    simple: Field
    value: Any

    @property
    def shown(self) -> str:
        """The answer in words; a State by its code."""
        return self.simple.shown(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """One version of all forms. A released one is never edited: its `fingerprint` is under test."""

    version: str
    title: Any
    forms: tuple[Form, ...]
    rules: tuple[Callable[..., Iterable[Any]], ...] = ()
    # The text was not seen: not offered until the ISU has confirmed it and switched it on.
    to_be_confirmed: bool = False

    def form(self, key: str) -> Form:
        """The form of that key. Raises KeyError."""
        return {form.key: form for form in self.forms}[key]

    def in_order(self, language: str) -> list[Form]:
        """The forms in the order of their letters in the language."""
        return sorted(self.forms, key=lambda form: form.letter_in(language))

    def fingerprint(self) -> str:
        """The SHA-256 of everything that is asked, in the language of the source."""
        with translation.override(None):
            facts = {"version": self.version, "forms": [form.facts() for form in self.forms]}
            text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema (2020-12) of the answers; its properties are the keys of the forms.

        It is strict within each form. Beside the forms anything may stand: a report that is given
        out as JSON has its facts there.
        """
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": str(self.title),
            "type": "object",
            "properties": {form.key: json_of(form) for form in self.forms},
        }

    def leaves(self, answers: Mapping[str, Any]) -> Iterator[Leaf]:
        """Every simple answer, in the order of the forms."""
        for form in self.forms:
            yield from leaves(form, answers.get(form.key, {}))


def json_of(form: Form) -> dict[str, Any]:
    """JSON Schema of one form's answers."""
    return {
        "title": str(form.title),
        "type": "object",
        "properties": {field.key: titled(field) for field in form.fields},
        "additionalProperties": False,
    }


def leaves(form: Form, said: Mapping[str, Any]) -> Iterator[Leaf]:
    """Every simple answer of one form, row by row in tables."""
    for field in form.fields:
        value = said.get(field.key)
        if value is None:
            continue
        if isinstance(field, Table):
            for row in value:
                for column in field.columns:
                    if column.key in row:
                        at = (form.key, field.key, row["id"], column.key)
                        yield from _parts(at, form, column, row[column.key])
        else:
            yield from _parts((form.key, field.key, "", ""), form, field, value)


def _parts(at: tuple[str, str, str, str], form: Form, field: Field, value: Any) -> Iterator[Leaf]:
    for part, one in simple(field):
        found = value.get(part) if part else value
        if found is not None:
            yield Leaf((*at, part), form, field, one, found)


class Mistake(NamedTuple):
    """What was given and is no answer, where it stands, and the sentence that says so."""

    path: Path
    label: str
    sentence: str
    given: str


def cleaned(form: Form, given: Any) -> tuple[dict[str, Any], list[Mistake]]:
    """What of a form's answers can be kept, and what is wrong with the rest.

    `given` is what JSON held, or what was read from cells and boxes, in the shape of answers. Never
    raises: what is of no known shape is left out. Rows without an id get one; of two with the same
    id the second gets another. A row stays, empty, for as long as something stands in it that is
    no answer yet.
    """
    kept: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    if not isinstance(given, Mapping):
        given = {}
    for field in form.fields:
        value = given.get(field.key)
        if value is None:
            continue
        if isinstance(field, Table):
            rows = _rows(form, field, value, mistakes)
            if rows:
                kept[field.key] = rows
            continue
        found = _read((form.key, field.key, "", ""), field, value, mistakes)
        if found is not None:
            kept[field.key] = found
    return kept, mistakes


def _rows(form: Form, table: Table, given: Any, mistakes: list[Mistake]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for one in given if isinstance(given, list) else []:
        if not isinstance(one, Mapping):
            continue
        name = str(one.get("id") or "")
        if not ROW_ID.fullmatch(name) or name in seen:
            name = new_id()
        row: dict[str, Any] = {"id": name}
        so_far = len(mistakes)
        for column in table.columns:
            if one.get(column.key) is None:
                continue
            at = (form.key, table.key, name, column.key)
            found = _read(at, column, one[column.key], mistakes)
            if found is not None:
                row[column.key] = found
        if len(row) > 1 or len(mistakes) > so_far:
            seen.add(name)
            rows.append(row)
    return rows[:MOST_ROWS]


def _read(at: tuple[str, str, str, str], field: Field, given: Any, mistakes: list[Mistake]) -> Any:
    whole = isinstance(field, Whole)
    found: dict[str, Any] = {}
    for part, one in simple(field):
        raw = (given.get(part) if isinstance(given, Mapping) else None) if whole else given
        if isinstance(raw, (Mapping, list)):
            raw = None
        try:
            value = one.read(raw)
        except Wrong as wrong:
            mistakes.append(Mistake((*at, part), str(one.label), str(wrong), written(raw)))
            continue
        if value is not None:
            found[part] = value
    return (found or None) if whole else found.get("")


def new_id() -> str:
    """The id of a new row."""
    return secrets.token_hex(4)
