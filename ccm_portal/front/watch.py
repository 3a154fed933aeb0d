"""Knows in each process whether anything public has changed: reads the generation all the time."""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from collections.abc import Callable

import structlog
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.timezone import localdate

from states.models.generation import GENERATION

EVERY = 0.25
SURE_FOR = 0.45
AFTER_FAILURE = 1.0

log = structlog.get_logger(__name__)


class Watch:
    """Counts epochs: one more whenever the generation, the day in Geneva or the connection changes.

    A thread of its own reads, at most four times a second. When its last reading began more than
    `sure_for` seconds ago nothing is sure, whatever held it up: readers then go to Django.
    """

    def __init__(
        self, today: Callable[[], dt.date] = localdate, sure_for: float = SURE_FOR
    ) -> None:
        self._today = today
        self._sure_for = sure_for
        self._epoch = 0
        self._sure_until = 0.0
        self._seen: tuple[int, dt.date] | None = None
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._process = 0

    def epoch(self) -> int:
        """The number of the epoch, from 1; 0 when it is not sure that it still lasts."""
        return self._epoch if time.monotonic() < self._sure_until else 0

    def begin(self) -> None:
        """Starts the thread of this process unless it runs: a fork leaves threads behind."""
        if self._process == os.getpid() or self._ended.is_set():
            return
        with self._lock:
            if self._process != os.getpid():
                self._process = os.getpid()
                self._thread = threading.Thread(target=self._run, name="generation", daemon=True)
                self._thread.start()

    def end(self) -> None:
        """Stops reading for good; everything is unsure from now on."""
        self._ended.set()
        if self._process == os.getpid():
            self._thread.join()
        self._sure_until = 0.0

    def _run(self) -> None:
        connection = None
        failed = False
        while not self._ended.is_set():
            begun = time.monotonic()
            try:
                if connection is None:
                    connection = own_connection()
                    # Another server may stand at the address: what its number said is void.
                    self._seen = None
                with connection.cursor() as cursor:
                    cursor.execute(GENERATION)
                    seen = (cursor.fetchone()[0], self._today())
            except Error as error:
                if connection is not None:
                    connection.close()
                    connection = None
                if not failed:
                    log.warning("page_cache_passed_by", reason=str(error).strip())
                failed = True
                self._ended.wait(AFTER_FAILURE)
                continue
            failed = False
            if seen != self._seen:
                self._seen = seen
                self._epoch += 1
            self._sure_until = begun + self._sure_for
            self._ended.wait(max(0.0, begun + EVERY - time.monotonic()))
        if connection is not None:
            connection.close()


def own_connection() -> BaseDatabaseWrapper:
    """A connection beside those of requests, which gives up early rather than hang."""
    connection = connections[DEFAULT_DB_ALIAS].copy()
    options = connection.settings_dict["OPTIONS"]
    given = options.get("options", "")
    connection.settings_dict["OPTIONS"] = options | {
        "connect_timeout": 2,
        "tcp_user_timeout": 2000,
        "application_name": "ccm page cache",
        "options": f"{given} -c statement_timeout=1000".strip(),
    }
    return connection
