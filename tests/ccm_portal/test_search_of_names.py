"""The search over the real names of States: spellings that were meant, and pages of finds."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from states.models import User
from tests.conftest import SignedIn

pytestmark = pytest.mark.usefixtures("treaty", "db", "today")


def ask(client: Client, q: str, **query: str) -> Any:
    answer = client.get("/search/", {"q": q, **query})
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Pamama", "Panama"),
        ("geramny", "Germany"),
        ("Cot divoir", "Côte d'Ivoire"),
        ("Suazilanda", "Eswatini"),
        ("Laos", "Lao People's Democratic Republic"),
    ],
)
def test_a_spelling_meets_the_name_that_was_meant(client: Client, typed: str, meant: str) -> None:
    page = ask(client, typed)

    assert meant in [one["text"] for one in page.context["meant"]]
    first = page.context["meant"][0]
    assert client.get(first["href"]).context["groups"]


def test_where_something_is_found_nothing_else_is_suggested(client: Client) -> None:
    assert ask(client, "Panama").context["meant"] == []


def test_what_is_like_no_name_is_told_what_can_be_found(client: Client) -> None:
    page = ask(client, "xyzzyx")

    assert page.context["meant"] == []
    assert "Nothing here holds all of these words" in page.content.decode()
    assert "States: any name, present or former" in page.content.decode()


def test_finds_are_grouped_by_kind_and_one_kind_has_its_own_address(client: Client) -> None:
    page = ask(client, "an")
    (group,) = page.context["groups"]

    assert len(group["hits"]) == 5 < group["count"]
    whole = client.get(group["more"])
    assert len(whole.context["groups"][0]["hits"]) == min(20, group["count"])
    assert client.get("/search/", {"q": "an", "kind": "people"}).status_code == 400


def test_one_kind_has_pages(client: Client) -> None:
    first = ask(client, "s", kind="states").context["groups"][0]["hits"]
    second = ask(client, "s", kind="states", page="2").context["groups"][0]["hits"]

    assert len(first) == 20
    assert not {hit["url"] for hit in first} & {hit["url"] for hit in second}
    assert ask(client, "s", kind="states", page="none").context["groups"][0]["hits"] == first


@pytest.mark.parametrize(
    ("typed", "code"), [("laos", "LAO"), ("swaziland", "SWZ"), ("cote d'iv", "CIV"), ("CIV", "CIV")]
)
def test_staff_find_states_by_any_name_and_without_accents(
    assistant: User, typed: str, code: str
) -> None:
    client = SignedIn(assistant)

    listed = client.get(reverse("admin:states_state_changelist"), {"q": typed})
    offered = client.get(
        reverse("admin:autocomplete"),
        {"term": typed, "app_label": "states", "model_name": "contact", "field_name": "state"},
    )

    assert [row.pk for row in listed.context["cl"].result_list] == [code]
    assert [one["id"] for one in offered.json()["results"]] == [code]
