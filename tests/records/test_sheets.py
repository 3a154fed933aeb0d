"""Tables in and out: what was written is read back, text stays text, faults have a place."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from decimal import Decimal

import openpyxl
import pytest
from django.utils import translation
from django.utils.functional import lazystr

from records import sheets
from records.sheets import Column

COLUMNS = [
    Column("state", "State"),
    Column("in_force_on", "Entry into force"),
    Column("area", "Area, m²"),
    Column("party", "Party"),
]
LAOS = {
    "state": "Lao People’s Democratic Republic",
    "in_force_on": dt.date(2010, 8, 1),
    "area": Decimal("12.5"),
    "party": True,
}


def a_book(*lines: Sequence[object], title: str = "Sheet") -> io.BytesIO:
    book = openpyxl.Workbook()
    book.active.title = title
    for line in lines:
        book.active.append(line)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def opened(content: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content)).active


# --- Both ways ------------------------------------------------------------------------------------


def test_what_was_written_is_read_back() -> None:
    content = sheets.write("States", COLUMNS, [LAOS, {"state": "Peru", "area": 7}])

    laos, peru = sheets.read(io.BytesIO(content))

    assert laos == {
        "state": "Lao People’s Democratic Republic",
        "entry_into_force": dt.date(2010, 8, 1),
        "area_m2": 12.5,
        "party": True,
    }
    assert peru == {"state": "Peru", "entry_into_force": None, "area_m2": 7, "party": None}
    assert (laos.line, peru.line) == (2, 3)


# --- Reading --------------------------------------------------------------------------------------


def test_heads_become_keys_whatever_their_case_accents_and_signs() -> None:
    stream = a_book(["  Name of State ", "Entrée en vigueur", "E-mail (role)", "Год"], [1, 2, 3, 4])

    (row,) = sheets.read(stream)

    assert list(row) == ["name_of_state", "entree_en_vigueur", "e_mail_role", "год"]


def test_lines_are_those_that_the_spreadsheet_shows() -> None:
    stream = a_book([], ["Name"], ["Peru"], [], ["Chad"])

    rows = sheets.read(stream)

    assert [(row.line, row["name"]) for row in rows] == [(3, "Peru"), (5, "Chad")]


def test_text_is_stripped_and_composed_and_moments_keep_their_time() -> None:
    moment = dt.datetime(2027, 4, 30, 14, 3)
    stream = a_book(["a", "b", "c", "d"], ["  Cafe\u0301 ", moment, 3.0, "   "])

    (row,) = sheets.read(stream)

    assert row == {"a": "Café", "b": moment, "c": 3, "d": None}
    assert isinstance(row["c"], int)


def test_a_sheet_is_found_by_its_name() -> None:
    stream = a_book(["Name"], ["Peru"], title="Focal points")

    assert sheets.read(stream, sheet="focal points")[0]["name"] == "Peru"


def test_the_file_stands_at_its_beginning_afterwards() -> None:
    stream = a_book(["Name"], ["Peru"])

    sheets.read(stream)

    assert stream.tell() == 0


def test_a_wrong_statement_of_the_size_of_the_sheet_loses_nothing() -> None:
    source = zipfile.ZipFile(a_book(["Name", "Code"], ["Peru", "PER"], ["Chad", "TCD"]))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            target.writestr(part, content.replace(b'ref="A1:B3"', b'ref="A1:A1"'))

    rows = sheets.read(stream)

    assert [row["code"] for row in rows] == ["PER", "TCD"]


@pytest.mark.parametrize(
    ("stream", "sentence"),
    [
        (io.BytesIO(b""), "cannot be read as an Excel workbook"),
        (io.BytesIO(b"State,Code\nPeru,PER\n"), "cannot be read as an Excel workbook"),
        (io.BytesIO(a_book(["a"]).getvalue()[:-300]), "cannot be read as an Excel workbook"),
        (a_book(), "The sheet is empty."),
        (a_book(["Name", "name "], [1, 2]), "The heads of A1 and B1 are the same: “name”"),
        (a_book(["Name"], ["Peru", "PER"]), "Cell B2 has a value, but its column has no head."),
        (a_book(["Name", None, "Code"], ["Peru", 1, 2]), "Please name the column in line 1"),
        (a_book(["Name"], ["Peru"], ["#REF!"]), "Cell A3 shows the error #REF!."),
        (a_book([f"c{n}" for n in range(201)], [1]), "more than 200 columns"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_its_place(
    stream: io.BytesIO, sentence: str
) -> None:
    with pytest.raises(sheets.Unreadable) as refusal:
        sheets.read(stream)

    assert sentence in str(refusal.value)


def test_a_sheet_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(sheets.Unreadable, match=r"no sheet “contacts”; it has: “Sheet”"):
        sheets.read(a_book(["Name"], ["Peru"]), sheet="contacts")


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "a")

    with pytest.raises(sheets.Unreadable, match="cannot be read"):
        sheets.read(stream)


def test_a_workbook_with_broken_xml_is_refused() -> None:
    source = zipfile.ZipFile(a_book(["Name"], ["Peru"]))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            target.writestr(part, content[:-30] if part.startswith("xl/worksheets/") else content)

    with pytest.raises(sheets.Unreadable, match="cannot be read"):
        sheets.read(stream)


def test_a_table_with_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)

    with pytest.raises(sheets.Unreadable, match="more than 2 rows"):
        sheets.read(a_book(["Name"], [1], [2], [3]))


def test_a_workbook_that_unpacks_to_far_too_much_is_refused() -> None:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(201):
            part.write(bytes(1024 * 1024))

    with pytest.raises(sheets.Unreadable, match="larger than 200 MB"):
        sheets.read(stream)


# --- Writing --------------------------------------------------------------------------------------


def test_cells_have_types_and_days_are_shown_the_iso_way() -> None:
    sheet = opened(sheets.write("States", COLUMNS, [LAOS]))

    state, in_force, area, party = sheet[2]

    assert state.data_type == "s"
    assert in_force.is_date
    assert in_force.number_format == "yyyy-mm-dd"
    assert (area.data_type, area.value) == ("n", 12.5)
    assert (party.data_type, party.value) == ("b", True)


def test_moments_are_written_in_genevas_time() -> None:
    moment = dt.datetime(2027, 4, 30, 22, 30, tzinfo=dt.UTC)

    sheet = opened(sheets.write("Log", [Column("at", "At")], [{"at": moment}]))

    assert sheet["A2"].value == dt.datetime(2027, 5, 1, 0, 30)


def test_the_head_is_styled_frozen_and_has_filters() -> None:
    sheet = opened(sheets.write("States", COLUMNS, [LAOS]))

    assert [cell.value for cell in sheet[1]] == [column.head for column in COLUMNS]
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D2"
    assert sheet.column_dimensions["A"].width > sheet.column_dimensions["D"].width


def test_lines_over_the_head_say_what_the_table_is() -> None:
    content = sheets.workbook("States", ["State"], [["Peru"]], above=["States", "As at 2026-11-20"])

    sheet = opened(content)

    assert [cell.value for cell in sheet["A"]] == [
        "States",
        "As at 2026-11-20",
        None,
        "State",
        "Peru",
    ]
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:A5"


@pytest.mark.parametrize("text", ["=1+1", "+41 22 730", "-2", "@here", "\t=1", '=HYPERLINK("x")'])
def test_text_never_becomes_a_formula(text: str) -> None:
    columns, rows = [Column("a", text)], [{"a": text}]

    sheet = opened(sheets.write("A", columns, rows))
    head, line = csv.reader(io.StringIO(sheets.csv(columns, rows).decode()))

    for cell in (sheet["A1"], sheet["A2"]):
        assert cell.data_type == "s"
        assert cell.value == text
        assert cell.quotePrefix
    assert head == line == [f"'{text}"]


def test_a_negative_number_is_still_a_number() -> None:
    columns, rows = [Column("a", "A")], [{"a": -2}]

    assert opened(sheets.write("A", columns, rows))["A2"].value == -2
    assert sheets.csv(columns, rows) == b"A\r\n-2\r\n"


def test_an_error_word_is_written_as_text() -> None:
    assert opened(sheets.write("A", [Column("a", "A")], [{"a": "#N/A"}]))["A2"].data_type == "s"


def test_signs_that_a_workbook_cannot_carry_are_left_out() -> None:
    sheet = opened(sheets.write("A", [Column("a", "A")], [{"a": "one\x00\x0btwo"}]))

    assert sheet["A2"].value == "onetwo"


@pytest.mark.parametrize("name", ["A/B: [draft]?", "x" * 80, "", "'quoted'"])
def test_any_name_gives_a_sheet(name: str) -> None:
    title = opened(sheets.write(name, COLUMNS, [LAOS])).title

    assert 1 <= len(title) <= 31


def test_an_arabic_workbook_runs_from_right_to_left() -> None:
    with translation.override("ar"):
        content = sheets.write("الدول", COLUMNS, [LAOS])

    assert opened(content).sheet_view.rightToLeft


def test_csv_is_utf_8_with_a_line_of_heads() -> None:
    columns = [Column("name", lazystr("Nom")), Column("on", "Date"), Column("at", "À")]
    row = {
        "name": 'Côte d’Ivoire, "CIV"',
        "on": dt.date(2012, 3, 12),
        "at": dt.datetime(2027, 4, 30, 12, 0, tzinfo=dt.UTC),
    }

    content = sheets.csv(columns, [row, {}])

    assert content.decode() == (
        'Nom,Date,À\r\n"Côte d’Ivoire, ""CIV""",2012-03-12,2027-04-30T14:00:00\r\n,,\r\n'
    )
