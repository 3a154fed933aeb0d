"""A day of an ISU assistant: everything is done at the desk and in the admin, without a shell."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import FilePayload, Page, expect

from states.words import day
from tests.browser.conftest import Reader
from tests.browser.papers import pdf, workbook

TODAY = localdate()
YESTERDAY = TODAY - timedelta(days=1)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = ("State", "Purpose", "Place", "Mailbox of a function", "Function", "E-mail", "Language")
GOOD = (
    ("XAD", "general correspondence", "Geneva", "yes", "Mission", "mission.xad@example.org", "en"),
    ("XAD", "clearance", "capital", "yes", "Mine action centre", "centre.xad@example.org", "en"),
)
BAD = ("XAD", "gardening", "capital", "yes", "Gardener", "gardener.xad@example.org", "en")

type Sits = Callable[..., Reader]


@pytest.fixture
def assistant(reader: Sits) -> Reader:
    """The assistant at the desk."""
    one = reader("assistant@demo.example")
    one.go("/admin/?lang=en")
    return one


def told(page: Page, words: str) -> None:
    """The page confirms what was done."""
    expect(page.locator(".messagelist")).to_contain_text(words)


def register(page: Page, name: str) -> None:
    """Opens a register from the desk."""
    page.get_by_role("region", name="All registers").get_by_role(
        "link", name=name, exact=True
    ).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def choose(page: Page, field: str, words: str) -> None:
    """Chooses in a field that suggests while one types."""
    page.get_by_role("combobox", name=field).click()
    page.get_by_role("searchbox", name=field).fill(words)
    page.get_by_role("option", name=words).click()


def test_the_desk_says_what_waits_what_is_late_and_what_comes(assistant: Reader) -> None:
    page = assistant.page

    headings = page.get_by_role("heading", level=2).all_inner_texts()

    assert [re.sub(r" \(\d+\)$", "", words) for words in headings[:5]] == [
        "Waiting for us",
        "Late",
        "Coming",
        "Letters and contacts",
        "Drafts that exist",
    ]
    waiting = page.get_by_role("region", name=re.compile("Waiting for us"))
    expect(waiting.get_by_role("row", name=re.compile("Calderra")).first).to_contain_text(
        "annual report"
    )
    expect(page).to_have_title(re.compile(r"Desk: \d+ waiting, \d+ late, \d+ coming"))


def test_on_a_telephone_too_what_opens_has_its_triangle(reader: Sits) -> None:
    page = reader("assistant@demo.example", width=360).go("/admin/?lang=en")

    why = page.locator("summary", has_text="Why this date?").first

    assert why.evaluate("element => getComputedStyle(element).display") == "list-item"


def test_contacts_are_imported_after_a_preview_and_a_bad_line_gets_a_sentence(
    assistant: Reader,
) -> None:
    page = assistant.page
    register(page, "Contacts")
    page.get_by_role("link", name="Import a file").click()
    assistant.refused("/admin/states/contact/import/")
    page.get_by_label("File").set_input_files(_contacts(GOOD[0], BAD))
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was imported")
    expect(page.get_by_role("alert")).to_contain_text(
        re.compile(r"Line 3, column “Purpose”: “gardening” is not one of: .*clearance")
    )

    page.get_by_label("File").set_input_files(_contacts(*GOOD))
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("heading", level=2)).to_have_text(
        re.compile("The file would add 2, change 0 and leave 0 as they are")
    )
    expect(page.get_by_role("region", name="What would change")).to_contain_text(
        "centre.xad@example.org"
    )
    page.get_by_label("Why").fill("Note verbale 12 of Dunmark")
    page.get_by_role("button", name="Import", exact=True).click()
    told(page, "Imported: 2 new rows")

    # The history says it in words.
    page.get_by_role("search").get_by_role("textbox").fill("centre.xad")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Mine action centre").click()
    page.get_by_role("link", name="History").click()
    entry = page.locator(".history li").first
    expect(entry).to_contain_text("ISU assistant")
    expect(entry).to_contain_text("centre.xad@example.org")
    expect(entry).to_contain_text("Why: Note verbale 12 of Dunmark")


def _contacts(*lines: tuple[str, ...]) -> FilePayload:
    return {"name": "contacts.xlsx", "mimeType": WORKBOOK, "buffer": workbook(HEADS, *lines)}


def test_held_letters_are_read_and_released_and_the_first_release_asks(
    assistant: Reader,
) -> None:
    page = assistant.page
    question = "Does Form F cover the area in the north?"
    register(page, "Transparency reports")
    page.get_by_role("search").get_by_role("textbox").fill(f"A7-{TODAY.year - 1}-XAC-01")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Calderra (fictional)").click()
    page.get_by_role("link", name="Ask for clarification").click()
    page.get_by_label("Question").fill(question)
    page.get_by_role("button", name="Ask for clarification").click()
    told(page, "held until")

    page.goto(f"{assistant.portal.url}/admin/")
    letters = page.get_by_role("region", name=re.compile("Letters and contacts"))
    questions = letters.get_by_role("row").filter(has_text="Question about a report")
    questions.get_by_role("link", name="Read and release").click()
    held = page.locator("#result_list tbody tr")
    expect(held.first).to_contain_text("contact.xac@example.org")
    number = held.count()
    page.get_by_label("Select all objects on this page for an action").check()
    page.get_by_label("Action:").select_option(label="Release")
    page.get_by_role("button", name="Run").click()
    notice = page.locator(".notice", has_text="Nothing was released from this site before")
    expect(notice).to_contain_text(re.compile(rf"{number} letters? goe?s? to contact\.xac@example"))
    assistant.refused("/admin/records/letter/?status__exact=held&kind=report-question")
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_role("alert")).to_contain_text("This is the first release from this site")
    expect(page.get_by_role("alert")).to_contain_text("contact.xac@example.org")
    page.get_by_label("These letters are to go out: the first from this site").check()
    page.get_by_role("button", name="Release").click()
    told(page, f"Released: {number} letter")

    subject = f"(A7-{TODAY.year - 1}-XAC-01): una pregunta"
    letter = assistant.letter("contact.xac@example.org", subject)
    expect(letter.locator("pre")).to_contain_text(question)


def test_a_report_that_came_by_email_is_filed_for_the_state(assistant: Reader) -> None:
    page = assistant.page
    page.get_by_role("link", name="File a report for a State").click()
    page.get_by_label("State:", exact=True).select_option(label="Borduna (fictional)")
    page.get_by_label("Report:", exact=True).select_option(label="annual report")
    page.get_by_label("Year reported on").fill(str(TODAY.year))
    page.get_by_label("It came by").select_option(label="e-mail")
    page.get_by_label("Received by the ISU on").fill(YESTERDAY.isoformat())
    page.locator("input[type=file][name=file]").set_input_files(
        {"name": "by-mail.pdf", "mimeType": "application/pdf", "buffer": pdf("Came by e-mail")}
    )
    page.get_by_label("Form A: National implementation measures").select_option(label="changed")
    page.get_by_label("Note").fill("From the mission's mailbox")
    page.get_by_role("button", name="File a report for a State").click()

    told(page, f"Filed: A7-{TODAY.year}-XAB-01.")
    expect(page.locator("#content")).to_contain_text("by-mail.pdf")
    expect(page.locator("#content")).to_contain_text("e-mail")
    expect(page.locator("#content .notice")).to_contain_text("does not change")


def test_a_note_verbale_is_registered_under_a_reference_of_ours(assistant: Reader) -> None:
    page = assistant.page
    page.get_by_role("link", name="Register a note verbale").click()
    page.get_by_label("Direction").select_option(label="received")
    choose(page, "State:", "Dunmark (fictional)")
    page.get_by_label("Number on the paper").fill("NV 12/2026")
    page.get_by_label("Received or sent on").fill(YESTERDAY.isoformat())
    page.get_by_label("Subject").fill("Names its focal point")
    page.get_by_label("Scan or file").set_input_files(
        {"name": "note.pdf", "mimeType": "application/pdf", "buffer": pdf("Note verbale 12")}
    )
    page.get_by_role("button", name="Save", exact=True).click()

    told(page, f"Its reference is NV-{YESTERDAY.year}-")
    row = page.get_by_role("row", name=re.compile("Names its focal point"))
    expect(row).to_contain_text("Dunmark (fictional)")
    row.get_by_role("link").first.click()
    expect(page.locator("#content .notice")).to_contain_text("does not change")
    expect(page.get_by_role("link", name="Make a correction")).to_be_visible()


def test_an_invited_person_signs_in_and_is_refused_after_the_appointment_ended(
    assistant: Reader, reader: Sits
) -> None:
    email, password = "new.focal-point@example.org", "harbour lantern seven willows"
    page = assistant.page
    page.get_by_role("link", name="Invite a person").click()
    page.get_by_label("Name or function").fill("Focal point, Dunmark")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Acts as").select_option(label="focal point")
    page.get_by_label("For", exact=True).select_option(label="Dunmark (fictional)")
    page.get_by_label("From", exact=True).fill((TODAY - timedelta(days=7)).isoformat())
    page.get_by_label("Reference").fill("NV 12/2026")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.locator("main, #main, .messagelist").first).to_contain_text(email)

    # The person opens the link of the letter, sets a password, and comes back with it.
    person = reader()
    letter = person.letter(email, "Your account")
    letter.get_by_role("link", name="/pass/invitation/").click()
    expect(person.page.locator("main")).to_contain_text("Dunmark (fictional)")
    person.page.get_by_label("Password", exact=True).fill(password)
    person.page.get_by_label("The same password once more").fill(password)
    person.page.get_by_role("button", name="Set the password and sign in").click()
    expect(person.page.locator("main")).to_contain_text("Your password is set.")
    person.go("/account/logout/?lang=en")
    person.page.locator("main").get_by_role("button", name="Sign out").click()
    expect(person.page.get_by_role("link", name="Sign in")).to_be_visible()
    person.sign_in(email, password)
    theirs = person.go("/what-we-owe/?lang=en")
    theirs.get_by_text("Report voluntarily").click()
    theirs.get_by_role("button", name="Begin the report").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text(f"Voluntary report on {TODAY.year}")

    # The appointment is ended; what the person had open no longer answers.
    assistant.go("/admin/?lang=en")
    register(page, "Appointments")
    page.get_by_role("search").get_by_role("textbox").fill(email)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Focal point, Dunmark").click()
    page.get_by_role("link", name="End the appointment").click()
    page.get_by_label("Last day").fill(YESTERDAY.isoformat())
    page.get_by_label("Why").fill("NV 14/2026 names another person")
    page.get_by_role("button", name="End the appointment").click()
    told(page, "Ended: ")

    draft = theirs.url.removeprefix(person.portal.url)
    person.refused(draft)
    with theirs.expect_response(theirs.url) as answer:
        theirs.get_by_role("button", name="Save and stay").click()
    assert answer.value.status == 404
    expect(person.go("/what-we-owe/?lang=en").locator("main")).to_contain_text(
        "You have no appointment for a State"
    )


def test_an_extension_is_recorded_and_the_public_reads_why(assistant: Reader, reader: Sits) -> None:
    page = assistant.page
    register(page, "States")
    page.get_by_role("search").get_by_role("textbox").fill("Calderra")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Calderra (fictional)").click()
    obligations = page.get_by_role("region", name="Obligations and deadlines").last
    line = obligations.get_by_role("row", name=re.compile("4\\(1\\)\\(a\\)"))
    due = re.search(r"1 \w+ \d{4}", line.inner_text())
    assert due is not None, line.inner_text()
    line.get_by_role("link").first.click()
    page.get_by_role("link", name="Record an extension").click()
    expect(page.locator(".notice")).to_contain_text(f"The deadline stands at {due.group()}.")
    until = TODAY.replace(year=TODAY.year + 6, month=9, day=1)
    page.get_by_label("Extended to").fill(until.isoformat())
    page.get_by_label("Decision:", exact=True).fill("14MSP, 19(a)")
    page.get_by_label("Decided on").fill(YESTERDAY.isoformat())
    page.get_by_label("Why").fill("Final report of the meeting")
    page.get_by_role("button", name="Record an extension").click()
    told(page, f"The deadline is now {day(until)}.")

    public = reader().go("/states/XAC/?lang=en")
    deadline = public.locator(".deadline", has_text=day(until))
    deadline.get_by_text("Why this date?").click()
    expect(deadline).to_contain_text("14MSP, 19(a)")
    expect(deadline).to_contain_text(due.group())
