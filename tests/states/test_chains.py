"""What stands among the rows of one State is what the database says of all States.

Of the real data `test_standing.py` says the same.
"""

import datetime as dt
from collections import Counter

import pytest
from django.db.models import QuerySet

from states.chains import standing_and_replaced
from states.models import Deadline, ObligationEvent, State
from states.models.actors import Confidence
from tests import factories

EXTENDED_ON = dt.date(2020, 11, 20)


def in_memory(state: State, on: dt.date) -> tuple[list[Deadline], list[Deadline]]:
    rows = Deadline.objects.filter(obligation__state=state).select_related("obligation__state")
    return standing_and_replaced(
        rows.order_by("pk"), state.actions.all(), state.obligation_events.order_by("pk"), on
    )


def in_sql(state: State, on: dt.date) -> dict[int, bool]:
    rows = Deadline.objects.standing(on).filter(obligation__state=state)
    return {row.pk: row.may_have_moved for row in rows.order_by("pk")}


def counted(rows: QuerySet[Deadline]) -> dict[int, int]:
    return dict(Counter(rows.order_by().values_list("obligation", flat=True)))


def same(state: State, on: dt.date) -> dict[int, bool]:
    every = Deadline.objects.filter(obligation__state=state)
    assert every.numbers(on) == counted(every.standing(on))
    assert every.numbers(on, replaced=True) == counted(every.confirmed().decided_by(on))
    stands, replaced = in_memory(state, on)
    found = {row.pk: row.may_have_moved for row in stands}
    assert found == in_sql(state, on)
    assert not found.keys() & {row.pk for row in replaced}
    return found


def clearance(state: State, **facts: object) -> Deadline:
    return factories.DeadlineFactory(
        obligation__state=state,
        obligation__kind="art4",
        obligation__clause="4(1)(a)",
        year=None,
        due_on=dt.date(2020, 8, 1),
        **facts,
    )


def test_an_extension_replaces_from_the_day_of_its_decision(laos: State) -> None:
    root = clearance(laos)
    extended = root.extend(to=dt.date(2025, 8, 1), basis="2RC", decided_on=EXTENDED_ON)

    assert root.pk in same(laos, EXTENDED_ON - dt.timedelta(days=1))
    assert extended.pk in same(laos, EXTENDED_ON)
    assert root in in_memory(laos, EXTENDED_ON)[1]


def test_an_extension_that_is_not_confirmed_hides_nothing_and_is_told(laos: State) -> None:
    root = clearance(laos)
    root.extend(
        to=dt.date(2025, 8, 1), basis="?", decided_on=EXTENDED_ON, confidence=Confidence.LOW
    )

    assert same(laos, EXTENDED_ON)[root.pk] is True
    assert same(laos, EXTENDED_ON - dt.timedelta(days=1))[root.pk] is False


@pytest.mark.parametrize("confidence", [Confidence.HIGH, Confidence.LOW])
def test_a_later_request_makes_a_decision_possible(laos: State, confidence: str) -> None:
    root = clearance(laos)
    ObligationEvent.objects.create(
        state=laos,
        article=4,
        obligation=root.obligation,
        position=1,
        kind=ObligationEvent.Kind.REQUEST,
        happened_on=EXTENDED_ON,
        source="a test",
        confidence=confidence,
    )

    assert same(laos, EXTENDED_ON - dt.timedelta(days=1))[root.pk] is False
    assert same(laos, EXTENDED_ON)[root.pk] is True


def test_nothing_stands_that_falls_due_after_a_withdrawal(laos: State) -> None:
    root = clearance(laos)
    factories.TreatyActionFactory(state=laos, kind="withdrawal", done_on=dt.date(2019, 9, 6))

    assert root.pk in same(laos, dt.date(2019, 9, 5))
    assert root.pk not in same(laos, dt.date(2019, 9, 6))


def test_an_obligation_that_was_not_known_yet_has_no_deadline(laos: State) -> None:
    root = clearance(laos, obligation__known_on=dt.date(2018, 1, 1))

    assert root.pk not in same(laos, dt.date(2017, 12, 31))
    assert root.pk in same(laos, dt.date(2018, 1, 1))
