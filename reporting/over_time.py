"""What States have reported over the years, as bars and tables: one series for each question."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from reporting import coverpage, noting
from reporting.models import Figure, Report
from reporting.noting import number_in_words
from reporting.schema import Field, Money, Table, simple
from reporting.schema.wholes import PERSONS
from reporting.versions import SCHEMAS
from states.models import State
from states.words import colon

# Pixels down; across it is percentages, so that words keep their size on a telephone.
HEIGHT, AXIS, TOP = 150, 120, 24
# One year alone does not fill the page, and a century of years does not end up as hairs.
FEWEST_PLACES, MOST_PLACES, MOST_NAMED = 8, 40, 8
# In the order in which they stand in a key: what one series is made of.
SERIES = ("form", "question", "column", "unit")


@dataclass(frozen=True, slots=True)
class Bar:
    """One year: where it stands in the drawing, what was reported, and in which report.

    `said` is whose word it is; `notes` are those of the ISU; `reports` is how many were added up,
    of as many States; `reference` and `published_on` are of the report, where it is one.
    """

    year: int
    x: str
    width: str
    y: int
    height: int
    words: str
    url: str
    number: Decimal
    said: str = ""
    notes: tuple[str, ...] = ()
    reports: int = 1
    reference: str = ""
    published_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """The name of a year below its bar."""

    x: str
    label: str


@dataclass(frozen=True, slots=True)
class Series:
    """The sums of one question over the years in which it was answered; `most` is the largest.

    `path` is form, question and column ("" outside of tables). `adds_up` is false where rows of one
    table may count the same twice, such as persons reached by several measures.
    """

    path: tuple[str, str, str]
    label: str
    unit: str
    adds_up: bool
    bars: list[Bar]
    ticks: list[Tick]
    most: str
    height: int = HEIGHT
    axis: int = AXIS
    top: int = TOP

    @property
    def key(self) -> str:
        """The series by a name that no other of its page has."""
        return ".".join(part for part in (*self.path, self.unit) if part)

    @property
    def slug(self) -> str:
        """The key as the place of the drawing on its page."""
        return "series-" + self.key.replace(".", "-").lower().replace("²", "2")

    @property
    def has_notes(self) -> bool:
        """Whether the ISU says something of one of the years, which is then read at once."""
        return any(bar.notes for bar in self.bars)

    @property
    def newest_first(self) -> list[Bar]:
        """As the tables of the portal have it."""
        return self.bars[::-1]


@dataclass(slots=True)
class Line:
    """A sum that is to be drawn: the row of the question, and of which reports."""

    row: dict[str, Any]
    total: Decimal
    states: set[str] = field(default_factory=set[str])


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


def title_of(form: str) -> str:
    """A form in words: "Form F: Contaminated areas and clearance"."""
    asked = next(iter(SCHEMAS.values())).form(form)
    letter = coverpage.letter_across(asked, get_language() or "en")
    return colon(_("Form %(letter)s") % {"letter": letter}, asked.title)


def _column(table: Table, key: str) -> Field:
    return {column.key: column for column in table.columns}[key]


def series(state: State, on: dt.date) -> list[Series]:
    """The figures of a State that add up, in the order of the forms; two queries.

    Of each year the report that was published last counts. Only what the forms themselves add up
    is added up here: columns with a sum below them, and persons by sex and age, of whom those with
    a disability are a part already. Amounts of money and persons reached by several measures are
    not: they may count the same twice.
    """
    return [one for one in every(state, on) if one.adds_up]


def every(state: State, on: dt.date) -> list[Series]:
    """All figures of a State, also those whose rows may count the same twice; two queries."""
    rows = that_count(
        Figure.objects.filter(state=state, report__in=Report.objects.published_by(on))
    )
    notes = noting.Notes.on({row["report"] for row in rows}) if rows else noting.Notes()
    lines = defaultdict(list)
    for row in rows:
        lines[_place(row)].append(Line(row, row["total"]))
    return [_drawn(place, each, _of_state(state, notes)) for place, each in sorted(lines.items())]


def of_all(on: dt.date, *, fictional: bool) -> list[Series]:
    """The figures of all States, year by year, where a sum makes sense; one query.

    Only what the forms add up is added up over States; money is not, since no rate of exchange is
    the States' own word. Each sum says of how many States it is: it is never a total.
    """
    figures = Figure.objects.filter(
        report__in=Report.objects.published_by(on), state__demo=fictional
    )
    sums: dict[tuple[Any, ...], dict[int, Line]] = defaultdict(dict)
    for row in that_count(figures):
        place = _place(row)
        if not _adds_up(row):
            continue
        line = sums[place].setdefault(row["year"], Line(row, Decimal(0)))
        line.total += row["total"]
        line.states.add(row["state"])
    return [
        _drawn(place, list(by_year.values()), _of_states) for place, by_year in sorted(sums.items())
    ]


def that_count(figures: QuerySet[Figure]) -> list[dict[str, Any]]:
    """The sums of each question of the report that was published last, of each State and year."""
    persons = Q(part="") | Q(part="amount") | Q(part__in=[key for key, _w in PERSONS])
    sums = (
        figures.order_by()
        .values(
            "state", "year", "form", "question", "column", "unit", "report", "report__kind",
            "report__number", "report__schema", "report__published_on", "report__reference",
        )
        .annotate(total=Sum("number", filter=persons))
    )  # fmt: skip
    last: dict[tuple[str, int], tuple[dt.date, int]] = {}
    rows: list[dict[str, Any]] = [dict(row) for row in sums]
    for row in rows:
        stands, at = (row["report__published_on"], row["report"]), (row["state"], row["year"])
        last[at] = max(last.get(at, stands), stands)
    return [
        row
        for row in rows
        if row["total"] is not None
        and last[row["state"], row["year"]] == (row["report__published_on"], row["report"])
    ]


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    """Where the question stands in its forms, and what it is; sorts as the forms have them."""
    forms = SCHEMAS[row["report__schema"]].forms
    at = next(number for number, form in enumerate(forms) if form.key == row["form"])
    keys = [field.key for field in forms[at].fields]
    asked = forms[at].field(row["question"])
    within = 0
    if isinstance(asked, Table):
        within = [column.key for column in asked.columns].index(row["column"])
    return at, keys.index(asked.key), within, *(row[name] for name in SERIES)


def _adds_up(row: dict[str, Any]) -> bool:
    asked = SCHEMAS[row["report__schema"]].form(row["form"]).field(row["question"])
    if isinstance(asked, Table):
        return row["column"] in asked.totals
    return not isinstance(asked, Money)


def _asked(row: dict[str, Any]) -> Field:
    asked = SCHEMAS[row["report__schema"]].form(row["form"]).field(row["question"])
    return _column(asked, row["column"]) if isinstance(asked, Table) else asked


def _of_state(state: State, notes: noting.Notes) -> Any:
    """What is said of a sum in one report."""

    def facts(line: Line, series: dict[str, Any]) -> dict[str, Any]:
        row = line.row
        report = Report(
            state=state, kind=row["report__kind"], year=row["year"], number=row["report__number"]
        )
        path = noting.path_of(row["form"], row["question"], "", row["column"])
        return {
            "url": f"{report.get_absolute_url()}#{row['form']}",
            "said": notes.said(row["report"]),
            "notes": tuple(
                noting.in_a_line(one, series["asked"]) for one in notes.within(row["report"], path)
            ),
            "reference": row["report__reference"],
            "published_on": row["report__published_on"],
        }

    return facts


def _of_states(line: Line, series: dict[str, Any]) -> dict[str, Any]:
    """What is said of a sum over States: of how many, and where each stands."""
    row, number = line.row, len(line.states)
    page = reverse("form-of-all", args=[row["form"]])
    return {
        "url": f"{page}?year={row['year']}&question={row['question']}",
        "said": ngettext(
            "as reported by %(number)d State", "as reported by %(number)d States", number
        )
        % {"number": number},
        "reports": number,
    }


def _drawn(place: tuple[Any, ...], lines: Iterable[Line], facts: Any) -> Series:
    lines = sorted(lines, key=lambda line: line.row["year"])
    newest = lines[-1].row
    first = max(lines[0].row["year"], newest["year"] - MOST_PLACES + 1)
    places = max(newest["year"] - first + 1, FEWEST_PLACES)
    most = max(line.total for line in lines)
    every_so = -(-places // MOST_NAMED)
    asked, unit = _asked(newest), newest["unit"]
    about = {"asked": asked}
    words = label(newest["report__schema"], newest["form"], newest["question"], newest["column"])
    years = [
        year for year in range(first, newest["year"] + 1) if (newest["year"] - year) % every_so == 0
    ]
    is_money = isinstance(asked, Money)
    return Series(
        path=place[3:6],
        label=f"{words} ({unit or _('no currency')})" if is_money else words,
        unit=unit,
        adds_up=_adds_up(newest),
        bars=[
            _bar(line, first, places, most, asked, facts(line, about))
            for line in lines
            if line.row["year"] >= first
        ],
        ticks=[Tick(f"{(year - first + 0.5) * 100 / places:.2f}", str(year)) for year in years],
        most=_shown(asked, most, unit),
    )


def _bar(
    line: Line, first: int, places: int, most: Decimal, asked: Field, facts: dict[str, Any]
) -> Bar:
    year = line.row["year"]
    height = int((AXIS - TOP) * line.total / most) if most else 0
    return Bar(
        year=year,
        x=f"{(year - first + 0.15) * 100 / places:.2f}",
        width=f"{70 / places:.2f}",
        y=AXIS - height,
        height=height,
        words=_shown(asked, line.total, line.row["unit"]),
        number=line.total,
        **facts,
    )


def _shown(asked: Field, total: Decimal, unit: str) -> str:
    """The sum in words, with the unit of the question or its currency."""
    said = number_in_words(total, asked)
    return f"{unit}\u00a0{said}" if isinstance(asked, Money) and unit else said
