"""Days as people write them: which day a text can mean, and none where it can mean two."""

import datetime as dt
import re

from django.utils.translation import gettext as _

from states.words import day, fold

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv enero ene",
            "february feb fevrier fevr febrero",
            "march mar mars marzo",
            "april apr avril avr abril abr",
            "may mai mayo",
            "june jun juin junio",
            "july jul juillet juil julio",
            "august aug aout agosto ago",
            "september sept sep septembre septiembre setiembre",
            "october oct octobre octubre",
            "november nov novembre noviembre",
            "december dec decembre diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
# Nothing that anybody means lies outside of these; two digits of a year are never completed.
FIRST, LAST = 1900, 2099

_YEAR_FIRST = re.compile(r"(\d{4})[-./ ](\d{1,2})[-./ ](\d{1,2})(?:[t ]00:00(?::00)?)?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4})(?: 0?0:00(?::00)?)?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|\.)? (?:de )?([a-z]+)\.?,? (?:del? )?(\d{4})")
_MONTH_DAY = re.compile(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")


def readings(text: str) -> list[dt.date]:
    """Every day that the text can mean, in order; none where it is no day.

    Numbers with the year at the end are read as day and month and as month and day, since States
    have written both on one page: "01/31/2012" has one reading, "03/04/2012" two.
    """
    said = " ".join(fold(text).split())
    if found := _YEAR_FIRST.fullmatch(said):
        year, month, on = map(int, found.groups())
        return _days((year, month, on))
    if found := _YEAR_LAST.fullmatch(said):
        one, two, year = map(int, found.groups())
        return _days((year, two, one), (year, one, two))
    if (found := _DAY_MONTH.fullmatch(said)) and found[2] in MONTHS:
        return _days((int(found[3]), MONTHS[found[2]], int(found[1])))
    if (found := _MONTH_DAY.fullmatch(said)) and found[1] in MONTHS:
        return _days((int(found[3]), MONTHS[found[1]], int(found[2])))
    return []


def only_reading(text: str) -> dt.date | None:
    """The day that the text means, where it can mean one alone."""
    found = readings(text)
    return found[0] if len(found) == 1 else None


def offered(text: str) -> str:
    """What a text may mean that is not written as a page reads days; empty where it means none."""
    found = readings(text)
    if not found:
        return ""
    said = " ".join(text.split())[:60]
    if len(found) == 1:
        return _("“%(said)s”: if %(day)s is meant, write %(iso)s.") % {
            "said": said,
            "day": day(found[0]),
            "iso": found[0].isoformat(),
        }
    return _("“%(said)s” can be %(one)s or %(two)s: write %(one_iso)s or %(two_iso)s.") % {
        "said": said,
        "one": day(found[0]),
        "two": day(found[1]),
        "one_iso": found[0].isoformat(),
        "two_iso": found[1].isoformat(),
    }


def is_plain(text: str) -> bool:
    """Whether the day is written as year, month, day: nothing needs to be read into it."""
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip())) and bool(readings(text))


def _days(*parts: tuple[int, int, int]) -> list[dt.date]:
    found = set()
    for year, month, on in parts:
        try:
            read = dt.date(year, month, on)
        except ValueError:
            continue
        if FIRST <= year <= LAST:
            found.add(read)
    return sorted(found)
