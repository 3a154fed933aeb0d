"""The forms go out as a workbook and come back: what was answered stays what was answered."""

import io
import zipfile

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from records.sheets import Unreadable
from reporting import workbook, workbook_reading
from reporting.art7_2010 import ART7_2010
from reporting.boxes import Names
from reporting.schema import cleaned
from tests.reporting import answers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("laos", "peru")]
ABOUT = workbook.About(
    report="Annual report on 2025",
    state="Lao PDR",
    period="2025",
    key="LAO/annual/2025",
    language="en",
    address="https://example.org/excel/",
    tokens={"clearance": "2026-01-01T00:00:00"},
)
CLEARANCE = ART7_2010.form("clearance")
SAID = {
    "areas": [
        {"id": "aaaa", "area": "North", "size": 1250, "position": {"latitude": 19.5}},
        {"id": "bbbb", "area": "South", "certainty": "suspected"},
    ],
    "programme": "Two teams.\nOne more.",
    "completed_on": "2025-06-30",
}


def made(said, form=CLEARANCE, about=ABOUT):
    return workbook.written(ART7_2010, {form.key: said}, Names(), about)


def opened(content, form="clearance"):
    book = load_workbook(io.BytesIO(content))
    return book, next(one for one in book if one["A1"].value == f"art7-2010/{form}")


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content):
    return workbook_reading.read(io.BytesIO(content), ART7_2010, Names())


def kept(content, stands, form=CLEARANCE):
    """The answers after the way back, what is no answer, and what else was found."""
    sheet = read(content).forms[form.key]
    said, mistakes = cleaned(form, workbook_reading.over(form, stands, sheet.given))
    return said, mistakes, sheet


def at(sheet, text):
    """The cell in which a text stands."""
    return next(cell for line in sheet.iter_rows() for cell in line if cell.value == text)


@pytest.mark.parametrize("form", ART7_2010.forms, ids=lambda form: form.key)
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_answers_survive_the_way_to_excel_and_back(form, data):
    said = data.draw(answers.of_form(form))
    language = data.draw(st.sampled_from(["en", "fr", "es"]))

    with translation.override(language):
        found, mistakes, sheet = kept(made(said, form), said, form)

    assert (found, mistakes, sheet.faults) == (said, [], [])


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_workbook_comes_back_in_another_language_than_it_left(data):
    said = data.draw(answers.of_form(CLEARANCE))
    with translation.override("fr"):
        content = made(said)

    assert kept(content, said)[0] == said


def test_every_form_has_a_sheet_named_by_letter_and_title_and_french_swaps_two():
    book, _sheet = opened(made(SAID))

    names = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    assert "".join(name[0] for name in names[1:]) == "ABCDEFGHIJ"
    assert names[6] == "F Contaminated areas"
    assert max(len(name) for name in names) <= 31
    book, sheet = opened(made({}, about=ABOUT._replace(language="fr")), "retained-transferred")
    assert sheet.title.startswith("C ")


def test_the_cover_says_whose_it_is_and_how_it_comes_back():
    book, _sheet = opened(made(SAID))

    words = "\n".join(str(line[1].value) for line in book.worksheets[0].iter_rows())
    for said in ("Lao PDR", "2025", "Reporting forms of 2010", ABOUT.address):
        assert said in words


def test_lists_notes_and_ids_are_there_and_do_not_disturb():
    _book, sheet = opened(made(SAID))

    assert sheet.column_dimensions["A"].hidden
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert any(formula.startswith("lists!$") for formula in rules.values())
    assert "Lower valley 3" in at(sheet, "Name of the area").comment.text
    assert at(sheet, "North").offset(0, -1).value == "aaaa"
    assert at(sheet, "North").number_format == "@"


def test_added_rows_text_for_numbers_and_cells_for_days_are_understood():
    book, sheet = opened(made(SAID))
    line = at(sheet, "South").row
    sheet.insert_rows(line, 3)
    sheet.cell(line + 1, 2, "Middle")
    size = at(sheet, "Size (m²)").column
    sheet.cell(line + 1, size, "1 250 000")
    sheet.cell(at(sheet, "Clearance completed on").row, 3, "2025-07-01")
    sheet.cell(at(sheet, "South").row, 2, 45)

    said, mistakes, found = kept(saved(book), SAID)

    assert (mistakes, found.faults) == ([], [])
    north, middle, south = said["areas"]
    assert (north["id"], middle["area"], middle["size"]) == ("aaaa", "Middle", 1_250_000)
    assert (south["id"], south["area"], south["certainty"]) == ("bbbb", "45", "suspected")
    assert said["completed_on"] == "2025-07-01"


def test_rows_above_the_most_that_a_table_holds_are_named_and_not_cut_off_in_silence(monkeypatch):
    monkeypatch.setattr(workbook_reading, "MOST_ROWS", 1)

    said, _mistakes, found = kept(made(SAID), {})

    assert [row["area"] for row in said["areas"]] == ["North"]
    [fault] = found.faults
    assert "at most 1 rows: this row and those below it are not read" in fault.sentence


def test_moved_columns_are_found_by_their_heads():
    book, sheet = opened(made(SAID))
    head = at(sheet, "Name of the area")
    location = at(sheet, "Location")
    for line in range(head.row, head.row + 4):  # the hidden keys above stay where they were
        one, other = sheet.cell(line, head.column), sheet.cell(line, location.column)
        one.value, other.value = other.value, one.value

    assert kept(saved(book), SAID)[0] == SAID


def test_a_head_that_nobody_knows_is_found_by_the_key_above_it():
    book, sheet = opened(made(SAID))
    at(sheet, "Name of the area").value = "Our villages"

    assert kept(saved(book), SAID)[0] == SAID


def test_what_is_no_answer_is_named_by_its_cell_and_stays_as_it_was_written():
    book, sheet = opened(made(SAID))
    cell = sheet.cell(at(sheet, "North").row, at(sheet, "Size (m²)").column)
    cell.value = "about 3"

    _said, [mistake], found = kept(saved(book), SAID)

    assert mistake.given == "about 3"
    assert found.cells["areas.aaaa.size"] == cell.coordinate
    again = made({"areas": [{"id": "aaaa", "size": "about 3"}]})
    assert [one.given for one in kept(again, {})[1]] == ["about 3"]


def test_a_failed_formula_leaves_what_stands_and_is_named():
    book, sheet = opened(made(SAID))
    cell = at(sheet, "Two teams.\nOne more.")
    cell.value = "#REF!"

    said, _mistakes, found = kept(saved(book), SAID)

    assert said == SAID
    assert [(one.cell, "#REF!" in one.sentence) for one in found.faults] == [
        (cell.coordinate, True)
    ]


def test_what_stands_where_no_answer_belongs_is_named_and_not_lost_in_silence():
    book, sheet = opened(made(SAID))
    end = at(sheet, "For more rows, insert lines above this one.")
    end.value, end.offset(0, 3).value = "A row over the last line", "19.25"
    sheet.cell(end.row + 1, 2, "Beside everything")
    sheet.cell(at(sheet, "North").row, 30, "Far out")

    said, mistakes, found = kept(saved(book), SAID)

    assert said["areas"][-1]["area"] == "A row over the last line"
    assert len(said["areas"]) == 3
    assert {one.cell for one in found.faults} == {
        f"B{end.row + 1}",
        sheet.cell(at(sheet, "North").row, 30).coordinate,
    }
    assert mistakes == []


def test_a_sheet_a_column_and_a_question_that_are_gone_leave_what_stands():
    stands = {**SAID, "areas": [{**SAID["areas"][0], "area": "Old name"}, SAID["areas"][1]]}
    book, sheet = opened(made(SAID))
    sheet.delete_cols(at(sheet, "Name of the area").column)
    assert kept(saved(book), stands)[0]["areas"][0]["area"] == "Old name"

    book, sheet = opened(made(SAID))
    label = "Status and progress of the programme of clearance"
    sheet.delete_rows(at(sheet, label).row)
    assert kept(saved(book), SAID | {"programme": "Other."})[0]["programme"] == "Other."

    book.remove(sheet)
    assert "clearance" not in read(saved(book)).forms


def test_a_photograph_stays_with_its_row_and_goes_with_it():
    form = ART7_2010.form("technical-characteristics")
    stands = {
        "types": [{"id": "aaaa", "type": "M26", "photograph": 7}, {"id": "bbbb", "type": "x"}]
    }
    book, sheet = opened(made(stands, form), form.key)
    at(sheet, "M26").value = "M26A1"
    sheet.delete_rows(at(sheet, "x").row)

    assert kept(saved(book), stands, form)[0] == {
        "types": [{"id": "aaaa", "type": "M26A1", "photograph": 7}]
    }


def test_a_row_that_was_copied_with_its_hidden_id_is_a_row_of_its_own():
    book, sheet = opened(made(SAID))
    spare = at(sheet, "South").row + 1
    sheet.cell(spare, 1, "aaaa")
    sheet.cell(spare, 2, "North once more")

    rows = kept(saved(book), SAID)[0]["areas"]

    assert [row["area"] for row in rows] == ["North", "South", "North once more"]
    assert len({row["id"] for row in rows}) == 3


@pytest.mark.parametrize("name", ["other", "version", "no-workbook", "text"])
def test_what_is_no_workbook_of_ours_is_said_in_a_sentence(name):
    book, _sheet = opened(made(SAID))
    if name == "other":
        book = Workbook()
        book.active["A1"] = "State"
    for one in book:
        if name == "version" and one["A1"].value:
            one["A1"].value = one["A1"].value.replace("2010", "1999")
    content = {"no-workbook": b"PK\x03\x04 no archive", "text": b"State;Year"}.get(name)
    sentence = {
        "other": "no sheet with a form of ours",
        "version": "not of the forms of this report",
    }.get(name, "cannot be read")

    with pytest.raises(Unreadable, match=sentence):
        read(content or saved(book))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_workbook_that_was_broken_anywhere_is_read_or_refused_and_nothing_else(whole, data):
    """Also inside its archive, where a broken part is whole again to the unpacker."""
    parts = dict(whole)
    name = data.draw(st.sampled_from(sorted(parts)))
    part = bytearray(parts[name])
    for _number in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(part) - 1))
        cut = data.draw(st.integers(0, 30))
        part[place : place + cut] = data.draw(st.binary(max_size=12))
    parts[name] = bytes(part)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for one, content in parts.items():
            archive.writestr(one, content)

    try:
        sheets = read(out.getvalue()).forms
    except Unreadable:
        return
    for key, sheet in sheets.items():
        cleaned(ART7_2010.form(key), workbook_reading.over(sheet.form, {}, sheet.given))


@pytest.fixture
def whole(laos):
    with zipfile.ZipFile(io.BytesIO(made(SAID))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
