"""What the portal publishes by itself, on the day until which a report was to wait."""

from __future__ import annotations

import datetime as dt

import structlog
from django.db import transaction
from django.utils.translation import gettext_noop

from records.workflow import Refused
from reporting import embargo
from reporting.models import HANDED_IN, PUBLISHED, Embargo, Report
from reporting.workflow import REPORTS

log = structlog.get_logger(__name__)
# Kept in the event as it is, and read in the admin.
ITS_DAY = gettext_noop("The day had come until which it was to wait.")


def due(on: dt.date) -> list[int]:
    """The reports whose day has come; a version that a later one replaced is not among them."""
    rows = (
        Report.objects.filter(
            status=HANDED_IN,
            embargoes__in=Embargo.objects.standing().filter(not_before__lte=on),
        )
        .exclude(amended_by__status__in=[HANDED_IN, PUBLISHED])
        .order_by("pk")
    )
    return list(rows.values_list("pk", flat=True))


def publish_due(on: dt.date) -> int:
    """Publishes what may be published since its day in Geneva has come; returns how many.

    Each report by itself, at any hour and any number of times: what is public already is left
    alone, and what cannot be published stays in the queue, where the secretariat sees it.
    """
    done = 0
    for pk in due(on):
        try:
            done += _publish(pk, on)
        except Refused as refused:
            log.warning("report_not_published", report=pk, reasons=refused.reasons)
    return done


@transaction.atomic
def _publish(pk: int, on: dt.date) -> int:
    """Under the report's lock, since somebody may have moved the day in this moment."""
    row = Report.objects.select_for_update(of=("self",)).get(pk=pk)
    day = embargo.standing(row)
    if row.status != HANDED_IN or day is None or day.not_before is None or day.not_before > on:
        return 0
    REPORTS.take("publish", row, by=None, note=ITS_DAY)
    return 1
