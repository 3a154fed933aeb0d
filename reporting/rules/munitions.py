"""Rules over the forms on munitions: stocks, destruction, retention and transfer (Article 3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from reporting.rules.asking import Asked, Facts, ask, rows, same
from reporting.schema import Answers
from reporting.schema.fields import Quantity
from states.words import day

STOCKPILES, RETAINED = "stockpiles", "retained-transferred"
# Where munitions are counted, by form.
COUNTED = (
    (STOCKPILES, "stock"),
    (STOCKPILES, "destroyed"),
    (STOCKPILES, "found"),
    (RETAINED, "retained"),
    (RETAINED, "transferred"),
)


def stock_adds_up(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """Last year's stock less what was destroyed, with what was found, is this year's, by type.

    Asked only where the earlier report reaches to the eve of this one, and where each row of the
    type is counted in both. What was transferred may be left out of the sum, or not.
    """
    then = rows(before, STOCKPILES, "stock")
    now, destroyed, found = (
        rows(answers, STOCKPILES, table) for table in ("stock", "destroyed", "found")
    )
    if not then or not (now or destroyed or found) or not facts.follows(STOCKPILES):
        return
    moved = rows(answers, RETAINED, "transferred")
    if any("type" not in row for _number, row in (*then, *now, *destroyed, *found)):
        return
    named = {same(row["type"]): row["type"] for _n, row in (*then, *destroyed, *found, *now)}
    for key, name in named.items():
        for column in ("quantity", "submunitions"):
            sums = [_sum(table, key, column) for table in (then, now, destroyed, found)]
            if any(one is None for one in sums):
                continue
            start, end, less, more = (one or 0 for one in sums)
            left = start - less + more
            if end in (left, left - (_sum(moved, key, column) or 0)):
                continue
            yield _not_adding_up(facts, name, column, (start, less, more, left, end))


def _sum(table: list[tuple[int, dict[str, Any]]], key: str, column: str) -> int | None:
    """The sum of a type; nothing where a row of it is not counted, 0 where it has no row."""
    own = [row.get(column) for _number, row in table if same(row.get("type", "")) == key]
    return None if any(one is None for one in own) else sum(one for one in own if one)


def _not_adding_up(
    facts: Facts, name: str, column: str, numbers: tuple[int, int, int, int, int]
) -> Asked:
    if numbers[3] < 0:
        return _more_than_there_was(facts, name, numbers)
    text = (
        _(
            "of %(type)s, %(start)s munitions at the end of %(year)s, less %(less)s destroyed, "
            "with %(more)s found, would leave %(left)s, and %(end)s are given. Correct a number, "
            "or say in the supplementary information what explains it."
        )
        if column == "quantity"
        else _(
            "of %(type)s, %(start)s explosive submunitions at the end of %(year)s, less %(less)s "
            "destroyed, with %(more)s found, would leave %(left)s, and %(end)s are given. Correct "
            "a number, or say in the supplementary information what explains it."
        )
    )
    keys = ("start", "less", "more", "left", "end")
    shown = {key: _digits(number) for key, number in zip(keys, numbers, strict=True)}
    words = {"type": name, "year": facts.before[STOCKPILES].year} | shown
    return ask(facts, text % words, STOCKPILES, "stock")


def _more_than_there_was(facts: Facts, name: str, numbers: tuple[int, int, int, int, int]) -> Asked:
    text = _(
        "of %(type)s, more is reported as destroyed (%(less)s) than was held at the end of "
        "%(year)s or found since (%(start)s). Correct a number, or say in the supplementary "
        "information what explains it."
    ) % {
        "type": name,
        "less": _digits(numbers[1]),
        "start": _digits(numbers[0] + numbers[2]),
        "year": facts.before[STOCKPILES].year,
    }
    return ask(facts, text, STOCKPILES, "destroyed")


def _digits(number: int) -> str:
    """Grouped; a stock cannot be less than zero, a sum can."""
    return Quantity(key="n", label="", below=True).shown(number)


def munitions_have_a_type(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """Article 7(1)(b), (f), (g) ask for the type of what is counted."""
    for form, table in COUNTED:
        for number, row in rows(answers, form, table):
            counted = row.get("quantity") or row.get("submunitions")
            named = "type" in row or ("submunition" in row and not row.get("quantity"))
            if not counted or named or facts.is_typed(form, table, row["id"], "type"):
                continue
            text = _("munitions are counted, and of which type is not said. Name the type.")
            yield ask(facts, text, form, table, number, row["id"], "type")


def retained_has_a_planned_use(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """Article 3(8) asks for the planned use of what is retained or acquired."""
    text = _(
        "the planned use is not said, for which Article 3(8) asks. Say what the munitions are "
        "kept for: training, development of techniques, countermeasures."
    )
    yield from _retained_without(answers, facts, "planned", text)


def retained_has_an_actual_use(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """Article 3(8) asks for their actual use too."""
    text = _(
        "the actual use in the period is not said, for which Article 3(8) asks. Say how many were "
        "used and for what, or that none was used."
    )
    yield from _retained_without(answers, facts, "used", text)


def _retained_without(answers: Answers, facts: Facts, column: str, text: str) -> Iterator[Asked]:
    for number, row in rows(answers, RETAINED, "retained"):
        if _is_nothing(row) or column in row:
            continue
        if not facts.is_typed(RETAINED, "retained", row["id"], column):
            yield ask(facts, text, RETAINED, "retained", number, row["id"], column)


def _is_nothing(row: dict[str, Any]) -> bool:
    """Whether a row says that there is none: it counts, and counts nothing."""
    counts = [row[key] for key in ("quantity", "submunitions") if key in row]
    return bool(counts) and not any(counts)


def _transfers(answers: Answers) -> Iterable[tuple[int, dict[str, Any]]]:
    return [
        (number, row)
        for number, row in rows(answers, RETAINED, "transferred")
        if not _is_nothing(row)
    ]


def transfer_names_its_receiver(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """Article 3(8): the report refers to the receiving Party."""
    for number, row in _transfers(answers):
        where = ("transferred", row["id"], "receiver")
        if "receiver" in row or facts.is_typed(RETAINED, *where):
            continue
        text = _("which State received the munitions is not said. Article 3(8) asks for its name.")
        yield ask(facts, text, RETAINED, "transferred", number, row["id"], "receiver")


def receiver_is_a_party(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """Article 3(7) permits transfers to States Parties; without a day the period's end counts."""
    for number, row in _transfers(answers):
        receiver = row.get("receiver", "")
        on = row.get("transferred_on") or facts.covers_to.isoformat()
        if receiver == facts.state or facts.parties.get((receiver, on), True):
            continue
        text = _(
            "our records do not show %(state)s as a State Party on %(day)s, and Article 3(7) "
            "speaks of transfers to States Parties. Check the State and the day, or explain it "
            "in the supplementary information."
        ) % {"state": facts.names.get(receiver, receiver), "day": day(dt.date.fromisoformat(on))}
        yield ask(facts, text, RETAINED, "transferred", number, row["id"], "receiver")


def receiver_is_another_state(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """A transfer goes to another State."""
    for number, row in _transfers(answers):
        if row.get("receiver") == facts.state:
            text = _(
                "the receiving State is the reporting State itself. Name the State that received "
                "the munitions, or take the row out if nothing was transferred."
            )
            yield ask(facts, text, RETAINED, "transferred", number, row["id"], "receiver")
