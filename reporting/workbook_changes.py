"""What a filled workbook would change in a draft: shown first, and kept only once confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from reporting import answering, boxes
from reporting.boxes import Names
from reporting.differences import Change, differences, label_of
from reporting.models import FormAnswers, Report
from reporting.schema import (
    CHANGED,
    NOT_APPLICABLE,
    UNCHANGED,
    Form,
    Mistake,
    Schema,
    cleaned,
)
from reporting.workbook_reading import Fault, FormSheet, over
from states.models import User
from states.words import colon


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
        differ = list(differences(form, names, row, said, boxes.unread_of(mistakes)))
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
    return Fault(sheet.sheet, cell, colon(label_of(form, name), mistake.sentence))


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
