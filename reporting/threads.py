"""Questions with what was said to each, as the State and the secretariat read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from reporting.models import Remark, Report
from reporting.schema import Form, Table
from reporting.unreleased import QUESTION, unreleased
from reporting.versions import schema_of

OPEN, ANSWERED, SETTLED = "open", "answered", "settled"


@dataclass(frozen=True, slots=True)
class Thread:
    """One question. `stands` says whose turn it is: open (the State's), answered, settled.

    `about` says in words what it is about; `version_since` is the reference of a version that the
    State handed in after it was asked, while it is not settled. `letter` is the number of its
    letter while that is held, where the reader is of the ISU (`with_letters`).
    """

    question: Remark
    said: list[Remark] = field(default_factory=list)
    stands: str = OPEN
    about: str = ""
    form: Form | None = None
    version_since: str = ""
    letter: int | None = None


def of_report(report: Report) -> list[Thread]:
    """Every question on any version of the report, in the order in which they were asked.

    Three queries, however many there are.
    """
    answers = {row.form: row.said for row in report.forms.all()}
    rows = Remark.objects.of_report(report).select_related("report", "made_by", "settled_by")
    said: dict[int, list[Remark]] = defaultdict(list)
    for one in rows.filter(question__isnull=False):
        assert one.question_id is not None  # asked for
        said[one.question_id].append(one)
    schema = schema_of(report)
    forms = {form.key: form for form in schema.forms}
    return [
        Thread(
            one,
            said[one.pk],
            _stands(one, one.turn),
            about(report, one.form, one.place, answers),
            forms.get(one.form),
            one.version_since or "" if one.settled_at is None else "",
        )
        for one in rows.asked().with_turn()
    ]


def with_letters(threads: list[Thread]) -> list[Thread]:
    """Those that wait for the State with their letter while it is held: for the ISU. One query."""
    open_ones = [one.question.pk for one in threads if one.stands == OPEN]
    held = unreleased(QUESTION, open_ones) if open_ones else {}
    return [replace(one, letter=held.get(one.question.pk)) for one in threads]


def words_alone(report: Report) -> list[Remark]:
    """Words of the State that name no question: of the time before questions had threads."""
    rows = Remark.objects.of_report(report).select_related("report", "made_by")
    return list(rows.filter(question__isnull=True, side=Remark.Side.STATE))


def _stands(question: Remark, turn: str) -> str:
    if question.settled_at is not None:
        return SETTLED
    return OPEN if turn == Remark.Side.STATE else ANSWERED


def about(
    report: Report, form_key: str, place: str, answers: Mapping[str, Any] | None = None
) -> str:
    """What a question is about: "Form F, Areas known to be contaminated, row 2"; empty: all.

    `answers` are those of the report by form, where they were read already.
    """
    form = next((one for one in schema_of(report).forms if one.key == form_key), None)
    if form is None:
        return ""
    words = _("Form %(letter)s: %(title)s") % {
        "letter": form.letter_in(report.language),
        "title": form.title,
    }
    key, _dot, row = place.partition(".")
    asked = next((one for one in form.fields if one.key == key), None)
    if asked is None:
        return words
    words = f"{words}, {asked.label}"
    if (
        isinstance(asked, Table)
        and row
        and (number := _number(report, form.key, key, row, answers))
    ):
        words = _("%(place)s, row %(number)s") % {"place": words, "number": number}
    return words


def _number(
    report: Report,
    form: str,
    table: str,
    row: str,
    answers: Mapping[str, Any] | None = None,
) -> int:
    """The place of the row in its table, from 1; 0 where it is not there any more."""
    if answers is None:
        answers = {one.form: one.said for one in report.forms.all()}
    ids = [one.get("id") for one in answers.get(form, {}).get(table, [])]
    return ids.index(row) + 1 if row in ids else 0


def is_place(report: Report, form_key: str, place: str) -> bool:
    """Whether the forms of the report have that form, and that question or row in it."""
    if not form_key:
        return not place
    form = next((one for one in schema_of(report).forms if one.key == form_key), None)
    if form is None:
        return False
    key, _dot, row = place.partition(".")
    if not place:
        return True
    asked = next((one for one in form.fields if one.key == key), None)
    if asked is None or (row and not isinstance(asked, Table)):
        return False
    return not row or _number(report, form.key, key, row) > 0
