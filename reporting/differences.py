"""How what somebody brings to a form differs from what stands in it: for every page that asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from reporting import boxes
from reporting.boxes import Box, Names
from reporting.models import Delegation, FormAnswers
from reporting.schema import Field, File, Form, StateOf, Table, leaves
from states.words import colon


class Change(NamedTuple):
    """One answer that would be another: its question, its row, what stands and what would be."""

    question: str
    row: str
    stands: str
    would_be: str


# What stands in one row, or in a question that is no table: by label in words.
type Words = dict[tuple[str, str], dict[str, str]]


def differences(
    form: Form,
    names: Names,
    row: FormAnswers | Delegation,
    said: Mapping[str, Any],
    unread: Mapping[str, str],
) -> Iterator[Change]:
    """How answers and what is no answer yet differ from a form as it stands, in its order.

    A row is the same where its id is; a new and a gone row are one change each.
    """
    stands = _words(form, names, row.said, row.unread)
    would_be = _words(form, names, said, unread)
    for asked in form.fields:
        if not isinstance(asked, Table):
            at = (asked.key, "")
            yield from _cells("", "", stands.get(at, {}), would_be.get(at, {}))
            continue
        before = [one["id"] for one in row.said.get(asked.key, [])]
        after = [one["id"] for one in said.get(asked.key, [])]
        for name in dict.fromkeys([*before, *after]):
            at = (asked.key, name)
            old, new = stands.get(at, {}), would_be.get(at, {})
            if name not in before:
                yield Change(str(asked.label), _("new"), "", _joined(new))
            elif name not in after:
                yield Change(str(asked.label), str(before.index(name) + 1), _joined(old), "")
            else:
                number = str(after.index(name) + 1)
                yield from _cells(str(asked.label), number, old, new)
        if [one for one in before if one in set(after)] != [one for one in after if one in before]:
            yield Change(str(asked.label), "", _("rows as they stand"), _("rows in another order"))


def _cells(
    table: str, number: str, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[Change]:
    for label in dict.fromkeys([*old, *new]):
        stands, would_be = old.get(label, ""), new.get(label, "")
        if stands != would_be:
            question = f"{table}, {label}" if table else label
            yield Change(question, number, stands, would_be)


def _joined(words: Mapping[str, str]) -> str:
    return "\n".join(colon(label, text) for label, text in words.items())


def _words(form: Form, names: Names, said: Mapping[str, Any], unread: Mapping[str, str]) -> Words:
    found: Words = defaultdict(dict)
    for leaf in leaves(form, said):
        _form, question, row, _column, _part = leaf.path
        text = leaf.shown
        if isinstance(leaf.simple, StateOf):
            text = names.name(text)
        elif isinstance(leaf.simple, File):
            text = _("a file")
        found[question, row][Box("", leaf.simple, leaf.field).label] = text
    for name, text in unread.items():
        question, *rest = name.split(".")
        row = rest[0] if isinstance(form.field(question), Table) else ""
        found[question, row][_place(form, name)] = text
    return found


def _column(form: Form, name: str) -> Field:
    question, *rest = name.split(".")
    asked = form.field(question)
    if isinstance(asked, Table):
        return {one.key: one for one in asked.columns}[rest[1]]
    return asked


def _place(form: Form, name: str) -> str:
    return Box("", boxes.asked_by(form, name), _column(form, name)).label


def label_of(form: Form, name: str) -> str:
    """The question behind a box of that name, in words: of a table with its column."""
    asked = form.field(name.partition(".")[0])
    place = _place(form, name)
    return f"{asked.label}, {place}" if isinstance(asked, Table) else place
