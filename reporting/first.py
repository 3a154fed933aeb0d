"""The first reports of each year, which are praised: State and day, from what is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from reporting.models import PUBLISHED, Report
from states.deadlines import annual_report_due
from states.models import Practice, RecordsKept, State
from states.models.law import ObligationKind

# Only these two are days of receipt: that of sending is the State's own word.
RECEIPTS = ("received_by_unoda", "received_by_isu")


@dataclass(frozen=True, slots=True)
class First:
    """One of the first reports on a year; States of one day share a place.

    `received_on` is said only where the ISU's practice lets the public read it.
    """

    place: int
    year: int
    state: State
    received_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Firsts:
    """The first reports on one year, the first day first."""

    year: int
    firsts: list[First] = field(default_factory=list)

    @property
    def is_one(self) -> bool:
        """Whether there is one alone."""
        return len(self.firsts) == 1


def newest(on: dt.date) -> Firsts | None:
    """The first reports on the newest year that has any; four queries at most."""
    found = of_years(on)
    return found[0] if found else None


def of_years(on: dt.date, *years: int) -> list[Firsts]:
    """The first reports on each year, or on those named, the newest first; four queries.

    Annual reports of real States that are published, by the day on which they were received, as
    far as it is recorded, in time: praise never tells that a report came late. Years whose records
    are not complete have no first ones, but for the year on which States report now; nor has a year
    in which the ISU took one of them in from an archive: who else came before is not known.
    """
    most, day, says_day = _practice()
    if not most:
        return []
    rows: Any = _received(on, day)
    if years:
        rows = rows.filter(year__in=years)
    by_year: dict[int, list[tuple[dt.date, str]]] = {}
    archived: set[tuple[int, str]] = set()
    for iso3, year, received_on, old in rows.values_list("state", "year", "first", "archived"):
        if _is_early(year, received_on):
            by_year.setdefault(year, []).append((received_on, iso3))
            if old:
                archived.add((year, iso3))
    known = _known_years(by_year, on)
    chosen = {year: _places(each, most) for year, each in by_year.items() if year in known}
    chosen = {
        year: placed
        for year, placed in chosen.items()
        if not any((year, iso3) in archived for _place, _on, iso3 in placed)
    }
    codes = {iso3 for each in chosen.values() for _place, _on, iso3 in each}
    states = State.objects.in_bulk(codes) if codes else {}
    return [
        Firsts(
            year,
            [
                First(place, year, states[iso3], received if says_day else None)
                for place, received, iso3 in chosen[year]
            ],
        )
        for year in sorted(chosen, reverse=True)
    ]


def of_state(state: State, on: dt.date) -> tuple[bool, list[First]]:
    """Whether other States' reports could bear on it, and in which years it was among the first.

    Where the State has no report that came early, nothing hangs on others; one query then.
    """
    if state.demo:
        return False, []
    own = [row for row in _received(on, "").filter(state=state) if _early(row, *RECEIPTS)]
    if not own:
        return False, []
    _most, day, _says_day = _practice()
    early = {row["year"] for row in own if _early(row, day)}
    if not early:
        return False, []
    found = [
        first
        for each in of_years(on, *early)
        for first in each.firsts
        if first.state.pk == state.pk
    ]
    return True, found


def _known_years(years: Iterable[int], on: dt.date) -> set[int]:
    """Of these years those of which it can be known who was first; one query at most."""
    asked = set(years)
    known = asked & {on.year - 1}
    if asked == known:
        return known
    kept = RecordsKept.objects.filter(kind=ObligationKind.ART7_ANNUAL).first()
    since = kept.complete_from if kept else None
    return known | {year for year in asked if since and since <= annual_report_due(year)}


def _practice() -> tuple[int, str, bool]:
    """How many are praised, by which day of receipt, and whether it is said; one query."""
    keys = (
        Practice.Key.FIRST_REPORTS,
        Practice.Key.RECEIPT_THAT_COUNTS,
        Practice.Key.MET_IN_PUBLIC,
    )
    chosen = {key: Practice.DEFAULTS[key] for key in keys} | dict(
        Practice.objects.filter(key__in=keys).values_list("key", "value")
    )
    day = chosen[Practice.Key.RECEIPT_THAT_COUNTS]
    return (
        int(chosen[Practice.Key.FIRST_REPORTS]),
        day if day in RECEIPTS else RECEIPTS[0],
        chosen[Practice.Key.MET_IN_PUBLIC] == "yes",
    )


def _received(on: dt.date, day: str) -> QuerySet[Report, Any]:
    """State, year, and the first day on which a version that is public was received."""
    rows = (
        Report.objects.filter(
            status=PUBLISHED,
            kind=Report.Kind.ANNUAL,
            published_on__lte=on,
            state__demo=False,
        )
        .order_by()
        .values("state", "year")
    )
    if not day:
        return rows.annotate(*(Min(name) for name in RECEIPTS))
    archived = Count("pk", filter=Q(channel=Report.Channel.ARCHIVE))
    known = rows.filter(**{f"{day}__isnull": False})
    return known.annotate(first=Min(day), archived=archived).order_by("first")


def _early(row: dict[str, Any], *days: str) -> bool:
    """Whether one of the days is known and early."""
    known = [received for day in days if (received := row[f"{day}__min"]) is not None]
    return any(_is_early(row["year"], received) for received in known)


def _is_early(year: int, received_on: dt.date) -> bool:
    """After the year that it reports on, and in time."""
    return dt.date(year + 1, 1, 1) <= received_on <= annual_report_due(year)


def _places(found: list[tuple[dt.date, str]], most: int) -> list[tuple[int, dt.date, str]]:
    """The first ones with their places; all of the day on which the last place was taken."""
    ranked = sorted(found)
    placed = [
        (1 + sum(other < received for other, _iso3 in ranked), received, iso3)
        for received, iso3 in ranked
    ]
    return [one for one in placed if one[0] <= most]
