"""Status as at any day, from treaty actions only; the data agrees with what is published."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from zoneinfo import available_timezones

import pytest

from states.chains import standing_and_replaced
from states.loading import load_treaty
from states.models import Deadline, Obligation, ObligationEvent, State, TreatyAction
from states.standing import Status, standing


@dataclass(frozen=True)
class Act:
    kind: str
    done_on: dt.date
    takes_effect_on: dt.date | None = None


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


LITHUANIA = [
    Act("signature", d("2008-12-03")),
    Act("ratification", d("2011-03-24"), d("2011-09-01")),
    Act("withdrawal", d("2024-09-06"), d("2025-03-06")),
]


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2008-12-02", Status.NOT_PARTY),
        ("2008-12-03", Status.SIGNATORY),
        ("2011-03-24", Status.DEPOSITED),
        ("2011-09-01", Status.PARTY),
        ("2025-03-05", Status.PARTY),
        ("2025-03-06", Status.WITHDRAWN),
    ],
)
def test_status_follows_the_treaty_actions(on, status):
    assert standing(LITHUANIA, d(on)).status is status


def test_what_was_not_yet_known_on_the_day_is_left_out():
    assert standing(LITHUANIA, d("2024-09-05")).left_on is None
    assert standing(LITHUANIA, d("2024-09-06")).left_on == d("2025-03-06")


def test_a_state_that_left_may_accede_again():
    again = [*LITHUANIA, Act("accession", d("2030-01-10"), d("2030-07-01"))]

    assert standing(again, d("2030-06-30")).status is Status.DEPOSITED
    assert standing(again, d("2030-07-01")).status is Status.PARTY


# data/README.md and domain/states_and_compliance.md section 1: counts with their day and name.
@pytest.mark.parametrize(
    ("on", "in_force"),
    [("2010-08-01", 30), ("2025-03-05", 112), ("2025-03-06", 111), ("2026-03-01", 112)],
)
def test_the_number_of_states_in_force_agrees_with_what_is_published(treaty, db, on, in_force):
    assert State.objects.of_the_treaty().count() == 197
    assert State.objects.bound(d(on)).count() == in_force


def test_loading_twice_adds_nothing_and_overwrites_nothing(treaty, db):
    State.objects.filter(pk="LAO").update(note="corrected by hand")

    added = load_treaty(dt.date(2026, 11, 20))

    assert set(added.values()) == {0}
    assert State.objects.get(pk="LAO").note == "corrected by hand"


def test_each_state_has_the_clock_of_its_capital_and_what_staff_wrote_stays(treaty, db):
    assert State.objects.get(pk="LAO").time_zone == "Asia/Vientiane"
    zones = set(State.objects.of_the_treaty().values_list("time_zone", flat=True))
    assert zones <= available_timezones()
    State.objects.filter(pk="BRA").update(time_zone="America/Manaus")
    State.objects.filter(pk="PER").update(time_zone="")

    assert load_treaty(dt.date(2026, 11, 20))["time zones"] == 1

    assert State.objects.get(pk="BRA").time_zone == "America/Manaus"
    assert State.objects.get(pk="PER").time_zone == "America/Lima"


def standing_on(iso3: str, kind: str, on: str) -> list[dt.date]:
    rows = Deadline.objects.standing(d(on)).filter(obligation__state=iso3, obligation__kind=kind)
    return sorted(rows.values_list("due_on", flat=True))


# shared/domain/extensions.md section 3 and shared/data: the chain as it was known on each day.
@pytest.mark.parametrize(
    ("iso3", "kind", "on", "due"),
    [
        ("TCD", "art4", "2022-08-31", ["2023-09-01"]),
        ("TCD", "art4", "2022-09-30", ["2024-10-01"]),
        ("TCD", "art4", "2026-11-20", ["2026-10-01"]),
        ("BGR", "art3", "2018-01-01", ["2019-10-01"]),
        ("BGR", "art3", "2020-01-01", ["2021-04-01"]),
        ("BGR", "art3", "2021-03-01", ["2022-10-01"]),
        ("BGR", "art3", "2026-11-20", ["2023-12-31"]),
        ("SOM", "art4", "2026-11-20", ["2026-03-01"]),
        ("MRT", "art4", "2020-01-01", ["2022-08-01"]),
        ("MRT", "art4", "2026-11-20", ["2022-08-01", "2024-08-01"]),
        ("BWA", "art3", "2026-11-20", []),
        ("VUT", "art7-initial", "2026-02-28", []),
        ("VUT", "art7-initial", "2026-03-01", ["2026-08-28"]),
    ],
)
def test_each_deadline_stands_as_it_was_known_on_the_day(treaty, db, iso3, kind, on, due):
    assert [day.isoformat() for day in standing_on(iso3, kind, on)] == due


def test_nothing_falls_due_after_a_withdrawal_takes_effect(treaty, db):
    before_the_notice = standing_on("LTU", "art7-annual", "2024-09-05")
    after_the_notice = standing_on("LTU", "art7-annual", "2024-09-06")

    assert before_the_notice[-1] == d("2025-04-30")
    assert after_the_notice[-1] == d("2024-04-30")


def test_an_unconfirmed_extension_is_kept_and_never_shown_and_hides_no_better_row(treaty, db):
    reopened = Obligation.objects.get(state="MRT", reopens__isnull=False)

    assert reopened.deadlines.filter(due_on=d("2026-08-01"), confidence="low").exists()
    row = Deadline.objects.standing(d("2026-11-20")).get(obligation=reopened)
    assert row.due_on == d("2024-08-01")
    assert row.later_unknown


def test_a_request_is_not_known_before_it_is_made(treaty, db):
    """Lebanon asked in September 2025; as at 2012 nothing later than its deadline was known."""
    lebanon = {"obligation__state": "LBN", "obligation__kind": "art4"}

    then = Deadline.objects.standing(d("2012-01-01")).get(**lebanon)
    asked = Deadline.objects.standing(d("2025-12-01")).get(**lebanon)

    assert not then.later_unknown
    assert asked.later_unknown


MANY_DAYS = [dt.date(year, month, 1) for year in range(2008, 2029, 2) for month in (3, 9)]


def test_both_say_the_same_of_every_state_on_many_days(treaty: None, db: None) -> None:
    rows: dict[str, list[Deadline]] = defaultdict(list)
    for row in Deadline.objects.select_related("obligation__state").order_by("pk"):
        rows[row.obligation.state_id].append(row)
    actions: dict[str, list[TreatyAction]] = defaultdict(list)
    for action in TreatyAction.objects.order_by("pk"):
        actions[action.state_id].append(action)
    events: dict[str, list[ObligationEvent]] = defaultdict(list)
    for event in ObligationEvent.objects.order_by("pk"):
        events[event.state_id].append(event)

    for on in MANY_DAYS:
        asked = {row.pk: row.may_have_moved for row in Deadline.objects.standing(on)}
        found = {}
        for iso3, of_state in rows.items():
            stands, _replaced = standing_and_replaced(of_state, actions[iso3], events[iso3], on)
            found |= {row.pk: row.may_have_moved for row in stands}
        assert found == asked, on
        for rows_then, replaced in (
            (Deadline.objects.standing(on), False),
            (Deadline.objects.confirmed().decided_by(on), True),
        ):
            number = Counter(rows_then.order_by().values_list("obligation", flat=True))
            assert Deadline.objects.numbers(on, replaced=replaced) == number, on
