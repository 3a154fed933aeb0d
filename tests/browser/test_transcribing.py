"""A report that came as a file becomes figures: typed at the desk, confirmed by the link."""

import re
from collections.abc import Callable

from django.utils.timezone import localdate
from playwright.sync_api import expect

from tests.browser.conftest import Reader
from tests.browser.papers import pdf
from tests.browser.test_assistants_day import told

type Sits = Callable[..., Reader]

TODAY = localdate()
YEAR = TODAY.year - 4


def test_a_file_is_typed_by_the_isu_confirmed_by_the_state_and_read_by_everybody(
    reader: Sits,
) -> None:
    desk = reader("assistant@demo.example")
    page = desk.go("/admin/?lang=en")
    page.get_by_role("link", name="File a report for a State").click()
    page.get_by_label("State:", exact=True).select_option(label="Calderra (fictional)")
    page.get_by_label("Report:", exact=True).select_option(label="voluntary report")
    page.get_by_label("Year reported on").fill(str(YEAR))
    page.get_by_label("It came by").select_option(label="post")
    page.get_by_label("Received by the ISU on").fill(TODAY.isoformat())
    page.locator("input[type=file][name=file]").set_input_files(
        {"name": "by-post.pdf", "mimeType": "application/pdf", "buffer": pdf("On paper")}
    )
    page.get_by_role("button", name="File a report for a State").click()
    if page.get_by_label("File it all the same").count():
        desk.refused(page.url.removeprefix(desk.portal.url))
        page.get_by_label("File it all the same").check()
        page.get_by_role("button", name="File a report for a State").click()
    told(page, "Filed: ")
    reference = re.search(r"A7-\d+-XAC-\d+", page.locator(".messagelist").inner_text())
    assert reference is not None
    page.get_by_role("link", name="Publish").click()
    page.get_by_role("button", name="Publish").click()
    told(page, "Published")

    # Form by form, the file in another tab, saved while one types.
    page.get_by_role("link", name="Transcribe").click()
    page.get_by_role("button", name="Transcribe").click()
    page.get_by_role("link", name=re.compile("Contaminated areas and clearance")).click()
    beside = page.get_by_role("link", name=re.compile("Open the file beside this page"))
    expect(beside).to_have_attribute("target", "_blank")
    page.get_by_label("Name of the area").first.fill("Lower valley")
    page.get_by_label("Size, m²").first.fill("1 250 000")
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"saved at \d\d:\d\d"))
    page.get_by_role("button", name="Save and stay").click()
    expect(page.get_by_text("Only the ISU reads it until it is sent")).to_be_visible()

    # Nobody else reads it yet; the letter waits for a person.
    everybody = reader()
    public = everybody.go(f"/reports/XAC/voluntary/{YEAR}/1/?lang=en")
    expect(public.get_by_text("Lower valley")).to_have_count(0)
    page.get_by_role("link", name="All forms, and sending them to the State").click()
    page.get_by_role("link", name="Send to the State").click()
    page.get_by_role("button", name="Send to the State").click()
    told(page, "held until somebody releases")
    page.get_by_role("link", name=re.compile("confirme las cifras|please confirm")).click()
    page.get_by_role("link", name="Release").click()
    first = page.get_by_label("These letters are to go out: the first from this site")
    if first.count():
        first.check()
    page.get_by_role("button", name="Release").click()
    told(page, "Released")

    # The State opens the link of its letter; no account is needed.
    capital = reader()
    letter = capital.letter("contact.xac@example.org", "confirme las cifras")
    link = re.search(r"https?://\S+/pass/figures/\S+", letter.locator("pre").inner_text())
    assert link is not None
    state = capital.go(link.group().removeprefix(capital.portal.url).split("?")[0] + "?lang=en")
    expect(state.get_by_role("heading", level=1)).to_have_text("Are these figures right?")
    expect(state.get_by_text("by-post.pdf").first).to_be_visible()
    expect(state.get_by_role("cell", name="1,250,000")).to_be_visible()
    state.get_by_label("Your function").fill("Desk officer for disarmament")
    state.get_by_role("button", name="Confirm these figures").click()
    expect(state.get_by_role("heading", level=1)).to_have_text("Thank you")

    # A public page may be half a second old.
    everybody.page.wait_for_timeout(1_500)
    public = everybody.go(f"/reports/XAC/voluntary/{YEAR}/1/?lang=en")
    expect(public.get_by_text("was transcribed by the ISU from the file")).to_be_visible()
    expect(public.get_by_role("cell", name="Lower valley")).to_be_visible()
    expect(public.get_by_text("Desk officer for disarmament")).to_have_count(0)
