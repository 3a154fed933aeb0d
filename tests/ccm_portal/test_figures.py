"""The figures: each as at its day, with the list that it counts; nothing fictional."""

import csv
import datetime as dt
import io

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from states.models import State
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def values(client: Client, **query: str) -> dict[str, int]:
    items = client.get("/figures.json", query).json()["items"]
    return {item["key"]: item["value"] for item in items}


def test_a_figure_speaks_of_its_day(client: Client, world_of_reports: State) -> None:
    before, after, now = (
        values(client, as_at=day) for day in ("2010-07-31", "2010-08-01", "2026-11-20")
    )

    assert (before["in-force"], before["deposited"]) == (0, 1)
    assert (after["in-force"], after["deposited"]) == (1, 1)
    assert (after["reports-published"], now["reports-published"]) == (0, 1)
    assert now["reports-published-in-year"] == 0
    assert values(client, as_at="2024-12-31")["reports-published-in-year"] == 1


def test_states_that_withdrew_are_a_figure_of_their_own(client: Client) -> None:
    state = factories.party("LTU", "Lithuania", "2011-03-24")
    factories.TreatyActionFactory(state=state, kind="withdrawal", done_on=dt.date(2024, 9, 6))

    found = values(client)

    assert (found["in-force"], found["deposited"], found["withdrawn"]) == (0, 0, 1)


def test_fictional_states_count_nowhere(client: Client) -> None:
    fiction = factories.party("XAA", "Arvalia", "2015-01-15", demo=True)
    factories.ReportFactory(state=fiction, demo=True)

    assert set(values(client).values()) == {0}


def test_page_and_files_give_the_same_figures(client: Client, laos: State) -> None:
    page = client.get("/figures/", {"as_at": "2015-09-01"})
    answer = client.get("/figures.csv", {"as_at": "2015-09-01"})

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    shown = [each for group in page.context["groups"] for each in group["figures"]]
    assert [(row["key"], int(row["value"])) for row in rows] == [
        (each["key"], each["value"]) for each in shown
    ]
    assert {row["as_at"] for row in rows} == {"2015-09-01"}
    assert "1 September 2015" in page.content.decode()
    assert client.get("/figures.xlsx").status_code == 200


def test_a_day_that_is_none_is_answered_with_a_sentence(client: Client) -> None:
    assert client.get("/figures/", {"as_at": "yesterday"}).status_code == 400
    assert client.get("/figures.json", {"as_at": "yesterday"}).status_code == 400


@pytest.mark.parametrize("number", [1, 3])
def test_each_app_gives_its_figures_in_one_query(
    client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for code in ["LAO", "PER", "DEU"][:number]:
        factories.party(code, code, "2012-09-26")

    with django_assert_num_queries(2):
        client.get("/figures/")
