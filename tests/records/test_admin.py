"""Letters, texts, events and the register in the admin: many at once, corrected by new rows."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from records.letters import ship_stages
from records.letters.planning import because
from records.models import Event, Letter, NoteVerbale, Revision, Stage
from records.models.documents import Document
from records.models.events import record
from reporting.models import Report
from states import access
from states.history import act
from states.models import Practice, State, User
from tests import factories
from tests.conftest import SignedIn
from tests.matrix import World


@pytest.fixture(autouse=True)
def an_act() -> Iterator[ExitStack]:
    """Rows are arranged with a reason; a test closes it before it posts, as no request has one."""
    with ExitStack() as stack:
        stack.enter_context(act(by=None, reason="arranged by a test"))
        yield stack


def letters(state: State, number: int, status: str = "held", **facts: object) -> list[Letter]:
    """Letters to as many mailboxes."""
    made = []
    for each in range(number):
        contact = factories.ContactFactory(state=state, email=f"box{each}@example.org")
        made.append(
            Letter.objects.create(
                key=f"test/{status}/{each}",
                kind="art7-annual",
                state=state,
                contact=contact,
                to=contact.email,
                subject=f"Reminder {each}",
                body="Text",
                status=status,
                **facts,
            )
        )
    return made


def page(row: object, name: str = "change", *args: object) -> str:
    """An address of the row in the admin."""
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=[row.pk, *args])


LETTERS = "/admin/records/letter/"


def test_sixty_letters_are_released_at_once_and_the_first_time_asks(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    rows = letters(laos, 60)
    client = SignedIn(assistant)
    an_act.close()
    chosen = {"action": "release", "_selected_action": [row.pk for row in rows]}

    asked = client.post(LETTERS, chosen)
    refused = client.post(LETTERS, chosen | {"confirmed": "yes"})
    untouched = Letter.objects.filter(status="held").count()
    done = client.post(LETTERS, chosen | {"confirmed": "yes", "first_confirmed": "on"})

    assert "60 letters go to" in asked.text
    assert "box0@example.org" in asked.text
    assert refused.status_code == 422
    assert "first release from this site: 60 letters" in refused.text
    assert untouched == 60
    assert done.status_code == 302
    assert Letter.objects.filter(status="queued", released_by=assistant).count() == 60
    assert Practice.on("first-release")


def test_a_letter_is_set_aside_with_its_reason(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    [row] = letters(laos, 1)
    client = SignedIn(assistant)
    an_act.close()

    silent = client.post(page(row, "act", "set-aside"), {})
    client.post(page(row, "act", "set-aside"), {"note": "They rang"})
    history = client.get(page(row, "history"))

    row.refresh_from_db()
    assert silent.status_code == 422
    assert (row.status, row.settled_note) == ("overtaken", "They rang")
    assert "They rang" in history.text
    assert "Set aside" in history.text


def test_a_doubt_is_settled_by_a_person_who_asked_the_mail_log(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    [row] = letters(laos, 1, "doubtful")
    client = SignedIn(assistant)
    an_act.close()

    asked = client.get(page(row, "act", "settle"))
    client.post(page(row, "act", "settle"), {"left": "yes", "note": "The log shows it"})

    row.refresh_from_db()
    assert row.message_id.strip("<>") in asked.text
    assert row.status == "sent"


def test_a_held_letter_may_be_put_better_and_a_sent_one_may_not(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    [held] = letters(laos, 1)
    [sent] = letters(laos, 1, "sent", sent_at=timezone.now())
    client = SignedIn(assistant)
    an_act.close()
    answers = {"subject": "Better", "body": "Better text", "reason": "Their new title"}

    done = client.post(page(held), answers)
    refused = client.post(page(sent), answers)

    held.refresh_from_db()
    sent.refresh_from_db()
    assert (done.status_code, held.subject) == (302, "Better")
    assert Event.objects.about(held).get().note == "Their new title"
    assert (refused.status_code, sent.subject) == (409, "Reminder 0")
    assert "Nothing was changed." in refused.text
    assert "This letter was sent and does not change." in refused.text
    assert all(typed in refused.text for typed in answers.values())


def test_a_sent_letter_is_corrected_by_a_new_one_that_is_held(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    [sent] = letters(laos, 1, "sent", sent_at=timezone.now())
    client = SignedIn(assistant)
    an_act.close()

    client.post(page(sent, "act", "correct"), {"subject": "Correction", "body": "Not May: April."})

    new = Letter.objects.exclude(pk=sent.pk).get()
    assert (new.status, new.to, new.subject) == ("held", sent.to, "Correction")
    assert Letter.objects.get(pk=sent.pk).subject == "Reminder 0"


def test_one_switch_stops_all_letters(
    assistant: User, director: User, today: dt.date, an_act: ExitStack
) -> None:
    of_assistant, of_director = SignedIn(assistant), SignedIn(director)
    an_act.close()
    url = reverse("admin:switch_letters")

    refused = of_assistant.post(url, {"stop": "yes", "reason": "x"})
    silent = of_director.post(url, {"stop": "yes"})
    before = Practice.on("letters-stopped")
    of_director.post(url, {"stop": "yes", "reason": "Wrong template"})
    stopped = Practice.on("letters-stopped")
    of_director.post(url, {"stop": "no", "reason": "Mended"})

    assert refused.status_code == 403
    assert "nothing was switched" in silent.text
    assert (before, stopped, Practice.on("letters-stopped")) == (False, True, False)
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["stop-letters", "allow-letters"]


def test_a_stage_is_edited_beside_its_letter_in_three_languages(
    assistant: User, today: dt.date, an_act: ExitStack
) -> None:
    stage = Stage.objects.create(
        slug="annual-1-march",
        kind="art7-annual",
        anchor="calendar",
        calendar_month=3,
        calendar_day=1,
        template="annual-reminder",
    )
    client = SignedIn(assistant)
    an_act.close()
    answers = {
        "kind": "art7-annual",
        "anchor": "calendar",
        "offset_days": "0",
        "calendar_month": "2",
        "calendar_day": "31",
        "purposes": ["article-7"],
        "template": "annual-reminder",
        "held": "on",
        "active": "on",
        "reason": "The Coordination Committee asked",
    }

    shown = client.get(page(stage))
    wrong = client.post(page(stage), answers)
    far = client.post(page(stage), answers | {"calendar_day": "15", "offset_days": "99999999"})
    done = client.post(page(stage), answers | {"calendar_day": "15"})

    previews = shown.context["previews"]
    assert [one["language"] for one in previews] == ["en", "fr", "es"]
    assert all("2026" in one["subject"] for one in previews)
    assert "This day is not in that month." in wrong.text
    assert "Write at most 3650 days, before or after." in far.text
    assert done.status_code == 302
    stage.refresh_from_db()
    assert (stage.calendar_month, stage.calendar_day, stage.purposes) == (2, 15, "article-7")


@pytest.mark.parametrize("number", ["²", "0", "99999999999999999999", "x"])
def test_a_correction_of_a_paper_that_is_not_there_is_an_empty_form(
    assistant: User, today: dt.date, an_act: ExitStack, number: str
) -> None:
    address = reverse("admin:records_noteverbale_add")

    form = SignedIn(assistant).get(address, {"corrects": number})

    assert form.status_code == 200


def test_a_note_verbale_is_registered_once_and_corrected_by_a_new_entry(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    url = reverse("admin:records_noteverbale_add")
    paper = {
        "direction": "received",
        "state": "LAO",
        "their_number": "12/26",
        "dated_on": "2026-11-02",
        "received_on": "2026-11-04",
        "subject": "Appointment of a focal point",
    }

    early = client.post(url, paper | {"dated_on": "2026-11-05"})
    client.post(url, paper)
    first = NoteVerbale.objects.get()
    to_form = client.post(page(first, "act", "correct"))
    form = client.get(to_form["Location"])
    client.post(url, paper | {"their_number": "12/2026", "corrects": first.pk})

    assert "dated after the day" in early.text
    assert first.reference == "NV-2026-01"
    assert form.context["adminform"].form.initial["their_number"] == "12/26"
    second = NoteVerbale.objects.exclude(pk=first.pk).get()
    assert (second.reference, second.corrects, second.their_number) == (
        "NV-2026-02",
        first,
        "12/2026",
    )
    assert "Corrected by NV-2026-02" in client.get(page(first)).text
    assert client.post(page(first, "act", "correct")).status_code in {302, 422}


def test_the_same_paper_is_not_registered_twice(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    address = reverse("admin:records_noteverbale_add")
    facts = {
        "direction": "received",
        "state": "LAO",
        "their_number": "12/2026",
        "dated_on": "2026-11-10",
        "received_on": "2026-11-19",
        "subject": "Names its focal point",
    }

    first = client.post(address, facts)
    second = client.post(address, facts)
    other = client.post(address, facts | {"subject": "Names its delegation"})

    assert (first.status_code, second.status_code, other.status_code) == (302, 200, 302)
    assert "This paper is registered already: NV-2026-01" in second.text
    assert NoteVerbale.objects.count() == 2


def test_documents_are_listed_and_filtered_in_words(
    assistant: User, today: dt.date, an_act: ExitStack
) -> None:
    Document.objects.create(
        reference="A7-2025-LAO-01", kind="receipt", family="secretariat", language="fr"
    )
    client = SignedIn(assistant)
    an_act.close()
    address = reverse("admin:records_document_changelist")

    english = client.get(address).text
    client.get(reverse("admin:index"), {"lang": "es"})
    spanish = client.get(address).text

    assert english.count("Receipt of a report") == english.count("French") == 2
    assert ">receipt<" not in english + spanish
    assert ">fr<" not in english + spanish
    assert spanish.lower().count("francés") >= 2


def test_an_issued_text_is_corrected_by_a_new_draft(
    assistant: User, today: dt.date, an_act: ExitStack
) -> None:
    document = Document.objects.create(
        reference="ISU-2026-01", kind="note", family="secretariat", audience="public"
    )
    issued = Revision.objects.create(
        document=document,
        title="A note",
        body="<p>Text</p>",
        status="issued",
        issued_at=timezone.now(),
        issued_by=assistant,
    )
    client = SignedIn(assistant)
    an_act.close()

    client.post(page(issued, "act", "correct"), {"note": "The year was wrong"})

    draft = Revision.objects.get(number=2)
    assert (draft.status, draft.document) == ("draft", document)
    assert Revision.objects.get(pk=issued.pk).status == "issued"


def test_a_correction_of_an_event_is_a_new_event(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    [letter] = letters(laos, 1)
    first = record("edit", letter, by=None)
    client = SignedIn(assistant)
    an_act.close()

    client.post(page(first, "act", "correct"), {"note": "It was the day before"})

    second = Event.objects.exclude(pk=first.pk).get()
    assert (second.verb, second.subject_id, second.actor) == ("correct", str(letter.pk), assistant)
    assert "It was the day before" in second.note


def test_kinds_of_letters_are_read_in_words(assistant: User, laos: State, today: dt.date) -> None:
    ship_stages()
    letter = Letter.objects.create(
        key="k",
        kind="art7-annual",
        state=laos,
        to="a@example.org",
        subject="x",
        body="x",
        status="held",
    )
    client = SignedIn(assistant)

    for page in (
        reverse("admin:records_letter_changelist"),
        reverse("admin:records_letter_change", args=[letter.pk]),
        reverse("admin:records_stage_changelist"),
        reverse("admin:records_stage_change", args=["annual-1-march"]),
    ):
        said = re.sub(r"<[^>]+>", " ", client.get(page).text)
        assert "Annual transparency report" in said
        assert "art7-annual" not in said


def finance_officer() -> User:
    """Reads histories, and neither letters nor reports that are not published."""
    person = factories.UserFactory(email="finance@isu.example.org")
    access.appoint(
        person, "finance-officer", None, from_on=dt.date(2026, 1, 1), reference="x", by=None
    )
    return User.objects.get(pk=person.pk)


def handed_in(state: State, year: int, by: User, **facts: object) -> Report:
    """A report past draft."""
    return factories.ReportFactory(
        state=state,
        year=year,
        covers_from=dt.date(year, 1, 1),
        covers_to=dt.date(year, 12, 31),
        original=World.stored(f"%PDF-1.7\n% {year}\n".encode(), "report.pdf", state),
        reference=f"A7-{year}-{state.pk}-01",
        handed_in_at=timezone.now(),
        handed_in_by=by,
        received_by_isu=dt.date(year + 1, 4, 20),
        **{"status": "handed-in", **facts},
    )


def test_events_are_of_what_their_reader_may_read(
    assistant: User, focal_point: User, laos: State, today: dt.date
) -> None:
    [letter] = letters(laos, 1)
    practice = Practice.objects.create(key=Practice.Key.LETTERS_STOPPED, value="yes")
    draft = factories.ReportFactory(state=laos)
    waiting = handed_in(laos, 2024, focal_point)
    published = handed_in(
        laos, 2023, focal_point, status="published", published_on=dt.date(2026, 5, 1)
    )
    events = {
        name: record("edit", row, by=assistant, note=f"note of the {name}")
        for name, row in {
            "letter": letter,
            "practice": practice,
            "draft": draft,
            "handed in": waiting,
            "published": published,
        }.items()
    }

    read = {}
    for person in (assistant, finance_officer()):
        client = SignedIn(person)
        for address in ("/admin/records/event/", "/admin/records/event/export/csv/"):
            text = client.get(address).content.decode()
            read[person.email, address] = {n for n in events if f"note of the {n}" in text}
        for what in ("change", "history"):
            read[person.email, what] = {
                n for n, one in events.items() if client.get(page(one, what)).status_code == 200
            }

    for (mailbox, _where), names in read.items():
        if mailbox == assistant.email:
            assert names == {"letter", "practice", "handed in", "published"}
        else:
            assert names == {"practice", "published"}


def test_the_register_of_events_asks_as_often_for_three_as_for_one(
    assistant: User, focal_point: User, laos: State, today: dt.date
) -> None:
    client = SignedIn(assistant)
    one, *others = letters(laos, 3)
    record("edit", one, by=assistant, state=laos)
    client.get("/admin/records/event/")

    with CaptureQueriesContext(connection) as for_one:
        client.get("/admin/records/event/")
    for row in (*others, handed_in(laos, 2024, focal_point)):
        record("edit", row, by=assistant, state=laos)
    with CaptureQueriesContext(connection) as for_more:
        client.get("/admin/records/event/")

    assert len(for_more) == len(for_one)


def test_events_are_listed_filtered_and_read_in_words(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    [row] = letters(laos, 1)
    event = record("set-aside", row, by=assistant, was="held", now="overtaken", note="They rang")
    client = SignedIn(assistant)
    an_act.close()

    listed = client.get("/admin/records/event/").text
    read = client.get(page(event)).text

    for text in (listed, read):
        assert "Set aside" in text
        assert "overtaken by events" in text
        assert "records.letter" not in text.replace("subject=records.letter", "")
        assert ">set-aside<" not in text
    assert "20 November 2026" in read.partition("<h1>")[2].partition("</h1>")[0]


def test_the_register_of_notes_asks_in_words_whether_an_entry_was_corrected(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    listed = client.get("/admin/records/noteverbale/").text

    assert "corrected_by" not in listed.replace("corrected_by__isempty", "")
    assert "corrected by a later entry" in listed


def test_why_a_letter_is_written_is_said_in_words_and_in_the_readers_language(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    ship_stages()
    stage = Stage.objects.get(slug="annual-1-april")
    [row] = letters(laos, 1, stage=stage, due_key="art7-annual/LAO/2026/2027-04-30")
    Letter.objects.filter(pk=row.pk).update(why=because(stage, dt.date(2027, 4, 30)))
    client = SignedIn(assistant)
    an_act.close()

    english = client.get(page(row)).text
    french = client.get(page(row), {"lang": "fr"}).text

    assert "annual-1-april" not in english.replace("/annual-1-april/", "")
    assert "1 April; due on 30 April 2027." in english
    assert "30 avril 2027" in french
    assert "due on 30 April 2027" not in french


def test_where_no_letter_is_released_one_sentence_says_so_and_why(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    Practice.objects.create(key=Practice.Key.FIRST_RELEASE, value="yes")
    [row] = letters(laos, 1, "overtaken")
    client = SignedIn(assistant)
    an_act.close()

    answer = client.post(
        LETTERS,
        {"action": "release", "_selected_action": [row.pk], "confirmed": "yes"},
        follow=True,
    )

    [said] = [str(one) for one in answer.context["messages"]]
    assert said == f"No letter was released: {row} is overtaken by events."
    assert "Released:" not in answer.text


def test_a_released_letter_does_not_promise_to_leave_while_letters_are_stopped(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack, settings: Settings
) -> None:
    settings.LETTERS_START_ON = today
    [row] = letters(laos, 1, "queued", queued_at=timezone.now())
    client = SignedIn(assistant)
    Practice.objects.create(key="letters-stopped", value="yes")
    an_act.close()

    stopped = client.get(page(row)).text
    with act(by=None, reason="allowed again"):
        Practice.objects.update(value="no")
    allowed = client.get(page(row)).text

    assert "This letter is released and waits. Letters are stopped" in stopped
    assert "within a minute or two" not in stopped
    assert "within a minute or two" in allowed


def test_the_register_of_notes_is_on_a_states_page_for_those_who_keep_it(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    NoteVerbale.objects.create(
        reference="NV-2026-01",
        direction="received",
        state=laos,
        subject="Names its focal point",
        received_on=dt.date(2026, 11, 2),
        registered_by=assistant,
    )
    finance = finance_officer()
    an_act.close()

    address = reverse("admin:states_state_change", args=["LAO"])
    kept, read = SignedIn(assistant).get(address).text, SignedIn(finance).get(address).text

    assert "Names its focal point" in kept
    assert "Names its focal point" not in read
    assert "NV-2026-01" not in read
    assert "The register is read by those who keep it." in read


def test_a_held_letter_is_shown_whole(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    [letter] = letters(laos, 1)
    an_act.close()

    text = SignedIn(assistant).get(page(letter)).text

    [box] = re.findall(r'<textarea[^>]*name="body"[^>]*>', text)
    assert 'rows="20"' in box
