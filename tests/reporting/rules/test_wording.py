"""Sentences that say nothing, sums among the rows, submunitions without a type, half a place."""

import pytest

from reporting.rules import wording
from tests.reporting.rules.cases import rows, said


def marked(sentence):
    return {"conversion": {"mark": "not-applicable", "sentence": sentence}}


@pytest.mark.parametrize("sentence", ["N/A", "n.a.", "None", "nil.", "–", "s/o", "Néant", "Nada"])
def test_a_word_in_the_place_of_a_sentence_is_asked_about(sentence):
    [text] = said(wording.not_applicable_is_a_sentence, {}, marks=marked(sentence))

    assert text.startswith(f"Form E: “{sentence}” can be read in several ways")


@pytest.mark.parametrize("sentence", ["Peru has never produced any.", "No production.", ""])
def test_a_sentence_is_not_asked_about(sentence):
    assert said(wording.not_applicable_is_a_sentence, {}, marks=marked(sentence)) == []


@pytest.mark.parametrize("name", ["TOTAL", "Total:", "Grand total", "Somme"])
def test_a_row_of_sums_is_asked_about(name):
    stock = rows({"type": "RBK-500", "quantity": 3}, {"type": name, "quantity": 3})

    [text] = said(wording.rows_are_no_totals, {"stockpiles": {"stock": stock}})

    assert text.startswith("Form B, ")
    assert f"row 2: the row “{name}” looks like a sum" in text


def test_a_type_whose_name_has_the_word_in_it_is_no_sum():
    stock = rows({"type": "Total-90", "quantity": 3}, {"quantity": 4})

    assert said(wording.rows_are_no_totals, {"stockpiles": {"stock": stock}}) == []


def test_submunitions_that_are_counted_have_a_type():
    stock = rows(
        {"type": "RBK-500", "quantity": 3, "submunitions": 30},
        {"type": "RBK-500", "quantity": 3, "submunition": "AO-2.5", "submunitions": 30},
        {"type": "RBK-500", "quantity": 3},
    )
    answers = {"stockpiles": {"stock": stock}}

    [text] = said(wording.submunitions_have_a_type, answers)

    assert "row 1: submunitions are counted" in text
    typed = {"stockpiles": {"stock.row1.submunition"}}
    assert said(wording.submunitions_have_a_type, answers, unread=typed) == []


@pytest.mark.parametrize(
    ("position", "words"),
    [({"latitude": 12.5}, "and no longitude"), ({"longitude": -100}, "and no latitude")],
)
def test_half_a_place_is_asked_about(position, words):
    areas = rows({"area": "North", "position": position})

    [text] = said(wording.positions_are_whole, {"clearance": {"areas": areas}})

    assert words in text


def test_a_whole_place_is_not_asked_about():
    areas = rows({"area": "North", "position": {"latitude": 12.5, "longitude": -100}})

    assert said(wording.positions_are_whole, {"clearance": {"areas": areas}}) == []
