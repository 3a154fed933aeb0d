"""Reports and their figures as open data: valid against their schema, and only what is public."""

import csv
import datetime as dt
import io
import itertools

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings

from reporting import counted, filing
from reporting.art7_2010 import ART7_2010
from reporting.models import FormAnswers, Report
from reporting.workflow import REPORTS
from tests import factories
from tests.reporting import answers
from tests.reporting.json_schema import faults
from tests.reporting.papers import received
from tests.reporting.publishing import (
    CLEARANCE,
    drafted,
    handed_in,
    published,
    put_before_the_public,
)

pytestmark = pytest.mark.usefixtures("today")
LATER = dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.UTC)
FORMS = [form.key for form in ART7_2010.forms]


def get(client, path, **parameters):
    return client.get(f"/api/v1/{path}", parameters)


def in_full(client, report, **parameters):
    return get(client, f"reports/{report.reference}", **parameters).json()


def test_a_report_is_answered_with_its_facts_and_each_of_its_forms(
    client, laos, focal_point, officer
):
    report = published(laos, focal_point, officer, clearance=CLEARANCE)

    found = in_full(client, report)

    [listed] = get(client, "reports").json()["items"]
    assert listed.items() <= found.items()
    assert found["clearance"] == CLEARANCE
    assert [found[key] for key in FORMS if key != "clearance"] == [{}] * 9
    assert found["forms"] == "art7-2010"
    assert (found["replaces"], found["replaced_by"]) == (None, None)


def test_no_fact_of_a_report_has_the_name_of_a_form(client, laos, focal_point, officer):
    found = in_full(client, published(laos, focal_point, officer))

    assert [key for key in found if key in FORMS] == FORMS
    assert list(found)[-len(FORMS) :] == FORMS


def test_the_schema_has_the_ten_forms_as_its_properties_and_is_strict_within_them(client):
    schema = get(client, "schemas/art7-2010").json()

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].endswith("/api/v1/schemas/art7-2010")
    assert sorted(schema["properties"]) == sorted(FORMS)
    assert list(faults(schema, {"state": "LAO", "clearance": {}})) == []
    for wrong in (
        {"clearance": {"acres": 3}},
        {"clearance": {"areas": [{"area": "North"}]}},
        {"clearance": {"areas": [{"id": "aaaa", "size": "large"}]}},
        {"clearance": {"areas": [{"id": "aaaa", "size": -1}]}},
        {"clearance": {"completed_on": "2026-02-30"}},
        {"clearance": []},
    ):
        assert list(faults(schema, wrong)), wrong


def test_the_schema_says_each_question_in_the_language_that_is_asked_for(client):
    english = get(client, "schemas/art7-2010").json()["properties"]["clearance"]
    french = get(client, "schemas/art7-2010", lang="fr").json()["properties"]["clearance"]

    areas = english["properties"]["areas"]
    assert areas["title"] == "Areas known to be contaminated"
    assert areas["items"]["properties"]["size"]["title"] == "Size"
    assert french["properties"].keys() == english["properties"].keys()


def test_every_version_of_the_forms_is_listed_with_the_address_of_its_schema(client):
    [one] = get(client, "schemas").json()["items"]

    assert (one["version"], one["forms"]) == ("art7-2010", FORMS)
    assert client.get("/" + one["address"].split("/", 3)[3]).json()["$id"] == one["address"]
    assert get(client, "schemas/art7-1999").status_code == 404
    assert get(client, "schemas/art7-1999").headers["Content-Type"] == "application/problem+json"


YEARS = itertools.count(1900)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(said=answers.of_schema(ART7_2010))
def test_whatever_was_answered_the_report_is_valid_against_its_schema(
    client, laos, focal_point, said
):
    draft = factories.ReportFactory(state=laos, year=next(YEARS), drafted_by=focal_point)
    FormAnswers.objects.bulk_create(
        FormAnswers(report=draft, form=form, said=one) for form, one in said.items()
    )
    report = put_before_the_public(draft, dt.date(2026, 11, 1))

    found = in_full(client, report)

    schema = get(client, "schemas/art7-2010").json()
    assert list(faults(schema, found)) == []
    assert {form: found[form] for form in FORMS if found[form]} == said


def test_a_file_in_an_answer_is_a_number_that_says_where_the_file_is(
    client, laos, focal_point, officer
):
    law = received(laos, focal_point, words="law")
    draft = drafted(
        laos, focal_point, measures={"measures": [{"id": "aaaa", "title": "Act", "text": law.pk}]}
    )
    draft.attachments.create(form="measures", upload=law)
    REPORTS.take("hand-in", draft, by=focal_point)
    report = REPORTS.take("publish", draft, by=officer)

    found = in_full(client, report)

    [file] = found["attachments"]
    assert found["measures"]["measures"][0]["text"] == file["number"]
    assert (file["form"], file["name"], file["sha256"]) == ("measures", law.name, law.sha256)
    address = "/" + file["address"].split("/", 3)[3]
    assert b"".join(client.get(address)).startswith(b"%PDF")


def test_what_is_no_answer_is_told_apart_as_it_was_typed(client, laos, focal_point, officer):
    draft = drafted(laos, focal_point, clearance=CLEARANCE)
    draft.forms.update(unread={"completed_on": "next spring"})
    REPORTS.take("hand-in", draft, by=focal_point)

    found = in_full(client, REPORTS.take("publish", draft, by=officer))

    assert found["not_understood"] == [
        {"form": "clearance", "place": "completed_on", "typed": "next spring"}
    ]
    assert found["clearance"] == CLEARANCE


def test_what_is_not_public_is_answered_like_what_does_not_exist(
    client, signed_in, laos, focal_point, officer
):
    held = handed_in(laos, focal_point, clearance=CLEARANCE)
    drafted(laos, focal_point, 2024, clearance=CLEARANCE)

    for reader in (client, signed_in(focal_point), signed_in(officer)):
        unpublished = get(reader, f"reports/{held.reference}")
        unknown = get(reader, "reports/A7-1999-LAO-01")
        assert unpublished.status_code == unknown.status_code == 404
        assert unpublished.content == unknown.content
        assert unpublished.headers["Content-Type"] == "application/problem+json"
    for path in ("reports", "figures", "figures.csv"):
        assert "Phonsavan" not in get(client, path).getvalue().decode()
    assert get(client, "figures").json()["count"] == 0


@pytest.mark.parametrize("name", ["%00", "..%2F", "A7-2025-LAO-01%0A", "x" * 500, "报告"])
def test_a_name_that_no_report_can_have_is_not_found(client, db, name):
    assert client.get(f"/api/v1/reports/{name}").status_code == 404


def test_a_new_version_shows_only_what_it_says_and_both_say_which_counts(
    client, laos, focal_point, officer
):
    first = published(laos, focal_point, officer, clearance=CLEARANCE)
    with time_machine.travel(LATER, tick=False):
        held = handed_in(laos, focal_point, clearance={"areas": [{"id": "aaaa", "size": 5}]})
        assert in_full(client, first)["replaced_by"] is None
        assert get(client, "figures").json()["count"] == 4
        second = REPORTS.take("publish", held, by=officer)

        assert in_full(client, first)["clearance"] == CLEARANCE
        assert in_full(client, first)["replaced_by"] == second.reference
        assert in_full(client, second)["replaces"] == first.reference
        assert [one["number"] for one in get(client, "figures").json()["items"]] == [5]

        before = {"as_at": "2026-11-22"}
        assert in_full(client, first, **before)["replaced_by"] is None
        assert get(client, f"reports/{second.reference}", **before).status_code == 404
        assert get(client, "figures", **before).json()["count"] == 4
        assert get(client, "figures", as_at="2026-11-19").json()["count"] == 0


def test_a_figure_says_where_it_stands_and_that_it_is_the_states_word(
    client, laos, focal_point, officer
):
    report = published(
        laos,
        focal_point,
        officer,
        clearance=CLEARANCE,
        resources={"national": [{"id": "dddd", "amount": {"amount": 12.5, "currency": "CHF"}}]},
    )

    items = get(client, "figures").json()["items"]

    assert [(one["column"], one["number"], one["unit"]) for one in items] == [
        ("size", 1250000.5, "m²"),
        ("size", 800, "m²"),
        ("size", 300, "m²"),
        ("destroyed", 12, ""),
        ("amount", 12.5, "CHF"),
    ]
    assert items[1] == {
        "state": "LAO",
        "year": 2025,
        "kind": "annual",
        "reference": report.reference,
        "form": "clearance",
        "question": "areas",
        "row": "bbbb",
        "row_label": "منطقة الشمال",
        "column": "size",
        "part": "",
        "label": "Areas known to be contaminated: Size",
        "number": 800,
        "unit": "m²",
        "said": "as reported by the State",
        "isu_note": "",
        "isu_number": None,
        "published_on": "2026-11-20",
        "page": items[0]["page"],
        "demo": False,
    }
    assert items[-1]["part"] == "amount"
    rows = list(csv.DictReader(io.StringIO(get(client, "figures.csv").getvalue().decode())))
    assert [row["number"] for row in rows] == ["1250000.5", "800", "300", "12", "12.5"]
    assert {row["said"] for row in rows} == {"as reported by the State"}


def test_figures_are_filtered_by_state_year_and_form_and_come_in_pages_without_a_gap(
    client, laos, focal_point, officer
):
    stock = {"stock": [{"id": "aaaa", "type": "BLU-26", "quantity": 7}]}
    published(laos, focal_point, officer, 2024, clearance=CLEARANCE)
    published(laos, focal_point, officer, 2025, clearance=CLEARANCE, stockpiles=stock)

    every = get(client, "figures").json()
    assert every["count"] == 9
    assert [one["year"] for one in every["items"]] == [2025] * 5 + [2024] * 4
    assert get(client, "figures", year=2024).json()["count"] == 4
    assert get(client, "figures", form="stockpiles").json()["count"] == 1
    assert get(client, "figures", form="other").json()["count"] == 0
    assert get(client, "figures", state="LAO").json() == every
    pages = [get(client, "figures", limit=4, offset=at).json()["items"] for at in (0, 4, 8)]
    assert list(itertools.chain(*pages)) == every["items"]


def test_figures_of_fictional_states_are_asked_for_and_marked(client, laos, focal_point, officer):
    real = published(laos, focal_point, officer, clearance=CLEARANCE)
    fictional = factories.StateFactory(iso3="XAA", demo=True)
    draft = factories.ReportFactory(state=fictional, drafted_by=focal_point)
    draft.forms.create(form="clearance", said=CLEARANCE)
    counted.keep(put_before_the_public(draft, dt.date(2026, 11, 1)))

    assert {one["reference"] for one in get(client, "figures").json()["items"]} == {real.reference}
    assert get(client, "figures", state="XAA").json()["count"] == 0
    items = get(client, "figures", demo="1").json()["items"]
    assert {(one["state"], one["demo"]) for one in items} == {("XAA", True)}
    assert in_full(client, Report.objects.get(state="XAA"))["demo"] is True


def test_queries_do_not_grow_with_the_rows(
    client, laos, focal_point, officer, django_assert_num_queries
):
    for year, number in ((2024, 2), (2025, 300)):
        areas = [{"id": f"r{n:05d}", "area": f"Area {n}", "size": n} for n in range(number)]
        report = published(laos, focal_point, officer, year, clearance={"areas": areas})
        with django_assert_num_queries(5):
            assert len(in_full(client, report)["clearance"]["areas"]) == number
        with django_assert_num_queries(4):
            assert get(client, "figures", year=year, limit=500).json()["count"] == number


def test_an_answer_has_an_etag_and_changes_with_publication(client, laos, focal_point, officer):
    first = published(laos, focal_point, officer, clearance=CLEARANCE)
    address = f"/api/v1/reports/{first.reference}"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304

    held = filing.amend(first, by=focal_point)
    held.original = received(laos, words="again")
    held.save()
    REPORTS.take("hand-in", held, by=focal_point)
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    REPORTS.take("publish", held, by=officer)

    assert client.get(address, headers={"if-none-match": tag}).status_code == 200
    assert Report.objects.filter(status="published").count() == 2
