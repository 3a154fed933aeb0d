"""Workbooks that people fill in: what is written into a cell is what is read from it."""

import datetime as dt
import io

import pytest
from openpyxl import Workbook

from records.sheets import fillable
from records.sheets.fillable import Broken, Cell, Page


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "#N/A",
        "_x000D_",
        "two\nlines",
        12,
        0.1,
        True,
        dt.date(2026, 11, 20),
    ],
)
def test_a_value_is_read_as_it_was_written(value):
    content = fillable.written([Page("One", [[], [Cell("id"), Cell(value)]])], {})

    (name, lines), _lists = fillable.read(io.BytesIO(content))

    assert (name, lines) == ("One", [[], ["id", value]])
    assert not isinstance(lines[1][1], Broken)


def test_a_day_that_excel_does_not_know_is_written_in_words():
    content = fillable.written([Page("One", [[Cell(dt.date(1900, 2, 1))]])], {})

    assert fillable.read(io.BytesIO(content))[0][1] == [["1900-02-01"]]


def test_a_formula_that_failed_is_not_taken_for_text():
    book = Workbook()
    book.active["A1"] = "#REF!"
    out = io.BytesIO()
    book.save(out)

    [[_name, [[value]]]] = fillable.read(out)

    assert isinstance(value, Broken)
