"""What a rule over the answers of a report is given, and what it yields. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from reporting.schema import Answers, Form, Schema, Table
from states.words import colon, fold


class Before(NamedTuple):
    """Of which report the earlier answers to a form are: its year and its last day."""

    year: int
    ends: dt.date


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule knows of a report beside its answers; all of it was looked up beforehand."""

    schema: Schema
    state: str
    language: str
    covers_from: dt.date
    covers_to: dt.date
    marks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    # By form the names of the boxes in which something was typed that is no answer yet.
    unread: Mapping[str, Container[str]] = field(default_factory=dict)
    # By form, where the State answered it in an earlier report.
    before: Mapping[str, Before] = field(default_factory=dict)
    # Kinds of obligations that are open at the end of the period ("art3", "art4").
    open_kinds: Container[str] = ()
    # By State and day (ISO 8601) whether the Convention was in force for it; unknown is left out.
    parties: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def form(self, key: str) -> Form | None:
        """The form of that key, where this version has it."""
        return next((form for form in self.schema.forms if form.key == key), None)

    def follows(self, form: str) -> bool:
        """Whether the earlier answers reach to the eve of this period: no day is missing."""
        before = self.before.get(form)
        return before is not None and before.ends >= self.covers_from - dt.timedelta(days=1)

    def is_typed(self, form: str, *path: str) -> bool:
        """Whether something stands in the box that is no answer yet: it is not missing."""
        return ".".join(filter(None, path)) in self.unread.get(form, ())


class Asked(NamedTuple):
    """One thing to ask: the sentence, the form, and the box where it is answered, as far as known.

    `name` is the name of a box, or of a question; `number` counts the row from 1, 0 is no row.
    """

    form: str
    text: str
    name: str = ""
    number: int = 0


type Rule = Callable[[Answers, Answers, Facts], Iterable[Asked]]


def rows(answers: Answers, form: str, table: str) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a table in which something stands, each with its number from 1."""
    found = answers.get(form, {}).get(table)
    if not isinstance(found, list):
        return []
    return [(number, row) for number, row in enumerate(found, start=1) if len(row) > 1]


def place(facts: Facts, key: str, question: str = "", number: int = 0) -> str:
    """Where it is: "Form B, Destroyed in the period, row 2"."""
    form = facts.form(key)
    if form is None:
        return key
    words = {"letter": form.letter_in(facts.language), "row": number}
    label = {one.key: one.label for one in form.fields}.get(question)
    if label is None:
        return _("Form %(letter)s") % words
    words["question"] = label
    if number:
        return _("Form %(letter)s, %(question)s, row %(row)s") % words
    return _("Form %(letter)s, %(question)s") % words


def ask(
    facts: Facts, text: str, form: str, question: str = "", number: int = 0, *box: str
) -> Asked:
    """What is asked, after the words for where it is. `box` is the row's id, column and part."""
    name = ".".join(filter(None, (question, *box)))
    return Asked(form, colon(place(facts, form, question, number), text), name, number)


def same(text: object) -> str:
    """What makes two names one: neither capitals nor accents nor spaces count."""
    return " ".join(fold(str(text)).split())


class Cell(NamedTuple):
    """One answer that is no table, wherever it stands: what it answers, and its place."""

    form: str
    question: str
    number: int
    row: str
    column: str
    value: Any


def cells(answers: Answers, facts: Facts, kind: str) -> Iterator[Cell]:
    """Every answer to a question of that kind, in and out of tables, in the order of the forms."""
    for form in facts.schema.forms:
        for asked in form.fields:
            if isinstance(asked, Table):
                wanted = [one.key for one in asked.columns if one.kind == kind]
                for number, row in rows(answers, form.key, asked.key):
                    for column in wanted:
                        if column in row:
                            yield Cell(form.key, asked.key, number, row["id"], column, row[column])
            elif asked.kind == kind and asked.key in answers.get(form.key, {}):
                yield Cell(form.key, asked.key, 0, "", "", answers[form.key][asked.key])
