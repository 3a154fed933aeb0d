"""What was typed as a day: the one that it can mean, or none where it can mean two."""

import datetime as dt

import pytest

from states.written_days import is_plain, only_reading, readings


@pytest.mark.parametrize(
    ("text", "day"),
    [
        # article7.md section 7: Mauritania wrote "01/12/2012 to 01/31/2012".
        ("01/31/2012", dt.date(2012, 1, 31)),
        ("31/01/2012", dt.date(2012, 1, 31)),
        ("2012-01-31", dt.date(2012, 1, 31)),
        ("2012/1/31", dt.date(2012, 1, 31)),
        ("31.1.2012", dt.date(2012, 1, 31)),
        ("2012-01-31 00:00:00", dt.date(2012, 1, 31)),
        ("05/05/2012", dt.date(2012, 5, 5)),
        ("28 August 2016", dt.date(2016, 8, 28)),
        ("August 28, 2016", dt.date(2016, 8, 28)),
        ("28 août 2016", dt.date(2016, 8, 28)),
        ("1er mars 2015", dt.date(2015, 3, 1)),
        ("28 de agosto de 2016", dt.date(2016, 8, 28)),
        ("27 Oct 2011", dt.date(2011, 10, 27)),
    ],
)
def test_a_day_with_one_reading_is_read(text: str, day: dt.date) -> None:
    assert only_reading(text) == day


def test_a_day_with_two_readings_is_not_chosen() -> None:
    assert only_reading("01/12/2012") is None
    assert readings("01/12/2012") == [dt.date(2012, 1, 12), dt.date(2012, 12, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2012-13-45",
        "31/02/2012",
        "1/1/12",
        "0001-01-01",
        "9999-12-31",
        "\x00",
        "\ud800",
        "1" * 5000,
        "31 Brumaire 2012",
        "2012",
        "٠١/٣١/٢٠١٢/",
    ],
)
def test_what_is_no_day_has_no_reading(text: str) -> None:
    assert readings(text) == []


def test_only_year_month_day_needs_no_reading() -> None:
    assert is_plain("2012-01-31")
    assert not is_plain("31 January 2012")
    assert not is_plain("2012-02-31")
