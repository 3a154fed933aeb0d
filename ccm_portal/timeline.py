"""Places the marks of a State's life on a line; the component timeline.html draws them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

LANE = 26  # pixels from one row of marks to the next
NUMBERED, SMALL = 7.0, 4.0  # per cent of a narrow screen that a mark takes
TOP = 14  # pixels above the highest mark


@dataclass(frozen=True, slots=True)
class Mark:
    """One fact; `kind` is treaty, report, deadline or decision, `open` means still ahead.

    `published` is the day as far as it is known ("2023-06", "2011") where `day` is only its last.
    """

    day: date
    text: str
    kind: str = "treaty"
    open: bool = False
    url: str = ""
    source: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark with its place: `x` in per cent from the earliest side, `y` in pixels from the top."""

    day: date | str
    text: str
    kind: str
    open: bool
    url: str
    source: str
    x: str
    y: int
    number: int | None


@dataclass(frozen=True, slots=True)
class Tick:
    """A year on the axis; `x` in per cent."""

    x: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """All that timeline.html draws: heights in pixels, places in per cent."""

    height: int
    axis: int
    today: str | None
    ticks: list[Tick] = field(default_factory=list)
    marks: list[Placed] = field(default_factory=list)


def timeline(marks: Iterable[Mark], as_at: date) -> Line:
    """Place marks between the year of the first and the year after the last.

    Marks that would touch stand in rows above each other. Reports carry no number, being many.
    Raises ValueError where there is no mark at all: the page then says so in a sentence.
    """
    facts = sorted(marks, key=lambda mark: mark.day)
    if not facts:
        raise ValueError("a line of a State's life needs at least one mark")
    begin = date(facts[0].day.year, 1, 1)
    end = date(max(facts[-1].day.year, as_at.year) + 1, 1, 1)

    lanes: list[float] = []
    rows: list[tuple[Mark, float, int]] = []
    for fact in facts:
        x = _share(fact.day, begin, end)
        half = (SMALL if fact.kind == "report" else NUMBERED) / 2
        lane = next((n for n, taken in enumerate(lanes) if x - half >= taken), len(lanes))
        if lane == len(lanes):
            lanes.append(0.0)
        lanes[lane] = x + half
        rows.append((fact, x, lane))

    axis = TOP + LANE * len(lanes)
    placed, number = [], 0
    for fact, x, lane in rows:
        numbered = fact.kind != "report"
        number += numbered
        placed.append(
            Placed(
                fact.published or fact.day,
                fact.text,
                fact.kind,
                fact.open,
                fact.url,
                fact.source,
                f"{x:.2f}",
                axis - LANE * (lane + 1) + 6,
                number if numbered else None,
            )
        )
    return Line(
        height=axis + 28,
        axis=axis,
        today=f"{_share(as_at, begin, end):.2f}" if begin <= as_at < end else None,
        ticks=_years(begin, end),
        marks=placed,
    )


def _share(day: date, begin: date, end: date) -> float:
    return 100 * (day - begin).days / (end - begin).days


def _years(begin: date, end: date) -> list[Tick]:
    # Seven labels at most stay apart on a screen of 360 pixels.
    years = end.year - begin.year
    every = next(step for step in (1, 2, 5, 10, 20, 50, 100) if years / step <= 6)
    # A label right at either edge would be cut, and half a year on each side keeps it whole.
    margin = 4.0
    ticks = []
    for year in range(begin.year, end.year + 1):
        x = _share(date(year, 1, 1), begin, end)
        if year % every == 0 and margin <= x <= 100 - margin:
            ticks.append(Tick(f"{x:.2f}", str(year)))
    return ticks
