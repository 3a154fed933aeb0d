"""The measures on the page of a State."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from records.seams import Section
from reporting.measures import standing, words
from states.access import Person
from states.models import State


def of_state(state: State, user: Person, on: dt.date) -> Iterable[Section]:
    """The State's measures as at the day, and its status under Article 9; four queries."""
    lines = standing.lines(on, state).get(state.pk, [])
    yield Section(
        "measures",
        _("National implementation measures (Article 9)"),
        "reporting/measures_of_state.html",
        {
            "measures": [words.shown(line) for line in lines],
            "statuses": [group.name for group in standing.statuses(lines, standing.groups())],
        },
        42,
    )
