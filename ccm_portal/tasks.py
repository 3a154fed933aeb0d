"""What runs by the clock: planning of letters, the nightly round, and the signs of life."""

from typing import Any

from celery import shared_task
from celery.signals import after_task_publish, beat_init, worker_ready
from django.contrib.sessions.backends.db import SessionStore
from django.utils.timezone import localdate

from ccm_portal import health
from records import archive, enquiries, letters, resumable
from reporting import doubting, receipt
from states import access, outages, registry
from states.models import generation

EVERY_SECONDS = 15


@shared_task(ignore_result=True)
def plan_letters() -> None:
    """Plans what is due, at any hour and any number of times, then sends what may leave."""
    today = localdate()
    letters.ship_stages()
    letters.plan(letters.dues(today), today)
    letters.drain()


@shared_task(ignore_result=True)
def nightly() -> None:
    """Ended rights leave the groups, new deadlines come into sight, receipts that could not be
    printed are, doubts that were not kept yet are, the archive is read, and files that were not
    gone on with, old questions and sessions that ran out are erased.

    Last, what the day's changes left of the page cache's generation becomes one row.
    """
    today = localdate()
    access.lapse(today)
    registry.bring_up_to_date(today)
    receipt.issue_missing()
    doubting.keep_missing()
    archive.check()
    resumable.clean_up()
    enquiries.forget()
    SessionStore.clear_expired()
    generation.prune()


@shared_task(ignore_result=True, expires=60)
def live() -> None:
    """Writes a sign of life to the database; after a long silence an outage is proposed."""
    outages.live()


@shared_task(ignore_result=True, expires=EVERY_SECONDS)
def heartbeat() -> None:
    """Sent by beat to show that it sends; see `_beat_has_sent`."""


@beat_init.connect
def _beat_starts(**_facts: Any) -> None:
    health.alive("beat")


@after_task_publish.connect(sender="ccm_portal.tasks.heartbeat")
def _beat_has_sent(**_facts: Any) -> None:
    """In beat's own process, so that a busy worker does not make beat look dead."""
    health.alive("beat")


@worker_ready.connect
def _worker_starts(sender: Any, **_facts: Any) -> None:
    """The worker's own loop says that it lives: a loop that stands still says nothing."""
    health.alive("worker")
    sender.timer.call_repeatedly(float(EVERY_SECONDS), health.alive, ("worker",))
