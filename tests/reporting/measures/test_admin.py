"""The secretariat notes and corrects from sources; what a State reported is never edited."""

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack
from html import unescape

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reporting.measures import shipping
from reporting.models import Measure, MeasureGroup, MeasureNote
from states.history import act
from tests.conftest import SignedIn
from tests.reporting.measures.test_drawing import ACT, form_a
from tests.reporting.papers import chosen
from tests.reporting.publishing import published

pytestmark = pytest.mark.usefixtures("today")
ADD = "/admin/reporting/measurenote/add/"
IMPORT = "/admin/reporting/measurenote/import/"
SENT = {
    "state": "LAO",
    "about": "",
    "kind": "law",
    "title": "Act 12",
    "noted_on": "2026-11-02",
    "confidence": "high",
    "source": "Official Gazette 45",
    "penal": "true",
    "bans_investment": "unknown",
    "reason": "From the ministry's page",
}


@pytest.fixture(autouse=True)
def an_act() -> Iterator[ExitStack]:
    """Rows are arranged with a reason; a test closes it before it posts, as no request has one."""
    with ExitStack() as stack:
        stack.enter_context(act(by=None, reason="arranged by a test"))
        yield stack


@pytest.fixture
def reported(laos, focal_point, officer) -> Measure:
    """A measure that Lao PDR reported."""
    published(laos, focal_point, officer, **form_a(ACT))
    return Measure.objects.get()


def test_what_the_state_reported_is_read_and_cannot_be_changed(
    assistant, reported, an_act: ExitStack
):
    client = SignedIn(assistant)
    url = reverse("admin:reporting_measure_change", args=[reported.pk])
    an_act.close()

    page = client.get(url)
    client.post(url, {"title": "Forged", "reason": "x"})

    assert "it does not change" in page.content.decode()
    reported.refresh_from_db()
    assert reported.title == ACT["title"]


def test_a_correction_is_a_note_beside_the_row(assistant, reported, an_act: ExitStack):
    client = SignedIn(assistant)
    url = reverse("admin:reporting_measure_act", args=[reported.pk, "annotate"])
    an_act.close()

    opened = client.post(url)
    form = client.get(opened["Location"]).content.decode()
    done = client.post(
        ADD, {**SENT, "about": "law00001", "title": "", "kind": "", "title_en": "Act"}
    )
    again = client.post(url)

    assert opened["Location"] == f"{ADD}?state=LAO&about=law00001"
    assert 'value="law00001"' in form
    # Beside the row stands what the State said; how sure the note is, the person says.
    assert f"As reported by the State: {ACT['title']}" in form
    assert 'value="high" selected' not in form
    assert done.status_code == 302, done.content.decode()
    note = MeasureNote.objects.get()
    assert (note.about, note.title_en, note.penal, note.bans_investment) == (
        "law00001", "Act", True, None,
    )  # fmt: skip
    assert note.history.get().pgh_context["reason"] == "From the ministry's page"
    assert again["Location"] == reverse("admin:reporting_measurenote_change", args=[note.pk])
    assert Measure.objects.get().title == ACT["title"]


def test_the_text_of_a_law_that_the_isu_attaches_is_public_with_the_note(
    assistant, laos, an_act: ExitStack
):
    client = SignedIn(assistant)
    an_act.close()

    done = client.post(ADD, {**SENT, "file": chosen("act-12.pdf")})

    assert done.status_code == 302
    text = MeasureNote.objects.get().text
    address = reverse("file", args=[text.pk, text.name])
    answer = Client().get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    with act(by=None, reason="doubted"):
        MeasureNote.objects.update(confidence="low")
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Needed for a measure that no report has."),
        ({"about": "zzzz0000"}, "“zzzz0000” is no row of a published report of this State."),
        ({"source": ""}, "This field is required."),
        ({"noted_on": "2027-01-01"}, "This day has not come yet."),
        ({"effective_on": "0001-01-01"}, "Choose a day from 1 January 1900"),
        ({"link": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"title": "a\0b"}, "Null characters are not allowed."),
        ({"reason": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(
    assistant, laos, an_act: ExitStack, wrong, sentence
):
    client = SignedIn(assistant)
    an_act.close()

    page = client.post(ADD, {**SENT, **wrong})

    assert page.status_code == 200
    assert sentence in unescape(page.content.decode())
    assert SENT["noted_on"] in page.content.decode() or "noted_on" in wrong
    assert not MeasureNote.objects.exists()


def test_a_second_note_about_a_row_is_refused(assistant, reported, laos, an_act: ExitStack):
    MeasureNote.objects.create(state=laos, about="law00001", title_en="Act", source="x")
    client = SignedIn(assistant)
    an_act.close()

    page = client.post(ADD, {**SENT, "about": "law00001"})

    assert "There is a note about this row already" in page.content.decode()


def test_a_note_is_taken_back_with_a_reason_and_stays_in_the_history(
    assistant, laos, an_act: ExitStack
):
    note = MeasureNote.objects.create(state=laos, kind="law", title="Act", source="x")
    client = SignedIn(assistant)
    an_act.close()

    url = reverse("admin:reporting_measurenote_act", args=[note.pk, "take-back"])
    done = client.post(url, {"reason": "Another State's act"})

    assert done.status_code == 302
    gone = MeasureNote.pgh_event_models["delete"].objects.filter(pgh_label="delete").get()
    assert gone.pgh_context["reason"] == "Another State's act"


def test_notes_go_out_and_come_in_again_unchanged(assistant, laos, an_act: ExitStack):
    MeasureNote.objects.create(
        state=laos, kind="law", title="=Act", source="x", penal=None, bans_investment=False,
        effective_on=dt.date(2011, 3, 1), noted_on=dt.date(2026, 1, 2),
    )  # fmt: skip
    client = SignedIn(assistant)
    an_act.close()

    book = client.get("/admin/reporting/measurenote/export/xlsx/")
    file = SimpleUploadedFile("notes.xlsx", book.getvalue())
    page = client.post(IMPORT, {"file": file})

    assert page.context["preview"].counts["skip"] == 1
    assert page.context["preview"].wrong == []


def test_a_file_of_notes_is_taken_in_once_and_each_bad_line_has_its_sentence(
    assistant, laos, an_act: ExitStack
):
    client = SignedIn(assistant)
    an_act.close()
    heads = ["State", "Kind", "Title in the original language", "Penal sanctions", "Noted on",
             "Source", "Confidence"]  # fmt: skip
    good = ["LAO", "law", "Act 12", "yes", "2026-01-02", "Gazette", "high"]
    bad = ["LAO", "decree", "Act 13", "perhaps", "02/01/2026", "Gazette", "high"]

    def file(*lines):
        content = tablib.Dataset(*lines, headers=heads).export("xlsx")
        return SimpleUploadedFile("notes.xlsx", content)

    refused = client.post(IMPORT, {"file": file(good, bad)})
    page = client.post(IMPORT, {"file": file(good)})
    form = page.context["confirm"]
    client.post(
        IMPORT,
        {"lines": form["lines"].value(), "seen": form["seen"].value(), "reason": "List of 2026"},
    )
    again = client.post(IMPORT, {"file": file(good)})

    said = "\n".join(refused.context["preview"].wrong)
    assert "Line 3, column “Kind”" in said
    assert "Line 3, column “Penal sanctions”" in said
    assert "Line 3, column “Noted on”" in said
    note = MeasureNote.objects.get()
    assert (note.title, note.penal, note.bans_investment) == ("Act 12", True, None)
    assert again.context["preview"].counts["skip"] == 1


def test_the_rule_of_a_status_is_changed_with_a_reason(assistant, an_act: ExitStack):
    shipping.ship_groups()
    client = SignedIn(assistant)
    url = reverse("admin:reporting_measuregroup_change", args=["legislation"])
    an_act.close()

    page = client.get(url)
    done = client.post(
        url,
        {
            "name_en": "Law adopted",
            "name_fr": "Loi adoptée",
            "name_es": "Ley aprobada",
            "kinds": ["law"],
            "position": "10",
            "reason": "As the ISU's page says",
        },
    )

    assert page.status_code == 200
    assert done.status_code == 302
    row = MeasureGroup.objects.get(pk="legislation")
    assert (row.name_en, row.kinds, row.to_be_confirmed) == ("Law adopted", ["law"], False)


def test_the_page_of_a_state_in_the_workplace_lists_its_measures(assistant, reported, laos):
    text = SignedIn(assistant).get("/admin/states/state/LAO/change/").content.decode()

    assert ACT["title"] in text
    assert f"{ADD}?state=LAO" in text
