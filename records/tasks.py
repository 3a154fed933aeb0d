"""What the records' workers do when poked; the tables are the queues, so a lost poke is no loss."""

from celery import shared_task

from records import letters, uploads


@shared_task(ignore_result=True)
def drain_letters() -> None:
    """Sends what is queued: poked by beat every minute, after planning, and after a release."""
    letters.drain()


@shared_task(ignore_result=True)
def scan_uploads() -> None:
    """Asks the antivirus about files that it could not be asked about when they came."""
    uploads.scan_waiting()
