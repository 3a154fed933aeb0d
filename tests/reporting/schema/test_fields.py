"""What is typed is read in one way, or gets a sentence; what is kept is read back as it was."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from reporting.schema import Area, Choice, Date, Number, Quantity, Text, Wrong, YesNo

COLOURS = Choice(key="colour", label="Colour", choices=(("red", "Red"), ("sky-blue", "Sky blue")))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", 0),
        ("573000", 573_000),
        ("573 000", 573_000),
        ("62\u00a0923\u202f935", 62_923_935),
        ("62'923'935", 62_923_935),
        ("62,923,935", 62_923_935),
        ("62.923.935", 62_923_935),
        ("1,234", 1234),
        ("1.234", 1234),
        (" 12 ", 12),
        (12.0, 12),
        (Decimal("12"), 12),
    ],
)
def test_a_quantity_is_read_as_people_write_it(typed, number):
    read = Quantity(key="q", label="Quantity").read(typed)

    assert read == number
    assert type(read) is int


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12.5", 12.5),
        ("12,5", 12.5),
        ("1 234,56", 1234.56),
        ("1.234", 1.234),
        ("800,000,000", 800_000_000),
        (0.1, 0.1),
    ],
)
def test_a_number_is_read_with_a_point_or_a_comma(typed, number):
    assert Number(key="n", label="Number").read(typed) == number


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        (Number(key="n", label="N"), "1,234", "two ways: write 1234 or 1.234"),
        (Number(key="n", label="N"), "about 12", "is not a number"),
        (Number(key="n", label="N"), "1.234,567.8", "is not a number"),
        (Quantity(key="n", label="N"), "1,234.567", "is not a number"),
        (Number(key="n", label="N"), "-3", "less than nothing"),
        (Number(key="n", label="N"), float("nan"), "is not a number"),
        (Number(key="n", label="N"), True, "is not a number"),
        (Number(key="n", label="N"), "1234567890123456", "at most 15 digits"),
        (Number(key="n", label="N"), "1e400", "is not a number"),
        (Quantity(key="n", label="N"), "12.5", "whole number"),
        (Area(key="n", label="N"), "12.345678", "at most 2 decimals"),
        (Date(key="d", label="D"), "01/31/2012", "write 2012-01-31"),
        (Date(key="d", label="D"), "2012-02-30", "year, month and day"),
        (Date(key="d", label="D"), "9999-01-01", "from 1 January 1900 to 31 December 2099"),
        (COLOURS, "green", "is not one of: Red, Sky blue"),
        (YesNo(key="y", label="Y"), "perhaps", "is not one of: yes, no"),
        (Text(key="t", label="T"), "x" * 501, "501 characters long; at most 500"),
    ],
)
def test_what_is_no_answer_gets_a_sentence(field, typed, words):
    with pytest.raises(Wrong, match=words):
        field.read(typed)


@pytest.mark.parametrize("empty", [None, "", "   ", "\u00a0\n"])
@pytest.mark.parametrize(
    "field",
    [
        Text(key="f", label="F"),
        Text(key="f", label="F", long=True),
        Number(key="f", label="F"),
        Date(key="f", label="F"),
        COLOURS,
        YesNo(key="f", label="F"),
    ],
)
def test_nothing_typed_is_no_answer(field, empty):
    assert field.read(empty) is None


def test_a_day_is_read_from_a_cell_that_knows_days():
    assert Date(key="d", label="D").read(dt.datetime(2026, 4, 30, 12, 0)) == "2026-04-30"
    assert Date(key="d", label="D").read(dt.date(2026, 4, 30)) == "2026-04-30"


def test_a_word_is_read_by_its_key_and_by_what_the_reader_sees():
    assert COLOURS.read("sky-blue") == COLOURS.read("SKY BLUE") == "sky-blue"
    assert YesNo(key="y", label="Y").read("No") is False


def test_a_line_has_no_line_ends_and_one_form_of_each_letter():
    assert Text(key="t", label="T").read("Me\u0301xico\r\nD.F. ") == "México D.F."
    assert Text(key="t", label="T", long=True).read("a  \r\nb\x00") == "a\nb"


def test_areas_are_shown_in_square_kilometres_too_where_that_is_easier():
    area = Area(key="a", label="A")

    with translation.override("en"):
        assert area.shown(999) == "999\u00a0m²"
        assert area.shown(800_000_000) == "800,000,000\u00a0m² (800.00\u00a0km²)"
    with translation.override("fr"):
        assert area.shown(1_250_000.5).endswith("(1,25\u00a0km²)")


def test_the_box_holds_digits_and_a_point_in_every_language():
    with translation.override("fr"):
        assert Number(key="n", label="N").typed(0.000001) == "0.000001"
        assert Quantity(key="n", label="N").typed(62_923_935) == "62923935"
