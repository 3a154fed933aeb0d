"""Past reports come in through the admin: sent, previewed, answered, confirmed, read by all."""

import csv
import io
import re
import zipfile
from collections.abc import Callable

from django.utils.timezone import localdate
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Reader
from tests.browser.papers import pdf

SEND = "/admin/reporting/archive/act/send/?lang=en"
MINUTES = 90_000
# Arvalia was a State Party then, and the demonstration has no reports of these years.
FIRST, SECOND = localdate().year - 8, localdate().year - 7


def archive() -> FilePayload:
    """Two past reports of a fictional State; of one the day of receipt can mean two days."""
    lines = [
        ["state", "year", "file", "kind", "received_by_unoda", "published_on"],
        ["Arvalia", f"{FIRST}", "1.pdf", "annual", f"{FIRST + 1}-04-22", f"{FIRST + 1}-05-10"],
        ["XAA", f"{SECOND}", "2.pdf", "annual", f"03/04/{SECOND + 1}", f"{SECOND + 1}-05-10"],
        ["Atlantis", f"{SECOND}", "2.pdf", "annual", "", ""],
    ]
    table, out = io.StringIO(), io.BytesIO()
    csv.writer(table, delimiter=";").writerows(lines)
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("index.csv", table.getvalue().encode("utf-16"))
        for name, year in (("1", FIRST), ("2", SECOND)):
            made.writestr(f"past/{name}.pdf", pdf(f"Report of Arvalia on {year}"))
    return {"name": "past.zip", "mimeType": "application/zip", "buffer": out.getvalue()}


def test_past_reports_are_previewed_answered_and_taken_in(reader: Callable[..., Reader]) -> None:
    assistant = reader("assistant@demo.example")
    page = assistant.go(SEND)
    page.locator("input[type=file]").set_input_files(archive())
    page.get_by_role("button", name="Send an archive of past reports").click()

    # It is read in the background: the page comes anew by itself.
    doubtful = page.get_by_role("link", name="Answer what is in doubt")
    expect(doubtful).to_be_visible(timeout=MINUTES)
    address = page.url
    would = page.get_by_role("region", name="What the lines would do").first
    expect(would).to_contain_text("new report")
    expect(would).to_contain_text("cannot be taken")

    doubtful.click()
    expect(page.locator("#result_list")).to_contain_text(
        f"can be 4 March {SECOND + 1} or 3 April {SECOND + 1}"
    )
    page.locator("#result_list tbody th a, #result_list tbody td a").first.click()
    page.get_by_role("link", name="Answer", exact=True).click()
    page.get_by_label("Received by UNODA on").fill(f"{SECOND + 1}-04-03")
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("ready to be taken in")

    page.goto(address)
    page.get_by_role("link", name="Take in what is not in doubt").click()
    expect(page.locator(".act-form")).to_contain_text("2 new reports come in")
    expect(page.locator(".act-form")).to_contain_text("No letter goes out")
    page.get_by_role("button", name="Take in what is not in doubt").click()
    became = page.get_by_role("region", name="What became of them").first
    expect(became).to_contain_text("was not taken", timeout=MINUTES)
    expect(became).to_contain_text(re.compile(r"taken in\s*2"))

    anybody = reader("")
    for year in (FIRST, SECOND):
        public = anybody.go(f"/reports/XAA/annual/{year}/1/?lang=en")
        expect(public.get_by_role("heading", level=1)).to_contain_text(str(year))
        expect(public.locator("main")).to_contain_text(f"10 May {year + 1}")

    complete = assistant.go("/admin/reporting/archive/complete/?lang=en")
    expect(complete.get_by_role("heading", level=1)).to_have_text(
        "From when the records are complete"
    )


def test_before_hand_in_the_time_in_geneva_stands_beside_the_readers_own(
    reader: Callable[..., Reader],
) -> None:
    """Somebody in Vientiane reads on the first of May that in Geneva it is still April."""
    there = reader("focal-point.xac@demo.example", timezone_id="Asia/Vientiane")
    page = there.go("/what-we-owe/?lang=en")
    act = page.get_by_role("button", name="Begin the report")
    act.or_(page.get_by_role("link", name="Continue the report")).first.click()
    page.locator(".cover fieldset").first.get_by_label("changed", exact=True).check()
    page.get_by_role("button", name="Save and check").click()

    now = page.locator("time[data-local]")
    expect(now).to_have_text(re.compile(r"\d{1,2} \w+ \d{4}, \d\d:\d\d in Geneva"))
    expect(now.locator("xpath=following-sibling::span[1]")).to_have_text(
        re.compile(r"\(.*\d\d:\d\d GMT\+7\)")
    )
