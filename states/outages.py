"""Notices that the portal was down, and proposes to a person to write it down."""

import datetime as dt

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from states.history import act
from states.models import LastSign, Outage

log = structlog.get_logger(__name__)

# A restart takes a minute or two, and nobody is kept from anything by it.
WORTH_TELLING = dt.timedelta(minutes=10)


@transaction.atomic
def live() -> Outage | None:
    """Says that the portal lives; where it said nothing for long, proposes that it was down.

    A proposal moves nothing until a person confirms it.
    """
    now = timezone.now()
    sign, made = LastSign.objects.select_for_update().get_or_create(pk=1, defaults={"at": now})
    before, sign.at = sign.at, now
    sign.save(update_fields=["at"])
    if made or now - before < WORTH_TELLING or _is_written_down(before, now):
        return None
    log.warning("portal_was_silent", since=before.isoformat())
    with act(by=None, reason=_("No sign of life")):
        return Outage.objects.create(started_at=before, ended_at=now, confirmed=False)


def _is_written_down(since: dt.datetime, until: dt.datetime) -> bool:
    """Whether somebody has written it down already, as where it was planned."""
    return any(
        row.started_at <= until and (row.ended_at is None or row.ended_at >= since)
        for row in Outage.objects.filter(started_at__lte=until)
    )
