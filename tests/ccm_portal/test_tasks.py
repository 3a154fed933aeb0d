"""The tasks of the clock do the whole round: plan, send, end rights, bring deadlines into sight."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail

from ccm_portal import tasks
from records import letters
from records.models import Letter, Stage
from records.tasks import drain_letters
from states import access
from states.history import act
from states.models import Deadline, State, User
from tests import factories

MARCH = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def started(settings: Any) -> None:
    settings.LETTERS_START_ON = dt.date(2026, 1, 1)


def test_planning_by_the_clock_ships_the_stages_and_holds_the_letters(laos: State) -> None:
    factories.ContactFactory(state=laos)

    with time_machine.travel(MARCH, tick=False):
        tasks.nightly()
        tasks.plan_letters()
        tasks.plan_letters()

    assert Stage.objects.filter(to_be_confirmed=True).count() == len(Stage.objects.all()) > 10
    assert Letter.objects.get().status == "held"
    assert mail.outbox == []


def test_what_staff_changed_of_a_stage_stays(db: None) -> None:
    letters.ship_stages()
    with act(by=None, reason="The ISU writes later"):
        Stage.objects.filter(pk="annual-1-march").update(active=False, calendar_day=8)

    assert letters.ship_stages() == 0

    stage = Stage.objects.get(pk="annual-1-march")
    assert (stage.active, stage.calendar_day) == (False, 8)


def test_a_poke_sends_what_is_queued(db: None) -> None:
    letters.write(key="one", kind="test", to="a@example.org", template="_greeting")

    drain_letters()

    assert [message.to for message in mail.outbox] == [["a@example.org"]]


def test_the_nightly_round_takes_ended_rights_and_brings_deadlines_into_sight(
    laos: State, focal_point: User
) -> None:
    appointment = focal_point.appointments.get()
    with act(by=None, reason="The term ends"):
        appointment.until_on = dt.date(2026, 12, 31)
        appointment.save()

    with time_machine.travel(MARCH, tick=False):
        tasks.nightly()

    assert not focal_point.groups.exists()
    assert Deadline.objects.filter(obligation__state=laos, year=2027).exists()
    with time_machine.travel(MARCH, tick=False):
        assert not access.states_where(User.objects.get(pk=focal_point.pk), "draft_report")


def test_the_nightly_round_erases_the_sessions_that_ran_out(db: None) -> None:
    for key, expires in {
        "old": MARCH - dt.timedelta(hours=1),
        "young": MARCH.replace(hour=20),
    }.items():
        Session.objects.create(session_key=key, session_data="", expire_date=expires)

    with time_machine.travel(MARCH, tick=False):
        tasks.nightly()

    assert [row.session_key for row in Session.objects.all()] == ["young"]


def test_the_due_letters_of_every_app_reach_the_planner(laos: State) -> None:
    assert "art7-annual/LAO/2026" in {due.key for due in letters.dues(dt.date(2026, 11, 20))}
