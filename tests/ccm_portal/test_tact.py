"""Tact: no public page, table or feed calls a State late or tells who has not reported."""

import datetime as dt
import html
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from states.models import Deadline, Practice, RecordsKept
from tests.conftest import TODAY

pytestmark = [pytest.mark.usefixtures("treaty", "db", "today")]
STATES = ["AFG", "TCD", "CHL", "GIN", "LBN", "MRT", "SOM"]
UNTACTFUL = re.compile(
    r"\b(late|lateness|overdue|expired?|in arrears|missed|failed|past due|non-?complian\w+|"
    r"outstanding|not (yet )?(reported|submitted|shown?)|has not|have not yet)\b",
    re.IGNORECASE,
)
# Said of the treaty as a whole, with its number.
ALLOWED = [
    "signatories have not deposited",
    "signatories that have not deposited",
]
COMMON = [
    "/",
    "/states/",
    "/states.csv",
    "/states.json",
    "/reports/",
    "/reports.csv",
    "/reports.json",
    "/calendar/",
    "/calendar.csv",
    "/calendar.json",
    "/calendar/all.ics",
    "/figures/",
    "/figures.csv",
    "/figures.json",
    "/search/?q=report",
]


def addresses() -> Iterator[str]:
    """Everything public that may speak of one of the States."""
    yield from COMMON
    for iso3 in STATES:
        yield from (f"/states/{iso3}/", f"/states/{iso3}.json", f"/states/{iso3}/deadlines.ics")
        yield f"/search/?q={iso3}"


def said(client: Client, path: str) -> str:
    """What the address says, unfolded and without the marks of its form."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    text = answer.content.decode().replace("\r\n ", "")
    if path.partition("?")[0].endswith("/"):
        classes = re.findall(r'class="([^"]*)"', text)
        text = html.unescape(re.sub(r"<[^>]+>", " ", text)) + " ".join(classes)
    for allowed in ALLOWED:
        text = text.replace(allowed, "")
    return text


def test_no_state_is_called_late(client: Client) -> None:
    found = {path: UNTACTFUL.findall(said(client, path)) for path in addresses()}

    assert {path: words for path, words in found.items() if words} == {}


def test_passed_days_say_that_later_decisions_are_not_recorded(client: Client) -> None:
    for iso3 in STATES:
        assert "Later decisions are not recorded here." in said(client, f"/states/{iso3}/"), iso3


def test_tables_of_all_states_parties_do_not_tell_who_has_reported(client: Client) -> None:
    """By difference of sets too: what is met or not leaves no trace in any public answer."""
    before = {path: said(client, path) for path in addresses()}

    reports = Deadline.objects.filter(obligation__kind__startswith="art7")
    reports.filter(obligation__state__in=STATES[:3]).update(met_on=dt.date(2026, 5, 1))
    after = {path: said(client, path) for path in addresses()}

    assert after == before


def test_what_changes_after_a_deadline_is_the_same_for_every_state(client: Client) -> None:
    """By difference of two days: 30 April passes, and each next day moves by a year for all."""
    eve = client.get("/states.json", {"as_at": "2026-04-30"}).json()["items"]
    morrow = client.get("/states.json", {"as_at": "2026-05-01"}).json()["items"]

    awaited = {one["iso3"] for one in eve if one["next_deadline_on"] == "2026-04-30"}
    moved = {
        one["iso3"]: (other["next_deadline_on"], other["next_deadline_kind"])
        for one, other in zip(eve, morrow, strict=True)
        if one != other
    }

    assert set(moved) == awaited
    assert len(awaited) > 100
    still_annual = {iso3 for iso3, day in moved.items() if day == ("2027-04-30", "art7-annual")}
    # Their clearance fell due in May, June and October 2026.
    assert set(moved) - still_annual == {"LBN", "CHL", "TCD"}


def test_complete_records_alone_do_not_make_a_page_speak_of_lateness(client: Client) -> None:
    RecordsKept.objects.update(
        complete_from=dt.date(2010, 1, 1), decisions_known_until=dt.date(2030, 1, 1)
    )

    found = {path: UNTACTFUL.findall(said(client, path)) for path in addresses()}

    assert {path: words for path, words in found.items() if words} == {}


def test_the_isu_may_decide_that_pages_say_what_the_records_do_not_show(client: Client) -> None:
    RecordsKept.objects.update(
        complete_from=dt.date(2010, 1, 1), decisions_known_until=dt.date(2030, 1, 1)
    )
    Practice.objects.create(key=Practice.Key.LATENESS_IN_PUBLIC, value="yes")

    text = said(client, "/states/TCD/")

    assert "Our records do not yet show that this was done." in text


def test_asking_for_a_day_to_come_makes_no_state_late_before_its_day(client: Client) -> None:
    RecordsKept.objects.filter(kind="art4").update(
        complete_from=dt.date(2010, 1, 1), decisions_known_until=dt.date(2090, 1, 1)
    )
    Practice.objects.create(key=Practice.Key.LATENESS_IN_PUBLIC, value="yes")
    to_come = Deadline.objects.standing(TODAY.date()).filter(
        obligation__kind="art4", obligation__fulfilled_on__isnull=True, due_on__gt=TODAY.date()
    )
    row = to_come.earliest("due_on", "pk")

    text = said(client, f"/states/{row.obligation.state_id}/?as_at=2080-01-01")

    assert "Our records do not yet show" not in text


def test_nothing_of_low_confidence_is_printed(client: Client) -> None:
    # Mauritania's extension to 1 August 2026 and Cuba's completion are known from memory only.
    assert "1 August 2026" not in said(client, "/states/MRT/")
    assert "2026-08-01" not in said(client, "/states/MRT.json")
    assert "completion declared" not in said(client, "/states/CUB/")


def test_a_duty_without_a_day_is_not_told_before_the_state_was_bound(client: Client) -> None:
    """South Sudan acceded in 2023; when its contaminated areas became known is not on record."""
    early = client.get("/states/SSD.json", {"as_at": "2012-01-01"}).json()
    now = client.get("/states/SSD.json").json()

    assert early["events"] == []
    assert [event["article"] for event in now["events"]] == ["4"]
