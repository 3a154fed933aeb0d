"""The forms of 2010 stay what they were when they were released."""

import json

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.art7_2010 import ART7_2010
from reporting.schema import NOT_APPLICABLE, Level, Table, cleaned, leaves, simple
from tests.reporting import answers

RELEASED = "97c5f4b1eab890974cee39fb3da8fd5c3d7b224213df1a7777001c59b45be08e"
KEYS = [
    "measures",
    "stockpiles",
    "technical-characteristics",
    "retained-transferred",
    "conversion",
    "clearance",
    "risk-education",
    "victim-assistance",
    "resources",
    "other",
]


def test_a_released_version_is_never_edited():
    assert ART7_2010.fingerprint() == RELEASED


def test_the_hash_is_the_same_in_every_language():
    with translation.override("fr"):
        assert ART7_2010.fingerprint() == RELEASED


def test_there_are_ten_forms_and_french_swaps_two_letters():
    assert [form.key for form in ART7_2010.in_order("en")] == KEYS
    assert "".join(form.letter for form in ART7_2010.forms) == "ABCDEFGHIJ"
    french = [form.key for form in ART7_2010.in_order("fr")]
    assert french == [*KEYS[:2], KEYS[3], KEYS[2], *KEYS[4:]]


def test_form_a_always_applies_and_form_j_is_voluntary():
    forms = {form.key: form for form in ART7_2010.forms}

    assert NOT_APPLICABLE not in forms["measures"].allowed
    assert forms["other"].voluntary
    assert all(field.level is Level.VOLUNTARY for field in forms["other"].fields)


@pytest.mark.parametrize("form", ART7_2010.forms, ids=lambda form: form.key)
def test_keys_are_words_that_stand_once_and_no_column_is_called_id(form):
    keys = [field.key for field in form.fields]
    assert len(set(keys)) == len(keys)
    for field in form.fields:
        if isinstance(field, Table):
            columns = [column.key for column in field.columns]
            assert len(set(columns)) == len(columns)
            assert "id" not in columns
            assert set(field.totals) <= set(columns)
            assert not any(isinstance(column, Table) for column in field.columns)


@pytest.mark.parametrize("form", ART7_2010.forms, ids=lambda form: form.key)
def test_a_form_that_may_not_apply_proposes_a_definite_sentence(form):
    if NOT_APPLICABLE in form.allowed:
        assert "%(state)s" in str(form.nothing)
        assert str(form.nothing).endswith(".")


@pytest.mark.parametrize("form", ART7_2010.forms, ids=lambda form: form.key)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_any_answers_survive_json_boxes_and_cells_in_every_language(form, data):
    said = data.draw(answers.of_form(form))

    kept, mistakes = cleaned(form, json.loads(json.dumps(said)))

    assert mistakes == []
    assert kept == said
    for language in ("en", "fr", "es"):
        with translation.override(language):
            for leaf in leaves(form, said):
                assert leaf.simple.read(leaf.simple.typed(leaf.value)) == leaf.value
                assert leaf.simple.read(leaf.simple.cell(leaf.value)) == leaf.value


def test_leaves_are_all_that_was_said():
    form = ART7_2010.form("clearance")
    said = {
        "areas": [
            {
                "id": "aaaa",
                "area": "North",
                "size": 1_250_000.5,
                "position": {"latitude": 19.8833, "longitude": 102.135},
            }
        ],
        "completed_on": "2026-11-20",
    }

    assert [leaf.value for leaf in leaves(form, said)] == [
        "North",
        19.8833,
        102.135,
        1_250_000.5,
        "2026-11-20",
    ]
    assert len(list(simple(form.field("completed_on")))) == 1
