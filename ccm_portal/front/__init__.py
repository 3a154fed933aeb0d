"""The page cache in front of Django: answers anonymous readers while nothing public has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from ccm_portal.front.asked import Answers, listening
from ccm_portal.front.hits import Hits
from ccm_portal.front.key import Environ, Key, KeyMaker
from ccm_portal.front.pages import IN_304, Page, Pages, is_known_as, may_be_kept
from ccm_portal.front.watch import Epoch, Watch
from states.public_pages import state_of

type Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# A page takes a fraction of a second to make; whoever waited longer makes it alone.
PATIENCE = 5.0
# Django would answer "not modified" to these, and there would be nothing to keep.
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
# HEAD is the page without its body: the same ETag, also where the page is sent compressed.
METHODS = frozenset({"GET", "HEAD"})


class Front:
    """A WSGI application around Django's. `most_bytes` bounds what one process keeps."""

    def __init__(
        self, application: Application, most_bytes: int, *, watch: Watch | None = None
    ) -> None:
        self._application = application
        self._pages = Pages(most_bytes)
        self._key = KeyMaker()
        self._watch = watch or Watch()
        self._hits = Hits()
        self._making: dict[tuple[Key, Epoch], threading.Event] = {}
        self._answers: tuple[Epoch | None, Answers] = None, {}

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers from what is kept, else asks Django; a doubt always leads to Django."""
        key = self._key(environ) if environ["REQUEST_METHOD"] in METHODS else None
        if key is None:
            return self._application(environ, start_response)
        # Before Django is asked: what changes while it answers is then newer than the page.
        epoch = self._watch.epoch()
        if epoch is None:
            self._watch.begin()
            self._hits.missed()
            return self._application(environ, start_response)
        page = self._pages.get(key, epoch)
        if page is not None:
            self._hits.count(page.address)
            return _send(page, environ, start_response)
        if not Key.is_short(key):
            return self._application(environ, start_response)
        return self._make_once(Key(*key), epoch, environ, start_response)

    def close(self) -> None:
        """Stops the threads and writes down the last hits."""
        self._watch.end()
        self._hits.end()

    def _make_once(
        self, key: Key, epoch: Epoch, environ: Environ, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """One thread makes the page; others that ask for it meanwhile wait for theirs."""
        mine = threading.Event()
        first = self._making.setdefault((key, epoch), mine)
        if first is not mine:
            first.wait(PATIENCE)
            now = self._watch.epoch()
            page = self._pages.get(key, now) if now is not None else None
            if page is not None:
                self._hits.count(page.address)
                return _send(page, environ, start_response)
            self._hits.missed()
            return self._application(environ, start_response)
        try:
            page = self._pages.doubtful(key, epoch)
            if page is not None and self._stands(page, epoch):
                self._pages.put(key, epoch, page)
                self._hits.found_same(page.address)
                return _send(page, environ, start_response)
            self._hits.missed()
            return self._make(key, epoch, environ, start_response)
        finally:
            del self._making[key, epoch]
            mine.set()

    def _stands(self, page: Page, epoch: Epoch) -> bool:
        """Whether all that the page has read is the same in this epoch."""
        of, answers = self._answers
        if of is not epoch:
            answers = {}
            self._answers = epoch, answers
        return page.asked is not None and page.asked.answered_as_before(answers)

    def _make(
        self, key: Key, epoch: Epoch, environ: Environ, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        asked = {name: value for name, value in environ.items() if name not in CONDITIONS}
        asked["REQUEST_METHOD"] = "GET"
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def note(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            said.append((status, headers))

        with listening() as listener:
            answer = self._application(asked, note)
        status, headers = said[-1]
        if not may_be_kept(status, headers, answer):
            return _hand_on(status, headers, answer, environ, start_response)
        try:
            body = b"".join(answer)
        finally:
            answer.close()  # type: ignore[attr-defined]
        page = Page.of(key, headers, body, state_of(answer), listener.asked())
        self._pages.put(key, epoch, page)
        return _send(page, environ, start_response)


def _hand_on(
    status: str,
    headers: list[tuple[str, str]],
    answer: Iterable[bytes],
    environ: Environ,
    start_response: Callable[..., Any],
) -> Iterable[bytes]:
    """What is not kept goes on as Django gave it, which may be a file made while it is read.

    Django was asked for the whole, whatever was asked of us: a HEAD, or whoever has it already, is
    answered without reading any of it.
    """
    tags = [value for name, value in headers if name.lower() == "etag"]
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and tags and status.startswith("200 ") and is_known_as(tags[0], known):
        answer.close()  # type: ignore[attr-defined]
        start_response("304 Not Modified", [one for one in headers if one[0].lower() in IN_304])
        return []
    start_response(status, headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        answer.close()  # type: ignore[attr-defined]
        return []
    return answer


def _send(page: Page, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and page.is_known_as(known):
        start_response("304 Not Modified", page.unmodified)
        return []
    start_response("200 OK", page.headers)
    return page.body if environ["REQUEST_METHOD"] == "GET" else []
