"""The list of States: counts with name and date, filters in words, the alphabet, data."""

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from states.models import FormerName, State
from tests import factories
from tests.ccm_portal.duties import clearance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
STATES = "/states/"


def listed(client: Client, **asked: str) -> list[str]:
    """The codes in the order of the list."""
    answer = client.get("/states.csv", asked)
    assert answer.status_code == 200, answer.content
    return [row["iso3"] for row in csv.DictReader(io.StringIO(answer.content.decode()))]


def vanuatu() -> None:
    """Deposited on 5 September 2025, in force on 1 March 2026 (Article 17(2))."""
    factories.party("VUT", "Vanuatu", "2025-09-05")


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_five_queries_for_any_number_of_states(
    client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for code in ["LAO", "PER", "DEU"][:number]:
        factories.party(code, code, "2012-09-26")

    with django_assert_num_queries(5):
        page = client.get(STATES, {"as_at": "2020-01-01"})

    assert page.status_code == 200


def test_deposited_and_in_force_are_two_counts_with_their_names_and_date(client: Client) -> None:
    factories.party("LAO", "Lao People's Democratic Republic", "2009-03-18")
    vanuatu()

    between = client.get(STATES, {"as_at": "2025-10-01"})
    after = client.get(STATES, {"as_at": "2026-03-01"})

    assert (between.context["counts"].in_force, between.context["counts"].deposited) == (1, 2)
    assert (after.context["counts"].in_force, after.context["counts"].deposited) == (2, 2)
    assert "As at 1 October 2025" in between.content.decode()
    assert "Instrument deposited, not yet in force" in between.content.decode()


def test_fictional_states_stand_apart_and_are_never_counted(client: Client, settings: Any) -> None:
    factories.party("LAO", "Lao People's Democratic Republic", "2009-03-18")
    factories.party("XAA", "Aldovia", "2010-03-18", demo=True)
    settings.DEMO = True

    page = client.get(STATES)

    assert page.context["counts"].in_force == 1
    assert [row["code"] for row in page.context["listed"]] == ["LAO"]
    assert [row["code"] for row in page.context["fictional"]] == ["XAA"]
    assert "A fictional State." in page.content.decode()
    assert listed(client) == ["LAO"]
    assert listed(client, demo="1") == ["LAO", "XAA"]


def test_fictional_states_do_not_exist_where_the_site_is_no_demonstration(
    client: Client, settings: Any
) -> None:
    factories.party("XAA", "Aldovia", "2010-03-18", demo=True)
    settings.DEMO = False

    assert "Aldovia" not in client.get(STATES).content.decode()
    assert listed(client, demo="1") == []
    assert client.get(reverse("state", args=["XAA"])).status_code == 404


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("en", ["DNK", "EGY", "FIN", "ZMB"]),
        ("fr", ["DNK", "EGY", "FIN", "ZMB"]),
        ("es", ["DNK", "EGY", "FIN", "ZMB"]),
    ],
)
def test_accents_do_not_move_a_state_to_the_end(
    client: Client, language: str, order: list[str]
) -> None:
    factories.StateFactory(iso3="EGY", name_en="Egypt", name_fr="Égypte", name_es="Egipto")
    factories.StateFactory(iso3="ZMB", name_en="Zambia", name_fr="Zambie")
    factories.StateFactory(iso3="FIN", name_en="Finland", name_fr="Finlande", name_es="Finlandia")
    factories.StateFactory(iso3="DNK", name_en="Denmark", name_fr="Danemark", name_es="Dinamarca")

    assert listed(client, lang=language) == order


def test_the_alphabet_is_that_of_the_page(client: Client) -> None:
    factories.StateFactory(iso3="DEU", name_en="Germany", name_fr="Allemagne", name_es="Alemania")
    factories.StateFactory(iso3="BEL", name_en="Belgium", name_fr="Belgique", name_es="Bélgica")

    assert listed(client, lang="en") == ["BEL", "DEU"]
    assert listed(client, lang="fr") == ["DEU", "BEL"]


@pytest.mark.parametrize("asked", ["swaziland", "SWAZILANDIA", "eswatini", "SWZ", "sz"])
def test_a_state_is_found_by_past_and_present_names_and_codes(client: Client, asked: str) -> None:
    swaziland()
    factories.party("PER", "Peru", "2012-09-26")

    assert listed(client, q=asked) == ["SWZ"]


def swaziland() -> None:
    """Eswatini, which bore another name until 18 April 2018."""
    state = factories.party("SWZ", "Eswatini", "2011-09-13", iso2="SZ")
    FormerName.objects.create(
        state=state,
        name_en="Swaziland",
        name_fr="Swaziland",
        name_es="Swazilandia",
        until_on=dt.date(2018, 4, 18),
    )


def test_the_list_for_2015_prints_the_names_of_2015(client: Client) -> None:
    swaziland()

    then = client.get(STATES, {"as_at": "2015-06-30"}).content.decode()
    now = client.get(STATES).content.decode()

    assert ">Swaziland<" in then
    assert ">Eswatini<" in now


def test_filters_stand_in_the_address_as_plain_words(client: Client) -> None:
    factories.party("LAO", "Laos", "2009-03-18", regional_group="Asia-Pacific")
    factories.party("PER", "Peru", "2012-09-26", regional_group="GRULAC")
    factories.StateFactory(iso3="FIN", name_en="Finland", regional_group="WEOG")

    assert listed(client, status="not-party") == ["FIN"]
    assert listed(client, group="latin-american-and-caribbean") == ["PER"]
    assert listed(client, status="party", sort="in-force") == ["LAO", "PER"]
    assert listed(client, status="party", group="asia-pacific", q="per") == []


@pytest.mark.parametrize("given", ["2026-13-01", "soon", "20261120", "1999-01-01", "2100-01-01"])
def test_a_bad_day_is_answered_by_a_sentence_and_the_form_is_kept(
    client: Client, given: str
) -> None:
    page = client.get(STATES, {"as_at": given, "status": "party"})

    text = page.content.decode()
    assert page.status_code == 400
    assert "such as 2026-11-20" in text
    assert f'value="{given}"' in text
    assert '<input type="hidden" name="status" value="party">' in text


def test_an_unknown_word_in_a_filter_names_those_that_are_known(client: Client) -> None:
    page = client.get(STATES, {"status": "late"})

    assert page.status_code == 400
    assert "party, deposited, signatory, not-party, withdrawn" in page.content.decode()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_bad_day_is_a_plain_sentence_where_no_page_was_asked_for(
    client: Client, form: str
) -> None:
    answer = client.get(f"/states.{form}", {"as_at": "soon"})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "is not a day" in answer.content.decode()


def test_a_bad_day_is_a_problem_where_json_was_asked_for(client: Client) -> None:
    answer = client.get("/states.json", {"as_at": "soon"})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["parameter"] == "as_at"


def test_every_export_carries_its_day(client: Client) -> None:
    vanuatu()
    asked = {"as_at": "2025-10-01"}

    table = list(csv.DictReader(io.StringIO(client.get("/states.csv", asked).content.decode())))
    data = client.get("/states.json", asked).json()
    book = load_workbook(io.BytesIO(client.get("/states.xlsx", asked).content)).active
    cells = [cell for row in book.iter_rows(values_only=True) for cell in row]

    assert table[0]["as_at"] == "2025-10-01"
    assert table[0]["status"] == "deposited"
    assert table[0]["in_force_on"] == "2026-03-01"
    assert (data["as_at"], data["count"]) == ("2025-10-01", 1)
    assert "deposited an instrument and not withdrawn" in data["note"]
    assert "As at 2025-10-01" in cells
    assert "Vanuatu" in cells


def test_downloads_keep_filters_and_day(client: Client) -> None:
    vanuatu()

    page = client.get(STATES, {"as_at": "2025-10-01", "status": "deposited"})

    hrefs = [one["href"] for one in page.context["downloads"]]
    assert hrefs[0] == "/states.csv?as_at=2025-10-01&status=deposited"
    assert listed(client, as_at="2025-10-01", status="deposited") == ["VUT"]


def test_the_next_deadline_does_not_tell_whether_a_report_came_in(client: Client) -> None:
    laos = factories.party("LAO", "Laos", "2009-03-18")
    before = client.get("/states.csv").content

    laos.obligations.get(kind="art7-annual").deadlines.filter(year=2026).update(
        met_on=dt.date(2026, 11, 1)
    )

    assert client.get("/states.csv").content == before
    assert b"2027-04-30,art7-annual" in before


def test_a_deadline_of_low_confidence_is_nobodys_next(client: Client) -> None:
    laos = factories.party("LAO", "Laos", "2009-03-18")
    doubtful = factories.ObligationFactory(
        state=laos, kind="art4", clause="4(1)(a)", confidence="low"
    )
    factories.DeadlineFactory(
        obligation=doubtful, year=None, due_on=dt.date(2027, 1, 1), confidence="low"
    )

    assert b"2027-01-01" not in client.get("/states.csv").content


def test_the_newest_report_is_the_newest_that_was_published_by_the_day(
    client: Client, world_of_reports: None
) -> None:
    before = client.get("/states.json", {"as_at": "2024-05-01"}).json()["items"][0]
    after = client.get("/states.json", {"as_at": "2024-05-02"}).json()["items"][0]

    assert before["last_report_year"] is None
    assert (after["last_report_year"], after["last_report_published_on"]) == (2023, "2024-05-02")


def test_the_page_can_be_cached_for_everybody(client: Client) -> None:
    factories.party("LAO", "Laos", "2009-03-18")

    page = client.get(STATES)

    assert not page.cookies
    assert "Cookie" not in page.get("Vary", "")
    assert "csrf" not in page.content.decode()


@pytest.mark.parametrize("asked", [{}, {"as_at": "2026-06-01", "lang": "en"}])
def test_one_click_on_a_deadline_in_the_list_leads_to_its_sum(
    client: Client, laos: State, asked: dict[str, str]
) -> None:
    clearance(laos)
    factories.party("VUT", "Vanuatu", "2025-09-05")

    days = re.findall(r'href="([^"]+)#(why-[^"]+)"', client.get(STATES, asked).content.decode())

    assert len(days) == 2
    for path, place in days:
        page = client.get(path.replace("&amp;", "&")).content.decode()
        fold = page.partition(f'<ol class="why" id="{place}">')
        assert fold[1], f"{path} has no {place}"
        # Within what is folded away, so that arriving there unfolds it.
        assert fold[0].rfind("<details>") > fold[0].rfind("</details>")
        assert all(f"{name}={value}" in path for name, value in asked.items())
