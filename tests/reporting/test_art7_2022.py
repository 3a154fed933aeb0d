"""The adapted forms of 2022 are offered only once the ISU has confirmed and switched them on."""

import pytest
from django.urls import reverse

from reporting import filing, receipt
from reporting.art7_2010 import ART7_2010
from reporting.art7_2022 import ART7_2022, NEW
from reporting.models import FormAnswers, Report
from reporting.versions import schema_of
from states.models import Practice

pytestmark = pytest.mark.usefixtures("today")


def begin(laos, focal_point):
    return filing.begin(laos, "annual", 2025, by=focal_point)


def test_every_question_that_is_new_is_to_be_confirmed_and_voluntary():
    for fields in NEW.values():
        for field in fields:
            assert field.inferred
            assert field.level == "voluntary"


def test_the_forms_and_their_letters_are_those_of_2010():
    for language in ("en", "fr"):
        then, now = (
            [(form.key, form.letter_in(language)) for form in schema.in_order(language)]
            for schema in (ART7_2010, ART7_2022)
        )
        assert then == now


def test_the_rules_of_2010_are_asked_of_the_same_questions():
    assert ART7_2022.rules == ART7_2010.rules != ()


def test_a_new_report_is_written_in_the_forms_of_2010_until_the_isu_switches(laos, focal_point):
    assert begin(laos, focal_point).schema == "art7-2010"


def test_once_switched_on_a_new_report_has_the_new_forms_and_an_old_one_keeps_its_own(
    laos, focal_point, signed_in
):
    old = filing.begin(laos, "annual", 2024, by=focal_point)
    Practice.objects.create(key=Practice.Key.FORMS_OF_2022, value="yes")

    new = begin(laos, focal_point)

    assert schema_of(new) is ART7_2022
    assert schema_of(Report.objects.get(pk=old.pk)) is ART7_2010
    at = signed_in(focal_point)
    page = at.get(reverse("report-form", args=["LAO", "annual", 2025, "clearance"])).text
    assert "Milestones of clearance" in page
    assert "to be confirmed by the ISU" in page
    before = at.get(reverse("report-form", args=["LAO", "annual", 2024, "clearance"])).text
    assert "Milestones of clearance" not in before
    assert "to be confirmed by the ISU" not in before


def test_answers_to_new_questions_are_kept_and_handed_in(laos, focal_point):
    Practice.objects.create(key=Practice.Key.FORMS_OF_2022, value="yes")
    draft = begin(laos, focal_point)
    said = {"milestones": [{"id": "aaaa", "year": "2027", "size": 250_000}]}
    FormAnswers.objects.create(report=draft, form="clearance", said=said)

    assert [leaf.value for leaf in schema_of(draft).leaves({"clearance": said})] == [
        "2027",
        250_000,
    ]


def test_an_amended_report_keeps_the_forms_of_what_it_amends(laos, focal_point):
    draft = begin(laos, focal_point)
    FormAnswers.objects.create(report=draft, form="other", said={"matters": "x"})
    report = receipt.hand_in(draft, by=focal_point)
    Practice.objects.create(key=Practice.Key.FORMS_OF_2022, value="yes")

    new = filing.amend(report, by=focal_point)

    assert new.schema == "art7-2010"
    assert [row.said for row in new.forms.all()] == [{"matters": "x"}]
