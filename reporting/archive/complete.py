"""From which day on every report that was due is here, or was looked for and not found."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from records.models.events import record
from records.workflow import Refused
from reporting import dues
from reporting.models import NotFound, Report
from states import access
from states.history import act
from states.models import Deadline, RecordsKept, User
from states.models.law import ObligationKind

KINDS = {
    ObligationKind.ART7_ANNUAL: Report.Kind.ANNUAL,
    ObligationKind.ART7_INITIAL: Report.Kind.INITIAL,
}


@dataclass(slots=True)
class Year:
    """The reports that fell due in a calendar year: how many, and the deadlines left open."""

    year: int
    due: int = 0
    here: int = 0
    not_found: int = 0
    open: list[Deadline] = field(default_factory=list)


def years(kind: str, on: dt.date) -> list[Year]:
    """By the year in which they fell due, the newest first; four queries, whatever is here.

    Fictional States are in no count of the Convention.
    """
    rows = (
        Deadline.objects.standing(on)
        .filter(obligation__kind=kind, obligation__state__demo=False, due_on__lte=on)
        .select_related("obligation__state")
        .order_by("due_on", "obligation__state__name_en", "pk")
    )
    handed_in = set(
        Report.objects.handed_in().order_by().values_list("state", "kind", "year").distinct()
    )
    looked_for = set(NotFound.objects.order_by().values_list("state", "kind", "year"))
    found: dict[int, Year] = defaultdict(lambda: Year(0))
    for row in rows:
        one = found[row.due_on.year]
        one.year = row.due_on.year
        one.due += 1
        if row.met_on or row.obligation.fulfilled_on or dues.is_answered(row, handed_in):
            one.here += 1
        elif (row.obligation.state_id, KINDS[ObligationKind(kind)], year_of(row)) in looked_for:
            one.not_found += 1
        else:
            one.open.append(row)
    return sorted(found.values(), key=lambda one: -one.year)


def year_of(row: Deadline) -> int:
    """The year under which the report that is due would be counted."""
    return row.year if row.year is not None else row.due_on.year


def proposed(found: list[Year]) -> dt.date | None:
    """The first day of the earliest year from which on nothing is open, if there is one."""
    first = None
    for one in found:
        if one.open:
            break
        first = one.year
    return dt.date(first, 1, 1) if first else None


@transaction.atomic
def mark_not_found(
    kind: str, year: int, states: Collection[str], reason: str, *, by: User, on: dt.date
) -> int:
    """The ISU has looked for the reports due in the year and did not find them; returns how many.

    Only what is still open then is marked. Raises `Refused`.
    """
    if not (answer := access.may(by, "keep_registry")):
        raise Refused(answer.reason)
    if not reason.strip():
        raise Refused(_("Say where the reports were looked for."))
    marked = 0
    for one in years(kind, on):
        for row in one.open if one.year == year else ():
            if row.obligation.state_id not in states:
                continue
            made, created = NotFound.objects.get_or_create(
                state_id=row.obligation.state_id,
                kind=KINDS[ObligationKind(kind)],
                year=year_of(row),
                defaults={"reason": reason.strip(), "marked_by": by},
            )
            if created:
                record("mark-not-found", made, by=by, state=made.state, note=reason.strip())
                marked += 1
    return marked


@transaction.atomic
def take_back(marked: NotFound, *, by: User) -> None:
    """The mark was a mistake, or the report may be found after all."""
    if not (answer := access.may(by, "keep_registry")):
        raise Refused(answer.reason)
    record("take-back-not-found", marked, by=by, state=marked.state, note=marked.reason)
    marked.delete()


@transaction.atomic
def move(kind: str, complete_from: dt.date, reason: str, *, by: User, on: dt.date) -> RecordsKept:
    """Says from when the records are complete: an act of a person, with a reason, and a row.

    Never earlier than what is here bears out. Raises `Refused`.
    """
    if not (answer := access.may(by, "keep_registry")):
        raise Refused(answer.reason)
    if not reason.strip():
        raise Refused(_("Say why."))
    earliest = proposed(years(kind, on))
    if earliest is None or complete_from < earliest:
        raise Refused(
            _("Some reports that fell due since then are neither here nor marked as not found.")
        )
    row = RecordsKept.objects.select_for_update().filter(kind=kind).first()
    if row is not None and row.complete_from == complete_from:
        return row
    with act(by=by, reason=reason):
        row = row or RecordsKept(kind=kind)
        row.complete_from, row.to_be_confirmed = complete_from, False
        row.save()
    return row
