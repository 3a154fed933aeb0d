"""The days on which a report was received and sent on, and the deadline that they meet."""

import datetime as dt

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from records import letters
from records.models.events import record
from records.workflow import Refused
from reporting import dues
from reporting.models import DRAFT, Report
from states import access
from states.history import act
from states.models import Deadline, Practice, User
from states.models.law import ObligationKind
from states.words import day

WHICH = {
    "mailed_on": lazy("mailed to the ISU"),
    "received_by_isu": lazy("received by the ISU"),
    "sent_to_unoda": lazy("sent to UNODA"),
    "received_by_unoda": lazy("received by UNODA"),
}
# A report that was handed in has been received by the ISU, on whichever day.
TAKEN_BACK = ("mailed_on", "sent_to_unoda", "received_by_unoda")
MAILED = "mailed_to_isu"
OBLIGATIONS = {
    Report.Kind.INITIAL: ObligationKind.ART7_INITIAL,
    Report.Kind.ANNUAL: ObligationKind.ART7_ANNUAL,
}


@transaction.atomic
def record_receipt(
    report: Report, which: str, on: dt.date | None, *, by: User, reason: str = ""
) -> Report:
    """Records one of the days in `WHICH` and returns the report; the deadline follows.

    A day recorded before is corrected only with a reason; `on=None` takes back a day that was
    recorded by mistake. The same day again changes nothing. Raises `Refused`.
    """
    if which not in WHICH:
        raise KeyError(which)
    row = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not (answer := access.may(by, "record_receipt", row.state)):
        raise Refused(answer.reason)
    if row.status == DRAFT:
        raise Refused(_("%(report)s has not been handed in.") % {"report": row})
    if which == "sent_to_unoda":
        # From now on it is the ISU's record, which the State's word no longer moves.
        row.sent_by_state_said = False
    return _record(row, which, on, by=by, reason=reason)


@transaction.atomic
def say_sent(report: Report, on: dt.date, *, by: User) -> Report:
    """The State's own word that it sent the report to UNODA on the day; reminders pause with it.

    The word may come before the copy for the ISU, so a draft takes it too. Raises `Refused`.
    """
    row = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not (answer := access.may(by, "hand_in_report", row.state)):
        raise Refused(answer.reason)
    if row.sent_to_unoda is not None and not row.sent_by_state_said:
        raise Refused(
            _("The ISU has recorded that this report was sent on %(day)s.")
            % {"day": day(row.sent_to_unoda)}
        )
    row.sent_by_state_said = True
    if key := dues.key_of(row):
        letters.overtake(key, why=_("The State says that it has sent the report"), by=by)
    return _record(row, "sent_to_unoda", on, by=by, reason=_("The State's own word"))


def _record(row: Report, which: str, on: dt.date | None, *, by: User, reason: str) -> Report:
    was: dt.date | None = getattr(row, which)
    if was == on:
        row.save(update_fields=["sent_by_state_said"])
        return row
    if was is not None and not reason.strip():
        raise Refused(
            _("“%(which)s” is recorded as %(day)s: say why it is to be corrected.")
            % {"which": WHICH[which], "day": day(was)}
        )
    setattr(row, which, on)
    if which == "mailed_on":
        row.mailed_at = None  # the moment was of the day that stood
    if reasons := list(_impossible(row, which, on)):
        raise Refused(*reasons)
    row.save(update_fields=[which, "mailed_at", "sent_by_state_said"])
    record(
        which.replace("_", "-"),
        row,
        by=by,
        state=row.state,
        was=was.isoformat() if was else "",
        now=on.isoformat() if on else "",
        note=reason.strip(),
    )
    meet_deadline(row, by=by)
    return row


def _impossible(row: Report, which: str, on: dt.date | None) -> list[str]:
    found = []
    if on is None:
        if which == "received_by_isu":
            found.append(_("A report that was handed in has a day of receipt: give the right one."))
        return found
    if on > localdate():
        found.append(_("%(day)s has not come yet.") % {"day": day(on)})
    if too_early := before_its_time(row.kind, row.covers_from, on):
        found.append(too_early)
    if row.mailed_on is not None:
        found += not_mailed(row.channel, row.mailed_on, row.received_by_isu)
    if which == "received_by_isu" and row.published_on and on > row.published_on:
        found.append(
            _("The report was published on %(day)s: it was received by then.")
            % {"day": day(row.published_on)}
        )
    if row.sent_to_unoda and row.received_by_unoda and row.received_by_unoda < row.sent_to_unoda:
        found.append(
            _("UNODA cannot receive on %(received)s what was sent on %(sent)s.")
            % {"received": day(row.received_by_unoda), "sent": day(row.sent_to_unoda)}
        )
    return found


def not_mailed(channel: str, mailed_on: dt.date, received_on: dt.date | None) -> list[str]:
    """Why the ISU cannot have had on its day what was mailed on the other; empty where it can."""
    if channel == Report.Channel.PORTAL:
        return [_("It was handed in here, and not mailed.")]
    if received_on is not None and mailed_on > received_on:
        return [
            _("The ISU cannot receive on %(received)s what was mailed on %(mailed)s.")
            % {"received": day(received_on), "mailed": day(mailed_on)}
        ]
    return []


def before_its_time(kind: str, covers_from: dt.date, on: dt.date) -> str:
    """Why nobody can have had the report on the day, in a sentence; empty where they can.

    An initial report may come before the day from which it covers, entry into force.
    """
    if kind == Report.Kind.INITIAL or on >= covers_from:
        return ""
    return _("%(day)s is before the time that the report covers: it begins on %(first)s.") % {
        "day": day(on),
        "first": day(covers_from),
    }


def day_that_counts(report: Report, which: str | None = None) -> dt.date | None:
    """The day that meets the deadline of the report's year, or None while it is not recorded.

    Which of the recorded days that is, the ISU's practice says; of several versions the earliest
    counts, since an answer to a question does not make the report later.
    """
    which = which or Practice.of(Practice.Key.RECEIPT_THAT_COUNTS)
    versions = Report.objects.filter(state=report.state_id, kind=report.kind, year=report.year)
    if which == MAILED:
        # What was handed in here was on its way for no day.
        versions = versions.annotate(**{MAILED: Coalesce("mailed_on", "received_by_isu")})
    return (
        versions.filter(**{f"{which}__isnull": False})
        .order_by(which, "pk")
        .values_list(which, flat=True)
        .first()
    )


def to_come(report: Report) -> Deadline | None:
    """The deadline of the report while its day is to come, and nothing has met it yet."""
    found = deadline_of(report)
    if found is None or found.met_on is not None or found.due_on < localdate():
        return None
    # A version handed in before is an answer, whatever the records say of its day.
    return found if report.amends_id is None else None


def deadline_of(report: Report) -> Deadline | None:
    """The deadline that the report meets: the last of its chain; None for a voluntary report.

    An initial report meets that of the State's last adherence before the year of the report.
    """
    kind = OBLIGATIONS.get(Report.Kind(report.kind))
    if kind is None:
        return None
    rows = Deadline.objects.filter(
        obligation__state=report.state_id, obligation__kind=kind, superseded_by__isnull=True
    )
    if kind == ObligationKind.ART7_ANNUAL:
        rows = rows.filter(year=report.year)
    newest_first = rows.order_by("-obligation__known_on", "-pk")
    known_then = newest_first.filter(obligation__known_on__year__lte=report.year)
    return known_then.first() or newest_first.last()


@transaction.atomic
def meet_deadline(report: Report, *, by: User | None) -> None:
    """Brings `met_on` in line with the recorded days: set, corrected or taken back."""
    deadline = deadline_of(report)
    if deadline is None:
        return
    counts = day_that_counts(report)
    if deadline.met_on == counts:
        return
    why = (
        _("Met by %(report)s") % {"report": report.reference or report}
        if counts
        else _("The day of receipt was taken back: %(report)s")
        % {"report": report.reference or report}
    )
    with act(by=by, reason=why):
        deadline.met_on = counts
        deadline.save(update_fields=["met_on"])


def bring_deadlines_in_line(*, by: User | None) -> None:
    """After the practice changed which day counts: every deadline that a report may meet."""
    seen = set()
    for report in Report.objects.exclude(kind=Report.Kind.VOLUNTARY).order_by("pk"):
        key = (report.state_id, report.kind, report.year)
        if key not in seen:
            seen.add(key)
            meet_deadline(report, by=by)
