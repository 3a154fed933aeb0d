"""Addresses that nobody means well get an answer like any other: never an error of the portal."""

import pytest
from django.test import Client
from django.utils.translation import trans_real

from states.models import User
from tests.conftest import SignedIn

pytestmark = pytest.mark.usefixtures("laos", "today")


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/deadlines?as_at=9999-12-31",
        "/api/v1/states?offset=1000000000000000000000000",
        "/api/v1/reports.csv?offset=1000000000000000000000000",
        "/api/v1/states?state=%00",
    ],
)
def test_the_api_says_what_is_wrong_with_numbers_and_days_out_of_reach(address: str) -> None:
    answer = Client(raise_request_exception=False).get(address)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "address",
    [
        "/states/%00/",
        "/states/LAO%00/",
        "/states/LA%00.json",
        "/reports/LA%00/annual/2020/1/",
        "/files/1/%00",
        "/documents/A7%00/",
        "/pass/contacts/%00/",
    ],
)
def test_an_address_with_a_null_character_is_not_found(address: str) -> None:
    answer = Client(raise_request_exception=False).get(address)

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/states/LA%00/",
        "/admin/states/state/LA%00/change/",
        "/admin/states/contact/?state=%00",
        "/admin/autocomplete/?term=%00&app_label=states&model_name=contact&field_name=state",
    ],
)
def test_neither_is_it_for_whoever_has_signed_in(officer: User, address: str) -> None:
    client = SignedIn(officer)
    client.raise_request_exception = False

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("year", ["2147483648", "9" * 30, "10000", "0", "x"])
@pytest.mark.parametrize("address", ["/admin/records/letter/", "/admin/records/letter/export/csv/"])
def test_a_year_out_of_reach_leads_staff_back_to_the_list(
    officer: User, address: str, year: str
) -> None:
    client = SignedIn(officer)
    client.raise_request_exception = False

    answer = client.get(address, {"planned_at__year": year})

    assert answer.status_code == 302
    assert answer.url.startswith("/admin/records/letter/")


def test_a_row_is_shown_where_the_address_names_no_column_to_find_it_by(officer: User) -> None:
    client = SignedIn(officer)
    client.raise_request_exception = False

    assert client.get("/admin/states/state/LAO/change/?_to_field=").status_code == 200


@pytest.mark.parametrize(
    ("address", "posted"),
    [
        ("/admin/filters/save/", {"name": "Par\0ties", "address": "/admin/states/state/"}),
        ("/admin/filters/save/", {"name": "Parties", "address": "/admin/states/state/?q=\0"}),
        ("/admin/letters/switch/", {"stop": "yes", "reason": "Note\0 9"}),
    ],
)
def test_a_null_character_in_what_staff_post_fails_nothing(
    director: User, address: str, posted: dict[str, str]
) -> None:
    client = SignedIn(director)
    client.raise_request_exception = False

    assert client.post(address, posted).status_code < 400


def test_words_that_are_no_language_fill_no_memory() -> None:
    client = Client()
    client.get("/api/v1/states")
    before = set(trans_real._translations)

    answers = [client.get("/api/v1/states", {"lang": f"x{number}"}) for number in range(3)]

    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert set(trans_real._translations) == before
