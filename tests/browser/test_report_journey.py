"""A report on its whole way: owed, handed in, recorded, published, read by everybody."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from django.utils.timezone import localdate
from playwright.sync_api import FilePayload, Page, expect

from states.words import day
from tests.browser.conftest import Reader
from tests.browser.papers import pdf

TODAY = localdate()
LAST = TODAY.year - 1
REFERENCE = re.compile(r"A7-\d{4}-\w+-\d+")


def the_file(words: str, name: str) -> FilePayload:
    """A report as a State has it on its disk."""
    return {"name": name, "mimeType": "application/pdf", "buffer": pdf(words)}


def words_of(content: bytes) -> str:
    """What a PDF says."""
    paper = pypdfium2.PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in paper)
    finally:
        paper.close()


def mark_the_cover_page(page: Page) -> None:
    """One form has changed, one does not apply, the others are as they were."""
    groups = page.locator(".cover fieldset")
    for number in range(groups.count()):
        group = groups.nth(number)
        if "implementation measures" in group.inner_text():
            group.get_by_label("changed", exact=True).check()
        elif "conversion" in group.inner_text():
            group.get_by_label("not applicable", exact=True).check()
            group.get_by_label("Why, in one sentence").fill("There was nothing to convert.")
        else:
            group.get_by_label("unchanged", exact=True).check()
            group.get_by_label("Last reported on for the year").fill(str(LAST - 1))


def test_a_report_goes_from_the_focal_point_to_the_public(
    reader: Callable[..., Reader], tmp_path: Path
) -> None:
    paper = the_file("Transparency report of Borduna", f"Borduna {LAST}.pdf")
    sha256 = hashlib.sha256(paper["buffer"]).hexdigest()

    # The State sees what it owes, and makes the report ready.
    state = reader("focal-point.xab@demo.example")
    page = state.go("/what-we-owe/?lang=en")
    owed = page.locator(".owed", has_text=f"Annual transparency report on {LAST}")
    expect(owed).to_contain_text(f"30 April {LAST + 1}")
    expect(owed).to_contain_text("Our records do not yet show this report.")
    owed.get_by_text("Why this date?").click()
    expect(owed.get_by_text("Article 7(2)", exact=True)).to_be_visible()
    owed.get_by_role("link", name="Continue the report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Annual report on {LAST}")
    page.get_by_label("The report", exact=True).set_input_files(paper)
    expect(page.locator(".picked")).to_contain_text(f"Borduna {LAST}.pdf")
    mark_the_cover_page(page)
    page.get_by_label("Note to the ISU").fill("Annex to follow.")
    page.get_by_role("button", name="Save and check").click()

    # It reads everything as the ISU will, and hands it over.
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.get_by_role("link", name=f"Borduna {LAST}.pdf")).to_be_visible()
    cover = page.get_by_role("table", name="Cover page")
    expect(cover.get_by_role("row", name="National implementation measures")).to_contain_text(
        "changed"
    )
    expect(cover.get_by_role("row", name="conversion")).to_contain_text("nothing to convert")
    expect(cover.get_by_role("row", name="Victim assistance")).to_contain_text(
        f"unchanged since the report on {LAST - 1}"
    )
    page.get_by_role("button", name="Hand to the ISU").click()

    # The receipt stands on a page, on paper and in the mailbox.
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt")
    found = REFERENCE.search(page.locator(".reference").inner_text())
    assert found is not None, "the receipt has no reference"
    reference = found.group()
    moment = page.locator(".facts div", has_text="Handed in (Geneva)").locator("dd")
    # It may be after midnight by now.
    expect(moment).to_have_text(re.compile(rf"({day(TODAY)}|{day(localdate())}), \d\d:\d\d"))
    expect(page.locator("main")).to_contain_text("reach the Secretary-General")
    expect(page.locator("main")).to_contain_text(sha256)
    receipt = page.url
    link = page.get_by_role("link", name="This receipt as a PDF").get_attribute("href")
    assert link is not None
    on_paper = page.request.get(state.portal.url + link)
    assert on_paper.headers["content-type"] == "application/pdf"
    assert reference in words_of(on_paper.body())
    letter = state.letter("focal-point.xab@demo.example", reference)
    expect(letter.locator("pre")).to_contain_text(sha256)
    expect(letter.locator("pre")).to_contain_text("reach the Secretary-General")
    letter.get_by_role("link", name="/receipt/").click()
    expect(page).to_have_url(receipt)

    # It sends the report to UNODA and says so.
    page.get_by_role("link", name="Send to UNODA").click()
    mail = page.get_by_role("link", name="Open the e-mail")
    assert "cc=" in (mail.get_attribute("href") or "")
    page.get_by_label("Sent on").fill(TODAY.isoformat())
    page.get_by_role("button", name="Tell the ISU").click()
    expect(page.locator("main")).to_contain_text("Reminders about this report have paused.")

    # Nobody else reads it yet.
    anybody = reader()
    anybody.page.goto(f"{anybody.portal.url}/reports/XAB/annual/{LAST}/1/")
    expect(anybody.page).to_have_url(re.compile("/account/login/"))

    # The secretariat finds it at the desk, records UNODA's receipt and publishes.
    isu = reader("assistant@demo.example")
    page = isu.go("/admin/?lang=en")
    waiting = page.get_by_role("region", name=re.compile("Waiting for us"))
    row = waiting.get_by_role("row", name=re.compile(f"Borduna.*{LAST}")).first
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Borduna")
    expect(page.locator("#content")).to_contain_text(reference)
    desk_of_it = page.url
    page.get_by_role("link", name="Record receipt").click()
    page.get_by_label("What happened").select_option(label="received by UNODA")
    page.get_by_label("On:", exact=True).fill(TODAY.isoformat())
    page.get_by_role("button", name="Record receipt").click()
    expect(page.locator(".messagelist")).to_contain_text("; the deadlines follow.")
    page.goto(desk_of_it)
    page.get_by_role("link", name="Publish").click()
    page.get_by_label("Published on").fill(TODAY.isoformat())
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messagelist")).to_contain_text(
        re.compile(r"Published: .+, annual report \d{4}\.")
    )

    # Everybody reads it, to the last byte.
    page = anybody.go("/states/XAB/?lang=en")
    row = page.get_by_role("row", name=re.compile(f"Annual report {LAST}"))
    expect(row).to_contain_text(day(TODAY))
    page = anybody.go(f"/reports/?lang=en&q=Borduna&year={LAST}")
    page.get_by_role("row", name=re.compile(f"Borduna.*{LAST}")).get_by_role(
        "link", name=re.compile("annual report", re.IGNORECASE)
    ).click()
    expect(page.locator("main")).to_contain_text(reference)
    with page.expect_download() as saving:
        page.get_by_role("link", name="Download the report").click()
    saved = tmp_path / "report.pdf"
    saving.value.save_as(saved)
    assert hashlib.sha256(saved.read_bytes()).hexdigest() == sha256
    expect(page.locator("main")).not_to_contain_text("Annex to follow")


def test_a_report_is_handed_in_on_a_telephone_without_javascript(
    reader: Callable[..., Reader],
) -> None:
    paper = the_file("Transparency report of Calderra", f"Calderra {TODAY.year}.pdf")
    state = reader("focal-point.xac@demo.example", width=360, java_script_enabled=False)

    page = state.go("/what-we-owe/?lang=en")
    owed = page.locator(".owed", has_text=f"Annual transparency report on {TODAY.year}")
    owed.get_by_role("button", name="Begin the report").click()
    page.get_by_role("button", name="Save and check").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.get_by_role("alert")).to_contain_text("There is nothing in the report yet")
    page.get_by_role("link", name="There is nothing in the report yet").click()
    page.get_by_label("The report", exact=True).set_input_files(paper)
    mark_the_cover_page(page)
    page.get_by_role("button", name="Save and check").click()
    expect(page.get_by_role("link", name=f"Calderra {TODAY.year}.pdf")).to_be_visible()
    page.get_by_role("button", name="Hand to the ISU").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt")
    expect(page.locator(".reference")).to_have_text(REFERENCE)
    expect(page.locator("main")).to_contain_text(hashlib.sha256(paper["buffer"]).hexdigest())
    expect(page.get_by_role("link", name="Send to UNODA")).to_be_visible()
