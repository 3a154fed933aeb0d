"""A report made of its forms is whole by itself: a file, its answers, and what was unchanged."""

import datetime as dt
import io

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from records.workflow import Refused
from reporting import filing, receipt
from reporting.models import FormAnswers
from reporting.workflow import REPORTS
from tests.factories import ReportFactory
from tests.reporting.papers import received

pytestmark = pytest.mark.usefixtures("today")
AREAS = [
    {"id": "aaaa", "area": "Ban Phonsavan", "size": 1_250_000, "remnants": "BLU-26"},
    {"id": "bbbb", "area": "منطقة الشمال", "size": 800, "remnants": "BLU-63"},
]


@pytest.fixture
def draft(laos, focal_point):
    return filing.begin(laos, "annual", 2025, by=focal_point)


def answered(report, form="clearance", **said):
    return FormAnswers.objects.create(report=report, form=form, said=said)


def words_of(upload):
    with default_storage.open(upload.path) as file:
        paper = pypdfium2.PdfDocument(io.BytesIO(file.read()))
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in paper)
    finally:
        paper.close()


def test_a_report_is_handed_in_from_its_forms_as_a_file_that_says_it_all(draft, focal_point):
    answered(draft, areas=AREAS, programme="Two teams work in Xieng Khouang.")
    draft.marks = {"clearance": {"mark": "changed"}}
    draft.save()

    row = receipt.hand_in(draft, by=focal_point)

    assert row.original.name == "article-7_LAO_2025_en_v1.pdf"
    assert row.original.media_type == "application/pdf"
    words = words_of(row.original)
    for said in (
        "A7-2025-LAO-01",
        "Ban Phonsavan",
        "1,250,000",
        "1,250,800",
        "Two teams",
        "BLU-63",
    ):
        assert said in words
    assert "nothing reported" in words
    assert "Draft" not in words


def test_nothing_at_all_is_not_handed_in(draft, focal_point):
    with pytest.raises(Refused, match="nothing in the report yet"):
        receipt.hand_in(draft, by=focal_point)


def test_marks_alone_are_handed_in_on_one_page(draft, focal_point):
    draft.marks = {"measures": {"mark": "unchanged", "year": 2022}}
    draft.save()

    row = receipt.hand_in(draft, by=focal_point)

    assert "unchanged since the report on 2022" in words_of(row.original)


def test_a_form_that_is_unchanged_takes_the_answers_of_the_report_that_it_names(
    draft, laos, focal_point
):
    before = ReportFactory(
        state=laos,
        year=2024,
        covers_from=dt.date(2024, 1, 1),
        covers_to=dt.date(2024, 12, 31),
        marks={"clearance": {"mark": "changed"}, "resources": {"mark": "changed"}},
    )
    upload = received(laos)
    answered(before, areas=AREAS)
    answered(before, "resources", needs="Two more teams.")
    before.attachments.create(form="clearance", upload=upload)
    receipt.hand_in(before, by=focal_point)
    draft.marks = {
        "clearance": {"mark": "unchanged", "year": 2024},
        "resources": {"mark": "unchanged", "year": 2024},
    }
    draft.save()
    answered(draft, "resources", needs="What we typed this year.")

    row = receipt.hand_in(draft, by=focal_point)

    said = {one.form: one.said for one in row.forms.all()}
    assert said["clearance"] == {"areas": AREAS}
    assert said["resources"] == {"needs": "What we typed this year."}
    assert row.marks["clearance"]["reference"] == "A7-2024-LAO-01"
    assert [one.upload for one in row.attachments.all()] == [upload]


def test_empty_rows_are_not_handed_in_and_what_is_no_answer_is_shown_as_typed(
    draft, focal_point, signed_in
):
    FormAnswers.objects.create(
        report=draft,
        form="clearance",
        said={"areas": [AREAS[0], {"id": "cccc"}]},
        unread={"areas.cccc.size": "about 3"},
    )

    row = receipt.hand_in(draft, by=focal_point)

    assert row.forms.get().said == {"areas": [AREAS[0]]}
    page = signed_in(focal_point).get(row.get_absolute_url()).text
    assert "Areas known to be contaminated, Size: about 3" in page


def test_everybody_reads_the_answers_once_they_are_published(
    draft, focal_point, officer, client, signed_in
):
    answered(draft, areas=AREAS)
    row = receipt.hand_in(draft, by=focal_point)
    address = row.get_absolute_url()
    assert "Ban Phonsavan" not in client.get(address).content.decode()
    assert "Ban Phonsavan" in signed_in(officer).get(address).text

    REPORTS.take("publish", row, by=officer)

    page = client.get(address).text
    assert "Ban Phonsavan" in page
    assert "1,250,800" in page
    assert "منطقة الشمال" in page


def test_the_check_page_shows_the_answers_and_the_draft_as_a_pdf(draft, focal_point, signed_in):
    answered(draft, areas=AREAS)
    at = signed_in(focal_point)

    page = at.get(reverse("report-check", args=["LAO", "annual", 2025])).text
    assert "Ban Phonsavan" in page
    link = reverse("report-preview", args=["LAO", "annual", 2025])
    assert link in page
    paper = pypdfium2.PdfDocument(at.get(link).content)
    words = "\n".join(one.get_textpage().get_text_range() for one in paper)
    paper.close()
    assert "Ban Phonsavan" in words
    assert "draft" in words.lower()


def test_the_paper_is_in_the_language_of_the_report(draft, focal_point):
    draft.language = "fr"
    draft.save()
    answered(draft, "retained-transferred", retained=[{"id": "aaaa", "type": "BL-755"}])

    row = receipt.hand_in(draft, by=focal_point)

    assert row.original.name.endswith("_fr_v1.pdf")
    assert "BL-755" in words_of(row.original)


@pytest.mark.parametrize("number", [5, 500])
def test_a_report_is_read_with_the_same_queries_for_many_rows(
    draft, focal_point, officer, signed_in, number, django_assert_max_num_queries
):
    answered(draft, areas=[{"id": f"r{n:05d}", "area": f"Area {n}"} for n in range(number)])
    at = signed_in(focal_point)
    check = reverse("report-check", args=["LAO", "annual", 2025])
    at.get(check)

    with django_assert_max_num_queries(24):
        at.get(check)
