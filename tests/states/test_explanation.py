"""Each deadline explains itself: the sum in words, with article and source."""

import datetime as dt

import pytest
from django.utils import translation

from states.explanation import explain, in_words, why
from states.history import act
from states.models import Deadline
from tests import factories

ON = dt.date(2026, 11, 20)

pytestmark = pytest.mark.usefixtures("treaty", "db")


def standing(iso3: str, kind: str, **more: object) -> Deadline:
    rows = Deadline.objects.standing(ON).select_related("obligation__state")
    return rows.get(obligation__state=iso3, obligation__kind=kind, **more)


def test_an_initial_report_is_explained_from_the_deposit():
    steps = why(standing("VUT", "art7-initial"), ON)

    assert [(step.article, step.day and step.day.isoformat()) for step in steps] == [
        ("16", "2025-09-05"),
        ("17(2)", "2026-03-01"),
        ("7(1)", "2026-08-28"),
    ]
    assert steps[0].text == "The instrument of accession was deposited on 5 September 2025."


def test_an_extended_deadline_names_every_decision_and_what_is_assumed():
    text = in_words(why(standing("CHL", "art4"), ON))

    assert "2RC extended the deadline to 1 June 2022 (decided by 28 February 2021" in text
    assert "10MSP extended the deadline to 1 June 2026" in text
    assert text.endswith("Later decisions are not recorded here.")


def test_a_fulfilled_obligation_does_not_speak_of_later_decisions():
    text = in_words(why(standing("BGR", "art3"), ON))

    assert "31 December 2023" in text
    assert "not recorded here" not in text


def test_a_day_set_by_hand_says_why(db):
    deadline = standing("VUT", "art7-initial")
    with act(by=None, reason="as published"):
        deadline.due_on = dt.date(2026, 9, 1)
        deadline.reason = "the depositary's notification gives this day"
        deadline.save()

    text = in_words(why(standing("VUT", "art7-initial"), ON))

    assert "The day that stands is 1 September 2026: the depositary's notification" in text


def test_the_sum_is_told_in_the_readers_language():
    with translation.override("es"):
        steps = why(standing("VUT", "art7-initial"), ON)

    assert "28 de agosto de 2026" in steps[-1].text


def test_any_number_of_deadlines_is_explained_with_the_same_queries(django_assert_num_queries):
    rows = list(
        Deadline.objects.standing(ON)
        .filter(obligation__kind="art4")
        .select_related("obligation__state")
        .order_by("-position", "-pk")
    )

    with django_assert_num_queries(4):
        explain(rows[:1], ON)
    with django_assert_num_queries(4):
        explain(rows, ON)


def test_a_fictional_state_has_no_decisions_that_are_not_recorded(db):
    state = factories.StateFactory(iso3="XAA", demo=True)
    factories.TreatyActionFactory(state=state, done_on=dt.date(2010, 1, 4))
    obligation = factories.ObligationFactory(
        state=state, kind="art4", clause="4(1)(a)", clock_from=dt.date(2010, 8, 1)
    )
    factories.DeadlineFactory(
        obligation=obligation,
        year=None,
        due_on=dt.date(2020, 8, 1),
        stands_from=dt.date(2010, 8, 1),
    )

    text = in_words(why(standing("XAA", "art4"), ON))

    assert "not recorded here" not in text
