"""Keeps ready answers in memory until what they tell of changes, the least used going first."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ccm_portal.front.asked import Asked
from ccm_portal.front.key import Key
from ccm_portal.front.watch import Epoch

LARGEST = 2 * 1024 * 1024
# What a page costs beside its bytes: key, headers, dictionary.
OVERHEAD = 2048
WORTH_COMPRESSING = 500
COMPRESSIBLE = ("text/", "application/json", "application/xml", "image/svg+xml")
# Not of the page, but of the one answer; or made anew here.
DROPPED = frozenset({"connection", "content-length", "date", "etag", "vary", "x-request-id"})
VARIES_BY = frozenset({"accept-language", "accept-encoding"})
IN_304 = frozenset(
    {
        "access-control-allow-origin",
        "access-control-expose-headers",
        "cache-control",
        "content-language",
        "vary",
        "etag",
    }
)

type Headers = list[tuple[str, str]]


def may_be_kept(status: str, headers: Headers, answer: Iterable[bytes]) -> bool:
    """Whether Django said of a whole, small answer of 200 that it is for everybody.

    Refused are a cookie, a nonce, and an answer that varies by anything but what the key holds.
    """
    if not status.startswith("200 ") or getattr(answer, "streaming", True):
        return False
    said = False
    for name, value in headers:
        match name.lower():
            case "set-cookie":
                return False
            case "vary":
                if {word.strip().lower() for word in value.split(",")} - VARIES_BY:
                    return False
            case "content-encoding":
                return False
            case "content-security-policy" | "content-security-policy-report-only":
                if "'nonce-" in value:
                    return False
            case "cache-control":
                words = {word.strip().lower() for word in value.split(",")}
                if words & {"private", "no-store"}:
                    return False
                said = "public" in words
    return said and len(getattr(answer, "content", b"")) <= LARGEST


@dataclass(frozen=True, slots=True)
class Page:
    """One answer, ready to be sent as often as it is asked for. Its lists are never changed."""

    address: str
    etag: str
    headers: Headers
    unmodified: Headers
    body: list[bytes]
    size: int
    # The code of the one State that it tells of; empty for a page of all States.
    state: str = ""
    # What it read; None where that cannot be asked again.
    asked: Asked | None = None

    @classmethod
    def of(
        cls, key: Key, headers: Headers, body: bytes, state: str = "", asked: Asked | None = None
    ) -> Page:
        """Compresses the body where the key says so and it is worth it; the ETag tells which."""
        given = {name.lower(): value for name, value in headers}
        etag = given.get("etag", "") or f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        kept = [(name, value) for name, value in headers if name.lower() not in DROPPED]
        kind = given.get("content-type", "")
        if key.gzip and len(body) > WORTH_COMPRESSING and kind.startswith(COMPRESSIBLE):
            body = gzip.compress(body, compresslevel=6, mtime=0)
            kept.append(("Content-Encoding", "gzip"))
            etag = f'{etag.removesuffix(chr(34))}-gzip"'
        kept += [
            ("Vary", "Accept-Language, Accept-Encoding"),
            ("ETag", etag),
            ("Content-Length", str(len(body))),
        ]
        address = f"{key.path}?{key.query}" if key.query else key.path
        return cls(
            address=address,
            etag=etag.removeprefix("W/"),
            headers=kept,
            unmodified=[each for each in kept if each[0].lower() in IN_304],
            body=[body],
            size=len(body)
            + OVERHEAD
            + sum(len(name) + len(value) for name, value in kept)
            + (asked.size if asked is not None else 0),
            state=state,
            asked=asked,
        )

    def is_known_as(self, condition: str) -> bool:
        """Whether an If-None-Match header names this answer (weak comparison, RFC 9110)."""
        return is_known_as(self.etag, condition)


def is_known_as(etag: str, condition: str) -> bool:
    """Whether a condition names the tag (weak comparison, RFC 9110)."""
    tag = etag.removeprefix("W/")
    if condition == tag or condition.strip() == "*":
        return True
    return tag in {each.strip().removeprefix("W/") for each in condition.split(",")}


@dataclass(slots=True)
class Kept:
    """A page, what it stands on, and the last epoch in which that was looked at."""

    page: Page
    mark: tuple[object, ...]
    epoch: Epoch


class Pages:
    """The pages that are not old, up to so many bytes. Safe for threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[Any, ...], Kept] = OrderedDict()
        self.size = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: tuple[Any, ...], epoch: Epoch) -> Page | None:
        """The page, unless something has changed that it stands on."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            if kept.epoch is not epoch:
                if kept.mark != epoch.mark(kept.page.state):
                    if kept.page.asked is None or kept.epoch.day != epoch.day:
                        self._drop(key)
                    return None
                kept.epoch = epoch
            self._kept.move_to_end(key)
            return kept.page

    def doubtful(self, key: Key, epoch: Epoch) -> Page | None:
        """A page of the same day that something may have changed: what it read is to be asked."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.page.asked is None or kept.epoch.day != epoch.day:
                return None
            return kept.page

    def put(self, key: Key, epoch: Epoch, page: Page) -> None:
        """Keeps a page that was begun in this epoch; a page begun later is not replaced by it."""
        with self._lock:
            present = self._kept.get(key)
            if present is not None and present.epoch.number > epoch.number:
                return
            self._drop(key)
            if page.size > self._most:
                return
            self.size += page.size
            self._kept[key] = Kept(page, epoch.mark(page.state), epoch)
            while self.size > self._most:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: tuple[Any, ...]) -> None:
        if (gone := self._kept.pop(key, None)) is not None:
            self.size -= gone.page.size
