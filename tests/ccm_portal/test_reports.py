"""The list of published reports: what was public by the day, and nothing else."""

import csv
import io

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from reporting.models import Report
from states.models import State
from tests.matrix import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
REPORTS = "/reports/"


def test_only_what_was_published_by_the_day_is_listed(
    client: Client, world_of_reports: State
) -> None:
    before = client.get(REPORTS, {"as_at": "2024-05-01"})
    after = client.get(REPORTS)

    assert before.context["listed"] == []
    assert [row["year"] for row in after.context["listed"]] == ["2023"]
    assert "2 May 2024" in after.content.decode()
    assert "PDF, 1 kB" in after.content.decode()


def test_a_size_is_written_as_the_language_writes_it_in_one_way() -> None:
    rule = Template("{{ given|size }}")

    sizes = [rule.render(Context({"given": given})) for given in (1, 14_500, 1_540_000)]
    with translation.override("fr"):
        french = rule.render(Context({"given": 1_540_000}))

    assert sizes == ["1 kB", "14 kB", "1.5 MB"]
    assert french.startswith("1,5")


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_six_queries_for_any_number_of_reports(
    client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    world = World()
    for year in range(2020, 2020 + number):
        world.past("published", year, world.laos)

    # States and their former names, how many, the page, and who was first (practice, days).
    with django_assert_num_queries(6):
        page = client.get(REPORTS)

    assert len(page.context["listed"]) == number


def test_an_empty_list_says_what_is_so(client: Client) -> None:
    text = client.get(REPORTS).content.decode()

    assert "No report is published here yet" in text


def test_a_filter_that_finds_nothing_offers_the_whole_list(
    client: Client, world_of_reports: State
) -> None:
    page = client.get(REPORTS, {"year": "2019"})

    assert page.status_code == 200
    assert "No published report matches" in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "lao"}, 1),
        ({"q": "peru"}, 0),
        ({"kind": "annual", "year": "2023", "language": "en"}, 1),
        ({"kind": "initial"}, 0),
        ({"sort": "state"}, 1),
    ],
)
def test_reports_are_found_by_what_they_are(
    client: Client, world_of_reports: State, asked: dict[str, str], found: int
) -> None:
    assert client.get("/reports.json", asked).json()["count"] == found


def test_a_year_without_reports_to_be_is_refused_with_a_sentence(client: Client) -> None:
    page = client.get(REPORTS, {"year": "1066"})

    assert page.status_code == 400
    assert "Choose 2008 to 2026" in page.content.decode()


def test_years_that_run_backwards_are_asked_again_with_every_filter_as_typed(
    client: Client, world_of_reports: State
) -> None:
    page = client.get(REPORTS, {"from": "2025", "to": "2021", "state": "LAO", "q": "2023"})

    assert page.status_code == 400
    assert "The years run backwards: 2025 is after 2021." in page.text
    chosen = {
        one["name"]: option["value"]
        for one in page.context["filters"]
        for option in one["options"]
        if option["selected"] and option["value"]
    }
    assert chosen == {"from": "2025", "to": "2021", "state": "LAO"}
    assert page.context["asked_q"] == "2023"


@pytest.mark.parametrize(("year", "found"), [("2023", 1), ("2024", 0), ("0", 0)])
def test_the_api_answers_with_the_reports_on_the_year_asked_for(
    client: Client, world_of_reports: State, year: str, found: int
) -> None:
    assert client.get("/api/v1/reports", {"year": year}).json()["count"] == found


def test_the_data_carries_day_and_address(client: Client, world_of_reports: State) -> None:
    report = Report.objects.get(status="published")

    (row,) = csv.DictReader(io.StringIO(client.get("/reports.csv").content.decode()))

    assert (row["iso3"], row["year"], row["as_at"]) == ("LAO", "2023", "2026-11-20")
    assert row["published_on"] == "2024-05-02"
    assert row["url"].endswith(report.get_absolute_url())
