"""What reporting's worker does by the clock."""

from celery import shared_task
from django.utils.timezone import localdate

from reporting import publishing


@shared_task(ignore_result=True)
def publish_due() -> None:
    """Publishes what was to wait for today: soon after midnight in Geneva, and every hour after."""
    publishing.publish_due(localdate())
