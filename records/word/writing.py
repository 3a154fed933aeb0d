"""Writes HTML as a Word document: walks the elements of a page and lays each down in Word's terms.

python-docx makes the package and its parts; the text is made element by element, for its own way of
making tables takes a minute for five hundred rows.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import docx
import lxml.html
from docx.image.exceptions import UnexpectedEndOfFileError, UnrecognizedImageError
from docx.oxml.ns import qn
from docx.shared import Emu

from records.word import package
from records.word.common import plain
from records.word.parts import flag, grey, made, properties, valued
from records.word.runs import Look, direction, run, stretches

SILENT = frozenset({"head", "script", "style", "template", "title", "noscript", "object", "iframe"})
HEADINGS = {f"h{level}": f"Heading{min(level, 4)}" for level in range(1, 7)}
BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd"),
        *("details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer"),
        *("form", "header", "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre"),
        *("section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
        *HEADINGS,
    }
)
STYLES = {**HEADINGS, "figcaption": "Caption", "caption": "Caption", "blockquote": "Quote"}
SPACES = re.compile(r"[ \t\n\r\f]+")
IMAGE = re.compile(r"data:image/(?:png|jpeg);base64,", re.ASCII)
LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
MOST_COLUMNS = 63  # by the limits of Word


class Cell(NamedTuple):
    """One cell of a table: its element, and how many columns and rows it spans."""

    element: Any
    columns: int
    rows: int


class Paragraph:
    """Collects runs until the next block begins."""

    def __init__(self, look: Look, numbered: Any = None) -> None:
        self.look, self.numbered = look, numbered
        self.content: list[Any] = []
        self.holder = self.content
        self.text: list[str] = []

    @property
    def is_blank(self) -> bool:
        """Whether nothing would be seen."""
        return not self.content

    @property
    def ends_in_space(self) -> bool:
        """Whether one more space would be one too many."""
        return not self.text or self.text[-1].endswith((" ", "\n"))


class Writer:
    """One document while it is made."""

    def __init__(self, title: str, language: str, head: Mapping[str, str]) -> None:
        self.document = docx.Document()
        self.bidi = package.prepare(self.document, plain(title), language, head)
        self.language = language
        self.body = self.document.element.body
        self.numbers = package.Numbers(self.document)
        self.sheet = self.body.sectPr
        self.into = self.body
        self.paragraph: Paragraph | None = None

    def written(self, html: str) -> bytes:
        """The bytes of the file."""
        # Without words of its own there is no tree; the element around it is nowhere seen.
        root = lxml.html.document_fromstring(f"<div>{plain(html)}</div>")
        for body in root.iter("body"):
            self.block(body, Look(rtl=self.bidi or None))
        self.close()
        return package.packed(self.document)

    # --- Blocks ---

    def close(self) -> None:
        """Lays down the paragraph that is open, if it says anything."""
        done, self.paragraph = self.paragraph, None
        if done is None or done.is_blank:
            return
        look = done.look
        rtl = look.rtl if look.rtl is not None else direction("".join(done.text))
        self.add(
            made(
                "w:p",
                properties(
                    "w:pPr",
                    valued("w:pStyle", look.style),
                    done.numbered,
                    grey(look.voluntary),
                    flag("w:bidi", rtl),
                    valued("w:jc", "right" if look.end else ""),
                ),
                *_without_last_break(done.content),
            )
        )

    def add(self, element: Any) -> None:
        """At the end of what is being filled; of the body, before its last sheet."""
        if self.into is self.body:
            self.sheet.addprevious(element)
        else:
            self.into.append(element)

    def block(self, element: Any, look: Look, numbered: Any = None) -> None:
        """An element with what is in it; blocks in it stand by themselves."""
        look = self.seen(element, look)
        self.close()
        self.paragraph = Paragraph(look, numbered)
        self.text(element.text, look)
        for child in element:
            self.child(child, look)
            self.text(child.tail, look)
        self.close()

    def child(self, element: Any, look: Look) -> None:
        """One element within another."""
        tag = element.tag
        if not isinstance(tag, str) or tag in SILENT:
            return
        if tag not in BLOCKS:
            self.inline(element, look)
        elif tag in ("ul", "ol"):
            self.close()
            self.items(element, self.seen(element, look), 0)
        elif tag == "table":
            self.close()
            self.table(element, self.seen(element, look))
        elif tag == "hr":
            self.close()
        elif "wide" in element.get("class", "").split() and self.into is self.body:
            self.turned(element, look)
        else:
            self.block(element, look)
        if self.paragraph is None:
            self.paragraph = Paragraph(look)

    def turned(self, element: Any, look: Look) -> None:
        """On sheets of its own that lie on their side."""
        self.close()
        self.add(package.end_of_sheet(self.sheet, on_its_side=False))
        self.block(element, look)
        self.add(package.end_of_sheet(self.sheet, on_its_side=True))

    def seen(self, element: Any, look: Look) -> Look:
        """The look within an element, by what it is and says."""
        tag, classes = element.tag, element.get("class", "").split()
        changes: dict[str, Any] = {}
        if tag in STYLES:
            changes["style"] = STYLES[tag]
        if tag in ("b", "strong", "th", "dt"):
            changes["bold"] = True
        if tag in ("i", "em", "cite", "dfn", "var"):
            changes["italic"] = True
        if tag in ("u", "ins"):
            changes["underlined"] = True
        if tag in ("s", "del", "strike"):
            changes["struck"] = True
        if tag in ("sub", "sup"):
            changes["place"] = {"sub": "subscript", "sup": "superscript"}[tag]
        if tag == "pre":
            changes["keeps_spaces"] = True
        if {"soft", "help"} & set(classes):
            changes["soft"] = True
        if "voluntary" in classes:
            changes["voluntary"] = True
        if "number" in classes:
            changes["end"] = True
        if element.get("lang"):
            changes["language"] = plain(element.get("lang"))
        if (said := element.get("dir")) in ("ltr", "rtl", "auto"):
            changes["rtl"] = {"ltr": False, "rtl": True, "auto": None}[said]
        return replace(look, **changes)

    def items(self, element: Any, look: Look, level: int) -> None:
        """A list; lists in it are a level deeper."""
        number = self.numbers.of_list(ordered=element.tag == "ol")
        for item in element:
            if not isinstance(item.tag, str) or item.tag in SILENT:
                continue
            self.close()
            within = self.seen(item, replace(look, style="ListParagraph"))
            mark = made("w:numPr", made("w:ilvl", val=str(min(level, 8))), number())
            self.paragraph = Paragraph(within, mark)
            self.text(item.text, within)
            for child in item:
                if child.tag in ("ul", "ol"):
                    self.close()
                    self.items(child, self.seen(child, look), level + 1)
                    self.paragraph = Paragraph(within)
                elif child.tag == "p" and self.paragraph is not None and self.paragraph.is_blank:
                    # A paragraph that begins an item is the item.
                    self.block(child, within, self.paragraph.numbered)
                    self.paragraph = Paragraph(within)
                else:
                    self.child(child, within)
                self.text(child.tail, within)
            self.close()

    # --- Tables ---

    def table(self, element: Any, look: Look) -> None:
        """A table as wide as the sheet; rows of its head come again on every page."""
        look = replace(look, style="")
        for caption in element.iterchildren("caption"):
            self.block(caption, look)
        blank = "blank" in element.get("class", "").split()
        rows = list(_rows(element))
        width = min(max((sum(one.columns for one in cells) for _r, _h, cells in rows), default=0),
                    MOST_COLUMNS)  # fmt: skip
        if not width:
            return
        table = made(
            "w:tbl",
            properties(
                "w:tblPr",
                valued("w:tblStyle", "TableGrid"),
                flag("w:bidiVisual", look.rtl if look.rtl is not None else self.bidi),
                made("w:tblW", w="5000", type="pct"),
                made("w:tblLook", val="0420"),
            ),
            made("w:tblGrid", *(made("w:gridCol", w=str(9638 // width)) for _n in range(width))),
        )
        self.add(table)
        outside, self.into = self.into, table
        below: dict[int, tuple[int, int]] = {}
        for row, in_head, cells in rows:
            line = made(
                "w:tr",
                properties(
                    "w:trPr",
                    made("w:cantSplit"),
                    made("w:trHeight", val="680", hRule="atLeast") if blank else None,
                    flag("w:tblHeader", in_head),
                ),
            )
            table.append(line)
            self.line(line, cells, width, below, self.seen(row, look))
        self.into = outside
        # Two tables without a paragraph between them would be one.
        self.add(made("w:p", properties("w:pPr", made("w:spacing", before="0", after="60"))))

    def line(
        self,
        line: Any,
        cells: list[Cell],
        width: int,
        below: dict[int, tuple[int, int]],
        look: Look,
    ) -> None:
        """One row; `below` says, by column, how many rows a cell above still reaches down."""
        at = 0
        waiting = list(cells)
        while at < width:
            if at in below:
                rows, span = below.pop(at)
                if rows > 1:
                    below[at] = rows - 1, span
                line.append(made("w:tc", _of_cell(span, made("w:vMerge")), made("w:p")))
                at += span
                continue
            free = next((place for place in range(at, width) if place in below), width) - at
            if not waiting:
                line.append(made("w:tc", _of_cell(1), made("w:p")))
                at += 1
                continue
            cell = waiting.pop(0)
            span = max(1, min(cell.columns, free))
            merge = made("w:vMerge", val="restart") if cell.rows > 1 else None
            if cell.rows > 1:
                below[at] = cell.rows - 1, span
            within = self.seen(cell.element, look)
            filled = made("w:tc", _of_cell(span, merge, grey(within.voluntary)))
            line.append(filled)
            self.into = filled
            self.block(cell.element, replace(within, voluntary=False))
            if len(filled) == 0 or filled[-1].tag != qn("w:p"):
                filled.append(made("w:p"))
            at += span

    # --- Text ---

    def inline(self, element: Any, look: Look) -> None:
        """An element within a line."""
        look = self.seen(element, look)
        if element.tag == "br":
            self.broken()
        elif element.tag == "img":
            self.image(element, look)
        elif element.tag == "a" and LINK.match(element.get("href", "")):
            self.link(element, look)
        else:
            self.within(element, look)

    def within(self, element: Any, look: Look) -> None:
        """What stands in an inline element; a block in it ends the line."""
        self.text(element.text, look)
        for child in element:
            self.child(child, look)
            self.text(child.tail, look)

    def opened(self, look: Look) -> Paragraph:
        """The paragraph that is being written."""
        if self.paragraph is None:
            self.paragraph = Paragraph(look)
        return self.paragraph

    def broken(self) -> None:
        """A new line in the same paragraph."""
        paragraph = self.opened(Look())
        if paragraph.text:
            paragraph.holder.append(made("w:r", made("w:br")))
            paragraph.text.append("\n")

    def link(self, element: Any, look: Look) -> None:
        """What stands in it leads to the address."""
        address = plain(element.get("href"))
        key = self.document.part.relate_to(address, package.HYPERLINK, is_external=True)
        paragraph = self.opened(look)
        link = made("w:hyperlink")
        link.set(qn("r:id"), key)
        runs: list[Any] = []
        outer, paragraph.holder = paragraph.holder, runs
        self.within(element, look)
        paragraph.holder = outer
        link.extend(runs)
        if runs:
            outer.append(link)

    def text(self, text: str | None, look: Look) -> None:
        """Words, in stretches that are written in one direction."""
        # A reference such as &#1; is a character only now.
        text = plain(text or "")
        if not text:
            return
        paragraph = self.opened(look)
        if not look.keeps_spaces:
            text = SPACES.sub(" ", text)
            if paragraph.ends_in_space:
                text = text.lstrip(" ")
        if not text:
            return
        paragraph.text.append(text)
        rtl = look.rtl if look.rtl is not None else self.bidi
        for one, backwards in stretches(text, rtl=bool(rtl)):
            for number, line in enumerate(one.split("\n")):
                if number:
                    paragraph.holder.append(made("w:r", made("w:br")))
                if line:
                    paragraph.holder.append(run(line, look, rtl=backwards))

    def image(self, element: Any, look: Look) -> None:
        """A picture that the page itself carries; of any other the words that stand for it."""
        alt = plain(element.get("alt", ""))
        paragraph = self.opened(look)
        source = element.get("src", "")
        if (found := IMAGE.match(source)) is not None:
            try:
                content = base64.b64decode(source[found.end() :], validate=True)
                inline = self.document.part.new_pic_inline(io.BytesIO(content))
            except (
                *(binascii.Error, UnrecognizedImageError, UnexpectedEndOfFileError),
                *(ValueError, ZeroDivisionError, KeyError),
            ):
                inline = None
            if inline is not None:
                _fitted(inline, alt)
                paragraph.holder.append(made("w:r", made("w:drawing", inline)))
                paragraph.text.append("\ufffc")
                return
        if alt:
            self.text(f"[{alt}]", look)


def _fitted(inline: Any, alt: str) -> None:
    """No wider than the sheet, and with the words for those who do not see it."""
    extent = inline.extent
    most = Emu(package.TEXT_WIDTH)
    if extent.cx > most:
        extent.cy, extent.cx = Emu(max(1, int(extent.cy * most / extent.cx))), most
        shape = inline.graphic.graphicData.pic.spPr
        shape.cx, shape.cy = extent.cx, extent.cy
    inline.docPr.set("descr", alt)


def _without_last_break(content: list[Any]) -> list[Any]:
    """A line that is broken at its very end would be followed by an empty one."""
    while content and content[-1].tag == qn("w:r") and content[-1][-1].tag == qn("w:br"):
        content = content[:-1]
    return content


def _of_cell(span: int, *more: Any) -> Any:
    """The properties of a cell."""
    wide = valued("w:gridSpan", span if span > 1 else "")
    return properties("w:tcPr", made("w:tcW", w="0", type="auto"), wide, *more)


def _rows(table: Any) -> Iterator[tuple[Any, bool, list[Cell]]]:
    """Each row, whether it is of the head, and its cells; not those of a table within it."""
    for part in table:
        rows = (
            [part] if part.tag == "tr" else part if part.tag in ("thead", "tbody", "tfoot") else ()
        )
        for row in rows:
            cells = [
                Cell(one, _number(one, "colspan"), _number(one, "rowspan"))
                for one in row
                if one.tag in ("td", "th")
            ]
            if cells:
                yield row, part.tag == "thead", cells


def _number(cell: Any, name: str) -> int:
    said = cell.get(name, "1")
    return max(1, min(int(said), 1_000)) if re.fullmatch("[0-9]{1,6}", said, re.ASCII) else 1
