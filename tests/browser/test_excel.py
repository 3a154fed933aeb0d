"""A draft goes to Excel and comes back: each difference is seen first, each error by its cell."""

import io
import re
from collections.abc import Callable
from typing import Any

from django.utils.timezone import localdate
from openpyxl import load_workbook
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Reader
from tests.browser.test_form_filling import begin

type Sits = Callable[..., Reader]

LAST = localdate().year - 1
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def changed(content: bytes) -> tuple[FilePayload, str]:
    """The workbook with two answers more, one of them no number; and the cell of that one."""
    book = load_workbook(io.BytesIO(content))
    sheet: Any = next(one for one in book if one["A1"].value == "art7-2010/clearance")
    heads: dict[Any, Any] = {}
    for cell in (cell for line in sheet.iter_rows() for cell in line):
        heads.setdefault(cell.value, cell)
    first = heads["Name of the area"].row + 1
    sheet.cell(first, heads["Name of the area"].column).value = "Quarry"
    wrong = sheet.cell(first, heads["Size (m²)"].column)
    wrong.value = "about 800"
    programme = heads["Status and progress of the programme of clearance"]
    programme.offset(0, 1).value = "Two teams, from Excel."
    out = io.BytesIO()
    book.save(out)
    return {"name": "filled.xlsx", "mimeType": KIND, "buffer": out.getvalue()}, wrong.coordinate


def test_a_workbook_is_filled_in_its_differences_are_read_and_then_they_are_in_the_form(
    reader: Sits,
) -> None:
    state = reader("focal-point.xab@demo.example")
    page = state.go("/what-we-owe/?lang=en")
    begin(page, LAST - 3)
    with page.expect_download() as download:
        page.get_by_role("link", name="download all forms (.xlsx)").click()
    filled, cell = changed(download.value.path().read_bytes())

    page.get_by_role("link", name="send them back filled in").click()
    page.get_by_label("The filled workbook").set_input_files(filled)
    page.get_by_role("button", name="Show the differences").click()

    expect(page.get_by_text("Two teams, from Excel.")).to_be_visible()
    expect(page.get_by_text("Quarry").first).to_be_visible()
    expect(page.locator("main")).to_contain_text(
        re.compile(rf"{cell}.*“about 800” is not a number")
    )
    form = f"/what-we-owe/XAB/annual/{LAST - 3}/forms/clearance/"
    beside = state.context.new_page()
    beside.goto(state.portal.url + form + "?lang=en")
    expect(beside.get_by_label("Name of the area").first).to_have_value("")
    beside.close()

    page.get_by_role("button", name="Save these answers").click()
    expect(page.get_by_text("1 form was taken over from the workbook")).to_be_visible()
    page = state.go(f"{form}?lang=en")
    expect(page.get_by_label("Name of the area").first).to_have_value("Quarry")
    expect(page.get_by_label("Size, m²").first).to_have_value("about 800")
    expect(page.get_by_label("Status and progress of the programme")).to_have_value(
        "Two teams, from Excel."
    )

    # The same draft, as a Word document for those who do not use the portal.
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("the draft as a Word document")).click()
    assert download.value.suggested_filename == f"draft_XAB_annual_{LAST - 3}.docx"
