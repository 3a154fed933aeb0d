"""A report is reviewed: doubts confirmed, a question answered by a new version, a day awaited."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from states.words import day
from tests.browser.conftest import Reader

type Sits = Callable[..., Reader]

TODAY = localdate()
YEAR = TODAY.year
DRAFT = f"/what-we-owe/XAA/annual/{YEAR}/"
PUBLIC = f"/reports/XAA/annual/{YEAR}/"
PROGRAMME = "Status and progress of the programme of clearance"
WORD = "The year is nearly over: nothing more is planned."


def answer_form_f(state: Reader, words: str) -> Page:
    """Writes of the programme of clearance, and goes on to the check."""
    page = state.go(f"{DRAFT}forms/clearance/?lang=en")
    page.get_by_label(PROGRAMME).fill(words)
    page.get_by_role("button", name="Save and stay").click()
    expect(page.get_by_label(PROGRAMME)).to_have_value(words)
    page = state.go(f"{DRAFT}check/?lang=en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    return page


def review(isu: Reader, number: int) -> Page:
    """From the desk to the queue, and to the report that waits there."""
    page = isu.go("/admin/?lang=en")
    page.get_by_role("link", name="Reports to review").click()
    row = page.get_by_role("row", name=re.compile(f"Arvalia.*{YEAR}"))
    if number > 1:
        expect(row).to_contain_text(f"version {number}")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Review: Arvalia")
    return page


def closed(anybody: Reader, number: int) -> None:
    """Nobody reads it: the address leads to the way in, as any that is not there."""
    anybody.page.goto(f"{anybody.portal.url}{PUBLIC}{number}/")
    expect(anybody.page).to_have_url(re.compile("/account/login/"))


def test_a_report_is_reviewed_amended_awaited_and_compared(reader: Sits) -> None:
    # A telephone, and no script.
    state = reader("focal-point.xaa@demo.example", width=360, java_script_enabled=False)
    isu, anybody = reader("assistant@demo.example"), reader()

    # The State confirms what may be doubted, says a wish and hands in.
    page = state.go("/what-we-owe/?lang=en")
    owed = page.locator(".owed", has_text=f"Annual transparency report on {YEAR}")
    # Somebody else of the State may have begun it.
    owed.get_by_role("button", name="Begin the report").or_(
        owed.get_by_role("link", name="Continue the report")
    ).first.click()
    page = answer_form_f(state, "Two teams.")
    doubt = page.locator(".doubts li", has_text="which has not come yet")
    doubt.get_by_text("It is right as it is").click()
    doubt.get_by_label("Why it is right, in a word").fill(WORD)
    doubt.get_by_role("button", name="Confirm it").click()
    expect(page.locator(".doubts li", has_text="which has not come yet")).to_contain_text(WORD)
    page.get_by_text("Ask the ISU to wait until a day").click()
    wished = TODAY + timedelta(days=30)
    page.get_by_label("Please do not publish before").fill(wished.isoformat())
    page.get_by_role("button", name="Ask the ISU to wait").click()
    expect(page.locator("#wish")).to_contain_text(day(wished))
    page.get_by_role("button", name="Hand to the ISU").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt")
    closed(anybody, 1)

    # The secretariat reviews it, asks about a form, and publishes what there is.
    page = review(isu, 1)
    expect(page.locator("#content")).to_contain_text(WORD)
    expect(page.locator("#content")).to_contain_text(
        f"asks that it be not published before {day(wished)}"
    )
    form = page.locator("#form-clearance")
    form.locator("summary", has_text="Ask the State").click()
    form.get_by_label("About").select_option(label=PROGRAMME)
    form.get_by_label("What you ask").fill("Are there not three teams?")
    form.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("The question is recorded")
    expect(page.locator("#form-clearance .thread")).to_contain_text("letter not released")
    page.get_by_role("link", name="Publish", exact=True).click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messagelist")).to_contain_text("Published:")

    # The State reads the question beside its form and answers with a new version.
    page = state.go(f"{DRAFT}1/receipt/?lang=en")
    thread = page.locator(".thread")
    expect(thread).to_contain_text("Form F: Contaminated areas and clearance")
    expect(thread).to_contain_text("Are there not three teams?")
    page.get_by_role("button", name="Begin a new version").click()
    page = answer_form_f(state, "Three teams.")
    # The word of before counts, since nothing of that has changed.
    expect(page.locator(".doubts li", has_text="which has not come yet")).to_contain_text(WORD)
    page.get_by_role("button", name="Hand to the ISU").click()
    expect(page.locator(".thread")).to_contain_text("answered; the ISU settles it")

    # The secretariat compares the two, settles the question and lets it wait for a day.
    page = review(isu, 2)
    row = page.locator("#compared").get_by_role("row", name=re.compile(PROGRAMME))
    expect(row).to_contain_text("Two teams.")
    expect(row).to_contain_text("Three teams.")
    thread = page.locator("#form-clearance .thread")
    thread.locator("summary", has_text="Settle it").click()
    thread.get_by_label("How it is settled").fill("Clear now.")
    thread.get_by_role("button", name="Settle it").click()
    expect(thread).to_contain_text("Clear now.")
    page.get_by_role("link", name="Let it wait until a day").click()
    page.get_by_label("Not before").fill(wished.isoformat())
    page.get_by_label("Asked by").select_option(label="the State")
    page.get_by_label("Why").fill("The parliament debates it first.")
    page.get_by_role("button", name="Let it wait until a day").click()
    expect(page.locator("#content")).to_contain_text(f"Not before {day(wished)}")
    closed(anybody, 2)
    page.get_by_role("link", name="Publish", exact=True).click()
    isu.refused(page.url.removeprefix(isu.portal.url))
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert")).to_contain_text("Change the day or lift the embargo first.")

    # The State agrees: the embargo is lifted and the version published.
    page = review(isu, 2)
    page.get_by_role("link", name="Lift the embargo").click()
    page.get_by_label("Why").fill("The debate is over.")
    page.get_by_role("button", name="Lift the embargo").click()
    page.get_by_role("link", name="Publish", exact=True).click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messagelist")).to_contain_text("Published:")

    # Everybody compares the two versions, and reads nothing of what was said about them.
    page = anybody.go(f"{PUBLIC}2/?lang=en")
    expect(page.locator("main")).to_contain_text("it replaces version 1")
    page.get_by_role("link", name="What has changed").click()
    row = page.get_by_role("row", name=re.compile(PROGRAMME))
    expect(row).to_contain_text("Two teams.")
    expect(row).to_contain_text("Three teams.")
    for words in (WORD, "Are there not three teams?", "parliament"):
        expect(page.locator("main")).not_to_contain_text(words)
    page = anybody.go(f"{PUBLIC}1/?lang=en")
    expect(page.locator("main")).to_contain_text("A later version was published")
    page.get_by_role("link", name="Read the later version").click()
    expect(page).to_have_url(re.compile(f"{PUBLIC}2/"))
