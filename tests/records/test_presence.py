"""Who is at the same page is told to the others, for a minute."""

import datetime as dt

import time_machine

from records import presence

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


def test_two_people_at_one_place_are_told_of_each_other_and_not_of_themselves(focal_point, drafter):
    assert presence.arrive("report/1/clearance", focal_point) == []

    assert presence.arrive("report/1/clearance", drafter) == ["Focal point, Lao PDR"]
    assert presence.arrive("report/1/clearance", focal_point) == ["Drafter, Lao PDR"]


def test_another_place_is_another(focal_point, drafter):
    presence.arrive("report/1/clearance", focal_point)

    assert presence.arrive("report/1/resources", drafter) == []


def test_who_has_not_been_heard_of_for_a_while_has_left(focal_point, drafter):
    with time_machine.travel(NOON, tick=False):
        presence.arrive("report/1/clearance", focal_point)

    with time_machine.travel(NOON + dt.timedelta(seconds=presence.LASTS + 1), tick=False):
        assert presence.arrive("report/1/clearance", drafter) == []
