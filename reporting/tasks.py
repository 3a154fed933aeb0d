"""What reporting's workers do when poked; the tables are the queues, so a lost poke is no loss."""

from celery import shared_task

from reporting.archive import running


@shared_task(ignore_result=True)
def advance_archive(pk: int) -> None:
    """Goes on with one archive of past reports: after it came, and after it was confirmed."""
    running.advance(pk)


@shared_task(ignore_result=True)
def advance_archives() -> None:
    """Poked by beat every minute: goes on with what a worker that died has left."""
    running.advance_all()
