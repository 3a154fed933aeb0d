"""What a State has reported over the years, as bars and tables: one series for each question."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from reporting.models import Figure, Report
from reporting.schema import Breakdown, Field, Money, Number, Table, simple
from reporting.schema.wholes import PERSONS
from reporting.versions import SCHEMAS
from states.models import State
from states.words import colon

# Pixels down; across it is percentages, so that words keep their size on a telephone.
HEIGHT, AXIS, TOP = 150, 120, 24
# One year alone does not fill the page, and a century of years does not end up as hairs.
FEWEST_PLACES, MOST_PLACES, MOST_NAMED = 8, 40, 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One year: where it stands in the drawing, what was reported, and in which report."""

    year: int
    x: str
    width: str
    y: int
    height: int
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Tick:
    """The name of a year below its bar."""

    x: str
    label: str


@dataclass(frozen=True, slots=True)
class Series:
    """The sums of one question over the years in which it was answered; `most` is the largest."""

    label: str
    bars: list[Bar]
    ticks: list[Tick]
    most: str
    height: int = HEIGHT
    axis: int = AXIS
    top: int = TOP

    @property
    def newest_first(self) -> list[Bar]:
        """As the tables of the portal have it."""
        return self.bars[::-1]


def label(version: str, form: str, question: str, column: str, part: str = "") -> str:
    """A question in words, in the reader's language, with its column and part."""
    asked = SCHEMAS[version].form(form).field(question)
    words = [str(asked.label)]
    if isinstance(asked, Table):
        asked = _column(asked, column)
        words.append(str(asked.label))
    if part:
        words.append(str(dict(simple(asked))[part].label))
    said = words[0]
    for word in words[1:]:
        said = colon(said, word)
    return said


def _column(table: Table, key: str) -> Field:
    return {column.key: column for column in table.columns}[key]


def series(state: State, on: dt.date) -> list[Series]:
    """The figures of a State that add up, in the order of the forms; one query.

    Of each year the report that was published last counts. Only what the forms themselves add up
    is added up here: columns with a sum below them, and persons by sex and age, of whom those with
    a disability are a part already. Amounts of money and persons reached by several measures are
    not: they may count the same twice.
    """
    sums = (
        Figure.objects.filter(state=state, report__in=Report.objects.published_by(on))
        .order_by()
        .values(
            "year", "form", "question", "column", "unit", "report", "report__kind",
            "report__number", "report__schema", "report__published_on",
        )
        .annotate(total=Sum("number", filter=Q(part="") | Q(part__in=[key for key, _w in PERSONS])))
    )  # fmt: skip
    last: dict[int, tuple[dt.date, int]] = {}
    rows: list[dict[str, Any]] = [dict(row) for row in sums]
    for row in rows:
        stands = row["report__published_on"], row["report"]
        last[row["year"]] = max(last.get(row["year"], stands), stands)
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        counts = last[row["year"]] == (row["report__published_on"], row["report"])
        place = _place(row) if counts and row["total"] is not None else None
        if place is not None:
            found[*place, row["column"], row["unit"]].append(row)
    return [
        _drawn(state, sorted(each, key=lambda row: row["year"]))
        for _place_, each in sorted(found.items(), key=lambda one: one[0])
    ]


def _place(row: dict[str, Any]) -> tuple[Any, ...] | None:
    """Where the question stands in its forms; None for what does not add up."""
    forms = SCHEMAS[row["report__schema"]].forms
    at = next(number for number, form in enumerate(forms) if form.key == row["form"])
    keys = [field.key for field in forms[at].fields]
    asked = forms[at].field(row["question"])
    within = 0
    if isinstance(asked, Table):
        if row["column"] not in asked.totals:
            return None
        within = asked.totals.index(row["column"])
    elif isinstance(asked, Money):
        return None
    return at, keys.index(asked.key), within, row["form"], row["question"]


def _asked(row: dict[str, Any]) -> Field:
    asked = SCHEMAS[row["report__schema"]].form(row["form"]).field(row["question"])
    return _column(asked, row["column"]) if isinstance(asked, Table) else asked


def _drawn(state: State, rows: list[dict[str, Any]]) -> Series:
    newest = rows[-1]
    first = max(rows[0]["year"], newest["year"] - MOST_PLACES + 1)
    places = max(newest["year"] - first + 1, FEWEST_PLACES)
    most = max(row["total"] for row in rows)
    every = -(-places // MOST_NAMED)
    bars = [_bar(state, row, first, places, most) for row in rows if row["year"] >= first]
    years = [
        year for year in range(first, newest["year"] + 1) if (newest["year"] - year) % every == 0
    ]
    return Series(
        label=label(newest["report__schema"], newest["form"], newest["question"], newest["column"]),
        bars=bars,
        ticks=[Tick(f"{(year - first + 0.5) * 100 / places:.2f}", str(year)) for year in years],
        most=_shown(newest, most),
    )


def _bar(state: State, row: dict[str, Any], first: int, places: int, most: Decimal) -> Bar:
    height = int((AXIS - TOP) * row["total"] / most) if most else 0
    report = Report(
        state=state, kind=row["report__kind"], year=row["year"], number=row["report__number"]
    )
    return Bar(
        year=row["year"],
        x=f"{(row['year'] - first + 0.15) * 100 / places:.2f}",
        width=f"{70 / places:.2f}",
        y=AXIS - height,
        height=height,
        words=_shown(row, row["total"]),
        url=report.get_absolute_url(),
    )


def _shown(row: dict[str, Any], total: Decimal) -> str:
    """The sum in words, with the unit of the question."""
    asked = _asked(row)
    number = next(simple(asked))[1] if isinstance(asked, Breakdown) else asked
    assert isinstance(number, Number)  # nothing else adds up
    return number.shown(int(total) if total == int(total) else float(total))
