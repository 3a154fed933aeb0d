"""Reads a Word document as clean HTML: structure and words, nothing that acts or is fetched."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from lxml import etree

from records import files
from records.word.common import MEDIA_TYPE, Text, Unreadable
from records.word.layout import Layout
from records.word.names import (
    LINKS,
    MAIN,
    RELATION,
    SKIPPED,
    TEXT_OF,
    W,
    is_on,
    part_of,
    value_of,
)

# An honest text is far smaller; pictures are not unpacked at all.
MOST_OF_A_PART = 40 * 1024 * 1024
# What a file saved as "Strict Open XML" calls the same names (ISO/IEC 29500-1 and -4).
STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": MAIN.encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": RELATION.encode(),
}
PARTS = ("styles", "numbering")
FOOTNOTES = {"footnote": f"{RELATION}/footnotes", "endnote": f"{RELATION}/endnotes"}


def read(file: BinaryIO, name: str = "") -> Text:
    """See `records.word.read`."""
    file.seek(0)
    finding = files.examine(file, name)
    if finding.problem is not None:
        raise Unreadable(finding.problem)
    if finding.media_type != MEDIA_TYPE:
        raise Unreadable(_("This is no Word document of the kind .docx. Save it as .docx first."))
    try:
        with zipfile.ZipFile(file) as archive:
            return _Reader(Package(archive)).read()
    except (
        *(zipfile.BadZipFile, zlib.error, etree.LxmlError, KeyError, ValueError, OSError, EOFError),
        *(NotImplementedError, RecursionError, OverflowError),
    ) as fault:
        if isinstance(fault, Unreadable):
            raise
        raise Unreadable(
            _(
                "This Word document is damaged. Please open it on your computer, save it anew and"
                " send it again."
            )
        ) from fault
    finally:
        file.seek(0)


class Package:
    """The parts of a document and how they point to each other; each read when it is asked for."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = {name.lstrip("/").lower(): name for name in archive.namelist()}
        self.main = self._target("", RELATION + "/officeDocument") or "word/document.xml"
        self.relations = {one.get("Id", ""): one for one in self._relations(self.main)}

    def tree(self, name: str) -> Any:
        """The root of a part. Raises KeyError, `etree.LxmlError`, `Unreadable`."""
        real = self.names[name.lower()]
        if self.archive.getinfo(real).file_size > MOST_OF_A_PART:
            raise Unreadable(
                _("The text of this document is too long to be read here. Send it in parts.")
            )
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
        content = self.archive.read(real)
        for strict, usual in STRICT.items():
            content = content.replace(strict, usual)
        return etree.fromstring(content, parser)

    def beside(self, kind: str) -> Any | None:
        """The root of the part of that kind to which the text points; None where there is none."""
        name = self._target(self.main, kind)
        return self.tree(name) if name and name.lower() in self.names else None

    def _relations(self, of: str) -> list[Any]:
        folder, base = posixpath.split(of)
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        return list(self.tree(name)) if name.lower() in self.names else []

    def _target(self, of: str, kind: str) -> str:
        for one in self._relations(of):
            if isinstance(one.tag, str) and one.get("Type") == kind:
                target = one.get("Target", "")
                if target.startswith("/"):
                    return target.lstrip("/")
                return posixpath.normpath(posixpath.join(posixpath.dirname(of), target))
        return ""


@dataclass(slots=True)
class Count:
    """What is in the file and not in the text."""

    changes: int = 0
    comments: int = 0
    pictures: int = 0
    hidden: int = 0


@dataclass(slots=True)
class Block:
    """A paragraph or a table as HTML; of an item of a list, which list and how deep."""

    tag: str
    inner: str
    rtl: bool = False
    level: int = -1
    ordered: bool = False
    list: str = ""


class _Reader:
    """Walks the text of one document."""

    def __init__(self, package: Package) -> None:
        self.package, self.count = package, Count()
        self.notes: list[str] = []
        self.layout = Layout(*(package.beside(f"{RELATION}/{kind}") for kind in PARTS))

    def read(self) -> Text:
        """The whole text, its footnotes after it."""
        root = self.package.tree(self.package.main)
        body = root.find(f"{W}body")
        if body is None:
            raise Unreadable(_("This Word document holds no text."))
        found = "".join(arranged(self.blocks(body)))
        found += self._footnotes(root)
        count = self.count
        # Every word was escaped, and every element is of our making.
        return Text(
            mark_safe(found),  # noqa: S308
            count.changes, count.comments, count.pictures, count.hidden,
        )  # fmt: skip

    def blocks(self, holder: Any) -> Iterator[Block]:
        """What stands in a body, a cell, a box: paragraphs and tables."""
        for one in holder:
            match part_of(one):
                case "p":
                    yield from self.paragraph(one)
                case "tbl":
                    yield Block("table", self.table(one))
                case "del" | "moveFrom":
                    self.count.changes += 1
                case "sdt" | "sdtContent" | "customXml" | "ins" | "moveTo" | "smartTag":
                    self.count.changes += part_of(one) in ("ins", "moveTo")
                    yield from self.blocks(one)
                case "AlternateContent":
                    yield from self.blocks(_chosen(one))

    def paragraph(self, element: Any) -> Iterator[Block]:
        """One paragraph, and after it what stands in text boxes that hang on it."""
        boxes: list[Any] = []
        properties = element.find(f"{W}pPr")
        if properties is not None and properties.find(f"{W}rPr") is not None:
            marks = properties.find(f"{W}rPr")
            self.count.changes += sum(part_of(one) in ("ins", "del") for one in marks)
        inner = joined(self.runs(element, boxes))
        shape = self.layout.of(properties)
        if inner:
            yield Block(shape.tag, inner, shape.rtl, shape.level, shape.ordered, shape.list)
        for box in boxes:
            yield from self.blocks(box)

    def runs(self, holder: Any, boxes: list[Any]) -> Iterator[tuple[tuple[str, ...], str]]:
        """The words of a paragraph as HTML, each with the elements that they stand in."""
        for one in holder:
            name = part_of(one)
            if name == "r":
                yield from self.run(one, boxes)
            elif name == "hyperlink":
                yield from self.link(one, boxes)
            elif name in ("del", "moveFrom"):
                self.count.changes += 1
            elif name in ("ins", "moveTo"):
                self.count.changes += 1
                yield from self.runs(one, boxes)
            elif name == "AlternateContent":
                yield from self.runs(_chosen(one), boxes)
            elif name and name not in SKIPPED:
                yield from self.runs(one, boxes)

    def link(self, element: Any, boxes: list[Any]) -> Iterator[tuple[tuple[str, ...], str]]:
        """Words that lead to an address outside; within the document they are words."""
        relation = self.package.relations.get(element.get(f"{{{RELATION}}}id", ""))
        address = relation.get("Target", "") if relation is not None else ""
        inner = list(self.runs(element, boxes))
        if LINKS.match(address):
            opening = f'<a href="{escape(address)}">'
            text = joined(inner)
            if text:
                yield (), f"{opening}{text}</a>"
        else:
            yield from inner

    def run(self, element: Any, boxes: list[Any]) -> Iterator[tuple[tuple[str, ...], str]]:
        """Letters that are set alike."""
        shape = element.find(f"{W}rPr")
        if shape is not None and is_on(shape, "vanish"):
            self.count.hidden += any(part_of(one) == "t" for one in element)
            return
        around = tuple(_elements(shape)) if shape is not None else ()
        for one in element:
            name = part_of(one)
            if name == "t":
                yield around, escape(one.text or "")
            elif name in TEXT_OF:
                yield around, TEXT_OF[name]
            elif name == "commentReference":
                self.count.comments += 1
            elif name in ("drawing", "pict", "object", "AlternateContent"):
                yield from self.drawn(_chosen(one) if name == "AlternateContent" else one, boxes)
            elif name in ("footnoteReference", "endnoteReference"):
                yield from self.note(name.removesuffix("Reference"), one)

    def drawn(self, element: Any, boxes: list[Any]) -> Iterator[tuple[tuple[str, ...], str]]:
        """A picture is counted; words in a box come after the paragraph."""
        found = list(element.iter(f"{W}txbxContent"))
        boxes.extend(found)
        if not found:
            self.count.pictures += 1
        return iter(())

    def note(self, kind: str, reference: Any) -> Iterator[tuple[tuple[str, ...], str]]:
        """The number of a footnote; its words follow at the end."""
        self.notes.append(f"{kind}/{value_of(reference, 'id')}")
        yield ("sup",), f"[{len(self.notes)}]"

    def _footnotes(self, root: Any) -> str:
        if not self.notes:
            return ""
        found = {}
        for kind, relation in FOOTNOTES.items():
            part = self.package.beside(relation)
            for one in part if part is not None else ():
                found[f"{kind}/{value_of(one, 'id')}"] = one
        items = []
        for name in list(self.notes):
            inner = arranged(self.blocks(found[name])) if name in found else ()
            items.append(f"<li>{''.join(inner)}</li>")
        return f"<ol>{''.join(items)}</ol>"

    # --- Tables ---

    def table(self, element: Any) -> str:
        """The rows of a table; those that come again on every page are its head."""
        lines = [self.cells(row) for row in _rows(element) if not self.is_gone(row)]
        spans = _spans(lines)
        head: list[str] = []
        body: list[str] = []
        for number, (in_head, cells) in enumerate(lines):
            tag = "th" if in_head and not body else "td"
            html = "".join(
                _cell(tag, columns, spans.get((number, at), 1), inner)
                for at, columns, merged, inner in cells
                if merged != "continue"
            )
            (head if tag == "th" else body).append(f"<tr>{html}</tr>")
        parts = f"<thead>{''.join(head)}</thead>" if head else ""
        return f"{parts}<tbody>{''.join(body)}</tbody>" if body else parts

    def is_gone(self, row: Any) -> bool:
        """Whether a tracked change takes the row away."""
        shape = row.find(f"{W}trPr")
        if shape is None:
            return False
        changed = [part_of(one) for one in shape if part_of(one) in ("ins", "del")]
        self.count.changes += len(changed)
        return "del" in changed

    def cells(self, row: Any) -> tuple[bool, list[tuple[int, int, str, str]]]:
        """Whether a row is of the head; of each cell its column, width, merging and HTML."""
        shape = row.find(f"{W}trPr")
        in_head = shape is not None and is_on(shape, "tblHeader")
        found: list[tuple[int, int, str, str]] = []
        at = 0
        for cell in _cells(row):
            own = cell.find(f"{W}tcPr")
            columns, merged = 1, ""
            if own is not None:
                said = value_of(own.find(f"{W}gridSpan"))
                columns = max(1, min(int(said), 63)) if said.isascii() and said.isdigit() else 1
                merge = own.find(f"{W}vMerge")
                merged = "" if merge is None else value_of(merge) or "continue"
            found.append((at, columns, merged, _inner(list(self.blocks(cell)))))
            at += columns
        return in_head, found


def _rows(table: Any) -> Iterator[Any]:
    for one in table:
        if part_of(one) == "tr":
            yield one
        elif part_of(one) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _rows(one)


def _cells(row: Any) -> Iterator[Any]:
    for one in row:
        if part_of(one) == "tc":
            yield one
        elif part_of(one) in ("sdt", "sdtContent", "customXml"):
            yield from _cells(one)


def _spans(lines: list[tuple[bool, list[tuple[int, int, str, str]]]]) -> dict[tuple[int, int], int]:
    """How many rows each cell that begins a merge reaches down, by row and column."""
    found: dict[tuple[int, int], int] = {}
    above: dict[int, tuple[int, int]] = {}
    for number, (_head, cells) in enumerate(lines):
        now: dict[int, tuple[int, int]] = {}
        for at, _columns, merged, _html in cells:
            if merged == "restart":
                now[at] = number, at
                found[number, at] = 1
            elif merged == "continue" and at in above:
                now[at] = above[at]
                found[above[at]] += 1
        above = now
    return found


def _cell(tag: str, columns: int, rows: int, inner: str) -> str:
    wide = f' colspan="{columns}"' if columns > 1 else ""
    high = f' rowspan="{rows}"' if rows > 1 else ""
    return f"<{tag}{wide}{high}>{inner}</{tag}>"


def _inner(blocks: list[Block]) -> str:
    """A single paragraph in a cell is its text; the direction of writing stays said."""
    if len(blocks) == 1 and blocks[0].tag == "p" and blocks[0].level < 0 and not blocks[0].rtl:
        return blocks[0].inner
    return "".join(arranged(blocks))


def _chosen(alternate: Any) -> Any:
    """Of two ways of saying the same the one that older programs read, else the first."""
    inner = {part_of(one): one for one in alternate}
    return inner.get("Fallback", inner.get("Choice", ()))


def _elements(shape: Any) -> Iterator[str]:
    if is_on(shape, "b"):
        yield "strong"
    if is_on(shape, "i"):
        yield "em"
    match value_of(shape.find(f"{W}vertAlign")):
        case "superscript":
            yield "sup"
        case "subscript":
            yield "sub"


def joined(runs: Iterator[tuple[tuple[str, ...], str]] | list[tuple[tuple[str, ...], str]]) -> str:
    """The runs one after the other; those that are set alike share their elements."""
    pieces: list[str] = []
    stands: tuple[str, ...] = ()
    for around, text in [*runs, ((), "")]:
        if around != stands:
            pieces += [f"</{tag}>" for tag in reversed(stands)]
            pieces += [f"<{tag}>" for tag in around]
            stands = around
        pieces.append(text)
    return "".join(pieces).strip()


def arranged(blocks: Iterator[Block] | list[Block]) -> Iterator[str]:
    """The blocks as HTML, items of lists within their lists."""
    open_lists: list[tuple[str, str]] = []
    for block in blocks:
        level = min(block.level, len(open_lists)) if block.level >= 0 else -1
        while len(open_lists) > level + 1:
            yield f"</li></{open_lists.pop()[0]}>"
        ends = ' dir="rtl"' if block.rtl else ""
        if level < 0:
            yield f"<{block.tag}{ends}>{block.inner}</{block.tag}>"
            continue
        kind = "ol" if block.ordered else "ul"
        if len(open_lists) == level + 1 and open_lists[level] != (kind, block.list):
            yield f"</li></{open_lists.pop()[0]}>"
        if len(open_lists) == level + 1:
            yield "</li>"
        else:
            yield f"<{kind}>"
            open_lists.append((kind, block.list))
        yield f"<li{ends}>{block.inner}"
    while open_lists:
        yield f"</li></{open_lists.pop()[0]}>"
