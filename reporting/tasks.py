"""What reporting's workers do, poked or by the clock; a lost poke is no loss: tables are queues."""

from celery import shared_task
from django.utils.timezone import localdate

from reporting import publishing
from reporting.archive import running


@shared_task(ignore_result=True)
def publish_due() -> None:
    """Publishes what was to wait for today: soon after midnight in Geneva, and every hour after."""
    publishing.publish_due(localdate())


@shared_task(ignore_result=True)
def advance_archive(pk: int) -> None:
    """Goes on with one archive of past reports: after it came, and after it was confirmed."""
    running.advance(pk)


@shared_task(ignore_result=True)
def advance_archives() -> None:
    """Poked by beat every minute: goes on with what a worker that died has left."""
    running.advance_all()
