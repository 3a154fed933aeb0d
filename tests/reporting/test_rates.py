"""How many reports that were due are here, as at a day: nobody named who has not, nothing late."""

import datetime as dt
import re

import pytest
import time_machine

from reporting import days, embargo, rates
from reporting.workflow import REPORTS
from states import registry
from states.models import Deadline, Practice, RecordsKept
from tests import factories
from tests.conftest import appointed
from tests.reporting.publishing import drafted, handed_in, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
PAGE = "/reports/rates/"
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def complete(laos, peru):
    """The records are complete for what falls due from 2025 on."""
    for kind in ("art7-annual", "art7-initial"):
        RecordsKept.objects.create(kind=kind, complete_from=dt.date(2025, 1, 1))


def annual(client, year, **asked):
    items = client.get("/reports/rates.json", {"kind": "annual", **asked}).json()["items"]
    [one] = [one for one in items if one["year"] == year and one["regional_group"] == "all"]
    return one["due"], one["published_here"], one["share_per_cent"], one["standing"]


def test_a_rate_is_of_the_reports_that_were_due(client, complete, laos, focal_point, officer):
    published(laos, focal_point, officer, 2025)

    assert annual(client, 2025) == (2, 1, 50, "complete")
    assert annual(client, 2024) == (2, 0, 0, "complete")


def test_a_rate_speaks_of_its_day(client, complete, laos, focal_point, officer):
    published(laos, focal_point, officer, 2025)

    assert annual(client, 2025, as_at="2026-11-19")[:2] == (2, 0)
    assert annual(client, 2025, as_at="2026-04-30") == (2, 0, None, "coming")
    assert annual(client, 2025, as_at="2026-05-01") == (2, 0, 0, "complete")


def test_the_day_on_which_a_row_was_recorded_plays_no_part(client, complete, laos):
    before = annual(client, 2025)

    Deadline.objects.update(recorded_at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC))

    assert annual(client, 2025) == before


def test_where_the_records_are_not_complete_there_is_no_rate(client, complete):
    assert annual(client, 2023) == (2, 0, None, "not-complete")
    text = client.get(PAGE, {"year": "2023"}).text
    assert "records not complete" in text
    RecordsKept.objects.all().delete()
    assert annual(client, 2025) == (2, 0, None, "not-complete")


def test_what_is_not_published_is_in_no_rate(client, complete, laos, peru, focal_point, officer):
    handed_in(laos, focal_point, 2025)
    drafted(laos, focal_point, 2024)

    assert annual(client, 2025)[1] == 0
    assert annual(client, 2024)[1] == 0


@pytest.mark.parametrize(
    ("on", "year"), [("2027-03-01", 2026), ("2027-05-20", 2026), ("2026-11-20", 2023)]
)
def test_a_report_under_embargo_moves_no_rate_before_its_day(
    client, complete, laos, peru, focal_point, other_focal_point, officer, on, year
):
    asked = [
        f"{PAGE}?year={year}&kind=annual",
        "/reports/rates.json?kind=annual",
        "/reports/rates.csv?kind=annual",
    ]

    def pages():
        return [re.sub(r"lang=\w+|nonce=\S+|\d\d:\d\d:\d\d", "", client.get(u).text) for u in asked]

    with time_machine.travel(f"{on} 12:00", tick=False):
        registry.bring_up_to_date(dt.date.fromisoformat(on), ["LAO", "PER"])
        published(peru, other_focal_point, officer, year)
        before = pages()
        report = handed_in(laos, focal_point, year)
        days.record_receipt(report, "received_by_unoda", dt.date.fromisoformat(on), by=officer)
        embargo.decide(report, dt.date(2027, 9, 1), asked_by="state", why="Asked.", by=officer)

        assert Deadline.objects.get(obligation__state=laos, year=year).met_on is not None
        assert pages() == before


def test_what_was_received_is_said_to_those_who_keep_the_days_of_receipt(
    signed_in, complete, laos, focal_point, officer
):
    finances = appointed("finance-officer", None, "fo@example.org", "Finance officer")
    report = handed_in(laos, focal_point, 2025)
    days.record_receipt(report, "received_by_unoda", TODAY, by=officer)
    words = "received, not published here"

    assert words in signed_in(officer).get(f"{PAGE}?year=2025").text
    assert words not in signed_in(finances).get(f"{PAGE}?year=2025").text


def test_a_published_version_counts_once_however_many_there_are(
    client, complete, laos, focal_point, officer
):
    published(laos, focal_point, officer, 2025)
    published(laos, focal_point, officer, 2025)

    assert annual(client, 2025)[:2] == (2, 1)


def test_fictional_states_are_in_no_rate_of_the_convention(
    client, complete, settings, officer, laos
):
    settings.DEMO = True
    fiction = factories.party("XAA", "Arvalia", "2015-01-15", demo=True)
    person = appointed("focal-point", fiction, "fp.xaa@example.org", "Focal point, Arvalia")
    published(fiction, person, officer, 2025)

    assert annual(client, 2025)[:2] == (2, 0)
    assert annual(client, 2025, demo="1")[:2] == (1, 1)
    settings.DEMO = False
    assert annual(client, 2025, demo="1")[:2] == (2, 0)


def test_nobody_who_has_not_reported_is_named_in_public(
    client, signed_in, complete, laos, peru, focal_point, other_focal_point, officer, assistant
):
    published(laos, focal_point, officer, 2025)

    for reader in (client, signed_in(focal_point), signed_in(other_focal_point)):
        for address in (PAGE, f"{PAGE}?year=2025", "/reports/rates.csv", "/reports/rates.json"):
            text = reader.get(address).text
            assert "Peru" not in text, address
            assert "PER" not in text, address
        assert "Lao People" in reader.get(f"{PAGE}?year=2025").text
    for word in ("late", "overdue", "missing", "fail"):
        page = client.get(f"{PAGE}?year=2025").text.casefold()
        assert f" {word} " not in page.replace("what is not known is not late", "")

    desk = signed_in(assistant).get(f"{PAGE}?year=2025")
    assert "Peru" in desk.text
    assert [one["name"] for one in desk.context["behind"]] == ["Peru"]
    assert "private" in desk["Cache-Control"]


def test_to_the_desk_each_is_said_as_the_records_allow(signed_in, complete, laos, assistant):
    page = signed_in(assistant).get(f"{PAGE}?year=2023")

    assert {one["said"] for one in page.context["behind"]} == {"records not complete"}


def test_regions_add_up_to_all(client, complete, laos, focal_point, officer):
    published(laos, focal_point, officer, 2025)
    items = client.get("/reports/rates.json").json()["items"]

    for kind in ("annual", "initial"):
        for whole in [
            one for one in items if one["kind"] == kind and one["regional_group"] == "all"
        ]:
            parts = [
                one
                for one in items
                if (one["kind"], one["year"]) == (kind, whole["year"])
                and one["regional_group"] != "all"
            ]
            for name in ("due", "published_here"):
                assert sum(one[name] for one in parts) == whole[name]


def test_initial_reports_stand_under_the_year_in_which_they_fell_due(client, complete, laos):
    items = client.get("/reports/rates.json", {"kind": "initial"}).json()["items"]

    years = {one["year"]: one["due"] for one in items if one["regional_group"] == "all"}
    # 1 August 2010 and 1 March 2013, each and 180 days.
    assert years == {2011: 1, 2013: 1}


def test_nothing_is_due_after_a_withdrawal(client, laos, peru, complete):
    factories.TreatyActionFactory(state=laos, kind="withdrawal", done_on=dt.date(2024, 9, 6))

    # It took effect on 6 March 2025: the report on 2024 was never due.
    assert annual(client, 2024)[0] == 1
    assert annual(client, 2023)[0] == 2


def test_the_figures_of_the_convention_say_the_same(client, complete, laos, focal_point, officer):
    published(laos, focal_point, officer, 2025)

    figures = {one["key"]: one for one in client.get("/figures.json").json()["items"]}

    one = figures["annual-reports-on-last-year"]
    [rate] = [one for one in rates.rates(TODAY)["annual"] if one.year == 2025]
    assert one["value"] == annual(client, 2025)[1] == rate.here == 1
    assert "/reports/?kind=annual&year=2025" in one["url"]


def test_a_whole_number_of_hundredths_is_drawn_and_written(
    client, complete, laos, focal_point, officer
):
    published(laos, focal_point, officer, 2025)

    page = client.get(PAGE)

    shares = [one["words"] for one in page.context["chart"] if one["words"]]
    assert shares == ["0 %", "50 %"]
    assert page.text.count('<rect class="bar"') == 2
    for one in ("<title id=", "<desc id="):
        assert one in page.text


@pytest.mark.parametrize("number", [1, 3])
def test_they_cost_as_many_queries_for_any_number_of_states(
    client, number, django_assert_num_queries
):
    for iso3 in ("ABA", "CDC", "EFE")[:number]:
        factories.party(iso3, f"State {iso3}", "2012-01-01")

    with django_assert_num_queries(3):
        client.get(PAGE)
    with django_assert_num_queries(3):
        client.get("/reports/rates.csv")


def test_practice_about_lateness_changes_no_rate(client, complete, laos):
    before = client.get("/reports/rates.json").content
    Practice.objects.create(key="lateness-in-public", value="yes")

    assert client.get("/reports/rates.json").content == before


def test_publication_before_the_day_and_after_it(client, complete, laos, focal_point, officer):
    held = handed_in(laos, focal_point, 2025)
    with time_machine.travel(dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC), tick=False):
        REPORTS.take("publish", held, by=officer)
        assert annual(client, 2025)[1] == 1
        assert annual(client, 2025, as_at="2026-11-30")[1] == 0
