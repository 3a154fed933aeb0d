"""Stretches of text in a Word document: how each is set, and in which direction it is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from records.word.parts import flag, made, properties, valued, words

RIGHT_TO_LEFT = frozenset({"R", "AL"})


@dataclass(frozen=True, slots=True)
class Look:
    """How a stretch of text is set; what stands around it."""

    bold: bool = False
    italic: bool = False
    underlined: bool = False
    struck: bool = False
    soft: bool = False
    place: str = ""
    language: str = ""
    rtl: bool | None = None  # None: as its first letter is
    voluntary: bool = False
    end: bool = False
    style: str = ""
    keeps_spaces: bool = False


def run(text: str, look: Look, *, rtl: bool) -> Any:
    """A stretch of text in its look."""
    language = None
    if look.language:
        language = made("w:lang", **{"bidi" if rtl else "val": look.language})
    return made(
        "w:r",
        properties(
            "w:rPr",
            flag("w:b", look.bold),
            flag("w:bCs", look.bold),
            flag("w:i", look.italic),
            flag("w:iCs", look.italic),
            flag("w:strike", look.struck),
            valued("w:color", "50575F" if look.soft else ""),
            valued("w:u", "single" if look.underlined else ""),
            valued("w:vertAlign", look.place),
            flag("w:rtl", rtl),
            language,
        ),
        words(text),
    )


def direction(text: str) -> bool:
    """Whether a text is written from the right: as its first letter is (UAX 9, P2 and P3)."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind in RIGHT_TO_LEFT for kind in kinds if kind in {"L", "R", "AL"}), False)


def stretches(text: str, *, rtl: bool) -> Iterator[tuple[str, bool]]:
    """The text in pieces of one direction each; signs that have none go with what is before."""
    start, now = 0, rtl
    for place, letter in enumerate(text):
        kind = unicodedata.bidirectional(letter)
        backwards = kind in RIGHT_TO_LEFT if kind in {"L", "R", "AL"} else now
        if backwards != now:
            if place > start:
                yield text[start:place], now
            start, now = place, backwards
    if start < len(text):
        yield text[start:], now
