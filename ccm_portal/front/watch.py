"""Knows in each process what of the public has changed: reads the generations all the time."""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.timezone import localdate

from states.models.generation import EVERYWHERE, GENERATIONS

EVERY = 0.25
SURE_FOR = 0.45
AFTER_FAILURE = 1.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Epoch:
    """A time in which nothing public has changed; `number` counts them from 1."""

    number: int
    connected: int
    day: dt.date
    generations: dict[str, int]

    def mark(self, of: str) -> tuple[object, ...]:
        """What a page stands on: as long as it is the same, the page is not old.

        `of` is the code of the one State of which a page tells; a page of all States has none, and
        stands on everything.
        """
        if not of:
            return self.connected, self.day, sum(self.generations.values())
        shared, own = self.generations.get(EVERYWHERE, 0), self.generations.get(of, 0)
        return self.connected, self.day, shared, own


class Watch:
    """Counts epochs: one more whenever a generation, the day in Geneva or the connection changes.

    A thread of its own reads, at most four times a second. When its last reading began more than
    `sure_for` seconds ago nothing is sure, whatever held it up: readers then go to Django.
    """

    def __init__(
        self, today: Callable[[], dt.date] = localdate, sure_for: float = SURE_FOR
    ) -> None:
        self._today = today
        self._sure_for = sure_for
        self._epoch: Epoch | None = None
        self._sure_until = 0.0
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._process = 0

    def epoch(self) -> Epoch | None:
        """The present epoch; None when it is not sure that it still lasts."""
        return self._epoch if time.monotonic() < self._sure_until else None

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
        connected = 0
        failed = False
        while not self._ended.is_set():
            begun = time.monotonic()
            try:
                if connection is None:
                    connection = own_connection()
                    # Another server may stand at the address: what its numbers said is void.
                    connected += 1
                with connection.cursor() as cursor:
                    cursor.execute(GENERATIONS)
                    self._see(connected, dict(cursor.fetchall()))
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
            self._sure_until = begun + self._sure_for
            self._ended.wait(max(0.0, begun + EVERY - time.monotonic()))
        if connection is not None:
            connection.close()

    def _see(self, connected: int, generations: dict[str, int]) -> None:
        old, day = self._epoch, self._today()
        if old is None or (old.connected, old.day, old.generations) != (
            connected,
            day,
            generations,
        ):
            number = old.number + 1 if old is not None else 1
            self._epoch = Epoch(number, connected, day, generations)


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
