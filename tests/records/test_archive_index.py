"""The index of an archive, as spreadsheet programs of many countries write it."""

import codecs

import pytest

from records.archive.container import Unreadable
from records.archive.index import MOST_LINES, Column, read

COLUMNS = (
    Column("state", ("état", "country"), needed=True),
    Column("year", ("année",), needed=True),
    Column("received_by_unoda"),
)
WANTED = [{"state": "Côte d’Ivoire", "year": "2015", "received_by_unoda": "2016-04-30"}]
TEXT = "Year{0}État{0}received by UNODA\r\n2015{0}Côte d’Ivoire{0}2016-04-30\r\n"


def given(content: bytes) -> list[dict[str, str]]:
    return [line.given for line in read(content, COLUMNS).lines]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_an_index_is_read_whatever_program_wrote_it(encoding: str, separator: str) -> None:
    assert given(TEXT.format(separator).encode(encoding)) == WANTED


def test_excels_line_about_the_separator_is_no_line() -> None:
    found = read(("sep=;\r\n" + TEXT.format(";")).encode(), COLUMNS)

    assert [(line.number, line.given) for line in found.lines] == [(3, WANTED[0])]


def test_lines_keep_the_number_that_a_spreadsheet_shows_and_empty_ones_are_passed_over() -> None:
    found = read(b"state,year\nPER,2015\n,\nLAO,2016\n", COLUMNS)

    assert [(line.number, line.given["state"]) for line in found.lines] == [(2, "PER"), (4, "LAO")]


def test_a_column_that_is_not_known_is_named_and_left_aside() -> None:
    found = read(b"state,year,colour\nPER,2015,red\n", COLUMNS)

    assert found.unknown == ["colour"]
    assert found.lines[0].given == {"state": "PER", "year": "2015"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The index is empty"),
        (b"\n\n", "The index is empty"),
        (b"state,year\n", "nothing below it"),
        (b"state,colour\nPER,red\n", "lacks: year"),
        (b"state,year,country\nPER,2015,PER\n", "“country” twice"),
        (b'state,year\n"' + b"x" * 200_000, "cannot be read from line 2 on"),
        (b"state,year\n" + b"PER,2015\n" * (MOST_LINES + 1), "more than 10000 lines"),
        (b"x" * (21 * 1024 * 1024), "larger than 20 MB"),
    ],
)
def test_an_index_that_cannot_be_read_gets_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(content, COLUMNS)


def test_nulls_and_half_characters_are_marked_and_stop_nothing() -> None:
    half = codecs.BOM_UTF16_LE + "state,year\n".encode("utf-16-le") + b"\x00\xd8P\x00,\x002\x00"

    assert "\0" not in str(given(b"state,year\nP\0R,2015\n"))
    assert given(half)[0]["year"] == "2"
    str(given(half)).encode()
