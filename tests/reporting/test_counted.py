"""Figures are drawn out of what is published, and can be thrown away and made anew."""

import pytest
from django.core.management import call_command

from reporting import counted
from reporting.models import Figure
from states.models.generation import generations
from tests.reporting.publishing import CLEARANCE, drafted, handed_in, published

pytestmark = pytest.mark.usefixtures("today")
RISK = {"measures": [{"id": "aaaa", "measure": "Talks " * 60, "reached": {"girls": 3, "boys": 2}}]}
MONEY = {
    "provided": [
        {"id": "aaaa", "recipient": "UNMAS\nLao PDR", "amount": {"amount": 10, "currency": "EUR"}},
        {"id": "bbbb", "recipient": "APOPO", "amount": {"amount": 0.01}},
        {"id": "cccc", "recipient": "GICHD", "amount": {"currency": "EUR"}},
    ]
}


def facts():
    fields = ("report", "position", "form", "question", "row", "row_label", "column", "part")
    return list(Figure.objects.order_by("pk").values_list(*fields, "number", "unit", "year"))


def test_nothing_is_counted_before_publication(laos, focal_point, officer):
    drafted(laos, focal_point, 2024, clearance=CLEARANCE)
    handed_in(laos, focal_point, 2025, clearance=CLEARANCE)

    assert counted.rebuild() == 0
    assert not Figure.objects.exists()


def test_publication_makes_them_and_making_them_anew_gives_the_same(laos, focal_point, officer):
    said = {"clearance": CLEARANCE, "risk_education": RISK, "resources": MONEY}
    published(laos, focal_point, officer, 2024, clearance=CLEARANCE)
    published(laos, focal_point, officer, 2025, **said)
    made = facts()
    assert len(made) == 4 + 4 + 2 + 2

    Figure.objects.all().delete()
    assert counted.rebuild() == 2
    assert facts() == made


def test_making_them_anew_mends_what_is_wrong_and_touches_nothing_else(
    laos, focal_point, officer, capsys
):
    published(laos, focal_point, officer, 2024, clearance=CLEARANCE)
    published(laos, focal_point, officer, 2025, clearance=CLEARANCE)
    made, before = facts(), generations()

    call_command("rebuild_figures")
    assert generations() == before
    Figure.objects.filter(year=2024, position=1).update(number=3)
    call_command("rebuild_figures")

    assert sorted(facts()) == sorted(made)
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["0", "1"]


def test_a_row_is_called_what_the_state_calls_it(laos, focal_point, officer):
    stock = {
        "stock": [
            {"id": "aaaa", "type": "BLU-26", "lots": "7", "quantity": 1},
            {"id": "bbbb", "lots": "Lot 8", "submunitions": 2},
            {"id": "cccc", "quantity": 3},
        ]
    }
    published(laos, focal_point, officer, stockpiles=stock, risk_education=RISK, resources=MONEY)

    called = list(Figure.objects.order_by("position", "pk").values_list("row_label", flat=True))
    assert called[:3] == ["BLU-26", "Lot 8", ""]
    assert called[5:] == ["UNMAS Lao PDR", "APOPO"]
    long = Figure.objects.get(part="girls").row_label
    assert len(long) == 200
    assert long.endswith("…")


def test_an_amount_has_its_currency_and_a_group_its_part(laos, focal_point, officer):
    published(laos, focal_point, officer, risk_education=RISK, resources=MONEY)

    assert [
        (one.part, f"{one.number.normalize():f}", one.unit) for one in Figure.objects.all()
    ] == [
        ("girls", "3", ""),
        ("boys", "2", ""),
        ("amount", "10", "EUR"),
        ("amount", "0.01", ""),
    ]
