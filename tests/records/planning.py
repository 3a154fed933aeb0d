"""What the tests of letters share: the clock at noon of a day, and what is planned then."""

import datetime as dt

import time_machine

from records import letters
from records.models import Letter
from reporting import dues
from states import registry


def plan_on(day: str) -> letters.Planned:
    """Plans with the clock at noon of that day."""
    with time_machine.travel(f"{day}T12:00:00+00:00", tick=False):
        on = dt.date.fromisoformat(day)
        registry.bring_up_to_date(on)
        return letters.plan(dues.of_reports(on), on)


def stages_of(status: str) -> list[str]:
    """The stages of the letters with this status, in the order of planning."""
    return list(
        Letter.objects.filter(status=status).order_by("pk").values_list("stage_id", flat=True)
    )
