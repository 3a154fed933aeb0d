"""The secretariat's queue: the reports that wait for something, and what each waits for."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from reporting.coverpage import FORMS
from reporting.models import HANDED_IN, PUBLISHED, Embargo, Remark, Report

SETTLE, PUBLISH, STATE, DAY = "settle", "publish", "state", "day"
# What is to be done next, in the order in which it is done.
TO_DO = {
    SETTLE: _("Settle what was answered"),
    PUBLISH: _("Read it and publish"),
    STATE: _("Waits for the State"),
    DAY: _("Waits for its day"),
}
OLDEST, NEXT = "oldest", "next"
SORTS = {OLDEST: _("Oldest first"), NEXT: _("By what is to be done")}
NUMBER_OF_FORMS = len(FORMS)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One report that waits. `doubts` is None where they were not kept yet; `days` since receipt.

    `open` questions wait for the State, `answered` ones for the secretariat.
    """

    report: Report
    forms: int
    doubts: int | None
    confirmed: int
    open: int
    answered: int
    embargo: dt.date | None
    wish: dt.date | None
    days: int
    to_do: str

    @property
    def unconfirmed(self) -> int:
        """Doubts on which the State has not given its word."""
        return (self.doubts or 0) - self.confirmed

    @property
    def words(self) -> Any:
        """What is to be done next."""
        return TO_DO[self.to_do]


def waiting(on: dt.date, sort: str = OLDEST) -> list[Waiting]:
    """Every report that waits; three queries, however many there are.

    Handed in and not published; or published, with a question that is not settled. A version that
    a later one replaced waits for nobody.
    """
    asked = Remark.objects.open().filter(
        report__state=OuterRef("state"),
        report__kind=OuterRef("kind"),
        report__year=OuterRef("year"),
    )
    rows = (
        Report.objects.handed_in()
        .exclude(amended_by__status__in=[HANDED_IN, PUBLISHED])
        .filter(Q(status=HANDED_IN) | Exists(asked))
        .select_related("state", "original", "kept_doubts", "publication_wish")
        .annotate(answered_forms=Count("forms", filter=~Q(forms__said={})))
        .defer("marks", "note", "kept_doubts__doubts")
        .order_by("received_by_isu", "pk")
    )
    turns: Counter[tuple[str, str, int, str]] = Counter()
    for state, kind, year, turn in (
        Remark.objects.open()
        .with_turn()
        .order_by()
        .values_list("report__state", "report__kind", "report__year", "turn")
    ):
        turns[state, kind, year, turn] += 1
    days = dict(Embargo.objects.standing().order_by().values_list("report", "not_before"))
    found = [_of(row, turns, days.get(row.pk), on) for row in rows]
    if sort == NEXT:
        order = list(TO_DO)
        found.sort(key=lambda one: order.index(one.to_do))
    return found


def _of(
    row: Any, turns: Counter[tuple[str, str, int, str]], embargo: dt.date | None, on: dt.date
) -> Waiting:
    key = row.state_id, row.kind, row.year
    asked, answered = turns[*key, Remark.Side.STATE], turns[*key, Remark.Side.SECRETARIAT]
    kept, wish = getattr(row, "kept_doubts", None), getattr(row, "publication_wish", None)
    if answered:
        to_do = SETTLE
    elif asked:
        to_do = STATE
    elif embargo is not None and embargo > on:
        to_do = DAY
    else:
        to_do = PUBLISH
    return Waiting(
        report=row,
        forms=row.answered_forms,
        doubts=kept.number if kept is not None else None,
        confirmed=kept.confirmed if kept is not None else 0,
        open=asked,
        answered=answered,
        embargo=embargo if row.status == HANDED_IN else None,
        wish=wish.not_before if wish is not None else None,
        days=(on - row.received_by_isu).days,
        to_do=to_do,
    )
