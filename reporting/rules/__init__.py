"""Rules over the answers of a report: each a named function, asking a question, stopping nothing.

A rule is pure: it sees the answers, those of the State's report before, and `Facts`. Its name is
for ever, so that what a State says of a doubt can name it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django.utils.translation import ngettext

from reporting.rules.asking import Asked, Before, Facts, Rule, place, rows
from reporting.rules.munitions import (
    munitions_have_a_type,
    receiver_is_a_party,
    receiver_is_another_state,
    retained_has_a_planned_use,
    retained_has_an_actual_use,
    stock_adds_up,
    transfer_names_its_receiver,
)
from reporting.rules.others import (
    areas_stand_once,
    completion_leaves_no_area,
    days_lie_in_the_period,
    disability_is_among_all,
    money_is_whole,
    not_applicable_owes_nothing,
    not_applicable_says_nothing,
    released_is_not_above_known,
)
from reporting.rules.wording import (
    not_applicable_is_a_sentence,
    positions_are_whole,
    rows_are_no_totals,
    submunitions_have_a_type,
)
from reporting.schema import Answers
from states.words import colon

RULES: tuple[Rule, ...] = (
    not_applicable_says_nothing,
    not_applicable_owes_nothing,
    not_applicable_is_a_sentence,
    rows_are_no_totals,
    stock_adds_up,
    munitions_have_a_type,
    submunitions_have_a_type,
    retained_has_a_planned_use,
    retained_has_an_actual_use,
    transfer_names_its_receiver,
    receiver_is_another_state,
    receiver_is_a_party,
    days_lie_in_the_period,
    released_is_not_above_known,
    areas_stand_once,
    completion_leaves_no_area,
    disability_is_among_all,
    money_is_whole,
    positions_are_whole,
)
# Of what a rule asks in one form so many are said in full: five hundred rows may have one cause.
MOST_ASKED = 5

__all__ = ["RULES", "Asked", "Before", "Facts", "Rule", "asked", "rows"]


def asked(answers: Answers, before: Answers, facts: Facts) -> Iterator[tuple[str, Asked]]:
    """All that the rules of the report's version ask, each with its rule's name, in their order."""
    for rule in facts.schema.rules:
        for form, group in groupby(rule(answers, before, facts), key=lambda one: one.form):
            found = list(group)
            for one in found[:MOST_ASKED]:
                yield rule.__name__, one
            if len(found) > MOST_ASKED:
                yield rule.__name__, _more(facts, form, found[MOST_ASKED:])


def _more(facts: Facts, form: str, rest: list[Asked]) -> Asked:
    number, first = len(rest), rest[0]
    text = ngettext(
        "the same is to be asked of %(n)s more answer.",
        "the same is to be asked of %(n)s more answers.",
        number,
    ) % {"n": number}
    question = first.name.split(".")[0]
    return Asked(form, colon(place(facts, form, question), text), first.name, first.number)
