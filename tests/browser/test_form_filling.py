"""A report filled in form by form: by two people at once, from a spreadsheet, on a telephone."""

import re
from collections.abc import Callable

import pypdfium2
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader

type Sits = Callable[..., Reader]

LAST = localdate().year - 1
HEADS = (
    "Name of the area\tLocation\tLatitude\tLongitude\tSize\tType of remnants\tEstimated quantity"
)
ROWS = (
    "Lower valley\t48Q 12\t19.5\t102.25\t1 250 000\tBLU-26\t400",
    "School yard\t\t\t\tabout 800\tBLU-26\t",
)


def begin(page: Page, year: int) -> None:
    """Begins a report on a past year, or takes up the draft that is there."""
    past = page.locator("details", has_text="past dates").first
    past.locator("summary").first.click()
    line = past.locator("li", has_text=f"report on {year}")
    line.locator("summary", has_text="Act on it").click()
    line.get_by_role("button", name="Begin the report").or_(
        line.get_by_role("link", name="Continue the report")
    ).first.click()
    expect(page.get_by_role("heading", name="Fill in the forms here")).to_be_visible()


def open_form(page: Page, title: str) -> None:
    """Opens a form from the list of all."""
    page.get_by_role("link", name=re.compile(title)).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def test_two_people_fill_in_a_report_and_what_each_writes_is_kept(reader: Sits) -> None:
    first, second = reader("focal-point.xab@demo.example"), reader("drafter.xab@demo.example")
    page, other = first.go("/what-we-owe/?lang=en"), second.go("/what-we-owe/?lang=en")
    begin(page, LAST - 2)
    begin(other, LAST - 2)
    open_form(page, "Contaminated areas and clearance")
    open_form(other, "Contaminated areas and clearance")
    form = page.url.removeprefix(first.portal.url)

    # Who comes second is told of the first.
    expect(other.locator("[data-also]")).to_contain_text("Focal point, Borduna has this form open")

    # The page saves by itself; the other's is then told that it does not any more.
    page.get_by_label("Status and progress of the programme of clearance").fill("Two teams.")
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"saved at \d\d:\d\d"))
    second.refused(form)
    other.get_by_label("Status and progress of the programme of clearance").fill("Three teams.")
    expect(other.locator("[data-also]")).to_contain_text("Focal point, Borduna saved this form")
    other.get_by_role("button", name="Save and stay").click()
    expect(other.get_by_role("heading", name="What stands, and what you typed")).to_be_visible()
    difference = other.get_by_role("row", name=re.compile("programme of clearance"))
    expect(difference).to_contain_text("Two teams.")
    expect(difference).to_contain_text("Three teams.")
    other.get_by_role("button", name="Save and stay").click()
    expect(other.get_by_role("heading", name="What stands, and what you typed")).to_have_count(0)

    # Rows come from a spreadsheet; what is no number stays as it was typed, with a sentence.
    page = first.go(form)
    expect(page.get_by_label("Status and progress of the programme of clearance")).to_have_value(
        "Three teams."
    )
    page.locator("summary", has_text="Paste rows").first.click()
    page.get_by_label("Rows copied from Excel").first.fill("\n".join((HEADS, *ROWS)))
    page.get_by_role("button", name="Save and add these rows").first.click()
    expect(page.get_by_text("2 rows were added.")).to_be_visible()
    mend = page.get_by_role("alert").get_by_role("link")
    expect(mend).to_contain_text("“about 800” is not a number")
    mend.click()
    box = page.get_by_label("Size, m²").nth(1)
    expect(box).to_have_value("about 800")
    box.fill("800")

    # A row is added in place and taken away again.
    rows = page.locator("fieldset.line").filter(has=page.locator("[name='areas.rows']"))
    before = rows.count()
    page.get_by_role("button", name="Save and add rows").first.click()
    expect(rows).to_have_count(before + 1)
    rows.last.get_by_label("Name of the area").fill("Quarry")
    page.get_by_role("button", name="Save and stay").click()
    expect(page.get_by_text("Saved. Only your State reads this draft.")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    quarry = rows.filter(has=page.locator("input[value='Quarry']"))
    quarry.get_by_label("Remove this row when saving").check()
    page.get_by_role("button", name="Save and stay").click()
    expect(page.locator("input[value='Quarry']")).to_have_count(0)

    # Everything is read once more, as a page and as a paper, and handed in.
    page = first.go(f"/what-we-owe/XAB/annual/{LAST - 2}/check/?lang=en")
    expect(page.get_by_role("row", name=re.compile("Lower valley"))).to_contain_text("1,250,000")
    page.get_by_role("button", name="Hand to the ISU").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt")
    link = page.locator(".facts").get_by_role("link", name=re.compile(r"\.pdf")).first
    href = link.get_attribute("href")
    assert href is not None
    paper = pypdfium2.PdfDocument(page.request.get(first.portal.url + href).body())
    words = "\n".join(one.get_textpage().get_text_range() for one in paper)
    paper.close()
    for said in ("Lower valley", "1,250,800", "Three teams."):
        assert said in words, f"{said!r} is not in the paper"


def test_a_small_state_says_form_by_form_that_nothing_changed_on_a_telephone_without_javascript(
    reader: Sits,
) -> None:
    state = reader("focal-point.xac@demo.example", width=360, java_script_enabled=False)
    page = state.go("/what-we-owe/?lang=en")
    owed = page.locator(".owed", has_text=f"Annual transparency report on {LAST - 1}")
    # Somebody else of the State may have begun it.
    owed.get_by_role("button", name="Begin the report").or_(
        owed.get_by_role("link", name="Continue the report")
    ).first.click()
    open_form(page, "National implementation measures")

    page.get_by_role("radio", name="unchanged").check()
    page.get_by_label("Last reported on for the year").fill(str(LAST - 2))
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Stockpiles and destruction")
    page.get_by_role("radio", name="not applicable").check()
    sentence = page.get_by_label("Why, in one sentence")
    expect(sentence).to_have_value(re.compile("has never had a stockpile of cluster munitions"))
    page.get_by_role("button", name="Save and go on").click()

    page.get_by_role("link", name=re.compile("annual report")).first.click()
    expect(page.get_by_role("listitem").filter(has_text="Form A")).to_contain_text(
        f"unchanged since {LAST - 2}"
    )
    expect(page.get_by_role("listitem").filter(has_text="Form B")).to_contain_text("not applicable")
