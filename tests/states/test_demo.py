"""The fictional States keep to the days of the Convention, whenever the demonstration is given."""

import datetime as dt

import pytest
import time_machine

from states import demo
from states.models import State, TreatyAction


@pytest.mark.usefixtures("treaty", "db")
@pytest.mark.parametrize("year", [2026, 2031])
def test_the_fictional_states_did_nothing_that_the_convention_rules_out(
    db: None, year: int
) -> None:
    today = dt.date(year, 11, 20)
    with time_machine.travel(today):
        demo.make(today, {})

        assert State.objects.fictional().count() == 4
        for action in TreatyAction.objects.filter(state__demo=True):
            action.full_clean()
