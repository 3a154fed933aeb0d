"""A note of the ISU stands beside the State's figure, signed and dated, never in its place."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from records.models import Event
from records.workflow import Refused
from reporting import noting
from reporting.models import Figure, FigureNote
from states.models.generation import generations
from tests.reporting.publishing import CLEARANCE, handed_in, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
SIZE = "clearance.released..size"
SAID = "The operator gives another size."


def noted(report, by, place=SIZE, **facts):
    given = {
        "text": SAID,
        "source": "letter of 3 May 2026",
        "signed_by": "Director of the ISU",
        "signed_on": dt.date(2026, 11, 19),
    }
    return noting.note(report, place, by=by, **(given | facts))


@pytest.fixture
def report(laos, focal_point, officer):
    return published(laos, focal_point, officer, clearance=CLEARANCE)


def figures(client, **asked):
    return client.get("/api/v1/figures", asked).json()["items"]


def test_it_is_read_wherever_the_figure_is(client, report, officer):
    noted(report, officer, corrected=Decimal("250.5"))
    signed = "Director of the ISU, 19 November 2026; source: letter of 3 May 2026"

    pages = [
        report.get_absolute_url(),
        "/reports/LAO/figures/",
        "/reports/forms/clearance/?year=2025",
        "/states/LAO/",
    ]
    for page in pages:
        text = client.get(page).text
        assert SAID in text, page
        assert signed in text, page
        assert "250.5\u00a0m²" in text, page
    [one] = [each for each in figures(client) if each["column"] == "size" and each["isu_note"]]
    assert (one["number"], one["isu_number"]) == (300, 250.5)
    assert SAID in one["isu_note"]
    assert one["said"] == "as reported by the State"
    rows = csv.DictReader(io.StringIO(client.get("/reports/answers.csv").getvalue().decode()))
    [row] = [row for row in rows if row["isu_note"]]
    assert (row["question"], row["column"], row["value"]) == ("released", "size", "300")
    data = client.get("/reports/LAO/figures.json").json()["items"]
    assert [(each["number"], each["isu_note"][:8]) for each in data if each["isu_note"]] == [
        (300, "ISU note")
    ]


def test_the_states_figure_stays_as_it_is(client, report, officer):
    before = list(Figure.objects.order_by("position", "pk").values())

    noted(report, officer, corrected=Decimal(1))

    assert list(Figure.objects.order_by("position", "pk").values()) == before
    series = client.get("/reports/LAO/figures.json").json()["items"]
    assert 300 in [one["number"] for one in series]
    assert 1 not in [one["number"] for one in series]


def test_a_note_on_a_form_speaks_of_all_in_it_and_of_nothing_else(client, report, officer):
    noted(report, officer, "clearance")

    assert all(one["isu_note"] for one in figures(client))
    assert not any(one["isu_note"] for one in figures(client, form="stockpiles"))


def test_withdrawn_it_is_read_by_nobody_outside_and_kept(client, report, officer):
    note = noted(report, officer)

    noting.withdraw(note, by=officer, why="The operator was wrong.")

    assert SAID not in client.get(report.get_absolute_url()).text
    assert not any(one["isu_note"] for one in figures(client))
    row = FigureNote.objects.get()
    assert (row.text, row.withdrawn_by, row.withdrawn_why) == (
        SAID,
        officer,
        "The operator was wrong.",
    )
    assert list(Event.objects.about(report).values_list("verb", flat=True)[:2]) == [
        "withdraw-note",
        "note",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Another."},
        {"corrected": 5},
        {"signed_by": "somebody"},
        {"signed_on": dt.date(2020, 1, 1)},
        {"column": "destroyed"},
    ],
)
def test_what_it_says_is_final_in_the_database(report, officer, change):
    note = noted(report, officer)

    with pytest.raises(DatabaseError), transaction.atomic():
        FigureNote.objects.filter(pk=note.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        FigureNote.objects.filter(pk=note.pk).delete()


def test_what_was_withdrawn_does_not_come_back(report, officer):
    note = noting.withdraw(noted(report, officer), by=officer, why="Wrong.")

    with pytest.raises(DatabaseError), transaction.atomic():
        FigureNote.objects.filter(pk=note.pk).update(
            withdrawn_at=None, withdrawn_by=None, withdrawn_why=""
        )
    with pytest.raises(Refused):
        noting.withdraw(note, by=officer, why="Again.")


@pytest.mark.parametrize(
    "facts",
    [
        {"place": "clearance", "corrected": Decimal(5)},
        {"place": "clearance.nowhere"},
        {"place": "clearance.released.cccc.size"},
        {"signed_on": dt.date(2026, 11, 21)},
    ],
)
def test_a_note_that_says_nothing_clear_is_refused_with_a_sentence(report, officer, facts):
    with pytest.raises(Refused) as refused:
        noted(report, officer, **facts)

    assert str(refused.value.reasons[0]).endswith(".")
    assert not FigureNote.objects.exists()


def test_only_staff_notes_and_only_on_what_is_public(
    laos, focal_point, other_focal_point, officer, report
):
    for person in (focal_point, other_focal_point):
        with pytest.raises(Refused):
            noted(report, person)
    held = handed_in(laos, focal_point, 2024, clearance=CLEARANCE)
    with pytest.raises(Refused, match="is not public"):
        noted(held, officer)


def test_a_note_moves_the_pages_of_its_state_alone(report, peru, officer):
    before = generations()

    note = noted(report, officer)
    then = generations()
    noting.withdraw(note, by=officer, why="Wrong.")
    now = generations()

    assert before["LAO"] < then["LAO"] < now["LAO"]
    assert {scope for scope in now if now[scope] != before.get(scope, 0)} == {"LAO"}


def test_staff_make_and_withdraw_one_in_the_admin(signed_in, report, officer):
    desk = signed_in(officer)
    base = f"/admin/reporting/report/{report.pk}/"
    given = {
        "place": SIZE,
        "kind": "isu-note",
        "text": SAID,
        "corrected": "250",
        "source": "letter",
        "signed_by": "ISU",
        "signed_on": "2026-11-19",
    }

    asked = desk.get(f"{base}act/note/")
    assert "Form F: Areas released in the period: Size" in asked.text
    wrong = desk.post(f"{base}act/note/", given | {"signed_on": "2026-13-19", "text": ""})
    assert wrong.status_code == 422
    assert not FigureNote.objects.exists()
    assert desk.post(f"{base}act/note/", given).status_code == 302

    note = FigureNote.objects.get()
    assert (note.corrected, note.path) == (250, ("clearance", "released", "", "size", ""))
    assert SAID in desk.get(f"{base}change/").text
    own = f"/admin/reporting/figurenote/{note.pk}/"
    assert SAID in desk.get(f"{own}change/").text
    assert desk.post(f"{own}act/withdraw/", {"reason": "Wrong."}).status_code == 302
    note.refresh_from_db()
    assert note.withdrawn_why == "Wrong."


@pytest.mark.parametrize("number", [1, 3])
def test_notes_cost_as_many_queries_for_any_number(
    client, report, officer, number, django_assert_num_queries
):
    for _one in range(number):
        noted(report, officer)

    with django_assert_num_queries(4):
        figures(client)
    with django_assert_num_queries(5):
        client.get("/reports/LAO/figures/")
