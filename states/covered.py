"""What may be said of a deadline on a day, given what the portal's own records cover."""

import datetime as dt
from dataclasses import dataclass

from states.deadlines import Lateness, in_time_until, lateness
from states.models import Deadline, Practice, RecordsKept, State
from states.models.law import ObligationKind

# The demonstration invents what its States did of late, and nothing before.
A_FICTION_REMEMBERS = dt.timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Covered:
    """`complete_from`: None where the records are not complete; `known_until`: None without end."""

    complete_from: dt.date | None
    known_until: dt.date | None


def covered(state: State, on: dt.date, kept: RecordsKept | None) -> Covered:
    """What the records cover for a State on a day; `kept` is the row of the obligation's kind.

    What is known of a fictional State does not hang on what the secretariat has of the real ones.
    """
    if state.demo:
        return Covered(on - A_FICTION_REMEMBERS, None)
    if kept is None:
        return Covered(None, None)
    return Covered(kept.complete_from, kept.decisions_known_until)


# What is handed in through the portal; stockpiles and areas do not wait for it.
HANDED_IN_HERE = frozenset({ObligationKind.ART7_INITIAL, ObligationKind.ART7_ANNUAL})


def still_in_time(due_on: dt.date, on: dt.date, kept: RecordsKept | None) -> dt.date:
    """The last day on which a report due on `due_on` is in time: later where the portal was down.

    Of anything but a report, the day itself.
    """
    if kept is None or kept.kind not in HANDED_IN_HERE:
        return due_on
    facts = vars(kept)  # annotated by the manager of these rows
    down = zip(facts.get("down_from") or (), facts.get("down_until") or (), strict=True)
    after = facts.get("days_after") or Practice.DEFAULTS[Practice.Key.AFTER_OUTAGE]
    return in_time_until(due_on, down, days_after=int(after), on=on)


def was_in_time(row: Deadline, kept: RecordsKept | None) -> bool | None:
    """Whether what met the deadline came in time; None where nothing has met it."""
    if row.met_on is None:
        return None
    return row.met_on <= still_in_time(row.due_on, row.met_on, kept)


def lateness_of(
    state: State,
    due_on: dt.date,
    on: dt.date,
    kept: RecordsKept | None,
    *,
    met_on: dt.date | None = None,
    later_unknown: bool = False,
) -> Lateness:
    """Met, coming, unknown or late on the day; see `deadlines.lateness`."""
    facts = covered(state, on, kept)
    return lateness(
        due_on=due_on,
        met_on=met_on,
        on=on,
        complete_from=facts.complete_from,
        known_until=facts.known_until,
        later_unknown=later_unknown,
        in_time_until=still_in_time(due_on, on, kept),
    )


def said_of(row: Deadline, on: dt.date, kept: RecordsKept | None) -> Lateness:
    """The same of a row from `Deadline.objects.standing(on)`."""
    return lateness_of(
        row.obligation.state,
        row.due_on,
        on,
        kept,
        met_on=row.met_on,
        later_unknown=row.may_have_moved,
    )
