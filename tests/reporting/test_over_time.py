"""What a State reported over the years stands on its page, as bars and in tables."""

import re

import pytest

from reporting.over_time import series
from reporting.workflow import REPORTS
from states.models.generation import generations
from tests.reporting.publishing import CLEARANCE, handed_in, published

pytestmark = pytest.mark.usefixtures("today")
HEADING = "Figures over time, as reported by the State"


def destroyed(**by_type):
    return {
        "destroyed": [
            {"id": f"row{kind.lower()}", "type": kind, "quantity": quantity}
            for kind, quantity in by_type.items()
        ]
    }


def test_a_state_without_figures_has_no_such_part_on_its_page(client, laos, focal_point):
    handed_in(laos, focal_point, clearance=CLEARANCE)

    assert HEADING not in client.get("/states/LAO/").text


def test_each_question_that_adds_up_has_its_bars_and_its_table(
    client, laos, focal_point, officer, today
):
    published(laos, focal_point, officer, 2023, stockpiles=destroyed(A=40, B=2))
    published(laos, focal_point, officer, 2025, stockpiles=destroyed(A=84), clearance=CLEARANCE)

    found = {one.label: one for one in series(laos, today)}

    assert list(found) == [
        "Destroyed in the period: Quantity of munitions",
        "Areas known to be contaminated: Size",
        "Areas released in the period: Size",
        "Areas released in the period: Quantity cleared and destroyed",
    ]
    one = found["Destroyed in the period: Quantity of munitions"]
    assert [(bar.year, bar.words) for bar in one.bars] == [(2023, "42"), (2025, "84")]
    assert one.bars[1].height == 2 * one.bars[0].height
    page = client.get("/states/LAO/").text
    assert HEADING in page
    # A number of one year alone is said, not drawn.
    assert page.count('<figure class="bars"') == 1
    assert "1,250,800.5\u00a0m² (1.25\u00a0km²)" in page
    assert '/reports/LAO/annual/2023/1/#stockpiles"' in page


def test_a_page_in_french_has_the_same_drawing(client, laos, focal_point, officer):
    published(laos, focal_point, officer, 2024, clearance=CLEARANCE)
    published(laos, focal_point, officer, 2025, clearance=CLEARANCE)

    def drawing(language):
        page = client.get("/states/LAO/", headers={"accept-language": language}).text
        return re.findall(r'<rect class="bar"[^>]*>', page)

    assert drawing("fr") == drawing("en") != []


def test_the_last_version_counts_and_money_is_not_added_up(laos, focal_point, officer, today):
    money = {"national": [{"id": "aaaa", "amount": {"amount": 5, "currency": "CHF"}}]}
    published(laos, focal_point, officer, stockpiles=destroyed(A=40), resources=money)
    published(laos, focal_point, officer, stockpiles=destroyed(A=41), resources=money)

    [one] = series(laos, today)

    assert [bar.words for bar in one.bars] == ["41"]
    assert one.bars[0].url == "/reports/LAO/annual/2025/2/#stockpiles"


def test_persons_are_added_up_and_those_with_a_disability_are_among_them(
    laos, focal_point, officer, today
):
    victims = {"victims": {"women": 3, "men": 2, "with-disability": 4}}
    published(laos, focal_point, officer, victim_assistance=victims)

    [one] = series(laos, today)

    assert (one.label, one.most) == ("Victims of whom the State knows", "5")


def test_nought_is_a_number_and_has_its_year(laos, focal_point, officer, today):
    published(laos, focal_point, officer, stockpiles=destroyed(A=0))

    [one] = series(laos, today)

    assert [(bar.words, bar.height) for bar in one.bars] == [("0", 0)]


def test_they_cost_three_queries_for_any_number_of_years(
    laos, focal_point, officer, today, django_assert_num_queries
):
    for year in range(2019, 2026):
        published(laos, focal_point, officer, year, clearance=CLEARANCE)
        with django_assert_num_queries(3):
            series(laos, today)


def test_publication_drops_the_kept_page_of_the_state(client, laos, peru, focal_point, officer):
    held = handed_in(laos, focal_point, clearance=CLEARANCE)
    before = generations()

    published_before = client.get("/states/LAO/").text
    REPORTS.take("publish", held, by=officer)

    assert HEADING not in published_before
    assert HEADING in client.get("/states/LAO/").text
    now = generations()
    assert now["LAO"] > before["LAO"]
    assert now.get("PER", 0) == before.get("PER", 0)
