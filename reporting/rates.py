"""How many of the reports that were due are published here, as at a day: the one place for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from reporting import dues
from reporting.models import Report
from states.covered import lateness_of
from states.deadlines import Lateness
from states.models import Deadline, RecordsKept, State
from states.models.law import ObligationKind

ANNUAL, INITIAL = ObligationKind.ART7_ANNUAL, ObligationKind.ART7_INITIAL
# The words that stand in an address.
KINDS = {Report.Kind.ANNUAL.value: ANNUAL, Report.Kind.INITIAL.value: INITIAL}


@dataclass(frozen=True, slots=True)
class OfState:
    """A report that was due: of which State, by which day, and whether it is here.

    `said` is what may be said of the deadline on the day (see `states.covered`) from what is
    published alone: a report that waits for its day moves no rate. `received` is for the desk.
    """

    state: State
    due_on: dt.date
    is_here: bool
    said: Lateness
    received: bool


@dataclass(slots=True)
class Rate:
    """The reports of one kind that were due for one year. Nobody is named by it.

    Annual reports are of the year reported on, initial ones of the year in which they fell due.
    """

    kind: str
    year: int
    of_states: list[OfState] = field(default_factory=list)

    @property
    def due(self) -> int:
        """How many were due."""
        return len(self.of_states)

    @property
    def here(self) -> int:
        """How many of them were published here by the day."""
        return sum(one.is_here for one in self.of_states)

    @property
    def is_coming(self) -> bool:
        """Whether the day by which they are due has not passed for all of them."""
        return any(not one.is_here and one.said is Lateness.COMING for one in self.of_states)

    @property
    def is_known(self) -> bool:
        """Whether the records are complete: what is not known is not late, and makes no rate."""
        return all(one.is_here or one.said is not Lateness.UNKNOWN for one in self.of_states)

    @property
    def share(self) -> Decimal | None:
        """In per cent, whole; None where no rate can be said, or not yet."""
        if not self.due or not self.is_known or self.is_coming:
            return None
        return (Decimal(100 * self.here) / self.due).quantize(Decimal(1))

    def by_region(self) -> dict[str, Rate]:
        """The same for each regional group that has any."""
        found: dict[str, Rate] = {}
        for one in self.of_states:
            of_group = found.setdefault(one.state.regional_group, Rate(self.kind, self.year))
            of_group.of_states.append(one)
        return found


def rates(on: dt.date, *, fictional: bool = False) -> dict[str, list[Rate]]:
    """The rates of each kind of report, the newest year first, as at the day; three queries.

    A deadline is asked as it stood on the day, and a report counts from the day on which it was
    published here: the day on which either was recorded plays no part.
    """
    kept = {row.kind: row for row in RecordsKept.objects.all()}
    rows = (
        Deadline.objects.standing(on)
        .filter(obligation__kind__in=list(KINDS.values()), obligation__state__demo=fictional)
        .select_related("obligation__state")
        .defer("obligation__state__note", "obligation__state__source", "source", "note")
        .order_by("obligation__state_id", "pk")
    )
    return _by_year(rows, _published(on, fictional), kept, on)


def _published(on: dt.date, fictional: bool) -> set[tuple[str, str, int]]:
    return set(
        Report.objects.published_by(on)
        .filter(state__demo=fictional)
        .order_by()
        .values_list("state", "kind", "year")
    )


def _by_year(
    rows: Iterable[Any],
    published: set[tuple[str, str, int]],
    kept: Mapping[str, RecordsKept],
    on: dt.date,
) -> dict[str, list[Rate]]:
    words = {obligation: kind for kind, obligation in KINDS.items()}
    found: dict[str, dict[int, Rate]] = {kind: {} for kind in KINDS}
    for row in rows:
        obligation = row.obligation
        kind = words[obligation.kind]
        year = row.year if row.year is not None else row.due_on.year
        rate = found[kind].setdefault(year, Rate(kind, year))
        rate.of_states.append(
            OfState(
                obligation.state,
                row.due_on,
                dues.is_answered(row, published),
                lateness_of(
                    obligation.state,
                    row.due_on,
                    on,
                    kept.get(obligation.kind),
                    later_unknown=row.may_have_moved,
                ),
                row.met_on is not None and row.met_on <= on,
            )
        )
    return {
        kind: [by_year[year] for year in sorted(by_year, reverse=True)]
        for kind, by_year in found.items()
    }
