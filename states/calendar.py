"""The days of the calendar that follow from the Convention: deadlines to come of the States."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from states import ahead
from states.explanation import anchor_of, explain, rule, what
from states.models import Deadline, State
from states.models.law import ObligationKind
from states.seams import CalendarEntry
from states.words import colon


def of_states(
    on: dt.date, state: State | None, *, explained: bool = False
) -> Iterable[CalendarEntry]:
    """Every deadline that has not passed on the day, of all States or of one.

    `explained` adds the steps of its sum to each deadline, in at most four queries.
    """
    return _of_all(on, explained=explained) if state is None else _of_state(state, on)


def _standing(on: dt.date) -> QuerySet[Deadline]:
    return (
        Deadline.objects.standing(on)
        .filter(due_on__gte=on)
        .select_related("obligation__state")
        .order_by("due_on", "obligation__kind", "obligation__state", "pk")
    )


def _ahead(on: dt.date, **of: Any) -> list[Deadline]:
    """Annual ones beyond the years that are kept, for a day that has not come."""
    return [row for row in ahead.annual(on, **of) if row.due_on >= on]


def _of_state(state: State, on: dt.date) -> Iterable[CalendarEntry]:
    name = state.name(on)
    kept = _standing(on).filter(obligation__state=state)
    for row in [*kept, *_ahead(on, state=state)]:
        yield _entry(row, name, on)


def _of_all(on: dt.date, *, explained: bool) -> Iterable[CalendarEntry]:
    """An entry for each deadline of a State; the annual reports of all share a day and an entry."""
    annual: dict[tuple[dt.date, int], list[Deadline]] = {}
    listed = _standing(on).filter(obligation__state__demo=False)
    alone = []
    kept = listed.prefetch_related("obligation__state__former_names")
    for row in [*kept, *_ahead(on, state__demo=False)]:
        if row.year is not None:
            annual.setdefault((row.due_on, row.year), []).append(row)
        else:
            alone.append(row)
    steps = explain(alone, on) if explained else {}
    for row in alone:
        entry = _entry(row, row.obligation.state.name(on), on)
        yield replace(entry, steps=tuple(steps.get(row.pk, ())))
    for (due_on, year), rows in annual.items():
        yield CalendarEntry(
            uid=f"{ObligationKind.ART7_ANNUAL}-{year}@{settings.SITE_HOST}",
            day=due_on,
            title=_("Annual transparency reports for %(year)s") % {"year": year},
            url=reverse("states"),
            kind=ObligationKind.ART7_ANNUAL,
            description=ngettext(
                "Article 7, paragraph 2: %(number)d State Party",
                "Article 7, paragraph 2: %(number)d States Parties",
                len(rows),
            )
            % {"number": len(rows)},
            updated_at=dt.datetime(year, 1, 1, tzinfo=dt.UTC),
            steps=tuple(rule(rows[0])) if explained else (),
        )


def _entry(row: Any, name: str, on: dt.date) -> CalendarEntry:
    obligation = row.obligation
    parts = [obligation.kind, obligation.state_id, obligation.clause, str(row.year or "")]
    if obligation.reopens_id:
        parts.append(obligation.known_on.isoformat())
    fulfilled = obligation.fulfilled_on is not None and obligation.fulfilled_on <= on
    note = _("Article %(clause)s") % {"clause": obligation.clause}
    if row.may_have_moved:
        note = f"{note}. {_('Later decisions are not recorded here.')}"
    return CalendarEntry(
        uid=f"{slugify('-'.join(filter(None, parts)))}@{settings.SITE_HOST}",
        day=row.due_on,
        title=colon(name, what(row)),
        url=reverse("state", args=[obligation.state_id]),
        state=obligation.state,
        kind=obligation.kind,
        description=note,
        updated_at=dt.datetime.combine(row.stands_from, dt.time(), dt.UTC),
        # An extension moves the same entry; what was fulfilled is called off rather than lost.
        sequence=row.position + fulfilled,
        cancelled=fulfilled,
        place=anchor_of(row),
    )
