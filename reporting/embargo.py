"""Not before a day: an embargo is set, changed and lifted with a reason, and each move is a row."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from records.models.events import record
from records.workflow import Refused
from reporting.models import HANDED_IN, PUBLISHED, Embargo, PublicationWish, Report
from states import access
from states.models import User
from states.words import day, out_of_reach


def standing(report: Report) -> Embargo | None:
    """The last word on when the report may be published; None where there is none, or it went.

    The word on one version holds for all versions of the same report, until its day.
    """
    today = localdate()
    rows = Embargo.objects.filter(
        report__state=report.state_id, report__kind=report.kind, report__year=report.year
    ).order_by("-pk")
    for row in rows:
        if row.report_id == report.pk or row.not_before is None or row.not_before > today:
            return row if row.not_before is not None else None
    return None


def stops(report: Report) -> str:
    """Why the report is not published today, in a sentence; empty where nothing stops it."""
    row = standing(report)
    if row is None or row.not_before is None or row.not_before <= localdate():
        return ""
    return _(
        "Not before %(day)s, asked by %(who)s: %(why)s. Change the day or lift the embargo first."
    ) % {"day": day(row.not_before), "who": row.get_asked_by_display(), "why": row.why.rstrip(".")}


def told(report: Report, wish: PublicationWish | None) -> str:
    """What the State is told of the ISU's decision on its wish, in a sentence; empty where there
    is nothing to tell. Two queries at the most.
    """
    last = Embargo.objects.filter(report=report).order_by("-pk").first()
    if report.status != HANDED_IN or (wish is None and last is None):
        return ""
    if last is None:
        return _("The ISU has not decided on the day yet.")
    if wish is None and last.asked_by != Embargo.AskedBy.STATE:
        return ""  # the ISU's own, of which the State asked nothing
    if last.not_before is None:
        return _("The ISU has decided that it need not wait for a day any more.")
    return _("The ISU has decided: it is not published before %(day)s.") % {
        "day": day(last.not_before)
    }


def told_to_next(draft: Report) -> str:
    """That a new version waits for the day of the one before, in a sentence for the State."""
    row = standing(draft.amends) if draft.amends is not None else None
    if row is None or row.asked_by != Embargo.AskedBy.STATE:
        return ""
    if row.not_before is None or row.not_before <= localdate():
        return ""
    return _(
        "The ISU has decided that what you handed in is not published before %(day)s. "
        "This version waits for that day too."
    ) % {"day": day(row.not_before)}


def _held(report: Report, by: User) -> Report:
    if not (answer := access.may(by, "publish_report", report.state)):
        raise Refused(answer.reason)
    row = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if row.status != HANDED_IN:
        raise Refused(
            _("%(report)s is %(status)s: only what is handed in can wait for its day.")
            % {"report": row, "status": row.get_status_display()}
        )
    if Report.objects.filter(amends=row.pk, status__in=[HANDED_IN, PUBLISHED]).exists():
        raise Refused(
            _("A later version has replaced %(report)s: say until when that one waits.")
            % {"report": row}
        )
    return row


@transaction.atomic
def decide(report: Report, not_before: dt.date, *, asked_by: str, why: str, by: User) -> Embargo:
    """The report is published on that day, by the portal itself, and not before. Raises `Refused`.

    The same once more, as by a second press, is one row.
    """
    row = _held(report, by)
    if strange := out_of_reach(not_before):
        raise Refused(strange)
    if not_before <= localdate():
        raise Refused(
            _("%(day)s is past or today. To publish now, publish.") % {"day": day(not_before)}
        )
    if asked_by not in Embargo.AskedBy.values:
        raise Refused(_("Say who asks for it: the State or the ISU."))
    if not (why := why.strip()):
        raise Refused(_("Say why."))
    before = standing(row)
    same = (not_before, asked_by, why)
    if (
        before is not None
        and before.report_id == row.pk
        and (before.not_before, before.asked_by, before.why) == same
    ):
        return before
    made = Embargo.objects.create(
        report=row, not_before=not_before, asked_by=asked_by, why=why, made_by=by
    )
    was = before.not_before if before is not None else None
    record(
        "embargo",
        row,
        by=by,
        state=row.state,
        was=was.isoformat() if was else "",
        now=not_before.isoformat(),
        note=why,
    )
    return made


@transaction.atomic
def lift(report: Report, *, why: str, by: User) -> Embargo:
    """Nothing keeps the report from being published any more; it is not published by this."""
    row = _held(report, by)
    before = standing(row)
    if before is None:
        raise Refused(_("No embargo stands on %(report)s.") % {"report": row})
    if not (why := why.strip()):
        raise Refused(_("Say why."))
    made = Embargo.objects.create(report=row, asked_by=before.asked_by, why=why, made_by=by)
    record("lift-embargo", row, by=by, state=row.state, note=why)
    return made


def carry_over(report: Report) -> None:
    """An embargo on the version that this one replaces is one on the report: it stands on."""
    before = standing(report.amends) if report.amends is not None else None
    if before is None or before.not_before is None or before.not_before <= localdate():
        return
    Embargo.objects.create(
        report=report, not_before=before.not_before, asked_by=before.asked_by, why=before.why
    )
