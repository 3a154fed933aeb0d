"""Any two published reports of a State are read beside each other, and no others."""

import re

import pytest

from reporting.boxes import Names
from reporting.two_years import aligned, beside, reports_of
from reporting.versions import SCHEMAS
from tests.reporting.publishing import CLEARANCE, drafted, handed_in, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
PAGE = "/reports/LAO/compare/"
CHANGED = CLEARANCE | {
    "areas": [
        {"id": "aaaa", "area": "Ban Phonsavan", "size": 900_000, "remnants": "BLU-26"},
        {"id": "zzzz", "area": "Ban Sop", "size": 50},
    ]
}
ELSEWHERE = {
    "areas": [
        {"id": "0001", "area": "BAN  PHONSAVAN", "size": 900_000, "remnants": "BLU-26"},
        {"id": "0002", "area": "Another", "size": 5},
    ]
}


def test_rows_are_the_same_by_their_ids(laos, focal_point, officer, client):
    published(laos, focal_point, officer, 2024, clearance=CLEARANCE)
    published(laos, focal_point, officer, 2025, clearance=CHANGED)

    page = client.get(PAGE)

    compared = page.context["compared"]
    [form] = [one for one in compared.forms if one.differences]
    said = [(one.what, one.about, one.then, one.now) for one in form.differences]
    assert said[0][1:] == (
        "Ban Phonsavan",
        "1,250,000.5\u00a0m² (1.25\u00a0km²)",
        "900,000\u00a0m²",
    )
    assert [(what, about) for what, about, _then, _now in said[1:]] == [
        ("added", "Ban Sop"),
        ("removed", "منطقة الشمال"),
    ]
    # Not by colour alone: what is new and what is gone is said.
    assert re.search(r">\s*new\s*<", page.text)
    assert re.search(r">\s*gone\s*<", page.text)


def test_rows_of_a_report_from_elsewhere_are_the_same_by_their_names(laos, focal_point, officer):
    then = published(laos, focal_point, officer, 2024, clearance=CLEARANCE)
    now = published(laos, focal_point, officer, 2025, clearance=ELSEWHERE)

    [form] = [one for one in beside(then, now).forms if one.differences]

    said = [(one.what, one.about, one.column) for one in form.differences if one.row]
    assert ("changed", "BAN PHONSAVAN", "Size") in said
    assert ("added", "Another", "") in said
    assert ("removed", "منطقة الشمال", "") in said
    # Nothing that is kept was touched.
    assert then.forms.model.objects.get(report=then, form="clearance").said == CLEARANCE


def test_where_one_id_is_shared_names_do_not_count():
    form = SCHEMAS["art7-2010"].form("clearance")
    then = {"areas": [{"id": "aaaa", "area": "One"}, {"id": "bbbb", "area": "Two"}]}
    now = {"areas": [{"id": "aaaa", "area": "One"}, {"id": "cccc", "area": "Two"}]}

    assert aligned(form, then, now) == then


def test_two_rows_of_one_name_are_not_taken_for_one():
    form = SCHEMAS["art7-2010"].form("clearance")
    then = {"areas": [{"id": "aaaa", "area": "One"}, {"id": "bbbb", "area": "One"}]}
    now = {"areas": [{"id": "cccc", "area": "One"}, {"id": "dddd", "area": "One"}]}

    assert [row["id"] for row in aligned(form, then, now)["areas"]] == ["cccc", "dddd"]


def test_only_what_is_published_can_be_chosen(client, signed_in, laos, focal_point, officer):
    published(laos, focal_point, officer, 2022, clearance={"programme": "Two teams."})
    published(laos, focal_point, officer, 2023, clearance={"programme": "Three teams."})
    handed_in(laos, focal_point, 2024, clearance={"programme": "Hidden."})
    drafted(laos, focal_point, 2025, clearance={"programme": "Hidden."})

    for reader in (client, signed_in(focal_point), signed_in(officer)):
        page = reader.get(PAGE)
        assert "Hidden" not in page.text
        assert [one["value"] for one in page.context["filters"][0]["options"]] == ["2023", "2022"]
        for year in ("2024", "2025", "1999", "x"):
            refused = reader.get(PAGE, {"from": year, "to": "2023"})
            assert refused.status_code == 400
            assert "Choose one of: 2023, 2022" in refused.text


def test_the_earlier_stands_first_whichever_way_they_are_asked_for(
    client, laos, focal_point, officer
):
    for year in (2022, 2023, 2024):
        published(laos, focal_point, officer, year, clearance={"programme": f"Of {year}."})

    def names(**asked):
        context = client.get(PAGE, asked).context
        return context["then_name"], context["now_name"]

    assert names() == ("2023", "2024")
    assert names(**{"from": "2024", "to": "2022"}) == ("2022", "2024")
    assert names(**{"from": "2022"}) == ("2022", "2024")
    assert names(to="2023") == ("2022", "2023")
    assert names(**{"from": "2022", "to": "2022"}) == ("2022", "2023")


def test_forms_that_are_the_same_are_folded(client, laos, focal_point, officer):
    other = {"matters": "Nothing more."}
    published(laos, focal_point, officer, 2024, clearance=CLEARANCE, other=other)
    published(laos, focal_point, officer, 2025, clearance=CHANGED, other=other)

    page = client.get(PAGE)

    assert [one.form.key for one in page.context["same"]] == ["other"]
    folded = page.text[page.text.index("<details") :]
    assert "Nothing more." in folded


def test_one_report_alone_says_what_is_missing(client, laos, focal_point, officer):
    published(laos, focal_point, officer, clearance=CLEARANCE)

    assert "Fewer than two reports are published here" in client.get(PAGE).text
    assert client.get("/reports/ZZZ/compare/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_it_takes_as_many_queries_for_any_number_of_rows(
    client, laos, focal_point, officer, rows, django_assert_num_queries
):
    for year in (2024, 2025):
        areas = [{"id": f"row{n}", "area": f"Area {n}", "size": n + year} for n in range(rows)]
        published(laos, focal_point, officer, year, clearance={"areas": areas})

    with django_assert_num_queries(8):
        assert client.get(PAGE).context["compared"].number == rows


def test_of_a_year_with_two_reports_each_can_be_named(laos, focal_point, officer, today):
    row = published(laos, focal_point, officer, clearance=CLEARANCE)
    assert list(reports_of("LAO", today)) == ["2025"]
    assert Names().name("LAO") == row.state.name()
