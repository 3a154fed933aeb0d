"""What falls due under Article 7, and what settles it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records.seams import Due
from reporting import days, dues
from reporting.models import Report
from states import registry
from states.models import Deadline, State
from tests import factories

ON = dt.date(2027, 3, 1)
PERIOD = {"year": 2026, "covers_from": "2026-01-01", "covers_to": "2026-12-31"}


@pytest.fixture
def due_now(laos: State) -> State:
    registry.bring_up_to_date(ON)
    return laos


def of(state: State, year: int = 2026) -> Due:
    return {due.key: due for due in dues.of_reports(ON)}[f"art7-annual/{state.pk}/{year}"]


def test_an_annual_report_falls_due_on_30_april_and_is_asked_for_from_the_new_year(
    due_now: State,
) -> None:
    due = of(due_now)

    assert (due.starts_on, due.due_on) == (dt.date(2027, 1, 1), dt.date(2027, 4, 30))
    assert not due.settled
    assert str(due.subject["what"]) == "Annual transparency report on 2026"


def test_a_draft_settles_nothing(due_now: State) -> None:
    factories.ReportFactory(state=due_now, **PERIOD)

    assert not of(due_now).settled


@pytest.mark.parametrize(
    "said", [{"sent_by_state_said": True}, {"sent_to_unoda": dt.date(2027, 2, 27)}]
)
def test_the_word_that_it_was_sent_settles(said: dict, due_now: State) -> None:
    factories.ReportFactory(state=due_now, **PERIOD, **said)

    assert of(due_now).settled
    assert not of(due_now, 2025).settled


def test_a_deadline_that_was_met_is_settled(due_now: State) -> None:
    Deadline.objects.filter(obligation__kind="art7-annual", year=2026).update(met_on=ON)

    assert of(due_now).settled


def test_a_voluntary_report_settles_nothing(due_now: State) -> None:
    factories.ReportFactory(state=due_now, kind="voluntary", sent_by_state_said=True, **PERIOD)

    assert not of(due_now).settled


def test_a_report_of_another_state_settles_nothing(due_now: State, peru: State) -> None:
    registry.bring_up_to_date(ON)
    factories.ReportFactory(state=peru, sent_by_state_said=True, **PERIOD)

    assert of(peru).settled
    assert not of(due_now).settled


def test_only_what_falls_due_around_the_day_is_listed(due_now: State) -> None:
    annual = {due.key for due in dues.of_reports(ON)}

    assert annual == {f"art7-annual/LAO/{year}" for year in (2024, 2025, 2026)}


def test_after_a_withdrawal_takes_effect_nothing_falls_due(due_now: State) -> None:
    factories.TreatyActionFactory(state=due_now, kind="withdrawal", done_on=dt.date(2026, 9, 1))

    assert "art7-annual/LAO/2026" not in {due.key for due in dues.of_reports(ON)}


def test_the_initial_report_is_due_180_days_after_entry_into_force(db: None) -> None:
    vanuatu = factories.party("VUT", "Vanuatu", "2026-03-10")

    due = next(each for each in dues.of_reports(ON) if each.key == "art7-initial/VUT")

    assert (due.starts_on, due.due_on) == (dt.date(2026, 9, 1), dt.date(2027, 2, 28))
    assert due.state == vanuatu


def test_a_state_that_acceded_again_owes_another_initial_report(due_now: State) -> None:
    factories.ReportFactory(state=due_now, kind="initial", year=2011, sent_by_state_said=True)
    factories.TreatyActionFactory(state=due_now, kind="withdrawal", done_on=dt.date(2020, 3, 1))
    factories.TreatyActionFactory(
        state=due_now,
        kind="accession",
        done_on=dt.date(2026, 4, 9),
        takes_effect_on=dt.date(2026, 10, 1),
    )
    registry.bring_up_to_date(ON)

    again = next(due for due in dues.of_reports(ON) if due.key == "art7-initial/LAO")
    assert (again.due_on, again.settled) == (dt.date(2027, 3, 30), False)

    new = factories.ReportFactory(state=due_now, kind="initial", year=2026, sent_by_state_said=True)
    again = next(due for due in dues.of_reports(ON) if due.key == "art7-initial/LAO")
    assert again.settled
    assert days.deadline_of(new).due_on == dt.date(2027, 3, 30)
    old = Report.objects.get(year=2011)
    assert days.deadline_of(old).due_on == dt.date(2011, 1, 28)


def test_many_states_cost_as_many_queries_as_one(due_now: State) -> None:
    with CaptureQueriesContext(connection) as one:
        list(dues.of_reports(ON))
    for code, deposited in (("PER", "2012-09-26"), ("VUT", "2026-03-10"), ("DEU", "2009-07-08")):
        state = factories.party(code, code, deposited)
        factories.ReportFactory(state=state, **PERIOD)
    registry.bring_up_to_date(ON)

    with CaptureQueriesContext(connection) as many:
        list(dues.of_reports(ON))

    assert len(one) == len(many) == 2
