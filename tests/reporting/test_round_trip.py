"""Any answers survive the page, the workbook, the way back and JSON unchanged."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reporting import filing
from reporting.art7_2010 import ART7_2010
from reporting.art7_2022 import ART7_2022
from reporting.models import FormAnswers, Report
from reporting.schema import File, Form, Schema, Table
from states.models import Practice
from tests.factories import StateFactory
from tests.reporting import answers
from tests.reporting.pages import sent_as_it_stands

pytestmark = pytest.mark.usefixtures("today", "laos", "peru")
DRAFT = ["LAO", "annual", 2025]
QUICK = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LONG = settings(QUICK, max_examples=60, derandomize=False)
FORMS = [
    pytest.param(schema, form, id=f"{schema.version}-{form.key}")
    for schema in (ART7_2010, ART7_2022)
    for form in schema.forms
    if schema is ART7_2010 or ART7_2010.form(form.key) != form
]


@pytest.fixture
def draft(laos, focal_point):
    StateFactory(iso3="CHE", iso2="CH", name_en="Switzerland")
    Practice.objects.create(key=Practice.Key.FORMS_OF_2022, value="no")
    return filing.begin(laos, "annual", 2025, by=focal_point)


@pytest.fixture
def at(focal_point, signed_in):
    return signed_in(focal_point)


def without_files(form: Form, said: dict[str, Any]) -> dict[str, Any]:
    """Files are no cells and no boxes; they stay where they are and have tests of their own."""
    kept: dict[str, Any] = {}
    for field in form.fields:
        if field.key not in said or isinstance(field, File):
            continue
        if isinstance(field, Table):
            files = {column.key for column in field.columns if isinstance(column, File)}
            rows = [
                {key: value for key, value in row.items() if key not in files}
                for row in said[field.key]
            ]
            if rows := [row for row in rows if len(row) > 1]:
                kept[field.key] = rows
        else:
            kept[field.key] = said[field.key]
    return kept


def there_and_back(at, draft: Report, schema: Schema, form: Form, said: dict[str, Any]) -> None:
    """Through the page's boxes, through a workbook into an empty draft, and through JSON."""
    Report.objects.filter(pk=draft.pk).update(schema=schema.version, marks={})
    FormAnswers.objects.filter(report=draft).delete()
    row = FormAnswers.objects.create(report=draft, form=form.key, said=said)
    address = reverse("report-form", args=[*DRAFT, form.key])

    saved = at.post(address, sent_as_it_stands(at.get(address).text))

    assert saved.status_code == 302, saved.text
    row.refresh_from_db()
    assert (row.said, row.unread) == (said, {})

    excel = reverse("report-excel", args=DRAFT)
    book = b"".join(at.get(reverse("report-workbook", args=DRAFT)))
    FormAnswers.objects.filter(report=draft).delete()
    preview = at.post(excel, {"file": SimpleUploadedFile("filled.xlsx", book)})
    assert preview.status_code == 200
    if said:
        kept = preview.context["preview"]["kept"]
        at.post(excel, {"kept": kept, "form": [form.key]})
        back = FormAnswers.objects.get(report=draft, form=form.key)
        assert (back.said, back.unread) == (said, {})
        assert json.loads(json.dumps(back.said)) == said


@pytest.mark.parametrize(("schema", "form"), FORMS)
@QUICK
@given(data=st.data())
def test_any_answers_survive_the_page_the_workbook_and_json(at, draft, schema, form, data) -> None:
    said = without_files(form, data.draw(answers.of_form(form)))
    there_and_back(at, draft, schema, form, said)


@pytest.mark.soak
@pytest.mark.parametrize(("schema", "form"), FORMS)
@LONG
@given(data=st.data())
def test_any_answers_survive_the_whole_way_at_length(at, draft, schema, form, data) -> None:
    said = without_files(form, data.draw(answers.of_form(form)))
    there_and_back(at, draft, schema, form, said)
