"""What a filled workbook would change in a draft: shown first, and kept only once confirmed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from reporting import answering, boxes
from reporting.boxes import Box, Names
from reporting.models import FormAnswers, Report
from reporting.schema import (
    CHANGED,
    NOT_APPLICABLE,
    UNCHANGED,
    Field,
    File,
    Form,
    Mistake,
    Schema,
    StateOf,
    Table,
    cleaned,
    leaves,
)
from reporting.workbook_reading import Fault, FormSheet, over
from states.models import User
from states.words import colon


class Change(NamedTuple):
    """One answer that would be another: its question, its row, what stands and what would be."""

    question: str
    row: str
    stands: str
    would_be: str


@dataclass(frozen=True, slots=True)
class FormChanges:
    """What would change in one form.

    `row` holds the answers as they stand, `token` says which state of them was compared; `since` is
    true where somebody saved the form after the workbook was made; `marked` where the cover page
    says that nothing has changed in it.
    """

    form: Form
    label: str
    row: FormAnswers
    token: str
    changes: list[Change]
    faults: list[Fault]
    since: bool
    marked: bool


def packed(sheets: Mapping[str, FormSheet]) -> dict[str, Any]:
    """What of a workbook goes from the preview to its confirmation, as JSON carries it."""
    return {
        key: [one.sheet, one.token, one.report, one.given, one.cells, one.faults]
        for key, one in sheets.items()
    }


def unpacked(schema: Schema, kept: Mapping[str, Any]) -> dict[str, FormSheet]:
    """What was `packed`."""
    return {
        key: FormSheet(
            schema.form(key), sheet, token, report, given, cells, [Fault(*one) for one in faults]
        )
        for key, (sheet, token, report, given, cells, faults) in kept.items()
    }


def changes(
    report: Report, schema: Schema, sheets: Mapping[str, FormSheet], names: Names
) -> list[FormChanges]:
    """What each sheet would change, in the order of the forms; forms without a word are left out.

    Two queries, however many rows there are.
    """
    rows = {row.form: row for row in report.forms.select_related("touched_by")}
    found = []
    for form in schema.in_order(report.language):
        sheet = sheets.get(form.key)
        if sheet is None:
            continue
        row = rows.get(form.key) or FormAnswers(report=report, form=form.key)
        said, mistakes = cleaned(form, _given(form, row, sheet))
        differ = list(_differences(form, names, row, said, boxes.unread_of(mistakes)))
        faults = [*sheet.faults, *(_fault(form, sheet, one) for one in mistakes)]
        if not differ and not faults:
            continue
        token = answering.token(row)
        letter = form.letter_in(report.language)
        label = _("Form %(letter)s: %(title)s") % {"letter": letter, "title": form.title}
        since = bool(differ) and token != sheet.token
        marked = bool(differ and said) and _is_marked(report, form)
        found.append(FormChanges(form, label, row, token, differ, faults, since, marked))
    return found


def _given(form: Form, row: FormAnswers, sheet: FormSheet) -> dict[str, Any]:
    return over(form, boxes.typed(form, row.said, row.unread), sheet.given)


def _is_marked(report: Report, form: Form) -> bool:
    return report.marks.get(form.key, {}).get("mark") in {UNCHANGED, NOT_APPLICABLE}


def _fault(form: Form, sheet: FormSheet, mistake: Mistake) -> Fault:
    name = boxes.name_of(mistake.path)
    cell = sheet.cells.get(name, "")
    return Fault(sheet.sheet, cell, colon(_label(form, name), mistake.sentence))


@transaction.atomic
def take_over(
    report: Report, sheets: Mapping[str, FormSheet], tokens: Mapping[str, str], *, by: User
) -> list[FormAnswers]:
    """Saves the forms that the workbook changes: all of them, or none.

    `tokens` are those of the preview, of the forms that are taken over. Raises `Refused`,
    `HandedIn`, and `FormOvertaken` where one of them was saved since.
    """
    rows = {row.form: row for row in report.forms.all()}
    saved = []
    for key, seen in tokens.items():
        sheet = sheets[key]
        row = rows.get(key) or FormAnswers(report=report, form=key)
        given = _given(sheet.form, row, sheet)
        said, _mistakes = cleaned(sheet.form, given)
        # What has answers of its own has changed, whatever its line of the cover page said before.
        mark = {"mark": CHANGED} if said and _is_marked(report, sheet.form) else None
        saved.append(answering.save(report, sheet.form, given, mark, by=by, seen=seen))
    return saved


# What stands in one row, or in a question that is no table: by label in words.
type Words = dict[tuple[str, str], dict[str, str]]


def _differences(
    form: Form, names: Names, row: FormAnswers, said: Mapping[str, Any], unread: Mapping[str, str]
) -> Iterator[Change]:
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


def _label(form: Form, name: str) -> str:
    asked = form.field(name.partition(".")[0])
    place = _place(form, name)
    return f"{asked.label}, {place}" if isinstance(asked, Table) else place
