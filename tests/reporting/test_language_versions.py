"""A report in other languages: added by the State or the ISU, read as the report is."""

import re

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from records.workflow import Refused
from reporting import language_versions
from reporting.models import LanguageVersion, Report
from reporting.workflow import REPORTS
from tests.conftest import SignedIn
from tests.reporting.papers import chosen, received
from tests.reporting.publishing import CLEARANCE, drafted, handed_in

pytestmark = pytest.mark.usefixtures("today")
RECEIPT = ["LAO", "annual", 2025, 1]


@pytest.fixture
def report(laos, focal_point):
    return handed_in(laos, focal_point, clearance=CLEARANCE)


def add(report, by, language="fr", kind="official", words="en français"):
    upload = received(report.state, by, words)
    return language_versions.add(report, language, kind, upload, by=by)


def reads(client, address):
    answer = client.get(getattr(address, "file_url", address))
    if answer.streaming:
        list(answer.streaming_content)  # the client closes the file with its last piece
    return answer.status_code


def test_a_language_version_is_read_exactly_as_its_report_is(
    report, focal_point, officer, other_focal_point
):
    row = add(report, focal_point)

    assert reads(Client(), row) == 302
    assert reads(SignedIn(other_focal_point), row) == 404
    assert reads(SignedIn(focal_point), row) == reads(SignedIn(officer), row) == 200
    REPORTS.take("publish", report, by=officer)
    assert reads(Client(), row) == 200


def test_the_public_page_and_the_api_name_it_in_its_own_language(report, focal_point, officer):
    add(report, focal_point)
    add(report, officer, "ar", "courtesy", "بالعربية")
    REPORTS.take("publish", report, by=officer)

    page = re.sub(r"\s+", " ", Client().get(report.get_absolute_url()).text)
    answer = Client().get(f"/api/v1/reports/{report.reference}").json()

    assert 'hreflang="ar"' in page
    assert '<bdi lang="ar" dir="rtl">العربية</bdi>' in page
    assert '<bdi lang="fr" dir="ltr">français</bdi>' in page
    assert "official translation" in page
    assert [
        (one["language"], one["kind"], one["added_by"], one["added_on"])
        for one in answer["language_versions"]
    ] == [
        ("ar", "courtesy", "secretariat", "2026-11-20"),
        ("fr", "official", "state", "2026-11-20"),
    ]
    assert reads(Client(), answer["language_versions"][1]["address"]) == 200


def test_what_was_handed_in_stays_as_it_is(report, focal_point):
    before = Report.objects.values().get(pk=report.pk)

    add(report, focal_point)

    assert Report.objects.values().get(pk=report.pk) == before


def test_the_state_adds_one_on_the_page_of_its_receipt(report, focal_point):
    page = SignedIn(focal_point)
    address = reverse("report-language", args=RECEIPT)

    for data, words in (
        ({"language": "fr", "sort": "official"}, "Choose the file."),
        ({"language": "", "sort": "official", "file": chosen()}, "Say which language it is."),
        ({"language": "xx", "sort": "official", "file": chosen()}, "Select a valid choice"),
        ({"language": "fr", "sort": "x", "file": chosen()}, "Select a valid choice"),
    ):
        refused = page.post(address, data)
        assert refused.status_code == 422
        assert words in refused.text
    assert not LanguageVersion.objects.exists()
    for _press in range(2):
        answer = page.post(
            address,
            {"language": "lo", "sort": "original", "file": chosen("lao.pdf", "lao")},
            follow=True,
        )

    assert "ລາວ" in answer.text
    [row] = LanguageVersion.objects.filter(language="lo")
    assert (row.kind, row.side, row.added_by) == ("original", "state", focal_point)


def test_another_file_does_not_take_the_place_of_one_unseen(report, focal_point):
    add(report, focal_point)

    with pytest.raises(Refused, match="There is one already: French, official translation"):
        add(report, focal_point, words="une autre")


def test_it_is_taken_away_only_with_a_reason_and_the_row_stays(report, focal_point, officer):
    row = add(report, focal_point)
    REPORTS.take("publish", report, by=officer)
    with pytest.raises(Refused, match="Say why"):
        language_versions.take_away(report, row.pk, " ", by=focal_point)

    SignedIn(focal_point).post(
        reverse("report-language-away", args=RECEIPT),
        {"version": row.pk, "why": "A better one follows."},
    )

    assert reads(Client(), row) == 302
    assert "français" not in Client().get(report.get_absolute_url()).text.split("<main")[1]
    row.refresh_from_db()
    assert (row.removed_by, row.removed_why) == (focal_point, "A better one follows.")
    add(report, focal_point, words="meilleure")
    for change in (
        lambda: LanguageVersion.objects.filter(pk=row.pk).update(removed_at=None),
        lambda: LanguageVersion.objects.update(kind="courtesy"),
        lambda: LanguageVersion.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
            change()


def test_a_state_does_not_take_away_what_the_isu_added(report, focal_point, officer):
    row = add(report, officer, kind="courtesy")

    with pytest.raises(Refused, match="The ISU added this one"):
        language_versions.take_away(report, row.pk, "No.", by=focal_point)
    language_versions.take_away(report, row.pk, "It was of another report.", by=officer)
    assert not language_versions.shown(report)


def test_nobody_else_adds_and_nothing_is_added_to_a_draft(
    laos, focal_point, drafter, other_focal_point, report
):
    draft = drafted(laos, focal_point, year=2024)

    for person in (drafter, other_focal_point):
        with pytest.raises(Refused):
            add(report, person)
    with pytest.raises(Refused, match="has not been handed in"):
        add(draft, focal_point)


def test_the_language_of_the_report_and_a_second_original_are_refused(report, focal_point):
    page = SignedIn(focal_point).get(reverse("report-receipt", args=RECEIPT))
    form = page.context["language_form"]
    assert report.language not in [code for code, _name in form.fields["language"].widget.choices]
    with pytest.raises(Refused, match="in this language already"):
        add(report, focal_point, language=report.language)
    add(report, focal_point, language="lo", kind="original")

    with pytest.raises(Refused, match="one original"):
        add(report, focal_point, language="fr", kind="original", words="encore")

    form = SignedIn(focal_point).get(reverse("report-receipt", args=RECEIPT)).context
    kinds = [kind for kind, _name in form["language_form"].fields["sort"].widget.choices]
    assert "original" not in kinds
