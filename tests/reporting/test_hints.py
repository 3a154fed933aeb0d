"""Every question has its article, help and an example, in words that a new diplomat understands."""

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from reporting import filing, hints
from reporting.schema import Table
from reporting.versions import SCHEMAS
from states.loading import lines

pytestmark = pytest.mark.usefixtures("today")
LANGUAGES = ("en", "fr", "es")


def every():
    return [
        (version, form, asked, column)
        for version, schema in SCHEMAS.items()
        for form in schema.forms
        for asked in form.fields
        for column in (None, *(asked.columns if isinstance(asked, Table) else ()))
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_of_every_version_has_article_help_and_example(language):
    missing = []
    with translation.override(language):
        for version, form, asked, column in every():
            hint = hints.of(form, asked, column)
            # The example of a table is a row: its columns have theirs.
            wanted = {"article": hint.article, "help": hint.help, "label": hint.label}
            if column is not None or not isinstance(asked, Table):
                wanted["example"] = hint.example
            place = f"{version} {form.key}.{asked.key}.{column.key if column else ''}"
            missing += [f"{place}: {name}" for name, said in wanted.items() if not said]

    assert missing == []


def test_no_hint_is_left_over():
    known = {f"{form.key}.{asked.key}" for _v, form, asked, _c in every()}
    known |= {
        f"{form.key}.{asked.key}.{column.key}" for _v, form, asked, column in every() if column
    }
    columns = {column.key for _v, _f, _a, column in every() if column}
    kinds = {one.kind for _v, _f, asked, column in every() for one in (asked, column) if one}

    assert set(hints.TEXTS) <= known
    assert set(hints.ARTICLES) <= known
    assert set(hints.COLUMNS) <= columns
    assert set(hints.KINDS) <= kinds


def test_examples_are_of_no_real_state_and_help_is_short():
    names = {line["name_en"] for line in lines("states.csv")}
    for _version, form, asked, column in every():
        hint = hints.of(form, asked, column)
        found = [name for name in names if re.search(rf"\b{re.escape(name)}\b", hint.example)]
        assert found == [], hint
        assert "Phonsavan" not in hint.example
        assert len(hint.help) <= 220, hint
        # Whoever copies an example into the box is understood, if it is a number.
        if (column or asked).kind in {"quantity", "area", "date"}:
            assert (column or asked).read(hint.example) is not None


def test_the_frozen_forms_are_as_they_were():
    """What was added stands beside them: the hash of a released version is under test there."""
    assert all("hints" not in json.dumps(schema.json_schema()) for schema in SCHEMAS.values())
    assert not list(Path("reporting/art7_2010").glob("*hint*"))


def test_the_page_of_a_form_shows_help_and_a_folded_example(laos, focal_point, signed_in):
    filing.begin(laos, "annual", 2025, by=focal_point)

    page = signed_in(focal_point).get(
        reverse("report-form", args=["LAO", "annual", 2025, "stockpiles"])
    )
    text = " ".join(page.content.decode().split())

    assert "What was destroyed in the period, one row for each type and site." in text
    assert "Article 7(1)(f)" in text
    assert "For example: AV-1987-04, AV-1987-05" in text
    assert '<summary> Example<span class="away">: Separation and marking</span> </summary>' in text
    assert "each crate bears a red band" in text
    assert "<details open" not in text
