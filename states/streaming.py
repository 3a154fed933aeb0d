"""What is sent while it is made, after the request is over and its language forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils import translation

# A row at a time would be a packet each.
WORTH_SENDING = 32 * 1024


def spoken(pieces: Iterator[bytes], language: str) -> Iterator[bytes]:
    """The pieces, each made in the language; between them the thread speaks as it did."""
    while True:
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def in_pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines as bytes, in pieces that are worth sending; the first line goes at once."""
    held: list[str] = []
    size, first = 0, True
    for line in lines:
        held.append(line)
        size += len(line)
        if first or size >= WORTH_SENDING:
            yield "".join(held).encode()
            held, size, first = [], 0, False
    if held:
        yield "".join(held).encode()
