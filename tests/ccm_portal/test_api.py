"""The public API: exact shapes, 400 for what it does not know, and no word about lateness."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from states.models import Practice
from tests import factories

pytestmark = pytest.mark.usefixtures("treaty", "db", "today")


def get(client, path, **parameters):
    return client.get(f"/api/v1/{path}", parameters)


def test_there_are_exactly_the_treatys_197_states(client):
    answer = get(client, "states", limit=500).json()

    assert answer["count"] == 197
    assert len(answer["items"]) == 197
    assert [item["iso3"] for item in answer["items"]] == sorted(
        item["iso3"] for item in answer["items"]
    )


def test_a_state_answers_as_at_the_day(client):
    before = get(client, "states", state="LTU", as_at="2024-09-05").json()["items"][0]
    after = get(client, "states", state="LTU", as_at="2025-03-06").json()["items"][0]

    assert before == {
        "iso3": "LTU",
        "name": "Lithuania",
        "status": "party",
        "signed_on": "2008-12-03",
        "deposited_on": "2011-03-24",
        "instrument": "ratification",
        "in_force_on": "2011-09-01",
        "left_on": None,
        "demo": False,
    }
    assert (after["status"], after["left_on"]) == ("withdrawn", "2025-03-06")


def test_names_are_those_of_the_day(client):
    then = get(client, "states", state="SWZ", as_at="2015-06-30").json()["items"][0]
    now = get(client, "states", state="SWZ").json()["items"][0]

    assert (then["name"], now["name"]) == ("Swaziland", "Eswatini")


def test_fictional_states_are_asked_for_by_name(client):
    factories.StateFactory(iso3="XAA", demo=True)

    assert get(client, "states", limit=500).json()["count"] == 197
    assert [s["iso3"] for s in get(client, "states", demo="1").json()["items"]] == ["XAA"]


def test_one_deadline_for_each_obligation_and_year(client):
    items = get(client, "deadlines", state="TCD", limit=500).json()["items"]

    keys = [(item["kind"], item["article"], item["year"]) for item in items]
    assert len(keys) == len(set(keys))
    clearance = next(item for item in items if item["kind"] == "art4")
    assert (clearance["due_on"], clearance["by_rule_on"]) == ("2026-10-01", "2023-09-01")
    assert clearance["basis"] == "12MSP"
    assert "Later decisions are not recorded here" in clearance["explanation"]


def test_annual_deadlines_stop_at_the_end_of_the_next_calendar_year(client):
    items = get(client, "deadlines", kind="art7-annual", state="VUT").json()["items"]

    assert [item["due_on"] for item in items] == ["2027-04-30"]


@pytest.mark.parametrize("history", ["0", "1"])
def test_as_at_a_later_day_annual_deadlines_stop_at_the_end_of_its_next_year(client, history):
    asked = {"kind": "art7-annual", "state": "VUT", "history": history, "as_at": "2028-01-05"}
    items = get(client, "deadlines", **asked).json()["items"]

    assert [item["due_on"] for item in items] == ["2027-04-30", "2028-04-30", "2029-04-30"]
    assert not any(item["superseded"] for item in items)
    assert {item["article"] for item in items} == {"7(2)"}
    assert "30 April 2029" in items[-1]["explanation"]


def test_nobody_who_has_left_owes_reports_later_on(client):
    items = get(client, "deadlines", kind="art7-annual", state="LTU", as_at="2030-01-05").json()

    assert max(item["due_on"] for item in items["items"]) < "2025-03-06"


def test_pages_of_a_later_day_join_without_a_gap(client):
    every = get(client, "deadlines", as_at="2028-01-05", limit=500).json()
    second = get(client, "deadlines", as_at="2028-01-05", limit=50, offset=40).json()["items"]

    assert second == every["items"][40:90]
    assert every["count"] > get(client, "deadlines", limit=1).json()["count"]


def test_page_list_and_calendar_of_a_later_day_agree_with_the_api(client):
    asked = {"as_at": "2028-01-05"}
    page = client.get("/states/VUT/", asked).text
    listed = client.get("/states/", asked | {"state": "VUT"}).text
    calendar = client.get("/calendar/", asked).text

    for text in (page, calendar):
        assert "30 April 2028" in text
        assert "30 April 2029" in text
    assert "30 April 2028" in listed


def test_superseded_rows_come_only_with_history(client):
    without = get(client, "deadlines", state="CHL", kind="art4").json()["items"]
    with_history = get(client, "deadlines", state="CHL", kind="art4", history="1").json()["items"]

    assert [item["due_on"] for item in without] == ["2026-06-01"]
    assert [(item["due_on"], item["superseded"]) for item in with_history] == [
        ("2021-06-01", True),
        ("2022-06-01", True),
        ("2023-06-01", True),
        ("2026-06-01", False),
    ]


def test_whether_a_deadline_was_met_is_said_only_where_the_isu_decided_so(client):
    silent = get(client, "deadlines", state="CHL").json()["items"][0]
    Practice.objects.create(key=Practice.Key.MET_IN_PUBLIC, value="yes")

    spoken = get(client, "deadlines", state="CHL").json()["items"][0]

    assert "met_on" not in silent
    assert "met_on" in spoken


def test_low_confidence_rows_are_never_answered(client):
    everything = get(client, "deadlines", limit=500, history="1", kind="art3").content.decode()

    assert "BWA" not in everything
    assert "from memory" not in everything


@pytest.mark.parametrize(
    ("path", "parameters", "said"),
    [
        ("states", {"colour": "blue"}, "colour: unknown parameter"),
        ("states", {"as_at": "20/11/2026"}, "is not a day such as"),
        ("states", {"as_at": "2026-02-30"}, "is not a day of the calendar"),
        ("states", {"limit": "501"}, "limit:"),
        ("states", {"offset": "-1"}, "offset:"),
        ("states", {"limit": "1.0"}, "limit: “1.0” is not a whole number in digits"),
        ("deadlines", {"limit": "1_0"}, "limit: “1_0” is not a whole number in digits"),
        ("reports.csv", {"offset": " 5"}, "offset: “ 5” is not a whole number in digits"),
        ("states", {"limit": "٣"}, "limit: “٣” is not a whole number in digits"),
        ("openapi.json", {"x": "1"}, "x: unknown parameter; known are lang."),
        ("openapi.json", {"limit": "5"}, "limit: unknown parameter; known are lang."),
        ("openapi.json", {"lang": "tlh"}, "lang:"),
        ("states", {"state": "ZZZ"}, "is not the ISO3 code"),
        ("reports", {"year": "2025.0"}, "year: “2025.0” is not a whole number in digits"),
        ("deadlines", {"kind": "art9"}, "kind:"),
        ("reports.csv", {"kindness": "1"}, "kindness: unknown parameter"),
        ("figures", {"form": "Z"}, "form: “Z” is not a form; known are clearance"),
        ("figures.csv", {"form": "Z"}, "form: “Z” is not a form; known are clearance"),
        ("reports/A7-2025-LAO-01", {"state": "LAO"}, "state: unknown parameter; known are as_at"),
        ("reports/A7-2025-LAO-01", {"as_at": "1.1.2026"}, "is not a day such as"),
        ("schemas", {"as_at": "2026-01-01"}, "as_at: unknown parameter; known are lang."),
        ("schemas/art7-2010", {"lang": "tlh"}, "lang:"),
    ],
)
def test_what_is_not_understood_is_refused_with_a_sentence(client, path, parameters, said):
    response = get(client, path, **parameters)

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert said in response.json()["detail"]


def test_csv_gives_the_whole_list_with_a_header(client):
    rows = list(csv.DictReader(io.StringIO(get(client, "deadlines.csv").content.decode())))

    assert len(rows) == get(client, "deadlines", limit=1).json()["count"]
    assert {row["demo"] for row in rows} == {"false"}
    assert "met_on" not in rows[0]
    assert {row["as_at"] for row in rows} == {"2026-11-20"}


def test_an_unchanged_answer_is_304(client):
    first = get(client, "deadlines", state="LAO")

    again = client.get(
        "/api/v1/deadlines", {"state": "LAO"}, headers={"if-none-match": first.headers["ETag"]}
    )

    assert again.status_code == 304


@pytest.mark.parametrize("path", ["states", "deadlines.csv"])
def test_a_page_elsewhere_reads_the_etag_and_hears_that_nothing_has_changed(client, path):
    """The browser shows it an answer, and an answer's ETag, only where each says that it may."""
    first = get(client, path, state="LAO")
    tag = first.headers["ETag"]

    again = client.get(f"/api/v1/{path}?state=LAO", headers={"if-none-match": tag})

    assert again.status_code == 304
    for answer in (first, again):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]


def test_writing_is_refused_and_unknown_addresses_are_problems(client):
    assert client.post("/api/v1/states").status_code == 405
    unknown = get(client, "parties")
    assert unknown.status_code == 404
    assert unknown.headers["Content-Type"] == "application/problem+json"


def test_the_openapi_document_names_every_answer(client):
    document = get(client, "openapi.json").json()

    names = ("states", "deadlines", "reports", "figures", "measures")
    lists = {f"/api/v1/{name}" for name in names}
    ones = {"/api/v1/reports/{reference}", "/api/v1/schemas", "/api/v1/schemas/{version}"}
    assert set(document["paths"]) == lists | {f"{address}.csv" for address in lists} | ones


def test_the_openapi_document_describes_refusals_and_answers_that_did_not_change(client):
    document = get(client, "openapi.json").json()

    for address, ways in document["paths"].items():
        kind = "text/csv" if address.endswith(".csv") else "application/json"
        responses = ways["get"]["responses"]
        by_name = {"404"} if "{" in address else set()
        assert set(responses) == {"200", "304", "400"} | by_name
        assert "ETag" in responses["200"]["headers"]
        assert "ETag" in responses["304"]["headers"]
        assert list(responses["200"]["content"]) == [kind]
        problem = responses["400"]["content"]["application/problem+json"]["schema"]["$ref"]
        shape = document["components"]["schemas"][problem.rsplit("/", 1)[-1]]
        assert set(shape["properties"]) == {"type", "title", "status", "detail"}
    names = [ways["get"]["operationId"] for ways in document["paths"].values()]
    assert len(names) == len(set(names))


def test_the_openapi_document_names_the_days_that_can_be_asked_for(client):
    document = get(client, "openapi.json", lang="fr").json()

    for address, ways in document["paths"].items():
        if "schemas" in address:
            continue  # a version of the forms is the same on every day
        [as_at] = [one for one in ways["get"]["parameters"] if one["name"] == "as_at"]
        said = re.findall(r"\d{4}-\d{2}-\d{2}", as_at["description"])
        assert said == ["0001-01-01", "2099-12-31"]
        assert {get(client, "states", as_at=day, limit=1).status_code for day in said} == {200}
    assert get(client, "states", as_at="2100-01-01").status_code == 400


EVERY_KIND = [
    "states",
    "deadlines",
    "reports",
    "states.csv",
    "openapi.json",
    "figures.csv",
    "schemas",
    "schemas/art7-2010",
]


@pytest.mark.parametrize("path", EVERY_KIND)
def test_head_answers_like_get_without_a_body(client, path):
    read = get(client, path)

    looked = client.head(f"/api/v1/{path}")

    assert (looked.status_code, looked.getvalue()) == (200, b"")
    # What is read while it is sent has no length beforehand.
    assert ("Content-Length" in read.headers) == (path != "figures.csv")
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control"):
        assert looked.headers.get(name) == read.headers.get(name)


@pytest.mark.parametrize("path", EVERY_KIND)
def test_options_say_what_is_allowed(client, path):
    response = client.options(f"/api/v1/{path}")

    assert (response.status_code, response.content) == (204, b"")
    assert "Content-Type" not in response.headers
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", [*EVERY_KIND, "parties"])
def test_every_other_method_is_a_problem_that_says_what_is_allowed(client, path, method):
    response = getattr(client, method)(f"/api/v1/{path}")

    assert response.status_code == 405
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(("asked", "language"), [({}, "en"), ({"lang": "es"}, "es")])
def test_the_language_is_the_one_asked_for_and_the_header_says_so(client, asked, language):
    response = client.get(
        "/api/v1/states", {"state": "DEU"} | asked, headers={"accept-language": "fr"}
    )

    assert response.json()["items"][0]["name"] == {"en": "Germany", "es": "Alemania"}[language]
    assert response.headers["Content-Language"] == language


def test_a_refusal_says_that_it_is_english(client):
    response = get(client, "states", lang="fr", colour="blue")

    assert response.headers["Content-Language"] == "en"


def test_deadlines_come_in_the_order_of_the_codes(client):
    items = get(client, "deadlines", limit=500, history="1").json()["items"]
    codes = [item["state"] for item in items]

    assert codes == sorted(codes)
    pages = [
        item
        for offset in (0, 7, 14)
        for item in get(client, "deadlines", limit=7, offset=offset, history="1").json()["items"]
    ]
    assert pages == items[:21]


@pytest.mark.parametrize(
    ("path", "queries"), [("states", 4), ("deadlines", 9), ("reports", 2), ("figures", 4)]
)
def test_queries_do_not_grow_with_the_rows(client, django_assert_num_queries, path, queries):
    with django_assert_num_queries(queries):
        get(client, path, limit=1)
    with django_assert_num_queries(queries):
        get(client, path, limit=3)


@pytest.mark.parametrize("as_at", ["2026-11-20", "2050-01-01"])
def test_a_long_list_is_read_once_for_its_csv(client, django_assert_num_queries, as_at):
    with CaptureQueriesContext(connection) as of_a_page:
        count = get(client, "deadlines", limit=500, as_at=as_at).json()["count"]
    assert count > 1000

    with django_assert_num_queries(len(of_a_page)):
        rows = get(client, "deadlines.csv", as_at=as_at).content.count(b"\r\n") - 1

    assert rows == count


def test_queries_of_a_later_day_do_not_grow_with_the_rows(client, django_assert_num_queries):
    for limit in (1, 3):
        with django_assert_num_queries(7):
            get(client, "deadlines", limit=limit, as_at="2028-01-05")


def test_no_answer_calls_anyone_late(client):
    for path in ("states", "deadlines", "reports", "deadlines.csv", "figures"):
        text = get(client, path, state="TCD").content.decode().lower()

        assert not {"late", "overdue", "expired", "missed"} & set(text.replace('"', " ").split())


def test_a_deadline_says_the_same_with_its_history_as_without_it(client):
    """Mauritania: a later decision, known from memory only, may have moved the day that stands."""
    asked = {"state": "MRT", "kind": "art4", "as_at": "2024-01-01"}

    alone = get(client, "deadlines", **asked).json()["items"]
    among = get(client, "deadlines", history="1", **asked).json()["items"]

    assert any("Later decisions are not recorded here." in row["explanation"] for row in alone)
    assert [row for row in among if not row["superseded"]] == alone
