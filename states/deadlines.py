"""The law of dates: how each day that the Convention names follows from another. Pure."""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

# Article 15: opened for signature at Oslo, and open until the entry into force.
OPENED_FOR_SIGNATURE = dt.date(2008, 12, 3)
# Article 17(1): the first thirty instruments entered into force together.
FIRST_ENTRY_INTO_FORCE = dt.date(2010, 8, 1)


def shift(day: dt.date, *, years: int = 0, months: int = 0, days: int = 0) -> dt.date:
    """The day so many years, months and days away; a month too short gives its last day."""
    count = day.year * 12 + day.month - 1 + years * 12 + months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last)) + dt.timedelta(days=days)


def entry_into_force(deposited_on: dt.date) -> dt.date:
    """Article 17: the first of the sixth month after that of deposit; at first, 1 August 2010."""
    sixth = shift(deposited_on.replace(day=1), months=6)
    return max(sixth, FIRST_ENTRY_INTO_FORCE)


def withdrawal_effect(notified_on: dt.date) -> dt.date:
    """Article 20(3): six months after the Depositary receives the instrument of withdrawal."""
    return shift(notified_on, months=6)


def stockpile_deadline(clock_from: dt.date) -> dt.date:
    """Article 3(2): eight years after entry into force."""
    return shift(clock_from, years=8)


def clearance_deadline(clock_from: dt.date) -> dt.date:
    """Article 4(1)(a): ten years after entry into force; 4(1)(b): after the end of hostilities."""
    return shift(clock_from, years=10)


def initial_report_due(in_force_on: dt.date) -> dt.date:
    """Article 7(1): at the latest 180 days after entry into force for that State."""
    return in_force_on + dt.timedelta(days=180)


def annual_report_due(year: int) -> dt.date:
    """Article 7(2): the report on a calendar year is due by 30 April of the next."""
    return dt.date(year + 1, 4, 30)


def first_annual_year(in_force_on: dt.date) -> int:
    """The calendar year that the first annual report covers.

    The first annual report falls due on the 30 April that follows the day on which the initial
    report is due; an initial report due on 30 April itself has its successor a year later.
    """
    initial = initial_report_due(in_force_on)
    same_year = dt.date(initial.year, 4, 30)
    return initial.year - 1 if initial < same_year else initial.year


def annual_years(in_force_on: dt.date, left_on: dt.date | None, until: dt.date) -> range:
    """The calendar years whose reports fall due by `until` and before a withdrawal takes effect."""
    first = first_annual_year(in_force_on)
    last = until.year - 1 if until >= dt.date(until.year, 4, 30) else until.year - 2
    if left_on is not None:
        day_before = left_on - dt.timedelta(days=1)
        in_time = day_before >= dt.date(day_before.year, 4, 30)
        last = min(last, day_before.year - 1 if in_time else day_before.year - 2)
    return range(first, max(first, last + 1))


def request_latest(meeting_opens_on: dt.date) -> dt.date:
    """Articles 3(5) and 4(6): nine months before the meeting that considers the request."""
    return shift(meeting_opens_on, months=-9)


def longest_extension(article: int, due_on: dt.date) -> dt.date:
    """Articles 3(3) and 4(5): at most four years, or five, on one request."""
    return shift(due_on, years={3: 4, 4: 5}[article])


def clarification_due(asked_on: dt.date) -> dt.date:
    """Article 8(3): an answer within 28 days."""
    return asked_on + dt.timedelta(days=28)


def in_time_until(
    due_on: dt.date,
    down: Iterable[tuple[dt.date, dt.date | None]],
    *,
    days_after: int,
    on: dt.date,
) -> dt.date:
    """The last day on which what was due on `due_on` is still in time, given when nobody could.

    `down` are the days in Geneva, first and last, on which the portal was down; a last day that is
    None has not come by `on`. Where the due day was one of them, the time ends with the day that is
    `days_after` whole days after; where that is one of them too, it goes on. The day on which it
    falls due is never moved.
    """
    last = due_on
    for first, until in sorted(down, key=lambda days: days[0]):
        end = until if until is not None else max(on, first)
        if first <= last <= end:
            last = end + dt.timedelta(days=days_after)
    return last


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which the day, or the month too, may be unknown; `day` is its last possible day."""

    day: dt.date
    precision: Precision = Precision.DAY

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2023", "2023-06" or "2023-06-15"; anything else is a ValueError naming the text."""
        parts = text.split("-")
        try:
            numbers = [int(part) for part in parts]
            if len(parts) == 3:
                return cls(dt.date(*numbers))
            if len(parts) == 2:
                year, month = numbers
                last = calendar.monthrange(year, month)[1]
                return cls(dt.date(year, month, last), Precision.MONTH)
            if len(parts) == 1 and len(text) == 4:
                return cls(dt.date(numbers[0], 12, 31), Precision.YEAR)
        except ValueError as wrong:
            raise ValueError(cls._refusal(text)) from wrong
        raise ValueError(cls._refusal(text))

    @staticmethod
    def _refusal(text: str) -> str:
        return f"“{text}” is not a date such as 2023-06-15, 2023-06 or 2023"

    def __str__(self) -> str:
        width = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]
        return self.day.isoformat()[:width]


class Lateness(StrEnum):
    """What may be said of a deadline on a day. What is not known is not late."""

    MET = "met"
    COMING = "coming"
    UNKNOWN = "unknown"
    LATE = "late"


def lateness(
    *,
    due_on: dt.date,
    met_on: dt.date | None,
    on: dt.date,
    complete_from: dt.date | None,
    known_until: dt.date | None,
    later_unknown: bool,
    in_time_until: dt.date | None = None,
) -> Lateness:
    """What may be said of a deadline on the day `on`.

    `complete_from`: from which due day on the portal's records are complete (None: they are not).
    `known_until`: up to which day decisions are known (None: no decision can move it).
    `in_time_until`: the last day that is still in time, where it is later than `due_on`.
    `later_unknown`: a later request, an unconfirmed row or a meeting of unknown outcome exists.
    """
    if met_on is not None and met_on <= on:
        return Lateness.MET
    if on <= max(due_on, in_time_until or due_on):
        return Lateness.COMING
    recorded = complete_from is not None and complete_from <= due_on
    decided = known_until is None or known_until >= on
    if not recorded or not decided or later_unknown:
        return Lateness.UNKNOWN
    return Lateness.LATE
