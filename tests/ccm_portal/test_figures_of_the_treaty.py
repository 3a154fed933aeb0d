"""The figures over the real treaty data: parts are wholes, and lists hold what is counted."""

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from ccm_portal.figures import figures
from states.models import State, User
from states.models.actors import RegionalGroup
from tests import factories
from tests.matrix import World

pytestmark = pytest.mark.usefixtures("treaty", "db", "today")


def published(state: State, year: int, on: dt.date, by: User) -> None:
    """A report of the State on the year, published on the day."""
    factories.ReportFactory(
        state=state,
        year=year,
        covers_from=dt.date(year, 1, 1),
        covers_to=dt.date(year, 12, 31),
        original=World.stored(f"%PDF-1.7 {year}".encode(), f"{year}.pdf", state),
        status="published",
        reference=f"A7-{year}-{state.pk}-01",
        handed_in_at=timezone.now(),
        handed_in_by=by,
        received_by_isu=on,
        published_on=on,
    )


def test_states_parties_of_all_regions_are_all_states_parties(client: Client) -> None:
    items = client.get("/figures.json").json()["items"]
    found = {item["key"]: item["value"] for item in items}

    of_regions = [number for key, number in found.items() if key.startswith("in-force-")]
    assert len(of_regions) == len(RegionalGroup)
    assert sum(of_regions) == found["in-force"] > 100


def test_each_figure_links_to_a_list_of_as_many_rows(client: Client, officer: User) -> None:
    """Whoever doubts a number counts the list: the address in the data gives it."""
    day = "2024-12-31"
    published(State.objects.get(pk="LAO"), 2022, dt.date(2023, 5, 2), officer)
    published(State.objects.get(pk="LAO"), 2023, dt.date(2024, 5, 2), officer)
    for item in client.get("/figures.json", {"as_at": day}).json()["items"]:
        path = item["url"].removeprefix(settings.SITE_URL)
        listed = client.get(path.replace("/?", ".json?", 1))

        assert f"as_at={day}" in path
        assert item["value"] or not item["key"].startswith("reports")
        assert listed.json()["count"] == item["value"], item["key"]


def test_every_key_is_of_one_figure_on_any_day() -> None:
    keys = [each.key for each in figures(dt.date(2015, 1, 1))]

    assert len(keys) == len(set(keys))
    assert keys == [each.key for each in figures(dt.date(2026, 1, 1))]
