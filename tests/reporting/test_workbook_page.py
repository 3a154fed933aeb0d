"""A draft's forms go to Excel and come back: every difference is seen before anything is saved."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from records import sheets
from reporting import filing
from reporting.models import FormAnswers
from tests.conftest import appointed

pytestmark = pytest.mark.usefixtures("today")
DRAFT = ["LAO", "annual", 2025]


@pytest.fixture
def draft(laos, focal_point):
    return filing.begin(laos, "annual", 2025, by=focal_point)


@pytest.fixture
def at(focal_point, signed_in):
    return signed_in(focal_point)


def page():
    return reverse("report-excel", args=DRAFT)


def filled(client, values, form="clearance"):
    """The workbook as downloaded, with other values so far below or beside what first stands so."""
    answer = client.get(reverse("report-workbook", args=DRAFT))
    assert answer["Content-Type"] == sheets.MEDIA_TYPE
    book = load_workbook(io.BytesIO(answer.content))
    sheet = next(one for one in book if one["A1"].value == f"art7-2010/{form}")
    left = dict(values)
    for line in sheet.iter_rows():
        for cell in line:
            if cell.value in left:
                value, down, right = left.pop(cell.value)
                cell.offset(down, right).value = value
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("filled.xlsx", out.getvalue())


PROGRAMME = "Status and progress of the programme of clearance"


def clearance(programme="Two teams.", **said):
    return {"programme": programme, **said}


def stored(form="clearance"):
    row = FormAnswers.objects.filter(form=form).first()
    return row and row.said


def sent(client, file):
    return client.post(page(), {"file": file})


def confirmed(client, preview, *forms):
    return client.post(
        page(), {"kept": preview.context["preview"]["kept"], "form": forms or ["clearance"]}
    )


def test_every_difference_is_shown_and_nothing_is_saved_until_it_is_confirmed(at, draft):
    FormAnswers.objects.create(
        report=draft, form="clearance", said=clearance(areas=[{"id": "aaaa", "area": "North"}])
    )
    file = filled(
        at,
        {
            PROGRAMME: ("Three teams.", 0, 1),
            "Size (m²)": ("about 3", 1, 0),
            "North": ("South", 1, 0),
        },
    )

    preview = sent(at, file)

    [form] = preview.context["preview"]["changes"]
    assert [tuple(one) for one in form.changes if one.row != "1"] == [
        ("Areas known to be contaminated", "new", "", "Name of the area: South"),
        (PROGRAMME, "", "Two teams.", "Three teams."),
    ]
    assert "Areas known to be contaminated, Size" in preview.text
    assert "cell F8" in preview.text
    assert "“about 3” is not a number" in preview.text
    assert stored()["programme"] == "Two teams."
    # One form more than the page has before, and with a token of its own.
    before = at.get(page()).text.count("csrfmiddlewaretoken")
    assert preview.text.count("csrfmiddlewaretoken") == before + 1

    answer = confirmed(at, preview)

    assert answer.url == reverse("report-draft", args=DRAFT)
    assert stored()["programme"] == "Three teams."
    assert [row.get("area") for row in stored()["areas"]] == ["North", "South"]
    assert [*FormAnswers.objects.get(form="clearance").unread.values()] == ["about 3"]


def test_a_workbook_that_was_not_touched_changes_nothing(at, draft):
    FormAnswers.objects.create(report=draft, form="clearance", said=clearance())

    preview = sent(at, filled(at, {}))

    assert "nothing to save" in preview.text
    assert preview.context["preview"]["kept"] == ""


def test_who_saved_meanwhile_is_named_and_no_form_is_half_saved(at, draft, laos, signed_in):
    other = appointed("drafter", laos, "other@example.org", "Drafter, Lao PDR")
    for form in ("clearance", "other"):
        FormAnswers.objects.create(
            report=draft,
            form=form,
            said={"programme": "Two teams."} if form == "clearance" else {"matters": "One."},
            touched_at=timezone.now() - dt.timedelta(hours=1),
        )
    file = filled(at, {PROGRAMME: ("Three teams.", 0, 1)})
    book = load_workbook(file)
    sheet = next(one for one in book if one["A1"].value == "art7-2010/other")
    next(c for line in sheet.iter_rows() for c in line if c.value == "One.").value = "Two."
    out = io.BytesIO()
    book.save(out)
    preview = sent(at, SimpleUploadedFile("filled.xlsx", out.getvalue()))
    row = FormAnswers.objects.get(form="clearance")
    signed_in(other).post(
        reverse("report-form", args=[*DRAFT, "clearance"]),
        {"programme": "Theirs.", "seen": row.touched_at.isoformat()},
    )

    answer = confirmed(at, preview, "other", "clearance")

    assert answer.status_code == 409
    assert stored("other") == {"matters": "One."}
    assert "Nothing was saved: Drafter, Lao PDR" in answer.text
    assert stored()["programme"] == "Theirs."
    form = answer.context["preview"]["changes"][0]
    assert (form.changes[0].stands, form.changes[0].would_be) == ("Theirs.", "Three teams.")
    assert form.since
    confirmed(at, answer)
    assert stored()["programme"] == "Three teams."


def test_a_form_that_was_saved_after_the_workbook_was_made_is_not_ticked(at, draft):
    file = filled(at, {PROGRAMME: ("Three teams.", 0, 1)})
    FormAnswers.objects.create(report=draft, form="clearance", said=clearance())

    preview = sent(at, file)

    assert "after the workbook was made" in preview.text
    assert 'id="take-clearance"' in preview.text
    assert "checked" not in preview.text


def test_only_the_forms_that_are_ticked_are_taken_over(at, draft):
    file = filled(at, {PROGRAMME: ("Three teams.", 0, 1)})
    preview = sent(at, file)

    answer = at.post(page(), {"kept": preview.context["preview"]["kept"]})

    assert "choose at least one form" in answer.text
    assert stored() is None


def test_a_form_marked_as_unchanged_is_marked_as_changed_when_it_is_taken_over(at, draft):
    draft.marks = {"clearance": {"mark": "unchanged", "year": 2024}}
    draft.save(update_fields=["marks"])
    preview = sent(at, filled(at, {PROGRAMME: ("Three teams.", 0, 1)}))
    assert "it will be marked as changed" in preview.text

    confirmed(at, preview)

    draft.refresh_from_db()
    assert draft.marks["clearance"] == {"mark": "changed"}


def test_the_preview_of_another_person_or_a_forged_one_saves_nothing(at, draft, laos, signed_in):
    preview = sent(at, filled(at, {PROGRAMME: ("Three teams.", 0, 1)}))
    other = signed_in(appointed("drafter", laos, "other@example.org", "Drafter, Lao PDR"))

    assert confirmed(other, preview).url == page()
    assert at.post(page(), {"kept": "forged", "form": "clearance"}).url == page()
    assert stored() is None


@pytest.mark.parametrize("content", [b"", b"State;Year", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 200])
def test_what_is_no_workbook_gets_a_sentence_and_changes_nothing(at, draft, content):
    answer = sent(at, SimpleUploadedFile("filled.xlsx", content))

    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert stored() is None


def test_both_ways_are_linked_from_the_draft_and_from_each_form(at, draft):
    for address in (
        reverse("report-draft", args=DRAFT),
        reverse("report-form", args=[*DRAFT, "clearance"]),
    ):
        text = at.get(address).text
        assert reverse("report-workbook", args=DRAFT) in text
        assert page() in text


def test_the_workbook_takes_the_same_queries_for_many_rows(
    at, draft, django_assert_max_num_queries
):
    draft.marks = {"clearance": {"mark": "changed"}}
    draft.save(update_fields=["marks"])
    counts = []
    for number in (5, 200):
        FormAnswers.objects.all().delete()
        rows = [{"id": f"r{n:05d}", "area": f"Area {n}", "size": n} for n in range(number)]
        FormAnswers.objects.create(report=draft, form="clearance", said={"areas": rows})
        file = filled(at, {"Name of the area": ("Another", 1, 0)})
        with django_assert_max_num_queries(8) as download:
            at.get(reverse("report-workbook", args=DRAFT))
        with django_assert_max_num_queries(12) as shown:
            preview = sent(at, file)
        with django_assert_max_num_queries(24) as saved:
            confirmed(at, preview)
        assert stored()["areas"][0]["area"] == "Another"
        counts.append([len(one) for one in (download, shown, saved)])
    assert counts[0] == counts[1]
