"""What was typed and not saved is offered once more in the same tab, and never covers others'."""

import re
from collections.abc import Callable

from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader
from tests.browser.test_form_filling import begin, open_form

type Sits = Callable[..., Reader]

YEAR = localdate().year - 6
QUESTION = "Status and progress of the programme of clearance"


def offered(page: Page):
    return page.get_by_role("button", name="Bring back what was typed")


def test_what_was_typed_on_a_dead_line_comes_back_and_does_not_cover_what_a_colleague_saved(
    reader: Sits,
) -> None:
    first, second = reader("focal-point.xab@demo.example"), reader("drafter.xab@demo.example")
    page = first.go("/what-we-owe/?lang=en")
    begin(page, YEAR)
    open_form(page, "Contaminated areas and clearance")
    form = page.url.removeprefix(first.portal.url)

    areas = page.locator("fieldset.line").filter(has=page.locator("[name='areas.rows']"))

    # Nothing is offered after what was typed has been saved.
    page.get_by_label("Name of the area").first.fill("Lower valley")
    page.get_by_label("Size, m²").first.fill("1,234.5")
    page.get_by_role("button", name="Save and stay").click()
    expect(page.get_by_text("Saved. Only your State reads this draft.")).to_be_visible()
    expect(page.get_by_label("Size, m²").first).to_have_value("1234.5")
    expect(offered(page)).to_have_count(0)

    # The line dies; a row is added and something is written in it. Nobody saves it.
    first.refused(form)
    page.context.set_offline(True)
    page.get_by_label(QUESTION).fill("Mine.")
    page.get_by_role("button", name="Save and add rows").first.click()
    areas.nth(1).get_by_label("Name of the area").fill("Quarry")
    expect(page.locator("[data-saved]")).to_contain_text(re.compile("line|saved", re.I))
    other = second.go(form)
    other.get_by_label(QUESTION).fill("A colleague's, longer.")
    other.get_by_role("button", name="Save and stay").click()
    expect(other.get_by_text("Saved. Only your State reads this draft.")).to_be_visible()

    # The browser is closed over it and opened again, with a line.
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(first.portal.url + form)
    expect(page.get_by_label(QUESTION)).to_have_value("A colleague's, longer.")
    offered(page).click()
    expect(page.get_by_label(QUESTION)).to_have_value("Mine.")
    expect(areas.nth(1).get_by_label("Name of the area")).to_have_value("Quarry")
    page.get_by_role("button", name="Save and stay").click()
    expect(page.get_by_role("heading", name="What stands, and what you typed")).to_be_visible()
    difference = page.get_by_role("row", name=re.compile(QUESTION))
    expect(difference).to_contain_text("A colleague's, longer.")
    expect(offered(page)).to_have_count(0)
