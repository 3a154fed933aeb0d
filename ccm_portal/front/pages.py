"""Keeps ready answers of one generation in memory, the least recently used ones going first."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ccm_portal.front.key import Key

LARGEST = 2 * 1024 * 1024
# What a page costs beside its bytes: key, headers, dictionary.
OVERHEAD = 2048
WORTH_COMPRESSING = 500
COMPRESSIBLE = ("text/", "application/json", "application/xml", "image/svg+xml")
# Not of the page, but of the one answer; or made anew here.
DROPPED = frozenset({"connection", "content-length", "date", "etag", "vary", "x-request-id"})
VARIES_BY = frozenset({"accept-language", "accept-encoding"})
IN_304 = frozenset({"cache-control", "content-language", "vary", "etag"})

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

    @classmethod
    def of(cls, key: Key, headers: Headers, body: bytes) -> Page:
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
            size=len(body) + OVERHEAD + sum(len(name) + len(value) for name, value in kept),
        )

    def is_known_as(self, condition: str) -> bool:
        """Whether an If-None-Match header names this answer (weak comparison, RFC 9110)."""
        if condition == self.etag or condition.strip() == "*":
            return True
        return self.etag in {each.strip().removeprefix("W/") for each in condition.split(",")}


class Pages:
    """The pages of the newest epoch that was asked for, up to so many bytes. Safe for threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[Any, ...], Page] = OrderedDict()
        self._epoch = 0
        self.size = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: tuple[Any, ...], epoch: int) -> Page | None:
        """The page, if it was made in this epoch; a newer epoch drops every page."""
        with self._lock:
            if epoch != self._epoch:
                self._turn(epoch)
                return None
            page = self._kept.get(key)
            if page is not None:
                self._kept.move_to_end(key)
            return page

    def put(self, key: Key, epoch: int, page: Page) -> None:
        """Keeps a page that was begun in this epoch; one of an epoch that is over is forgotten."""
        with self._lock:
            self._turn(epoch)
            if epoch != self._epoch or page.size > self._most:
                return
            replaced = self._kept.pop(key, None)
            self.size += page.size - (replaced.size if replaced else 0)
            self._kept[key] = page
            while self.size > self._most:
                _oldest, gone = self._kept.popitem(last=False)
                self.size -= gone.size

    def _turn(self, epoch: int) -> None:
        if epoch > self._epoch:
            self._epoch = epoch
            self._kept.clear()
            self.size = 0
