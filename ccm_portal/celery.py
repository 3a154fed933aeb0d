"""The Celery application: workers, and the clock that pokes them."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ccm_portal.settings")

app = Celery("ccm_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# The id of the request that asked for a task stands in the task's log lines.
app.steps["worker"].add(DjangoStructLogInitStep)
# The table of letters is the queue; a poke that is lost costs a minute.
app.conf.beat_schedule = {
    "drain letters": {"task": "records.tasks.drain_letters", "schedule": 60.0},
    "advance archives": {"task": "reporting.tasks.advance_archives", "schedule": 60.0},
    "scan uploads": {"task": "records.tasks.scan_uploads", "schedule": 300.0},
    "plan letters": {
        "task": "ccm_portal.tasks.plan_letters",
        "schedule": crontab(minute=5, hour="6-18"),
    },
    "nightly": {"task": "ccm_portal.tasks.nightly", "schedule": crontab(minute=15, hour=2)},
    # A day in Geneva begins at midnight: what was to wait for it waits no longer than a minute.
    "publish reports": {"task": "reporting.tasks.publish_due", "schedule": crontab(minute=1)},
    "live": {"task": "ccm_portal.tasks.live", "schedule": 60.0},
    "heartbeat": {"task": "ccm_portal.tasks.heartbeat", "schedule": 15.0},
}


@setup_logging.connect
def _django_configures_logging(**_facts: object) -> None:
    """That somebody listens keeps Celery from setting up handlers of its own."""
