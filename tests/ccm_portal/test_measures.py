"""The overview of national implementation measures: what was public by the day, and its data."""

import csv
import io

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reporting.measures import shipping
from reporting.models import MeasureNote
from states.models.rights import Role
from tests import factories
from tests.conftest import appointed
from tests.reporting.measures.test_drawing import ACT, ORDER, form_a
from tests.reporting.publishing import drafted, handed_in, published

pytestmark = pytest.mark.usefixtures("today")
MEASURES = "/measures/"
SECRET = "An act that nobody else may read"


@pytest.fixture(autouse=True)
def groups(db):
    shipping.ship_groups()


def names(page) -> list[str]:
    return [row["name"] for row in page.context["listed"]]


def test_the_overview_says_what_states_reported_and_by_which_rule_it_counts(
    client, laos, peru, focal_point, officer
):
    published(laos, focal_point, officer, **form_a(ACT, ORDER))

    page = client.get(MEASURES)
    text = page.content.decode()

    assert names(page) == ["Lao People's Democratic Republic"]
    assert "Official Gazette 45" in text
    assert "As reported by the State" in text
    counts = {row["name"]: row["number"] for row in page.context["counts"]}
    assert counts["Legislation adopted"] == 1
    assert counts["Legislation in preparation"] == 0
    assert "A measure of one of these kinds: law, regulation" in text
    assert "to be confirmed by the ISU" in text


def test_a_state_of_which_nothing_is_recorded_is_not_accused(client, laos, peru):
    page = client.get(MEASURES)
    text = page.content.decode()

    assert [row["name"] for row in page.context["without"]] == [
        "Lao People's Democratic Republic",
        "Peru",
    ]
    assert "That says nothing of their law" in text
    for word in ("missing", "overdue", "late ", "failed", "has not reported", "lacks"):
        assert word not in text.lower()


@pytest.mark.parametrize("address", [MEASURES, "/measures.csv", "/api/v1/measures", "/states/LAO/"])
def test_no_draft_and_nothing_only_handed_in_shows(client, laos, focal_point, officer, address):
    secret = {**ACT, "title": SECRET, "citation": SECRET}
    drafted(laos, focal_point, 2024, **form_a(secret))
    handed_in(laos, focal_point, 2025, **form_a(secret))

    assert SECRET not in client.get(address).content.decode()
    found = client.get("/search/", {"q": SECRET})
    assert "measures" not in {group["kind"] for group in found.context["groups"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "legislation"}, ["Lao People's Democratic Republic"]),
        ({"status": "in-progress"}, []),
        ({"kind": "existing-law"}, ["Peru"]),
        ({"penal": "yes"}, ["Lao People's Democratic Republic"]),
        ({"penal": "not-recorded"}, ["Peru"]),
        ({"group": "asia-pacific"}, ["Lao People's Democratic Republic", "Peru"]),
        ({"group": "african"}, []),
        ({"q": "gazette"}, ["Lao People's Democratic Republic"]),
        ({"q": "código"}, ["Peru"]),
        ({"status": "not-recorded"}, []),
    ],
)
def test_filters_live_in_the_address(client, laos, peru, focal_point, officer, query, found):
    type(laos).objects.update(regional_group="Asia-Pacific")
    published(laos, focal_point, officer, **form_a(ACT))
    MeasureNote.objects.create(
        state=peru, kind="existing-law", title="Código penal", source="Gaceta"
    )

    page = client.get(MEASURES, query)

    assert sorted(names(page)) == found
    rows = client.get("/measures.json", query).json()["items"]
    assert sorted({row["state"] for row in rows if row["kind"]}) == found


def test_an_unknown_status_is_answered_by_a_sentence(client):
    page = client.get(MEASURES, {"status": "bad\0 word"})

    assert page.status_code == 400
    assert "is not a choice for “status”" in page.content.decode()


def test_the_data_have_a_line_for_each_measure_and_for_each_state_without(
    client, laos, peru, focal_point, officer
):
    published(laos, focal_point, officer, **form_a({**ACT, "title": "=1+1"}, ORDER))

    text = client.get("/measures.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    book = client.get("/measures.xlsx")

    assert [(row["iso3"], row["kind"], row["statuses"]) for row in rows] == [
        ("LAO", "law", "legislation; penal-sanctions; other-measures"),
        ("LAO", "directive", "legislation; penal-sanctions; other-measures"),
        ("PER", "", "not-recorded"),
    ]
    assert not rows[0]["title"].startswith("=")
    assert book.status_code == 200


def test_as_at_a_day_before_its_publication_a_report_says_nothing(
    client, laos, focal_point, officer
):
    published(laos, focal_point, officer, **form_a(ACT))

    assert names(client.get(MEASURES, {"as_at": "2026-11-19"})) == []
    assert client.get("/api/v1/measures?as_at=2026-11-19").json() == {"count": 0, "items": []}


def test_the_api_says_whose_word_each_measure_is(client, laos, focal_point, officer):
    report = published(laos, focal_point, officer, **form_a(ACT))
    MeasureNote.objects.create(
        state=laos, kind="law", title="Investment act", bans_investment=True, source="Gazette 9"
    )

    body = client.get("/api/v1/measures?state=LAO").json()

    assert body["count"] == 2
    said = [(row["title"], row["said"], row["reference"]) for row in body["items"]]
    assert said == [
        ("ກົດໝາຍ", "as reported by the State", report.reference),
        ("Investment act", "ISU note", ""),
    ]
    assert body["items"][0]["penal_sanctions"] is True
    assert body["items"][0]["in_latest_report"] is True
    assert body["items"][1]["bans_investment"] is True
    assert body["items"][0]["statuses"] == ["legislation", "penal-sanctions", "investment"]
    assert client.get("/api/v1/measures?status=investment&kind=law").json()["count"] == 2
    assert client.get("/api/v1/measures?kind=treaty").status_code == 400
    assert client.get("/api/v1/measures?demo=1").json()["count"] == 0


def test_the_page_of_a_state_has_its_measures(client, laos, peru, focal_point, officer):
    published(laos, focal_point, officer, **form_a(ACT))

    own = client.get("/states/LAO/").content.decode()
    other = client.get("/states/PER/").content.decode()

    assert 'id="measures"' in own
    assert "Official Gazette 45" in own
    assert "says nothing of the law of the State" in other


@pytest.mark.parametrize(
    ("asked", "found"),
    [("gazette", 1), ("lao gazette", 1), ("peru gazette", 0), ("lao", 0), ("ກົດໝາຍ", 1)],
)
def test_measures_are_found_by_their_own_words(
    client, laos, peru, focal_point, officer, asked, found
):
    published(laos, focal_point, officer, **form_a(ACT))

    page = client.get("/search/", {"q": asked})

    counts = {group["kind"]: group["count"] for group in page.context["groups"]}
    assert counts.get("measures", 0) == found


@pytest.mark.parametrize("number", [1, 3])
def test_the_overview_takes_as_many_queries_for_any_number_of_states(
    officer, number, django_assert_num_queries: DjangoAssertNumQueries
):
    for code in ("LAO", "PER", "CHE")[:number]:
        state = factories.party(code, f"State {code}", "2009-03-18")
        person = appointed(Role.FOCAL_POINT, state, f"{code.lower()}@example.org", "Focal point")
        published(state, person, officer, **form_a(ACT, ORDER))

    with django_assert_num_queries(7):
        page = Client().get(MEASURES)

    assert len(page.context["listed"]) == number
