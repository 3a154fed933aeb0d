"""The draft goes to the capital as a Word document: what stands, and boxes for what does not."""

import io
import itertools

import docx
import pytest
from django.urls import reverse

from records import word
from reporting import filing, receipt
from reporting.art7_2010 import ART7_2010
from reporting.models import FormAnswers
from reporting.schema import Table

pytestmark = pytest.mark.usefixtures("today")
DRAFT = ["LAO", "annual", 2025]
AREAS = [
    {"id": "aaaa", "area": "Ban Phonsavan", "size": 1_250_000, "remnants": "BLU-26"},
    {"id": "bbbb", "area": "منطقة الشمال", "size": 800},
]


@pytest.fixture
def draft(laos, focal_point):
    return filing.begin(laos, "annual", 2025, by=focal_point)


@pytest.fixture
def at(focal_point, signed_in):
    return signed_in(focal_point)


def downloaded(client):
    answer = client.get(reverse("report-word", args=DRAFT))
    assert answer.status_code == 200
    assert answer["Content-Type"] == word.MEDIA_TYPE
    assert 'filename="draft_LAO_annual_2025.docx"' in answer["Content-Disposition"]
    return answer.content


def words_of(content):
    return word.read(io.BytesIO(content), "draft.docx").html


def test_the_document_says_what_stands_and_is_marked_as_a_draft_on_every_sheet(draft, at):
    FormAnswers.objects.create(
        report=draft, form="clearance", said={"areas": AREAS, "programme": "Two <teams>."},
        unread={"released.cccc.size": "about 3"},
    )  # fmt: skip

    content = downloaded(at)

    words = words_of(content)
    for said in (
        "Ban Phonsavan",
        "1,250,000",
        "1,250,800",
        "منطقة الشمال",
        "Two &lt;teams&gt;.",
        "about 3",
        "A draft of Lao People&#x27;s Democratic Republic, not submitted",
    ):
        assert said in words
    document = docx.Document(io.BytesIO(content))
    for section in document.sections:
        assert section.header.paragraphs[0].text == "A7-2025-LAO\tdraft"


def test_every_question_has_room_for_an_answer_also_those_that_nobody_has_answered(draft, at):
    content = downloaded(at)

    document = docx.Document(io.BytesIO(content))
    words = words_of(content)
    boxes = 1  # the points of contact
    for form in ART7_2010.forms:
        for asked in form.fields:
            assert str(asked.label) in words.replace("&#x27;", "'").replace("&amp;", "&")
            boxes += 1
    blank = [
        table for table in document.tables
        if all(row.height is not None for row in table.rows)
    ]  # fmt: skip
    assert len(blank) == boxes
    assert "☐ changed" in words
    assert "☐ unchanged since the report on ____" in words
    assert "Institution" in words
    assert "(voluntary)" in words
    assert "(if possible)" in words
    # One turn to sheets that lie on their side, and one back.
    turns = [section.orientation for section in document.sections]
    assert sum(one != two for one, two in itertools.pairwise(turns)) <= 2
    tables = sum(isinstance(one, Table) for form in ART7_2010.forms for one in form.fields)
    assert sum(len(table.rows) == 4 for table in blank) == tables
    assert "nothing reported" not in words


def test_what_is_answered_has_no_empty_box(draft, at):
    before = downloaded(at)
    FormAnswers.objects.create(report=draft, form="clearance", said={"programme": "x"})

    after = downloaded(at)

    count = [len(docx.Document(io.BytesIO(one)).tables) for one in (before, after)]
    assert count[0] - count[1] == 1


def test_it_speaks_the_language_of_the_report(draft, at):
    draft.language = "fr"
    draft.save()

    content = downloaded(at)

    assert "Formulaire" in words_of(content)
    assert docx.Document(io.BytesIO(content)).core_properties.language == "fr"


def test_nothing_about_the_person_who_downloads_it_is_in_it(draft, at, focal_point):
    content = downloaded(at)

    facts = docx.Document(io.BytesIO(content)).core_properties
    assert (facts.author, facts.last_modified_by) == ("", "")
    assert focal_point.email not in words_of(content)


def test_a_drafter_gets_it_and_nobody_of_the_secretariat_does(draft, drafter, assistant, signed_in):
    downloaded(signed_in(drafter))

    assert signed_in(assistant).get(reverse("report-word", args=DRAFT)).status_code == 404


def test_the_draft_and_each_form_lead_to_it(draft, at):
    for page in (
        reverse("report-draft", args=DRAFT),
        reverse("report-form", args=[*DRAFT, "clearance"]),
    ):
        assert reverse("report-word", args=DRAFT) in at.get(page).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_its_queries_do_not_grow_with_the_rows(draft, at, rows, django_assert_max_num_queries):
    said = [{"id": f"row{n:05d}", "area": f"Area {n}"} for n in range(rows)]
    FormAnswers.objects.create(report=draft, form="clearance", said={"areas": said})

    with django_assert_max_num_queries(16):
        downloaded(at)


def test_who_comes_after_the_hand_in_is_told_so(draft, at, focal_point):
    FormAnswers.objects.create(report=draft, form="clearance", said={"programme": "x"})
    receipt.hand_in(draft, by=focal_point)

    answer = at.get(reverse("report-word", args=DRAFT))

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/html")
