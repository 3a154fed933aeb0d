"""Days on which the portal was down make nobody late, and move no day that is printed."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from states import covered, outages
from states.deadlines import Lateness, in_time_until, lateness
from states.explanation import explain, in_words
from states.history import act
from states.models import Deadline, LastSign, Outage, Practice, RecordsKept, State, User
from tests.conftest import SignedIn

d = dt.date.fromisoformat
DUE = d("2026-04-30")
LATER = d("2026-05-20")


def down(started: str, ended: str | None, *, confirmed: bool = True, **facts: Any) -> Outage:
    with act(by=None, reason="test"):
        return Outage.objects.create(
            started_at=dt.datetime.fromisoformat(started),
            ended_at=dt.datetime.fromisoformat(ended) if ended else None,
            confirmed=confirmed,
            **facts,
        )


@pytest.mark.parametrize(
    ("days", "after", "expected"),
    [
        ([], 1, "2026-04-30"),
        ([("2026-04-29", "2026-04-29")], 1, "2026-04-30"),
        ([("2026-04-30", "2026-04-30")], 1, "2026-05-01"),
        ([("2026-04-28", "2026-05-02")], 1, "2026-05-03"),
        ([("2026-04-30", "2026-04-30")], 3, "2026-05-03"),
        ([("2026-04-30", "2026-04-30"), ("2026-05-01", "2026-05-01")], 1, "2026-05-02"),
        ([("2026-05-01", "2026-05-01"), ("2026-04-30", "2026-04-30")], 1, "2026-05-02"),
        ([("2026-05-01", "2026-05-05")], 1, "2026-04-30"),
        ([("2026-04-30", None)], 1, "2026-05-21"),
    ],
)
def test_the_time_ends_with_the_first_whole_day_after(days, after, expected):
    spans = [(d(first), d(last) if last else None) for first, last in days]

    assert in_time_until(DUE, spans, days_after=after, on=LATER) == d(expected)


SPANS = st.lists(
    st.tuples(st.dates(d("2026-04-01"), d("2026-05-31")), st.integers(0, 9)).map(
        lambda span: (span[0], span[0] + dt.timedelta(days=span[1]))
    ),
    max_size=6,
)


@given(spans=SPANS, after=st.integers(1, 5))
def test_an_outage_only_ever_helps_and_the_last_day_was_a_whole_one(spans, after):
    last = in_time_until(DUE, spans, days_after=after, on=LATER)

    assert last >= DUE
    touched = any(first <= DUE <= end for first, end in spans)
    assert (last > DUE) == touched
    assert not any(first <= last <= end for first, end in spans)


@given(on=st.dates(d("2026-04-01"), d("2026-06-30")), spans=SPANS)
def test_lateness_begins_the_day_after(on, spans):
    last = in_time_until(DUE, spans, days_after=1, on=on)
    said = lateness(
        due_on=DUE,
        met_on=None,
        on=on,
        complete_from=d("2020-01-01"),
        known_until=None,
        later_unknown=False,
        in_time_until=last,
    )

    assert said is (Lateness.COMING if on <= last else Lateness.LATE)


@pytest.fixture
def kept(db: None) -> RecordsKept:
    with act(by=None, reason="test"):
        RecordsKept.objects.update_or_create(
            kind="art7-annual", defaults={"complete_from": d("2020-01-01")}
        )
    return RecordsKept.objects.get(kind="art7-annual")


def said_on(day: str) -> Lateness:
    row = (
        Deadline.objects.standing(d(day))
        .select_related("obligation__state")
        .get(obligation__state="LAO", year=2025)
    )
    return covered.said_of(row, d(day), RecordsKept.objects.get(kind="art7-annual"))


@pytest.mark.parametrize(
    ("started", "ended"),
    [
        ("2026-04-30T22:00+02:00", "2026-04-30T23:00+02:00"),
        # The same evening, as the clocks of Vientiane say it: in Geneva it is 30 April.
        ("2026-05-01T03:00+07:00", "2026-05-01T04:00+07:00"),
        ("2026-04-30T23:59+02:00", "2026-05-01T00:00+02:00"),
    ],
)
def test_who_could_not_hand_in_on_the_last_day_is_not_late_on_the_next(
    laos: State, kept: RecordsKept, started: str, ended: str
) -> None:
    assert said_on("2026-05-01") is Lateness.LATE

    down(started, ended)

    assert said_on("2026-05-01") is Lateness.COMING
    assert said_on("2026-05-02") is Lateness.LATE


def test_an_outage_of_another_day_or_a_mere_proposal_moves_nothing(
    laos: State, kept: RecordsKept
) -> None:
    down("2026-05-01T00:00+02:00", "2026-05-01T05:00+02:00")
    down("2026-04-30T10:00+02:00", "2026-04-30T11:00+02:00", confirmed=False)

    assert said_on("2026-05-01") is Lateness.LATE


def test_while_it_lasts_nobody_is_late(laos: State, kept: RecordsKept) -> None:
    down("2026-04-30T10:00+02:00", None)

    assert said_on("2026-07-01") is Lateness.COMING


def test_the_isu_says_how_many_days_are_whole(laos: State, kept: RecordsKept) -> None:
    down("2026-04-30T10:00+02:00", "2026-04-30T11:00+02:00")
    with act(by=None, reason="test"):
        Practice.objects.create(key="after-outage", value="3")

    assert said_on("2026-05-03") is Lateness.COMING
    assert said_on("2026-05-04") is Lateness.LATE


def test_a_report_that_came_on_the_day_after_was_in_time(laos: State, kept: RecordsKept) -> None:
    row = Deadline.objects.get(obligation__state=laos, year=2025)
    assert covered.was_in_time(row, kept) is None
    row.met_on = d("2026-05-01")
    assert covered.was_in_time(row, kept) is False

    down("2026-04-30T10:00+02:00", "2026-04-30T11:00+02:00")

    assert covered.was_in_time(row, RecordsKept.objects.get(kind="art7-annual")) is True


def test_stockpiles_and_areas_do_not_wait_for_the_portal(db: None) -> None:
    down("2026-04-30T10:00+02:00", "2026-04-30T11:00+02:00")
    with act(by=None, reason="test"):
        RecordsKept.objects.update_or_create(kind="art4")

    assert covered.still_in_time(DUE, LATER, RecordsKept.objects.get(kind="art4")) == DUE


def test_the_sum_says_so_and_the_day_stays(laos: State, kept: RecordsKept) -> None:
    down("2026-04-30T10:00+02:00", "2026-04-30T11:00+02:00")
    row = (
        Deadline.objects.standing(LATER)
        .select_related("obligation__state")
        .get(obligation__state=laos, year=2025)
    )

    words = in_words(explain([row], LATER)[row.pk])

    assert row.due_on == DUE
    assert "is due by 30 April 2026" in words
    assert "The portal was down on that day: what is received by 1 May 2026 is in time." in words


def test_knowing_of_outages_costs_no_query(
    laos: State, kept: RecordsKept, django_assert_num_queries: Any
) -> None:
    for hour in (10, 12, 14):
        down(f"2026-04-30T{hour}:00+02:00", f"2026-04-30T{hour + 1}:00+02:00")

    with django_assert_num_queries(1):
        rows = list(RecordsKept.objects.all())
        assert [covered.still_in_time(DUE, LATER, row) for row in rows]


def test_a_long_silence_is_proposed_to_a_person_once(officer: User) -> None:
    with time_machine.travel("2026-04-30 10:00:00+00:00", tick=False):
        assert outages.live() is None
    with time_machine.travel("2026-04-30 10:05:00+00:00", tick=False):
        assert outages.live() is None
    with time_machine.travel("2026-04-30 13:00:00+00:00", tick=False):
        found = outages.live()
        assert outages.live() is None

    assert found is not None
    assert (found.started_at.hour, found.ended_at.hour) == (10, 13)
    assert not found.confirmed
    assert LastSign.objects.count() == 1
    desk = SignedIn(officer).get("/admin/").content.decode()
    assert "was silent: was it down?" in desk


def test_what_was_planned_is_not_proposed_again(db: None) -> None:
    with time_machine.travel("2026-04-30 10:00:00+00:00", tick=False):
        outages.live()
    down("2026-04-30T11:00+02:00", "2026-04-30T16:00+02:00")

    with time_machine.travel("2026-04-30 13:00:00+00:00", tick=False):
        assert outages.live() is None


def test_a_planned_outage_is_announced_beforehand(focal_point: User) -> None:
    with time_machine.travel("2026-11-20 10:00:00+00:00", tick=False):
        down("2026-11-25T08:00+01:00", "2026-11-25T10:00+01:00", announce=True, note="New server.")
        down("2026-11-01T08:00+01:00", "2026-11-01T10:00+01:00", announce=True, note="Long past.")

        page = SignedIn(focal_point).get("/what-we-owe/").content.decode()

    assert "The portal is down from 25 November 2026, 08:00 to 25 November 2026, 10:00" in page
    assert "New server." in page
    assert "Long past." not in page


def test_an_outage_of_another_century_is_refused(db: None) -> None:
    row = Outage(started_at=dt.datetime(1, 1, 2, tzinfo=dt.UTC))

    with pytest.raises(ValidationError):
        row.clean()


def test_the_assistant_writes_one_down_in_the_admin(assistant: User) -> None:
    answer = SignedIn(assistant).post(
        "/admin/states/outage/add/",
        {
            "started_at": "2026-04-30T10:00",
            "ended_at": "2026-04-30T12:30",
            "note": "The power failed.",
            "confirmed": "on",
            "reason": "Told by the provider",
        },
    )

    assert answer.status_code == 302, answer.content.decode()[:3000]
    row = Outage.objects.get()
    assert (row.first_on, row.last_on) == (DUE, DUE)
