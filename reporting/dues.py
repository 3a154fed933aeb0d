"""What falls due under Article 7, for the letters that remind of it."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.seams import Due
from reporting.models import DRAFT, Report
from states.models import Deadline
from states.models.law import ObligationKind

# The first letter on an initial report goes out on the day of entry into force, 180 days before;
# the outlook looks 30 days further.
BEFORE = dt.timedelta(days=220)
AFTER = dt.timedelta(days=731)
KINDS = {
    Report.Kind.INITIAL: ObligationKind.ART7_INITIAL,
    Report.Kind.ANNUAL: ObligationKind.ART7_ANNUAL,
}


def key(kind: str, iso3: str, year: int | None) -> str:
    """The stable name of the due: "art7-annual/LAO/2025", "art7-initial/LAO"."""
    return f"{kind}/{iso3}" if year is None else f"{kind}/{iso3}/{year}"


def key_of(report: Report) -> str | None:
    """The due that the report answers, for `letters.overtake`; None for a voluntary report."""
    kind = KINDS.get(Report.Kind(report.kind))
    if kind is None:
        return None
    return key(kind, report.state_id, report.year if kind == ObligationKind.ART7_ANNUAL else None)


def is_answered(deadline: Deadline, reports: Collection[tuple[str, str, int]]) -> bool:
    """Whether one of the reports, each (State, kind of report, year), is the one that is due.

    A State that left and acceded again owes another initial report: one of the years before does
    not answer it.
    """
    obligation = deadline.obligation
    if deadline.year is not None:
        return (obligation.state_id, Report.Kind.ANNUAL, deadline.year) in reports
    return any(
        state == obligation.state_id
        and kind == Report.Kind.INITIAL
        and year >= obligation.known_on.year
        for state, kind, year in reports
    )


def of_reports(today: dt.date) -> Iterator[Due]:
    """The Article 7 deadlines that are open around the day, in two queries.

    A due is settled when the deadline is met, or a report for it was handed in, or the State says
    that it has sent it, or the secretariat recorded that it was sent: letters pause at the State's
    own act, not when staff get round to it.
    """
    answered = set(
        Report.objects.filter(kind__in=KINDS)
        .filter(~Q(status=DRAFT) | Q(sent_by_state_said=True) | Q(sent_to_unoda__isnull=False))
        .values_list("state", "kind", "year")
    )
    rows = (
        Deadline.objects.standing(today)
        .filter(
            obligation__kind__in=KINDS.values(),
            due_on__gte=today - AFTER,
            due_on__lte=today + BEFORE,
        )
        .select_related("obligation__state")
    )
    for row in rows:
        obligation = row.obligation
        name = key(obligation.kind, obligation.state_id, row.year)
        settled = (
            row.met_on is not None
            or obligation.fulfilled_on is not None
            or is_answered(row, answered)
        )
        yield Due(
            kind=obligation.kind,
            key=name,
            state=obligation.state,
            due_on=row.due_on,
            starts_on=(
                dt.date(row.year + 1, 1, 1) if row.year is not None else obligation.clock_from
            ),
            settled=settled,
            subject={
                "deadline": row,
                "year": row.year,
                "what": WHAT[obligation.kind] % {"year": row.year},
                # `standing` annotates it, which no type knows.
                "later_unknown": row.may_have_moved,
            },
        )


WHAT: dict[str, Any] = {
    ObligationKind.ART7_ANNUAL: _("Annual transparency report on %(year)s"),
    ObligationKind.ART7_INITIAL: _("Initial transparency report"),
}
