"""The days to come: by month, as plain days, and as a feed that can be kept."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from states.models import State
from tests import factories
from tests.ccm_portal.duties import clearance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def test_annual_reports_of_all_are_one_entry(client: Client, laos: State, peru: State) -> None:
    clearance(laos)

    text = client.get("/calendar/").content.decode()

    assert text.count("Annual transparency reports for 2026") == 1
    assert "2 States Parties" in text
    assert "April 2027" in text
    assert "Lao People&#x27;s Democratic Republic: Clearance of contaminated areas" in text


@pytest.mark.parametrize("number", [1, 3])
def test_the_calendar_takes_as_many_queries_for_any_number_of_days(
    client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for code in ["LAO", "PER", "DEU"][:number]:
        clearance(factories.party(code, code, "2009-03-18"))

    # The days, former names; of the sums: instruments, chains, requests, coverage.
    with django_assert_num_queries(6):
        client.get("/calendar/")


def test_a_day_in_the_calendar_explains_itself(client: Client, laos: State) -> None:
    clearance(laos)

    text = client.get("/calendar/").content.decode()

    assert "Why this date?" in text
    assert "The instrument of ratification was deposited on 18 March 2009." in text
    assert "Article 4(1)(a)" in text


def test_nothing_past_is_in_the_calendar(client: Client, laos: State) -> None:
    clearance(laos)

    now = client.get("/calendar/").content.decode()
    then = client.get("/calendar/", {"as_at": "2031-01-01"}).content.decode()

    assert "1 August 2030" in now
    assert "1 August 2030" not in then
    assert "30 April 2031" in then


def test_the_feed_is_the_same_at_any_hour_of_the_day(client: Client, laos: State) -> None:
    clearance(laos)

    with time_machine.travel(dt.datetime(2026, 11, 20, 6, tzinfo=dt.UTC), tick=False):
        early = client.get("/calendar/all.ics").content
    with time_machine.travel(dt.datetime(2026, 11, 20, 21, tzinfo=dt.UTC), tick=False):
        late = client.get("/calendar/all.ics").content

    assert early == late


def test_entries_are_whole_days_with_stable_names(client: Client, laos: State) -> None:
    clearance(laos)

    events = Calendar.from_ical(client.get("/calendar/all.ics").content).walk("VEVENT")

    assert [str(event["UID"]).partition("@")[0] for event in events] == [
        "art7-annual-2026",
        "art4-lao-41a",
    ]
    assert [event["DTSTART"].params["VALUE"] for event in events] == ["DATE", "DATE"]
    assert events[1]["DTEND"].dt == dt.date(2030, 8, 2)
    assert events[1]["CATEGORIES"].to_ical() == b"Clearance (Article 4)"


def test_what_is_fulfilled_is_called_off_rather_than_lost(client: Client, laos: State) -> None:
    clearance(laos)
    laos.obligations.filter(kind="art4").update(fulfilled_on=dt.date(2026, 1, 1))

    events = Calendar.from_ical(client.get("/calendar/all.ics").content).walk("VEVENT")

    (called_off,) = [event for event in events if "art4" in event["UID"]]
    assert called_off["STATUS"] == "CANCELLED"
    assert called_off["SEQUENCE"] == 2
    assert "Clearance" not in client.get("/calendar/").content.decode()


def test_fictional_days_stay_out_of_the_common_feed_and_are_marked_in_their_own(
    client: Client, settings
) -> None:
    settings.DEMO = True
    factories.party("XAA", "Aldovia", "2010-03-18", demo=True)

    common = client.get("/calendar/all.ics").content.decode()
    own = client.get("/states/XAA/deadlines.ics").content.decode()

    assert "BEGIN:VEVENT" not in common
    assert "[fictional] Aldovia" in own
