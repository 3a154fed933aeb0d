"""Forks processes that drain the table of letters; told what to do through its standard input.

Django is loaded once and each drainer is a fork of that, so that a killed one is replaced at once.
"""

import datetime as dt
import os
import signal
import sys
import time

import django
import structlog
from django.conf import settings
from django.db import connection


def main(lease: float) -> None:
    """Each line "start" makes one more drainer; the end of the input ends this process."""
    django.setup()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print('{"event": "nursery is ready"}', flush=True)
    for line in sys.stdin:
        if line.strip() == "start" and os.fork() == 0:
            os.close(0)
            _drain(dt.timedelta(seconds=lease))


def _drain(lease: dt.timedelta) -> None:
    from records import letters  # noqa: PLC0415 -- needs the apps loaded

    me = os.getpid()
    # The sink learns from the sender's address which process speaks to it, the log from this.
    settings.DEFAULT_FROM_EMAIL = f"worker-{me}@localhost"
    structlog.contextvars.bind_contextvars(worker=me)
    connection.ensure_connection()
    structlog.get_logger("drainers").info("drainer lives")
    while True:
        letters.drain(lease=lease)
        time.sleep(0.05)


if __name__ == "__main__":
    main(float(sys.argv[1]))
