"""Annual deadlines beyond the years for which rows are kept: a reader may ask for a later day.

Rows are kept up to the end of the next calendar year as at today (`states.registry.horizon`). As at
a later day that end lies further on; what falls due until then follows from the rule alone and is
made when it is asked for, so that page, list and API answer alike. Such a row is not in the
database, where a decision or a withdrawal would have to find it; its key is below nought.
"""

import datetime as dt
from typing import Any

from django.db.models import Max, Min, OuterRef, Subquery
from django.utils.timezone import localdate

from states import deadlines
from states.models import Deadline, Obligation, TreatyAction
from states.models.actors import Confidence
from states.models.law import ObligationKind
from states.registry import horizon
from states.standing import WITHDRAWAL


def annual(on: dt.date, **of: Any) -> list[Deadline]:
    """The annual deadlines that stand on the day and are not kept; one query, none as at today.

    `of` narrows the obligations. In the order of the codes of States, then of years.
    """
    until = horizon(on)
    if until <= horizon(localdate()):
        return []
    left_on = (
        TreatyAction.objects.filter(
            state=OuterRef("state"),
            kind=WITHDRAWAL,
            done_on__lte=on,
            done_on__gte=OuterRef("clock_from"),
        )
        .order_by()
        .values("state")
        .annotate(first=Min("takes_effect_on"))
        .values("first")
    )
    rows: Any = (
        Obligation.objects.filter(
            kind=ObligationKind.ART7_ANNUAL, known_on__lte=on, clock_from__lte=on, **of
        )
        .exclude(confidence=Confidence.LOW)
        .annotate(kept=Max("deadlines__year"), left_on=Subquery(left_on))
        .select_related("state")
        .order_by("state_id", "clause", "pk")
    )
    made: list[Deadline] = []
    for row in rows:
        for year in deadlines.annual_years(row.clock_from, row.left_on, until):
            if row.kept is None or year > row.kept:
                due_on = deadlines.annual_report_due(year)
                made.append(
                    Deadline(
                        pk=-len(made) - 1,
                        obligation=row,
                        year=year,
                        by_rule_on=due_on,
                        due_on=due_on,
                        stands_from=row.clock_from,
                    )
                )
    return made
