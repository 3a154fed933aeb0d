"""The list of States as at a day: standing, next deadline and newest published report of each."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, F, Q, QuerySet, When

from ccm_portal import words
from reporting.models import Report
from states import ahead
from states.explanation import anchor, anchor_of
from states.figures import Counts
from states.models import Deadline, State
from states.naming import has_all, haystack
from states.standing import Standing, Status

__all__ = ["Counts", "Named", "Row", "matching", "named", "rows"]


@dataclass(frozen=True, slots=True)
class Coming:
    """The next deadline of a State: its day, its kind, where the State's page says why that day."""

    due_on: dt.date
    kind: str
    place: str


@dataclass(frozen=True, slots=True)
class LastReport:
    """The newest report that was published by the day."""

    kind: str
    year: int
    number: int
    published_on: dt.date


@dataclass(frozen=True, slots=True)
class Row:
    """One State as at the day."""

    state: State
    name: str
    standing: Standing
    coming: Coming | None
    report: LastReport | None

    @property
    def status(self) -> Status:
        """Where it stands."""
        return self.standing.status


def rows(on: dt.date) -> list[Row]:
    """Every State as at the day, in the alphabet of the reader's language; five queries in all.

    Fictional States come last, and only where the site is a demonstration.
    """
    coming, reports = _coming(on), _reports(on)
    listed = [
        Row(
            state,
            state.name(on),
            state.standing(on),
            coming.get(state.pk),
            reports.get(state.pk),
        )
        for state in _states()
    ]
    return sorted(listed, key=lambda row: (row.state.demo, words.alphabetical(row.name)))


@dataclass(frozen=True, slots=True)
class Named:
    """A State under the name of the day, and where it stands on it."""

    state: State
    name: str
    status: Status


def named(on: dt.date) -> list[Named]:
    """Every State as at the day, in the alphabet of the reader's language; three queries.

    Fictional States come last, and only where the site is a demonstration.
    """
    listed = [Named(state, state.name(on), state.standing(on).status) for state in _states()]
    return sorted(listed, key=lambda row: (row.state.demo, words.alphabetical(row.name)))


def matching(listed: Iterable[Row], asked: str) -> list[Row]:
    """The States whose names, past and present, in any language, or codes hold all the words."""
    needles = words.fold(asked).split()
    return [row for row in listed if has_all(needles, haystack(row.state))]


def _states() -> QuerySet[State]:
    states = State.objects.with_past().defer("source", "note")
    return (states if settings.DEMO else states.of_the_treaty()).order_by()


def _coming(on: dt.date) -> dict[str, Coming]:
    """The next deadline of each State, whether or not a report came in already."""
    fulfilled = Q(obligation__fulfilled_on__isnull=False, obligation__fulfilled_on__lte=on)
    found = (
        Deadline.objects.standing(on)
        .filter(~fulfilled, due_on__gte=on)
        .order_by("obligation__state", "due_on", "obligation__kind", "pk")
        .distinct("obligation__state")
        .values_list(
            "obligation__state",
            "due_on",
            "obligation__kind",
            "obligation__clause",
            "year",
            Case(When(obligation__reopens__isnull=False, then="obligation__known_on")),
        )
    )
    coming = {
        iso3: Coming(due_on, kind, anchor(kind, clause, year, reopened_on))
        for iso3, due_on, kind, clause, year, reopened_on in found
    }
    for row in ahead.annual(on):
        obligation = row.obligation
        known = coming.get(obligation.state_id)
        if row.due_on >= on and (known is None or row.due_on < known.due_on):
            coming[obligation.state_id] = Coming(row.due_on, obligation.kind, anchor_of(row))
    return coming


def _reports(on: dt.date) -> dict[str, LastReport]:
    found = (
        Report.objects.published_by(on)
        .order_by("state", "-year", F("published_on").desc(), "-number", "pk")
        .distinct("state")
        .values_list("state", "kind", "year", "number", "published_on")
    )
    return {
        iso3: LastReport(kind, year, number, published_on)
        for iso3, kind, year, number, published_on in found
        if published_on is not None
    }
