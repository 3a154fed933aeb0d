"""The law of dates, against literals typed from the Convention and from published dates."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states import deadlines
from states.deadlines import Lateness, PartialDate, Precision, lateness

# domain/article7.md section 5: deposit, entry into force, initial report due.
PUBLISHED = [
    ("Germany", "2009-07-08", "2010-08-01", "2011-01-28"),
    ("Lebanon", "2010-11-05", "2011-05-01", "2011-10-28"),
    ("Bosnia and Herzegovina", "2010-09-07", "2011-03-01", "2011-08-28"),
    ("Mauritania", "2012-02-01", "2012-08-01", "2013-01-28"),
    ("Cook Islands", "2011-08-23", "2012-02-01", "2012-07-30"),
    ("Iraq", "2013-05-14", "2013-11-01", "2014-04-30"),
    ("Belize", "2014-09-02", "2015-03-01", "2015-08-28"),
    ("Colombia", "2015-09-10", "2016-03-01", "2016-08-28"),
    ("Vanuatu", "2025-09-05", "2026-03-01", "2026-08-28"),
]
# domain/extensions.md section 3: entry into force, article, base deadline.
BASE = [
    ("Germany", "2010-08-01", 4, "2020-08-01"),
    ("Bulgaria", "2011-10-01", 3, "2019-10-01"),
    ("Peru", "2013-03-01", 3, "2021-03-01"),
    ("Lebanon", "2011-05-01", 4, "2021-05-01"),
    ("Chad", "2013-09-01", 4, "2023-09-01"),
    ("Iraq", "2013-11-01", 4, "2023-11-01"),
    ("Somalia", "2016-03-01", 4, "2026-03-01"),
]
# domain/extensions.md section 2: the first day of a meeting, the statutory latest day of requests.
NINE_MONTHS = [
    ("9MSP", "2019-09-02", "2018-12-02"),
    ("10MSP", "2022-08-30", "2021-11-30"),
    ("11MSP", "2023-09-11", "2022-12-11"),
    ("12MSP", "2024-09-10", "2023-12-10"),
    ("13MSP", "2025-09-16", "2024-12-16"),
    ("3RC", "2026-09-14", "2025-12-14"),
]
# domain/article7.md section 5: the year that the first annual report covers.
FIRST_YEARS = [
    ("Germany", "2010-08-01", 2010),
    ("Iraq", "2013-11-01", 2014),
    ("Vanuatu", "2026-03-01", 2026),
]
days = st.dates(dt.date(2008, 12, 3), dt.date(2100, 12, 31))


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(("state", "deposit", "in_force", "due"), PUBLISHED)
def test_entry_into_force_and_initial_report_agree_with_published_dates(
    state, deposit, in_force, due
):
    assert deadlines.entry_into_force(d(deposit)) == d(in_force)
    assert deadlines.initial_report_due(d(in_force)) == d(due)


@pytest.mark.parametrize(("state", "in_force", "article", "due"), BASE)
def test_base_deadlines_of_articles_3_and_4_agree_with_published_dates(
    state, in_force, article, due
):
    rule = {3: deadlines.stockpile_deadline, 4: deadlines.clearance_deadline}[article]

    assert rule(d(in_force)) == d(due)


@pytest.mark.parametrize(("meeting", "opens", "latest"), NINE_MONTHS)
def test_requests_are_due_nine_months_before_the_meeting(meeting, opens, latest):
    assert deadlines.request_latest(d(opens)) == d(latest)


@pytest.mark.parametrize(("state", "in_force", "year"), FIRST_YEARS)
def test_the_first_annual_report_follows_the_initial_one(state, in_force, year):
    assert deadlines.first_annual_year(d(in_force)) == year


def test_no_annual_report_falls_due_after_a_withdrawal_takes_effect():
    years = deadlines.annual_years(d("2011-09-01"), d("2025-03-06"), d("2027-12-31"))

    assert (min(years), max(years)) == (2011, 2023)


def test_a_withdrawal_takes_effect_six_months_after_the_notice():
    assert deadlines.withdrawal_effect(d("2024-09-06")) == d("2025-03-06")
    assert deadlines.withdrawal_effect(d("2024-08-31")) == d("2025-02-28")


@given(days)
def test_entry_into_force_is_always_the_first_of_a_month_and_never_before_the_first_of_all(day):
    effect = deadlines.entry_into_force(day)

    assert effect.day == 1
    assert effect >= d("2010-08-01")
    assert effect == d("2010-08-01") or 151 <= (effect - day).days <= 184


@given(days, st.integers(-600, 600))
def test_shifting_by_months_keeps_the_day_or_the_end_of_the_month(day, months):
    moved = deadlines.shift(day, months=months)

    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved + dt.timedelta(days=1)).day == 1


@given(days)
def test_a_deposit_a_day_later_never_enters_into_force_earlier(day):
    assert deadlines.entry_into_force(day) <= deadlines.entry_into_force(day + dt.timedelta(days=1))


@given(days, days)
def test_annual_years_end_before_the_horizon_and_begin_after_the_initial_report(day, until):
    in_force = deadlines.entry_into_force(day)

    for year in deadlines.annual_years(in_force, None, until):
        assert deadlines.initial_report_due(in_force) < deadlines.annual_report_due(year) <= until


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2023-06-15", "2023-06-15", Precision.DAY),
        ("2023-06", "2023-06-30", Precision.MONTH),
        ("2024-02", "2024-02-29", Precision.MONTH),
        ("2023", "2023-12-31", Precision.YEAR),
    ],
)
def test_a_partial_date_stands_for_its_last_day_and_prints_as_published(text, day, precision):
    date = PartialDate.parse(text)

    assert (date.day, date.precision, str(date)) == (d(day), precision, text)


@pytest.mark.parametrize("text", ["", "31/12/2012", "2012-13", "2012-02-30", "12", "2012-1-1-1"])
def test_what_is_no_date_is_refused_by_name(text):
    with pytest.raises(ValueError, match="is not a date such as"):
        PartialDate.parse(text)


KNOWN = {
    "met_on": None,
    "complete_from": d("2020-01-01"),
    "known_until": None,
    "later_unknown": False,
}


@pytest.mark.parametrize(
    ("facts", "on", "expected"),
    [
        ({}, "2026-04-30", Lateness.COMING),
        ({}, "2026-05-01", Lateness.LATE),
        ({"met_on": d("2026-04-01")}, "2026-05-01", Lateness.MET),
        ({"met_on": d("2026-04-01")}, "2026-03-01", Lateness.COMING),
        ({"complete_from": None}, "2026-05-01", Lateness.UNKNOWN),
        ({"complete_from": d("2026-05-01")}, "2026-05-01", Lateness.UNKNOWN),
        ({"later_unknown": True}, "2026-05-01", Lateness.UNKNOWN),
        ({"known_until": d("2025-09-15")}, "2026-05-01", Lateness.UNKNOWN),
        ({"known_until": d("2026-05-01")}, "2026-05-01", Lateness.LATE),
    ],
)
def test_what_is_not_known_is_not_late(facts, on, expected):
    assert lateness(due_on=d("2026-04-30"), on=d(on), **(KNOWN | facts)) == expected
