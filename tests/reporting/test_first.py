"""The first reports of a year are praised, from days that are known; never to tell who was late."""

import datetime as dt

import pytest

from reporting import first
from reporting.models import Report
from states.models import Practice, RecordsKept
from states.public_pages import state_of
from tests import factories
from tests.reporting.papers import received as paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TODAY = dt.date(2026, 11, 20)


def report(iso3, received, *, year=2025, status="published", **facts):
    state = factories.State.objects.filter(pk=iso3).first() or factories.StateFactory(
        iso3=iso3, name_en=f"State {iso3}", demo=facts.pop("demo", False)
    )
    row = factories.ReportFactory(state=state, year=year, **facts)
    handed = {} if status == "draft" else complete(row, received)
    Report.objects.filter(pk=row.pk).update(
        status=status,
        published_on=dt.date(2026, 6, 1) if status == "published" else None,
        received_by_unoda=received,
        **handed,
    )
    return row


def complete(row, received):
    person = factories.UserFactory()
    return {
        "original": paper(row.state),
        "reference": f"A7-{row.year}-{row.state_id}-{row.number:02d}",
        "handed_in_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        "handed_in_by": person,
        "received_by_isu": received or dt.date(2026, 5, 30),
    }


def places(on=TODAY):
    found = first.newest(on)
    return [(one.place, one.state.iso3) for one in found.firsts] if found else []


def day(number, month=1):
    return dt.date(2026, month, number)


def test_three_are_praised_in_the_order_of_their_days(client):
    for iso3, number in (("DDD", 9), ("AAA", 5), ("CCC", 3), ("BBB", 8)):
        report(iso3, day(number))

    assert places() == [(1, "CCC"), (2, "AAA"), (3, "BBB")]
    for page in ("/", "/reports/"):
        _before, thanks, text = client.get(page).text.partition("With thanks: the first reports")
        assert thanks
        text = text.partition("</section>")[0]
        assert text.index("State CCC") < text.index("State AAA") < text.index("State BBB")
        assert "received on" not in text
    assert "Among the first to report on 2025" in client.get("/states/CCC/").text
    assert "Among the first to report" not in client.get("/states/DDD/").text


def test_the_day_is_said_only_where_the_isu_lets_the_public_read_days_of_receipt(client):
    report("AAA", day(3))
    assert "received on" not in client.get("/states/AAA/").text.partition("Among the first")[2][:80]
    Practice.objects.create(key="met-in-public", value="yes")

    assert "received on 3 January 2026" in client.get("/").text
    assert (
        "Among the first to report on 2025: received on 3 January"
        in client.get("/states/AAA/").text
    )


def test_a_year_whose_records_are_not_complete_has_no_first_reports():
    report("AAA", dt.date(2020, 1, 3), year=2019)
    assert places() == []

    RecordsKept.objects.update_or_create(
        kind="art7-annual", defaults={"complete_from": dt.date(2020, 1, 1)}
    )
    assert places() == [(1, "AAA")]


def test_what_was_taken_in_from_an_archive_is_not_praised():
    report("AAA", day(3), channel="archive")
    report("BBB", day(4))

    assert places() == []


def test_those_of_one_day_share_a_place():
    for iso3, number in (("AAA", 3), ("BBB", 3), ("CCC", 5), ("DDD", 5), ("EEE", 6)):
        report(iso3, day(number))

    assert places() == [(1, "AAA"), (1, "BBB"), (3, "CCC"), (3, "DDD")]


def test_how_many_is_the_isus_to_choose():
    for iso3, number in (("AAA", 3), ("BBB", 4), ("CCC", 5)):
        report(iso3, day(number))

    practice = Practice.objects.create(key="first-reports", value="1")
    assert practice.to_be_confirmed
    assert places() == [(1, "AAA")]
    Practice.objects.update(value="0")
    assert places() == []


def test_only_published_annual_reports_of_real_states_with_a_known_day_in_time_are_praised():
    report("AAA", day(3), status="handed-in")
    report("BBB", day(3), status="draft")
    report("CCC", day(3), kind="voluntary")
    report("XAA", day(3), demo=True)
    report("EEE", None)
    report("FFF", day(1, month=5))
    report("GGG", dt.date(2025, 12, 30))
    report("HHH", day(30, month=4))

    assert places() == [(1, "HHH")]


def test_as_at_an_earlier_day_nobody_knows_of_it():
    report("AAA", day(3))

    assert places(dt.date(2026, 5, 31)) == []
    assert places(dt.date(2026, 6, 1)) == [(1, "AAA")]


def test_a_correction_does_not_cost_the_place():
    row = report("AAA", day(3))
    report("BBB", day(4))
    report("AAA", day(20, month=5), number=2, amends=row)

    assert places() == [(1, "AAA"), (2, "BBB")]


def test_the_day_that_counts_is_the_one_that_the_isu_chose():
    row = report("AAA", day(9))
    report("BBB", day(5))
    Report.objects.filter(pk=row.pk).update(received_by_isu=day(2))

    assert places()[0] == (1, "BBB")
    Practice.objects.create(key="receipt-that-counts", value="received_by_isu")
    assert places()[0] == (1, "AAA")


def test_a_page_that_praises_stands_on_all_states_and_others_on_their_own(client):
    report("AAA", day(3))
    report("BBB", None)

    assert state_of(client.get("/states/AAA/")) == ""
    assert state_of(client.get("/states/BBB/")) == "BBB"


@pytest.mark.parametrize("number", [1, 3])
def test_praise_takes_as_many_queries_for_any_number(number, django_assert_num_queries):
    for place in range(number):
        report("ABC"[place] * 3, day(3 + place))
    state = factories.State.objects.get(pk="AAA")

    with django_assert_num_queries(3):
        assert len(places()) == number
    with django_assert_num_queries(5):
        first.of_state(state, TODAY)
