"""The first page, and what search engines read."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from states.models import State, TreatyAction
from tests import factories
from tests.ccm_portal.duties import clearance
from tests.matrix import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def test_every_figure_has_its_name_and_its_day(client: Client, laos: State) -> None:
    state = factories.StateFactory(iso3="AGO", name_en="Angola")
    TreatyAction.objects.create(state=state, kind="signature", done_on="2008-12-03")

    page = client.get("/")

    figures = {str(one["name"]): one["number"] for one in page.context["figures"]}
    assert figures == {
        "States for which it is in force": 1,
        "States that have deposited an instrument and not withdrawn": 1,
        "signatories that have not deposited an instrument": 1,
    }
    assert page.content.decode().count("as at 20 November 2026") == 3


@pytest.mark.parametrize("number", [1, 3])
def test_the_first_page_takes_as_many_queries_for_any_number_of_states(
    client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for code in ["LAO", "PER", "DEU"][:number]:
        clearance(factories.party(code, code, "2012-09-26"))

    with django_assert_num_queries(QUERIES):
        client.get("/")


def test_the_next_dates_say_why_each_is_the_day(client: Client, laos: State) -> None:
    clearance(laos)

    text = client.get("/").content.decode()

    assert text.count("Why this date?") == 2
    assert "The report on the calendar year 2026 is due by 30 April 2027." in text
    assert "The instrument of ratification was deposited on 18 March 2009." in text


# Counts; deadlines with their States and former names; of their sums: instruments, chains,
# requests, coverage; reports counted and listed; who was first (practice, days); documents.
QUERIES = 12


def test_the_one_search_box_searches_the_whole_portal(client: Client, laos: State) -> None:
    text = client.get("/").content.decode()

    assert '<form class="find" action="/search/" method="get"' in text
    assert 'name="q"' in text


def test_a_published_report_is_news(client: Client, world_of_reports: State) -> None:
    text = client.get("/").content.decode()

    assert "annual report, 2023" in text
    assert "published 2 May 2024" in text


@pytest.mark.parametrize(("demonstration", "named"), [(True, True), (False, False)])
def test_a_fictional_state_is_news_on_a_demonstration_only(
    client: Client, settings: Any, demonstration: bool, named: bool
) -> None:
    settings.DEMO = demonstration
    fictional = factories.StateFactory(iso3="XAA", name_en="Aldovia", demo=True)
    World().past("published", 2023, fictional)

    assert ("Aldovia" in client.get("/").content.decode()) is named


def test_the_first_page_can_be_cached_for_everybody(client: Client) -> None:
    page = client.get("/")

    assert not page.cookies
    assert "Cookie" not in page.get("Vary", "")
    assert "csrf" not in page.content.decode()


def test_the_site_map_lists_real_states_in_each_language(client: Client, laos: State) -> None:
    factories.StateFactory(iso3="XAA", name_en="Aldovia", demo=True)

    text = client.get("/sitemap.xml").content.decode()

    assert "/states/LAO/</loc>" in text
    assert "/figures/</loc>" in text
    assert "/search/" not in text
    assert 'hreflang="fr"' in text
    assert "XAA" not in text
    assert "Sitemap: " in client.get("/robots.txt").content.decode()
