"""The words of an HTML page, without its form, and the hash by which an official text is known."""

from __future__ import annotations

import hashlib
import unicodedata
from html.parser import HTMLParser

SILENT = frozenset({"head", "script", "style", "template"})
# Elements that do not end a word; every other one does.
INLINE = frozenset(
    (
        *(
            "a",
            "abbr",
            "b",
            "bdi",
            "bdo",
            "cite",
            "code",
            "data",
            "dfn",
            "em",
            "i",
            "kbd",
            "mark",
        ),
        *(
            "q",
            "s",
            "samp",
            "small",
            "span",
            "strong",
            "sub",
            "sup",
            "time",
            "u",
            "var",
            "wbr",
        ),
    )
)


def words(html: str) -> str:
    """Return the normalised text of an HTML page or part.

    Normalised: the text of `<main>`, or of everything where there is no `<main>`, without tags,
    comments, head, scripts and styles; block elements and cells set off by a space; NFC; every run
    of white space one space. A page and the part frozen from it so have the same words.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found = "".join(reader.main if reader.has_main else reader.everything)
    return unicodedata.normalize("NFC", " ".join(found.split()))


def text_sha256(html: str) -> str:
    """Return the SHA-256 of `words(html)` in UTF-8 as 64 hexadecimal digits."""
    return hashlib.sha256(words(html).encode()).hexdigest()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.everything: list[str] = []
        self.main: list[str] = []
        self.has_main = False
        self._silent = 0
        self._in_main = 0

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.everything.append(data)
            if self._in_main:
                self.main.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent += 1
        elif tag == "main":
            self.has_main = True
            self._in_main += 1
        if tag not in INLINE:
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self.handle_data(" ")
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "main":
            self._in_main = max(0, self._in_main - 1)
