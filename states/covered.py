"""What may be said of a deadline on a day, given what the portal's own records cover."""

import datetime as dt
from dataclasses import dataclass

from states.deadlines import Lateness, lateness
from states.models import Deadline, RecordsKept, State

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
