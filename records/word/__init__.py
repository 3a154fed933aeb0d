"""Writes clean HTML as a Word document (.docx) and reads one as clean HTML: the one door to Word.

Both directions keep structure and drop dress: headings, paragraphs, lists, tables, bold, italic,
links, languages and the direction of writing. `written` is for texts that leave to be worked on in
Word; what is issued stays frozen HTML and PDF. Only this package imports python-docx, and lxml with
it; both late, since a web process seldom needs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

from records.word.common import MEDIA_TYPE, Text, Unreadable

__all__ = ["MEDIA_TYPE", "Text", "Unreadable", "read", "written"]


def written(html: str, *, title: str, language: str, head: Mapping[str, str]) -> bytes:
    """The HTML of a page, or of a part of one, as a Word document; equal input, equal bytes.

    `language` is the BCP 47 tag of the whole; `head` is what stands at the head of every page, at
    its `start` and at its `end`, such as a reference and "draft"; the foot numbers the pages. No
    person is named as its author. PNG and JPEG are taken from `data:` addresses; of other images
    the words that stand for them are kept. Rows in `<thead>` are repeated on every page; the class
    "voluntary" lies on grey, "number" stands at the end of its cell, "wide" turns the sheet, and
    rows of a table of the class "blank" are high enough to be written into. What XML cannot hold
    (control characters, half a surrogate) is left out.
    """
    from records.word.writing import Writer  # noqa: PLC0415 - it loads lxml and python-docx

    return Writer(title, language, head).written(html)


def read(file: BinaryIO, name: str = "") -> Text:
    """The words of a Word document (.docx) with their structure, and what was not taken over.

    The HTML has no class, style, script, picture or address but links to http, https and mailto,
    and is safe to be shown. Tracked changes are taken as accepted; comments, pictures and hidden
    text are counted and left out. Raises `Unreadable`, with a sentence, for whatever is no Word
    document that can be read; nothing else, whatever the file holds.
    """
    from records.word.reading import read as read_it  # noqa: PLC0415 - it loads lxml

    return read_it(file, name)
