"""Writes down what the page cache answered: counts by address, one in a thousand by itself."""

from __future__ import annotations

import atexit
import itertools
import os
import threading
import uuid
from collections import Counter, deque

import structlog

EVERY = 0.5
ONE_IN = 1000
IN_ONE_LINE = 200

log = structlog.get_logger(__name__)


class Hits:
    """Counts hits without a lock and logs them in batches from a thread of its own."""

    def __init__(self) -> None:
        self._addresses: deque[str] = deque()
        self._numbers = itertools.count(1)
        self._misses: deque[None] = deque()
        self._found_same: deque[None] = deque()
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._process = 0

    def count(self, address: str) -> None:
        """One page was answered from the cache."""
        self._addresses.append(address)
        if next(self._numbers) % ONE_IN == 0:
            log.info("page_cache_hit", request_id=str(uuid.uuid4()), address=address)

    def missed(self) -> None:
        """Django was asked for what the cache could have kept."""
        if self._process != os.getpid():
            self._begin()
        self._misses.append(None)

    def found_same(self, address: str) -> None:
        """One page was answered after what it had read was asked again and was the same."""
        self._found_same.append(None)
        self.count(address)

    def write(self) -> None:
        """Logs what was counted since the last time, some hundred addresses a line."""
        misses, found_same = _emptied(self._misses), _emptied(self._found_same)
        counted = Counter(_emptied(self._addresses))
        if not counted and not misses:
            return
        batches = list(itertools.batched(counted.most_common(), IN_ONE_LINE)) or [()]
        for batch in batches:
            of_batch = dict(batch)
            log.info(
                "page_cache_hits",
                hits=sum(of_batch.values()),
                misses=len(misses),
                found_same=len(found_same),
                addresses=of_batch,
            )
            misses, found_same = [], []

    def end(self) -> None:
        """Stops the thread; writes what is left."""
        self._ended.set()
        atexit.unregister(self.write)
        if self._process == os.getpid():
            self._thread.join()
        self.write()

    def _begin(self) -> None:
        # The first answer of a process is always a miss, so the thread runs before any hit.
        with self._lock:
            if self._process == os.getpid() or self._ended.is_set():
                return
            self._process = os.getpid()
            self._thread = threading.Thread(target=self._run, name="hits", daemon=True)
            self._thread.start()
            atexit.register(self.write)

    def _run(self) -> None:
        while not self._ended.wait(EVERY):
            self.write()


def _emptied[T](queue: deque[T]) -> list[T]:
    """Everything that the queue holds now; others may go on adding to its end."""
    return [queue.popleft() for _ in range(len(queue))]
