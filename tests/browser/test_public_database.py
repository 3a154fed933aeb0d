"""A reader without an account: finds words, reads a form, compares two years, takes data home."""

import csv
import io
import re
import zipfile
from collections.abc import Callable

from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader

LAST = localdate().year - 1


def taken(page: Page, name: str) -> bytes:
    """What a link of that name gives, as it is saved."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).first.click()
    return waiting.value.path().read_bytes()


def test_reports_are_found_by_what_they_say_and_taken_home(reader: Callable[..., Reader]) -> None:
    one = reader("")
    page = one.go("/reports/?lang=en")

    page.get_by_label("State, year, reference, or words of the answers").fill("depot")
    expect(page.locator("#count")).to_have_text("3 published reports")
    page.get_by_label("From year").select_option(str(LAST))
    expect(page.locator("#count")).to_have_text("1 published report")
    expect(page).to_have_url(re.compile(rf"from={LAST}"))
    expect(page.locator("#results")).to_contain_text("found in form")
    page.get_by_label("To year").select_option(str(LAST))
    expect(page.locator("#results").get_by_role("link", name=".zip")).to_be_visible()

    rows = list(csv.DictReader(io.StringIO(taken(page, ".csv").decode())))
    assert [(row["iso3"], row["year"], row["demo"]) for row in rows] == [("XAA", str(LAST), "true")]
    with page.expect_download() as waiting:
        page.locator("#results").get_by_role("link", name=".csv").click()
    answers = list(csv.DictReader(io.StringIO(waiting.value.path().read_text("utf-8"))))
    assert {row["year"] for row in answers} == {str(LAST)}
    assert "Northern depot" in {row["value"] for row in answers}
    held = zipfile.ZipFile(io.BytesIO(taken(page, ".zip")))
    assert held.namelist()[:2] == ["index.csv", f"article-7_XAA_{LAST}_en_v1.pdf"]
    assert all("annex" in name for name in held.namelist()[2:])
    assert held.testzip() is None

    page.get_by_role("link", name="B", exact=True).click()
    expect(page).to_have_url(re.compile(r"#stockpiles$"))
    expect(page.locator("#stockpiles")).to_be_in_viewport()
    assert one.heard() == []


def test_a_form_is_read_of_all_states_and_two_years_beside_each_other(
    reader: Callable[..., Reader],
) -> None:
    one = reader("")
    page = one.go(f"/reports/XAA/annual/{LAST}/1/?lang=en")

    contents = page.get_by_role("navigation", name="Contents")
    contents.get_by_role("link", name=re.compile(f"all States, {LAST} ?: Contaminated")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Form F")
    page.get_by_label("Question").select_option(label="Areas released in the period")
    expect(page.locator("#across")).to_have_text("Areas released in the period")
    expect(page.locator("#results")).to_contain_text("ISU note: 240,000")

    page = one.go(f"/reports/XAA/annual/{LAST}/1/?lang=en")
    page.get_by_role("link", name=f"Read it beside the report on {LAST - 1}").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{LAST - 1} and {LAST}")
    row = page.locator("tr", has_text="Lower valley").first
    expect(row).to_contain_text("1,500,000")
    expect(row).to_contain_text("1,250,000")
    folded = page.locator("details", has_text="the same in both")
    expect(folded.get_by_text("Form H: Victim assistance").first).to_be_hidden()
    folded.locator("summary").click()
    expect(folded.get_by_role("heading", name="Form H: Victim assistance")).to_be_visible()
    page.get_by_label("Earlier report").select_option(str(LAST - 2))
    expect(page).to_have_url(re.compile(rf"from={LAST - 2}"))
    expect(page.locator("#results")).to_contain_text("its file may say more")
    assert one.heard() == []


def test_figures_and_rates_say_whose_word_they_are_and_by_which_rule(
    reader: Callable[..., Reader],
) -> None:
    one = reader("")
    page = one.go("/reports/XAA/figures/?lang=en")

    drawn = page.get_by_role("img", name=re.compile("^Areas released in the period: Size"))
    expect(drawn).to_be_visible()
    expect(page.locator("figure", has=drawn)).to_contain_text("as reported by the State")
    expect(page.locator("figure", has=drawn)).to_contain_text("ISU note: 240,000")

    page = one.go("/reports/rates/?demo=1&lang=en")
    expect(page.get_by_role("heading", name="The rule")).to_be_visible()
    expect(page.locator("main")).to_contain_text("what is not known is not late")
    expect(page.locator("main")).to_contain_text("records not complete")
    expect(page.locator("main")).to_contain_text("Arvalia")
    assert "Borduna" not in page.locator("main").inner_text()
    assert one.heard() == []


def test_without_scripts_the_filters_work_by_their_button(
    reader: Callable[..., Reader],
) -> None:
    plain = reader("", java_script_enabled=False)
    page = plain.go("/reports/?lang=en")

    page.get_by_label("Form", exact=True).select_option("victim-assistance")
    page.get_by_label("To year").select_option(str(LAST - 1))
    page.get_by_role("button", name="Show", exact=True).click()

    expect(page).to_have_url(re.compile("form=victim-assistance"))
    expect(page.locator("#count")).to_have_text("1 published report")
