"""Days, areas, persons, money, and forms that do not apply: what a reader would ask about."""

import datetime as dt

import pytest

from reporting.rules import Before, others
from tests.reporting.rules.cases import facts, rows, said


def form_f(*areas, released=(), **more):
    tables = {"areas": rows(*areas), "released": rows(*released)}
    return {"clearance": {key: table for key, table in tables.items() if table} | more}


@pytest.mark.parametrize(
    ("form", "table", "column", "words"),
    [
        ("stockpiles", "destroyed", "completed_on", "Form B, Destroyed in the period, row 2"),
        ("retained-transferred", "transferred", "transferred_on", "Form D, Transferred, row 2"),
        ("clearance", "released", "released_on", "Form F, Areas released in the period, row 2"),
    ],
)
def test_a_day_outside_of_the_period_is_asked_about(form, table, column, words):
    days = ("2025-01-01", "2024-12-31", "2025-12-31")
    answers = {form: {table: rows(*({column: on} for on in days), {"remark": "no day"})}}

    [text] = said(others.days_lie_in_the_period, answers)

    assert text.startswith(f"{words}: 31 December 2024 lies outside of the period")


def test_no_more_is_released_than_was_known():
    before = form_f({"size": 1000.5}, {"size": 500})
    much = form_f(released=[{"size": 1500}, {"size": 1}])
    enough = form_f(released=[{"size": 1500.5}, {"area": "North"}])

    [text] = said(others.released_is_not_above_known, much, before)

    assert text.startswith(
        "Form F, Areas released in the period: 1,501\u00a0m² were released, and 1,500.5\u00a0m² "
        "were known to be contaminated at the end of 2024."
    )
    assert said(others.released_is_not_above_known, enough, before) == []


def test_what_is_released_is_compared_only_where_all_is_known():
    much = form_f(released=[{"size": 9000}])
    before = form_f({"size": 10})
    skipped = {"clearance": Before(2022, dt.date(2022, 12, 31))}

    assert said(others.released_is_not_above_known, much, form_f({"size": 10}, {"area": "N"})) == []
    assert said(others.released_is_not_above_known, much) == []
    assert said(others.released_is_not_above_known, much, before, before=skipped) == []
    assert said(others.released_is_not_above_known, {}, before) == []
    assert len(said(others.released_is_not_above_known, much, before)) == 1


def test_an_area_that_stands_twice_is_asked_about_and_two_of_one_name_are_not():
    twice = form_f({"area": "Ban Phonsavan"}, {"size": 3}, {"area": "ban  phonsavan", "size": 4})
    apart = form_f({"area": "North", "location": "48Q 1"}, {"area": "North", "location": "48Q 2"})

    [text] = said(others.areas_stand_once, twice)

    assert "row 3: “ban  phonsavan” stands in row 1 already" in text
    assert said(others.areas_stand_once, apart) == []
    assert said(others.areas_stand_once, {}) == []


def test_parts_of_an_area_are_released_one_after_the_other():
    parts = [{"area": "North", "size": 10}, {"area": "North", "size": 20}]

    assert said(others.areas_stand_once, form_f(released=parts)) == []
    assert len(said(others.areas_stand_once, form_f(released=[*parts, parts[0]]))) == 1


def test_a_day_of_completion_is_asked_about_where_areas_remain():
    remains = form_f({"area": "North", "size": 5}, completed_on="2025-06-01")
    none = form_f({"area": "North", "size": 0}, completed_on="2025-06-01")

    [text] = said(others.completion_leaves_no_area, remains)

    assert text.startswith("Form F, Clearance completed on: a day of completion is given")
    for answers in (none, form_f({"area": "North"}), form_f(completed_on="2025-06-01"), {}):
        assert said(others.completion_leaves_no_area, answers) == []


def test_persons_with_disabilities_are_among_all_in_and_out_of_tables():
    many = {"women": 3, "boys": 1, "with-disability": 5}
    answers = {
        "risk-education": {"measures": rows({"measure": "x"}, {"reached": many})},
        "victim-assistance": {
            "victims": many,
            "casualties": {"men": 4, "with-disability": 4},
            "measures": rows({"reached": {"with-disability": 9}}),
        },
    }

    found = list(others.disability_is_among_all(answers, {}, facts()))

    assert [one.name for one in found] == [
        "measures.row2.reached.with-disability",
        "victims.with-disability",
    ]
    assert found[0].text.startswith("Form G, Measures of risk education, row 2: 5 persons")
    assert "Form H, Victims of whom the State knows: 5 persons" in found[1].text
    typed = {"victim-assistance": {"victims.men"}}
    assert len(said(others.disability_is_among_all, answers, unread=typed)) == 1


def test_money_has_an_amount_and_a_currency():
    answers = {
        "resources": {
            "national": rows({"amount": {"amount": 5, "currency": "USD"}}, {"kind": "in-kind"}),
            "provided": rows({"amount": {"amount": 5}}, {"amount": {"currency": "CHF"}}),
        }
    }

    found = list(others.money_is_whole(answers, {}, facts()))

    assert [one.name for one in found] == [
        "provided.row1.amount.currency",
        "provided.row2.amount.amount",
    ]
    assert "row 1: an amount is given, and in which currency is not said" in found[0].text
    assert "row 2: a currency is given, and no amount" in found[1].text
    typed = {"resources": {"provided.row2.amount.amount"}}
    assert len(said(others.money_is_whole, answers, unread=typed)) == 1


def test_a_form_that_does_not_apply_and_has_answers_is_asked_about():
    marks = {"clearance": {"mark": "not-applicable"}, "stockpiles": {"mark": "changed"}}
    answers = form_f({"area": "North"}) | {"stockpiles": {"programme": "x"}}

    [text] = said(others.not_applicable_says_nothing, answers, marks=marks)

    assert text.startswith("Form F: the form is marked as not applicable")
    for nothing in ({}, {"clearance": {"areas": [{"id": "aaaa"}]}}):
        assert said(others.not_applicable_says_nothing, nothing, marks=marks) == []


def test_a_form_that_does_not_apply_is_asked_about_while_an_obligation_is_open():
    marks = {key: {"mark": "not-applicable"} for key in ("clearance", "stockpiles", "conversion")}

    third, fourth = said(
        others.not_applicable_owes_nothing, {}, marks=marks, open_kinds={"art3", "art4"}
    )

    assert third.startswith("Form B: our records show an obligation under Article 3")
    assert "Is the form indeed not applicable?" in third
    assert fourth.startswith("Form F: our records show an obligation under Article 4")
    assert said(others.not_applicable_owes_nothing, {}, marks=marks) == []
    changed = {"clearance": {"mark": "changed"}}
    assert said(others.not_applicable_owes_nothing, {}, marks=changed, open_kinds={"art4"}) == []
