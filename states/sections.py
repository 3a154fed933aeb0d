"""What States show on pages that join apps: their lines of the desk."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from states.access import Person
from states.covered import said_of
from states.deadlines import Lateness
from states.explanation import explain
from states.models import Deadline, Outage, RecordsKept, RecoveryRequest
from states.models.law import ObligationKind
from states.seams import DeskList, DeskRow, DeskSource

COMING_WITHIN = dt.timedelta(days=365)


def recoveries(user: Person, on: dt.date) -> Iterable[DeskRow]:
    """Recoveries that wait for a second person."""
    waiting = RecoveryRequest.objects.filter(done_at__isnull=True).select_related(
        "user", "asked_by"
    )
    for row in waiting:
        yield DeskRow(
            DeskList.WAITING,
            str(row.user),
            _("wants to sign in anew; asked by %(who)s") % {"who": row.asked_by},
            localdate(row.asked_at),
            reverse("recovery"),
            _("Settle it") if row.asked_by_id != user.pk else _("A second person is needed"),
        )


def outages(user: Person, on: dt.date) -> Iterable[DeskRow]:
    """Times in which the portal gave no sign of life, for a person to confirm."""
    for row in Outage.objects.filter(confirmed=False):
        yield DeskRow(
            DeskList.WAITING,
            _("The portal"),
            _("was silent: was it down? No report becomes late because of it"),
            row.first_on,
            reverse("admin:states_outage_change", args=[row.pk]),
            _("Look at it"),
        )


def deadlines(user: Person, on: dt.date) -> Iterable[DeskRow]:
    """Article 3 and 4 deadlines; what is not known is not late."""
    kept = {row.kind: row for row in RecordsKept.objects.all()}
    standing = (
        Deadline.objects.standing(on)
        .filter(
            obligation__kind__in=[ObligationKind.ART3, ObligationKind.ART4],
            obligation__fulfilled_on__isnull=True,
            met_on__isnull=True,
            due_on__lte=on + COMING_WITHIN,
        )
        .select_related("obligation__state")
        .order_by("due_on", "pk")
    )
    shown: Any  # annotated by `standing`
    shown = [
        (row, said)
        for row in standing
        if (said := said_of(row, on, kept.get(row.obligation.kind)))
        in (Lateness.COMING, Lateness.LATE)
    ]
    steps = explain([row for row, _said in shown], on)
    for row, said in shown:
        state = row.obligation.state
        yield DeskRow(
            DeskList.LATE if said is Lateness.LATE else DeskList.COMING,
            str(state),
            _("%(what)s, Article %(clause)s")
            % {"what": row.obligation.get_kind_display(), "clause": row.obligation.clause},
            row.due_on,
            reverse("admin:states_deadline_change", args=[row.pk]),
            _("See the deadline"),
            note=_("our records do not yet show it as fulfilled") if said is Lateness.LATE else "",
            demo=state.demo,
            steps=tuple(steps[row.pk]),
        )


DESK = (
    DeskSource("help_to_sign_in", (DeskList.WAITING,), recoveries),
    DeskSource("keep_registry", (DeskList.WAITING,), outages),
    DeskSource("keep_registry", (DeskList.LATE, DeskList.COMING), deadlines),
)
