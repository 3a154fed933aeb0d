"""Rules over days, areas, persons, money, and what the cover page says of a form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from reporting.rules.asking import Asked, Facts, ask, cells, rows, same
from reporting.rules.munitions import RETAINED, STOCKPILES
from reporting.schema import NOT_APPLICABLE, Answers, Area, Breakdown
from reporting.schema.wholes import PERSONS
from states.words import day

CLEARANCE = "clearance"
# Days on which something was done in the period.
DAYS = (
    (STOCKPILES, "destroyed", "completed_on"),
    (RETAINED, "transferred", "transferred_on"),
    (CLEARANCE, "released", "released_on"),
)
# A form that cannot well be "not applicable" while an obligation of that kind is open.
OWED = ((STOCKPILES, "art3"), (CLEARANCE, "art4"))


def days_lie_in_the_period(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """What was done in the period was done on a day of it."""
    for form, table, column in DAYS:
        for number, row in rows(answers, form, table):
            on = dt.date.fromisoformat(row[column]) if column in row else None
            if on is None or facts.covers_from <= on <= facts.covers_to:
                continue
            text = _(
                "%(day)s lies outside of the period of this report, %(first)s to %(last)s. "
                "Correct the day, or report the row with the period to which it belongs."
            ) % {"day": day(on), "first": day(facts.covers_from), "last": day(facts.covers_to)}
            yield ask(facts, text, form, table, number, row["id"], column)


def released_is_not_above_known(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """No more is released than was known to be contaminated; new areas may explain it."""
    known = [row.get("size") for _number, row in rows(before, CLEARANCE, "areas")]
    released = [row.get("size") for _number, row in rows(answers, CLEARANCE, "released")]
    if not known or None in known or not facts.follows(CLEARANCE):
        return
    all_known, all_released = (
        sum((Decimal(repr(one)) for one in sizes if one is not None), Decimal(0))
        for sizes in (known, released)
    )
    if all_released <= all_known:
        return
    text = _(
        "%(released)s were released, and %(known)s were known to be contaminated at the end of "
        "%(year)s. Check the sizes and their unit (m²); where areas were found in the period, "
        "say so in the supplementary information."
    ) % {
        "released": _size(all_released),
        "known": _size(all_known),
        "year": facts.before[CLEARANCE].year,
    }
    yield ask(facts, text, CLEARANCE, "released")


def _size(number: Decimal) -> str:
    return Area(key="size", label="").shown(float(number) if number % 1 else int(number))


def areas_stand_once(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """An area is counted once; of one name are two where their places differ."""
    for table in ("areas", "released") if facts.form(CLEARANCE) else ():
        yield from _twice(answers, facts, table)


def _twice(answers: Answers, facts: Facts, table: str) -> Iterator[Asked]:
    seen: dict[tuple[Any, ...], int] = {}
    # A part of an area may be released, then another: only the very same release is one too many.
    more = ("size", "released_on") if table == "released" else ()
    for number, row in rows(answers, CLEARANCE, table):
        if "area" not in row:
            continue
        spot = tuple(sorted(row.get("position", {}).items()))
        at = (
            same(row["area"]),
            same(row.get("location", "")),
            spot,
            *(row.get(one) for one in more),
        )
        first = seen.setdefault(at, number)
        if first == number:
            continue
        text = _(
            "“%(area)s” stands in row %(first)s already, so that it is counted twice. Take one "
            "row out, or give the location of each."
        ) % {"area": row["area"], "first": first}
        yield ask(facts, text, CLEARANCE, table, number, row["id"], "area")


def completion_leaves_no_area(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """Clearance is completed where no area remains (Article 4(1)(c))."""
    said = answers.get(CLEARANCE, {})
    if "completed_on" not in said:
        return
    left = [row for _number, row in rows(answers, CLEARANCE, "areas") if row.get("size") != 0]
    if left:
        text = _(
            "a day of completion is given, and areas known to be contaminated are named. Take the "
            "day out if areas remain, or take out the areas that are cleared."
        )
        yield ask(facts, text, CLEARANCE, "completed_on")


def disability_is_among_all(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """Persons with disabilities are counted among the women, men, girls and boys."""
    for cell in cells(answers, facts, Breakdown.kind):
        value = cell.value
        with_it, everybody = value.get("with-disability", 0), Breakdown.total(value)
        path = [cell.question, cell.row, cell.column]
        groups = [key for key, _label in PERSONS]
        counted = any(key in value for key in groups)
        if any(facts.is_typed(cell.form, *path, key) for key in groups):
            continue
        if counted and with_it > everybody:
            text = _(
                "%(some)s persons with disabilities are more than all %(all)s persons, among whom "
                "they are counted. Correct one of the numbers."
            ) % {"some": with_it, "all": everybody}
            yield ask(
                facts, text, cell.form, cell.question, cell.number, cell.row, cell.column,
                "with-disability",
            )  # fmt: skip


def money_is_whole(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """An amount says nothing without its currency, nor a currency without an amount."""
    for cell in cells(answers, facts, "money"):
        missing = next((part for part in ("amount", "currency") if part not in cell.value), "")
        path = (cell.question, cell.row, cell.column, missing)
        if not missing or facts.is_typed(cell.form, *path):
            continue
        text = (
            _("a currency is given, and no amount. Give the amount, or take the currency out.")
            if missing == "amount"
            else _("an amount is given, and in which currency is not said. Add its code: USD.")
        )
        yield ask(
            facts, text, cell.form, cell.question, cell.number, cell.row, cell.column, missing
        )


def not_applicable_says_nothing(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """A form that does not apply has no answers."""
    for form in facts.schema.forms:
        if facts.marks.get(form.key, {}).get("mark") != NOT_APPLICABLE:
            continue
        if says_something(answers.get(form.key, {})):
            text = _(
                "the form is marked as not applicable, and something is answered in it. Mark it "
                "as changed, or take the answers out."
            )
            yield ask(facts, text, form.key)


def says_something(said: dict[str, Any]) -> bool:
    """Whether a form holds an answer: a row with nothing in it is none."""
    return any(
        any(len(row) > 1 for row in value) if isinstance(value, list) else True
        for value in said.values()
    )


def not_applicable_owes_nothing(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """Forms B and F are asked about while an obligation under Article 3 or 4 is open."""
    for form, kind in OWED:
        if facts.marks.get(form, {}).get("mark") != NOT_APPLICABLE or kind not in facts.open_kinds:
            continue
        text = (
            _(
                "our records show an obligation under Article 3 that is not yet closed. Is the "
                "form indeed not applicable? If so, one sentence on the stock helps; if our "
                "records are mistaken, please tell the ISU."
            )
            if kind == "art3"
            else _(
                "our records show an obligation under Article 4 that is not yet closed. Is the "
                "form indeed not applicable? If so, one sentence on the areas helps; if our "
                "records are mistaken, please tell the ISU."
            )
        )
        yield ask(facts, text, form)
