"""Obligations of States that several pages show."""

import datetime as dt

from states import registry
from states.models import State


def clearance(state: State) -> None:
    """An Article 4 deadline on 1 August 2030."""
    obligation = registry.open_obligation(
        state, "art4", known_on=dt.date(2010, 8, 1), clock_from=dt.date(2010, 8, 1)
    )
    obligation.deadlines.get().extend(
        to=dt.date(2030, 8, 1), basis="12MSP", decided_on=dt.date(2024, 9, 13)
    )
