"""Stocks, destruction, retention and transfer: what a reader would ask about."""

import datetime as dt

import pytest

from reporting.rules import Before, munitions
from tests.reporting.rules.cases import facts, rows, said


def form_b(**tables):
    return {"stockpiles": {key: rows(*table) for key, table in tables.items()}}


def form_d(**tables):
    return {"retained-transferred": {key: rows(*table) for key, table in tables.items()}}


def of(kind, quantity, **more):
    return {"type": kind, "quantity": quantity} | more


LAST_YEAR = form_b(stock=[of("BL-755", 100)])


@pytest.mark.parametrize(
    "now",
    [
        form_b(stock=[of("bl-755 ", 80)], destroyed=[of("BL-755", 20)]),
        form_b(stock=[of("BL-755", 85)], destroyed=[of("BL-755", 20)], found=[of("Bl-755", 5)]),
        form_b(stock=[of("BL-755", 60), of("BL-755", 40)]),
        form_b(destroyed=[of("BL-755", 100)]),
        form_b(stock=[of("BL-755", 100)]) | form_d(transferred=[of("BL-755", 30)]),
        form_b(stock=[of("BL-755", 70)]) | form_d(transferred=[of("BL-755", 30)]),
        # What is not counted, or not said, is not added up.
        {},
        {"stockpiles": {"programme": "As before."}},
        form_b(stock=[{"type": "BL-755"}]),
        form_b(stock=[of("BL-755", 1)], destroyed=[{"type": "BL-755"}]),
        form_b(stock=[{"quantity": 3}]),
    ],
)
def test_a_stock_that_adds_up_or_is_not_counted_raises_no_question(now):
    assert said(munitions.stock_adds_up, now, LAST_YEAR) == []


def test_a_stock_that_does_not_add_up_is_asked_about_by_type_with_the_numbers():
    now = form_b(stock=[of("BL-755", 90)], destroyed=[of("bl-755", 1020)])
    before = form_b(stock=[of("BL-755", 2000), of("RBK-250", 7)])

    assert said(munitions.stock_adds_up, now, before) == [
        "Form B, Stock at the end of the period: of BL-755, 2,000 munitions at the end of 2024, "
        "less 1,020 destroyed, with 0 found, would leave 980, and 90 are given. Correct a number, "
        "or say in the supplementary information what explains it.",
        "Form B, Stock at the end of the period: of RBK-250, 7 munitions at the end of 2024, "
        "less 0 destroyed, with 0 found, would leave 7, and 0 are given. Correct a number, or say "
        "in the supplementary information what explains it.",
    ]


def test_more_destroyed_than_there_was_is_said_in_words():
    [text] = said(munitions.stock_adds_up, form_b(destroyed=[of("BL-755", 120)]), LAST_YEAR)

    assert "more is reported as destroyed (120) than was held at the end of 2024" in text


def test_submunitions_are_added_up_by_themselves():
    before = form_b(stock=[of("BL-755", 10, submunitions=1470)])
    now = form_b(stock=[of("BL-755", 10, submunitions=1460)])

    [text] = said(munitions.stock_adds_up, now, before)

    assert "1,470 explosive submunitions" in text


def test_a_stock_is_not_compared_across_a_year_that_is_missing():
    now = form_b(stock=[of("BL-755", 90)])
    skipped = {"stockpiles": Before(2023, dt.date(2023, 12, 31))}

    assert said(munitions.stock_adds_up, now, LAST_YEAR, before=skipped) == []
    assert said(munitions.stock_adds_up, now, LAST_YEAR, before={}) == []
    assert len(said(munitions.stock_adds_up, now, LAST_YEAR)) == 1


def test_a_first_report_has_nothing_to_be_compared_with():
    assert said(munitions.stock_adds_up, form_b(stock=[of("BL-755", 90)])) == []


@pytest.mark.parametrize("table", ["stock", "destroyed", "found"])
def test_munitions_counted_without_a_type_are_asked_about(table):
    answers = form_b(**{table: [of("BL-755", 3), {"quantity": 5}, {"submunitions": 5}]})

    found = list(munitions.munitions_have_a_type(answers, {}, facts()))

    assert [one.name for one in found] == [f"{table}.row2.type", f"{table}.row3.type"]
    assert [one.number for one in found] == [2, 3]
    assert "row 2: munitions are counted, and of which type is not said" in found[0].text


@pytest.mark.parametrize(
    "row",
    [
        of("BL-755", 5),
        {"type": "BL-755"},
        {"quantity": 0},
        {"submunition": "No 1 Mk 1", "submunitions": 147},
        {"remark": "none"},
    ],
)
def test_what_has_a_type_or_counts_nothing_needs_none(row):
    assert said(munitions.munitions_have_a_type, form_b(stock=[row])) == []


def test_the_uses_of_what_is_retained_are_asked_for_by_article_3():
    answers = form_d(
        retained=[
            of("BL-755", 5),
            of("BL-755", 5, planned="Training.", used="None was used."),
            of("BL-755", 0),
        ]
    )

    [planned] = said(munitions.retained_has_a_planned_use, answers)
    [used] = said(munitions.retained_has_an_actual_use, answers)

    assert planned.startswith(
        "Form D, Retained or acquired, row 1: the planned use is not said, for which Article 3(8)"
    )
    assert "the actual use in the period is not said" in used
    assert said(munitions.retained_has_a_planned_use, {}) == []


def test_a_transfer_names_its_receiver():
    answers = form_d(transferred=[of("BL-755", 5), of("BL-755", 5, receiver="PER")])

    [text] = said(munitions.transfer_names_its_receiver, answers)
    assert text.startswith("Form D, Transferred, row 1: which State received")
    typed = {"retained-transferred": {"transferred.row1.receiver"}}
    assert said(munitions.transfer_names_its_receiver, answers, unread=typed) == []


def test_a_receiver_that_was_no_party_on_the_day_is_asked_about():
    answers = form_d(
        transferred=[
            of("BL-755", 5, receiver="PER", transferred_on="2025-03-01"),
            of("BL-755", 5, receiver="PER", transferred_on="2025-09-01"),
            of("BL-755", 5, receiver="VUT"),
            of("BL-755", 5, receiver="ZZZ"),
        ]
    )
    parties = {
        ("PER", "2025-03-01"): False,
        ("PER", "2025-09-01"): True,
        ("VUT", "2025-12-31"): False,
    }

    first, second = said(
        munitions.receiver_is_a_party, answers, parties=parties, names={"PER": "Peru"}
    )

    assert "row 1: our records do not show Peru as a State Party on 1 March 2025" in first
    assert "row 3: our records do not show VUT as a State Party on 31 December 2025" in second


def test_a_state_transfers_nothing_to_itself():
    answers = form_d(transferred=[of("BL-755", 5, receiver="LAO"), of("X", 1, receiver="PER")])

    [text] = said(munitions.receiver_is_another_state, answers)

    assert "row 1: the receiving State is the reporting State itself" in text


def test_the_letter_is_that_of_the_reports_language():
    answers = form_d(retained=[of("BL-755", 5)])

    [text] = said(munitions.retained_has_a_planned_use, answers, language="fr")

    assert text.startswith("Form C,")
