"""Workbooks as other programs and busy people leave them: read, or named by cell; none is lost."""

import datetime as dt
import io
import re
import zipfile

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from records.sheets import Unreadable
from reporting.schema import cleaned
from tests.reporting.test_workbook import CLEARANCE, SAID, at, kept, made, opened, read, saved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("laos", "peru")]


def rewritten(content, change, part="xl/worksheets/"):
    """The workbook with `change` made to the XML of each part whose name begins so."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            xml = source.read(name)
            if name.startswith(part) and name.endswith(".xml"):
                xml = change(xml.decode()).encode()
            archive.writestr(name, xml)
    return out.getvalue()


def with_cell(content, text, xml):
    """The workbook in which the cell to the right of `text`, or below it, is this XML."""
    _book, sheet = opened(content)
    cell = at(sheet, text).offset(0, 1)

    def change(found):
        if text not in found:
            return found
        pattern = rf'<c r="{cell.coordinate}"[^>]*?(?:/>|>.*?</c>)'
        return re.sub(pattern, xml.format(r=cell.coordinate), found, count=1, flags=re.DOTALL)

    done = rewritten(content, change)
    assert done != rewritten(content, str), "nothing was changed"
    return done, cell.coordinate


PROGRAMME = "Status and progress of the programme of clearance"


def test_texts_in_a_list_of_their_own_are_read_as_those_within_the_cells():
    texts: list[str] = []

    def share(xml):
        def moved(found):
            texts.append(found[2])
            return f't="s"{found[1]}><v>{len(texts) - 1}</v>'

        return re.sub(r't="inlineStr"([^>]*)><is>(.*?)</is>', moved, xml, flags=re.DOTALL)

    content = rewritten(made(SAID), share)
    items = "".join(f"<si>{text}</si>" for text in texts)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    content = rewritten(
        content,
        lambda xml: xml.replace(
            "</Types>",
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>',
        ),
        part="[Content_Types]",
    )
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}">{items}</sst>')

    found, mistakes, sheet = kept(out.getvalue(), SAID)

    assert len(texts) > 100
    assert (found, mistakes, sheet.faults) == (SAID, [], [])


def test_numbers_written_as_text_and_text_written_as_numbers_are_understood():
    book, sheet = opened(made(SAID))
    line = at(sheet, "North").row
    for cell in sheet[line]:
        if cell.value == 1250:
            cell.value, cell.number_format = "1 250,5", "@"
        if cell.value == "North":
            cell.value = 12

    found, mistakes, _sheet = kept(saved(book), SAID)

    assert mistakes == []
    assert (found["areas"][0]["size"], found["areas"][0]["area"]) == (1250.5, "12")


@pytest.mark.parametrize("since_1904", [False, True])
def test_days_are_read_by_the_calendar_of_the_workbook(since_1904):
    book, sheet = opened(made(SAID))
    if since_1904:
        book.epoch = CALENDAR_MAC_1904
    cell = next(c for line in sheet.iter_rows() for c in line if str(c.value).startswith("2025-06"))
    cell.value, cell.number_format = dt.datetime(2024, 2, 29), "dd/mm/yyyy"

    found, mistakes, _sheet = kept(saved(book), SAID)

    assert (found["completed_on"], mistakes) == ("2024-02-29", [])


def test_a_day_that_is_only_a_number_is_named_by_its_cell_and_kept_as_written():
    book, sheet = opened(made(SAID))
    cell = next(c for line in sheet.iter_rows() for c in line if str(c.value).startswith("2025-06"))
    cell.value, cell.number_format = 45838, "General"

    _found, mistakes, sheet_read = kept(saved(book), SAID)

    assert [one.given for one in mistakes] == ["45838"]
    assert sheet_read.cells["completed_on"] == cell.coordinate


def test_the_result_of_a_formula_counts_and_not_the_formula():
    content, _cell = with_cell(
        made(SAID), PROGRAMME, '<c r="{r}" t="str"><f>"Two"&amp;" teams"</f><v>Two teams</v></c>'
    )

    assert kept(content, SAID)[0]["programme"] == "Two teams"


def test_a_formula_without_its_result_leaves_what_stands_and_is_named():
    content, cell = with_cell(made(SAID), PROGRAMME, '<c r="{r}"><f>A1&amp;B1</f></c>')

    found, _mistakes, sheet = kept(content, SAID)

    assert found == SAID
    [fault] = sheet.faults
    assert fault.cell == cell
    assert "no result" in fault.sentence


def test_merged_cells_are_read_at_their_first_and_the_others_show_as_emptied():
    book, sheet = opened(made(SAID))
    first, second = at(sheet, "North"), at(sheet, "South")
    sheet.merge_cells(f"{first.coordinate}:{second.coordinate}")

    found, mistakes, read_sheet = kept(saved(book), SAID)

    assert [row.get("area") for row in found["areas"]] == ["North", None]
    assert [row["id"] for row in found["areas"]] == ["aaaa", "bbbb"]
    assert (mistakes, read_sheet.faults) == ([], [])


def test_sheets_may_be_renamed_and_stand_in_any_order():
    book, sheet = opened(made(SAID))
    sheet.title = "Déminage"
    book.move_sheet(sheet, -20)

    found, mistakes, read_sheet = kept(saved(book), SAID)

    assert (found, mistakes, read_sheet.faults) == (SAID, [], [])
    assert read_sheet.sheet == "Déminage"


def test_hidden_and_filtered_rows_and_columns_are_read_too():
    book, sheet = opened(made(SAID))
    sheet.row_dimensions[at(sheet, "South").row].hidden = True
    sheet.column_dimensions[at(sheet, "North").column_letter].hidden = True
    sheet.auto_filter.ref = f"A{at(sheet, 'North').row}:H{at(sheet, 'South').row}"

    assert kept(saved(book), SAID)[0] == SAID


@pytest.mark.parametrize("place", [3, 4])
def test_a_column_that_was_put_in_between_is_named_where_it_says_something(place):
    book, sheet = opened(made(SAID))
    row = at(sheet, "North").row
    sheet.insert_cols(place)
    sheet.cell(row, place).value = "our own note"

    found, mistakes, read_sheet = kept(saved(book), SAID)

    assert (found, mistakes) == (SAID, [])
    assert [(one.cell, "no column" in one.sentence) for one in read_sheet.faults] == [
        (sheet.cell(row, place).coordinate, True)
    ]


def test_a_column_before_the_hidden_one_is_answered_with_what_to_do():
    book, _sheet = opened(made(SAID))
    for sheet in book:
        sheet.insert_cols(1)

    with pytest.raises(Unreadable, match="hidden first column is needed"):
        read(saved(book))


def test_rows_that_were_sorted_keep_their_ids_and_only_their_order_changes():
    book, sheet = opened(made(SAID))
    first, second = at(sheet, "North").row, at(sheet, "South").row
    for column in range(1, 12):
        one, two = sheet.cell(first, column), sheet.cell(second, column)
        one.value, two.value = two.value, one.value

    found = kept(saved(book), SAID)[0]

    assert found["areas"] == SAID["areas"][::-1]


def test_a_file_in_the_strict_kind_of_excel_is_read_or_refused_with_a_sentence():
    strict = rewritten(
        made(SAID),
        lambda xml: xml.replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            "http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        part="xl/",
    )

    with pytest.raises(Unreadable) as refused:
        read(strict)
    assert "." in str(refused.value)


def test_empty_lines_far_below_cost_nothing():
    book, sheet = opened(made(SAID))
    sheet.cell(19_000, 2).number_format = "@"

    said, mistakes = cleaned(CLEARANCE, read(saved(book)).forms["clearance"].given)

    assert (said["programme"], mistakes) == (SAID["programme"], [])
