"""Figures of one State and of all that reported, and one form of all States in a year."""

import pytest

from tests import factories
from tests.conftest import appointed
from tests.reporting.publishing import CLEARANCE, drafted, handed_in, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
MONEY = {"national": [{"id": "dddd", "amount": {"amount": 12.5, "currency": "CHF"}}]}
REACHED = {
    "measures": [
        {"id": "re01", "measure": "Lessons", "reached": {"girls": 3, "boys": 4}},
        {"id": "re02", "measure": "Posters", "reached": {"women": 5, "with-disability": 2}},
    ]
}


@pytest.fixture
def perus(peru):
    return appointed("focal-point", peru, "fp2.per@example.org", "Focal point, Peru")


def items(client, address, **asked):
    return client.get(address, asked).json()["items"]


def test_every_figure_of_a_state_has_its_series_and_says_whose_word_it_is(
    client, laos, focal_point, officer
):
    published(laos, focal_point, officer, 2024, clearance=CLEARANCE, resources=MONEY)
    published(laos, focal_point, officer, 2025, clearance=CLEARANCE, risk_education=REACHED)

    found = items(client, "/reports/LAO/figures.json")

    assert [(one["form"], one["column"], one["year"], one["number"]) for one in found] == [
        ("clearance", "size", 2024, 1250800.5),
        ("clearance", "size", 2025, 1250800.5),
        ("clearance", "size", 2024, 300),
        ("clearance", "size", 2025, 300),
        ("clearance", "destroyed", 2024, 12),
        ("clearance", "destroyed", 2025, 12),
        # Those with a disability are among the others.
        ("risk-education", "reached", 2025, 12),
        ("resources", "amount", 2024, 12.5),
    ]
    assert [one["adds_up"] for one in found[-2:]] == [False, False]
    assert found[-1]["unit"] == "CHF"
    assert {one["said"] for one in found} == {"as reported by the State"}
    page = client.get("/reports/LAO/figures/").text
    assert page.count('<figure class="bars"') == 5
    # A number of one year alone is said, not drawn.
    assert page.count("<desc") == page.count('aria-labelledby="series-') == 3
    assert "CHF\u00a012.5" in page


def test_sums_over_states_say_of_how_many_they_are(client, laos, peru, focal_point, perus, officer):
    published(laos, focal_point, officer, 2025, clearance=CLEARANCE, resources=MONEY)
    published(peru, perus, officer, 2025, clearance=CLEARANCE)
    published(laos, focal_point, officer, 2024, clearance=CLEARANCE, risk_education=REACHED)

    found = items(client, "/reports/figures.json")

    destroyed = [one for one in found if one["column"] == "destroyed"]
    assert [(one["year"], one["number"], one["states"], one["said"]) for one in destroyed] == [
        (2024, 12, 1, "as reported by 1 State"),
        (2025, 24, 2, "as reported by 2 States"),
    ]
    # Neither money of several currencies nor persons of several measures is added up.
    assert {one["form"] for one in found} == {"clearance"}
    page = client.get("/reports/figures/").text
    assert "as reported by 2 States" in page
    assert "It is no total for the Convention" in " ".join(page.split())


def test_nothing_unpublished_or_fictional_is_in_a_sum(client, laos, focal_point, officer, settings):
    settings.DEMO = True
    handed_in(laos, focal_point, 2024, clearance=CLEARANCE)
    drafted(laos, focal_point, 2025, clearance=CLEARANCE)
    fiction = factories.party("XAA", "Arvalia", "2015-01-15", demo=True)
    person = appointed("focal-point", fiction, "fp.xaa@example.org", "Focal point, Arvalia")
    published(fiction, person, officer, 2025, clearance=CLEARANCE)

    assert items(client, "/reports/figures.json") == []
    assert items(client, "/reports/LAO/figures.json") == []
    assert {one["demo"] for one in items(client, "/reports/figures.json", demo="1")} == {True}
    settings.DEMO = False
    assert items(client, "/reports/figures.json", demo="1") == []
    assert client.get("/reports/XAA/figures/").status_code == 404
    assert client.get("/reports/XAA/compare/").status_code == 404


def test_as_at_an_earlier_day_there_are_no_figures(client, laos, focal_point, officer):
    published(laos, focal_point, officer, 2025, clearance=CLEARANCE)

    for address in ("/reports/figures.json", "/reports/LAO/figures.json"):
        assert items(client, address, as_at="2026-11-19") == []
        assert items(client, address, as_at="2026-11-20") != []


@pytest.mark.parametrize("number", [1, 3])
def test_figures_cost_as_many_queries_for_any_number(
    client, laos, focal_point, officer, number, django_assert_num_queries
):
    for year in range(2020, 2020 + number):
        published(laos, focal_point, officer, year, clearance=CLEARANCE)

    with django_assert_num_queries(1):
        client.get("/reports/figures/")
    with django_assert_num_queries(5):
        client.get("/reports/LAO/figures/")


def test_one_form_of_all_states_stands_on_one_page(client, laos, peru, focal_point, perus, officer):
    published(laos, focal_point, officer, 2025, clearance=CLEARANCE)
    published(peru, perus, officer, 2025, clearance={"programme": "One team."})
    published(peru, perus, officer, 2024, clearance={"programme": "No team yet."})

    page = client.get("/reports/forms/clearance/")

    assert [one["name"] for one in page.context["listed"]] == [
        "Lao People's Democratic Republic",
        "Peru",
    ]
    assert "One team." in page.text
    assert "No team yet." not in page.text
    older = client.get("/reports/forms/clearance/", {"year": "2024"})
    assert [one["name"] for one in older.context["listed"]] == ["Peru"]
    assert older.context["downloads"][0]["href"].startswith("/reports/answers.csv?")
    rows = client.get(older.context["downloads"][0]["href"]).getvalue().decode()
    assert "No team yet." in rows
    assert "One team." not in rows


def test_one_table_question_of_all_states_is_one_table(
    client, laos, peru, focal_point, perus, officer
):
    published(laos, focal_point, officer, 2025, clearance=CLEARANCE)
    other = {"areas": [{"id": "pppp", "area": "Cordillera", "used": "1995"}]}
    published(peru, perus, officer, 2025, clearance=other)

    page = client.get("/reports/forms/clearance/", {"question": "areas"})

    heads = [one.words for one in page.context["across"].heads]
    assert heads == ["Name of the area", "Size", "Type of remnants", "When used"]
    assert [(one["name"], one["cells"][0][1].words) for one in page.context["rows"]] == [
        ("Lao People's Democratic Republic", "Ban Phonsavan"),
        ("Lao People's Democratic Republic", "منطقة الشمال"),
        ("Peru", "Cordillera"),
    ]
    only = client.get("/reports/forms/clearance/", {"question": "programme"})
    assert "Two teams." in only.text
    assert "Ban Phonsavan" not in only.text


def test_a_form_shows_nothing_that_is_not_public(client, signed_in, laos, focal_point, officer):
    handed_in(laos, focal_point, 2024, clearance={"programme": "Hidden."})
    drafted(laos, focal_point, 2025, clearance={"programme": "Hidden."})

    for reader in (client, signed_in(focal_point), signed_in(officer)):
        for year in ("2024", "2025"):
            for question in ("", "programme", "areas"):
                asked = {"year": year, "question": question}
                page = reader.get("/reports/forms/clearance/", asked)
                assert page.context["listed"] == []
                assert "Hidden." not in page.text


def test_a_form_that_is_none_is_not_found(client, db):
    assert client.get("/reports/forms/nonsense/").status_code == 404
    assert client.get("/reports/forms/clearance/", {"question": "x"}).status_code == 400


@pytest.mark.parametrize("number", [1, 3])
def test_a_form_of_all_costs_as_many_queries_for_any_number(
    client, laos, focal_point, officer, number, django_assert_num_queries
):
    for year in range(2020, 2020 + number):
        published(laos, focal_point, officer, year, clearance=CLEARANCE)

    asked = {"from": "2020", "to": "2025", "question": "areas"}
    with django_assert_num_queries(16):
        assert len(client.get("/reports/forms/clearance/", asked).context["rows"]) == 2 * number


def test_a_link_to_a_place_on_a_page_carries_the_language_before_the_place(
    client, laos, focal_point, officer
):
    published(laos, focal_point, officer, 2025, clearance=CLEARANCE)

    page = client.get("/reports/LAO/figures/", {"lang": "fr"}).text

    assert 'href="/reports/LAO/annual/2025/1/?lang=fr#clearance"' in page
