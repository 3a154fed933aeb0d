"""The parts around the text of a Word document: styles, lists, sheets, head, foot, properties."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE as KINDS
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from records.word.common import plain
from records.word.parts import field, made, words

HYPERLINK = KINDS.HYPERLINK
# The clock would give other bytes each time: the day on which the Convention entered into force.
UNDATED = datetime(2010, 8, 1, tzinfo=UTC)
WIDTH, HEIGHT, MARGIN = Cm(21), Cm(29.7), Cm(2)
TEXT_WIDTH = WIDTH - 2 * MARGIN
FACE = "Arial"  # on every computer, with Arabic letters among its own
INK = RGBColor(0x0D, 0x4F, 0x57)
SIZES = {"Heading 1": 16, "Heading 2": 13, "Heading 3": 11, "Heading 4": 10}
KEPT = {
    *("Normal", "Header", "Footer", "Default Paragraph Font", "Normal Table", "No List"),
    *("List Paragraph", "Quote", "Caption", "Table Grid", *SIZES),
}
# What the library's empty document brings along and nobody needs.
LEFT_OUT = ("thumbnail", "stylesWithEffects", "customXml", "webSettings", "theme")
BULLETS, NUMBERS = "•◦▪", ("decimal", "lowerLetter", "lowerRoman")


def prepare(document: Any, title: str, language: str, head: Mapping[str, str]) -> bool:
    """Makes an empty document ready; whether its language is written from the right."""
    with translation.override("zh-hans" if language == "zh" else language):
        bidi = translation.get_language_bidi()
        pages = _("Page {page} of {pages}")
    for rels in (document.part.package.rels, document.part.rels):
        for key in [key for key, one in rels.items() if one.reltype.endswith(LEFT_OUT)]:
            del rels[key]
    # The library's own settings leave out what the standard asks for.
    document.settings.element.find(qn("w:zoom")).set(qn("w:percent"), "100")
    _style(document, language, bidi=bidi)
    _size(document, bidi=bidi)
    _running(document, head, pages, bidi=bidi)
    facts = document.core_properties
    facts.title, facts.language = title[:255], language
    facts.author = facts.last_modified_by = facts.comments = facts.keywords = facts.subject = ""
    facts.created = facts.modified = UNDATED
    facts.revision = 1
    return bidi


def _style(document: Any, language: str, *, bidi: bool) -> None:
    """The few styles that are used, plain and legible, and the language of the whole."""
    styles = document.styles
    for element in list(styles.element):
        if element.tag == qn("w:latentStyles"):
            styles.element.remove(element)
    for style in list(styles):
        if style.name not in KEPT:
            style.element.getparent().remove(style.element)
    for element in list(styles.element.iter(qn("w:link"))):
        element.getparent().remove(element)
    for element in styles.element.iter(qn("w:color")):
        # There is no theme to take it from.
        element.attrib.pop(qn("w:themeColor"), None)
    defaults = styles.element.find(qn("w:docDefaults"))
    for fonts in list(styles.element.iter(qn("w:rFonts"))):
        fonts.getparent().remove(fonts)
    inner = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    inner.insert(0, made("w:rFonts", ascii=FACE, hAnsi=FACE, cs=FACE, eastAsia=FACE))
    tongue = inner.find(qn("w:lang"))
    tongue.set(qn("w:bidi" if bidi else "w:val"), language)
    tongue.set(qn("w:eastAsia"), "zh-CN")
    # As defaults and not in a style: a table sets its own paragraphs closer.
    for name in ("w:sz", "w:szCs"):
        inner.find(qn(name)).set(qn("w:val"), "20")
    spacing = defaults.find(qn("w:pPrDefault")).find(qn("w:pPr")).find(qn("w:spacing"))
    spacing.set(qn("w:after"), "120")
    spacing.set(qn("w:line"), "276")
    for name in ("Header", "Footer"):
        shape = styles[name].element.find(qn("w:pPr"))
        shape.remove(shape.find(qn("w:tabs")))
    for name, size in SIZES.items():
        style = styles[name]
        style.font.size, style.font.bold, style.font.italic = Pt(size), True, False
        inner_size = style.element.rPr.find(qn("w:sz"))
        for old in style.element.rPr.findall(qn("w:szCs")):
            style.element.rPr.remove(old)
        inner_size.addnext(made("w:szCs", val=str(2 * size)))
        style.font.color.rgb = INK
        style.paragraph_format.space_before = Pt(size)
        style.paragraph_format.space_after = Pt(4)
        style.paragraph_format.keep_with_next = True


def _size(document: Any, *, bidi: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = WIDTH, HEIGHT
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = Cm(2.25)
    section.header_distance = section.footer_distance = Cm(1.1)
    if bidi:
        grid = document.element.body.sectPr.find(qn("w:docGrid"))
        grid.addprevious(made("w:bidi"))


def end_of_sheet(sheet: Any, *, on_its_side: bool) -> Any:
    """A paragraph that ends the sheets before it; the next begin on a new page."""
    this = copy.deepcopy(sheet)
    if on_its_side:
        size = this.find(qn("w:pgSz"))
        size.set(qn("w:w"), str(HEIGHT.twips))
        size.set(qn("w:h"), str(WIDTH.twips))
        size.set(qn("w:orient"), "landscape")
    small = made("w:spacing", before="0", after="0", line="20", lineRule="exact")
    return made("w:p", made("w:pPr", small, this))


def _running(document: Any, head: Mapping[str, str], pages: str, *, bidi: bool) -> None:
    """What stands on every page: reference and mark above, the number of the page below."""
    section = document.sections[0]
    above, below = section.header, section.footer
    for part in (above, below):
        part.is_linked_to_previous = False
        paragraph = part.paragraphs[0]
        paragraph.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        if bidi:
            properties = paragraph._p.get_or_add_pPr()
            tabs = properties.find(qn("w:tabs"))
            tabs.addnext(made("w:bidi"))
    line = above.paragraphs[0]._p
    line.append(made("w:r", words(plain(head.get("start", "")))))
    line.append(made("w:r", made("w:tab")))
    line.append(
        made("w:r", made("w:rPr", made("w:b"), made("w:bCs")), words(plain(head.get("end", ""))))
    )
    line = below.paragraphs[0]._p
    before, _page, rest = pages.partition("{page}")
    between, _pages, after = rest.partition("{pages}")
    line.append(made("w:r", made("w:tab")))
    for piece in (before, "PAGE", between, "NUMPAGES", after):
        line.extend(
            field(piece) if piece.isupper() else [made("w:r", words(piece))] if piece else []
        )


class Numbers:
    """The lists of a document: each has a count of its own."""

    def __init__(self, document: Any) -> None:
        self.root = document.part.numbering_part.element
        for element in list(self.root):
            self.root.remove(element)
        self.root.append(_levels("0", ordered=False))
        self.root.append(_levels("1", ordered=True))
        self.lists = 0

    def of_list(self, *, ordered: bool) -> Callable[[], Any]:
        """A list begins; gives what each of its items says of it."""
        self.lists += 1
        number = made("w:num", made("w:abstractNumId", val="1" if ordered else "0"))
        number.set(qn("w:numId"), str(self.lists))
        if ordered:
            for level in range(9):
                start = made("w:startOverride", val="1")
                number.append(made("w:lvlOverride", start, ilvl=str(level)))
        self.root.append(number)
        name = str(self.lists)
        return lambda: made("w:numId", val=name)


def _levels(name: str, *, ordered: bool) -> Any:
    levels = []
    for level in range(9):
        shape = NUMBERS[level % 3] if ordered else "bullet"
        text = f"%{level + 1}." if ordered else BULLETS[level % 3]
        indent = made("w:ind", left=str(360 * (level + 1)), hanging="360")
        levels.append(
            made(
                "w:lvl",
                made("w:start", val="1"),
                made("w:numFmt", val=shape),
                made("w:lvlText", val=text),
                made("w:lvlJc", val="left"),
                made("w:pPr", indent),
                ilvl=str(level),
            )
        )
    kind = made("w:multiLevelType", val="hybridMultilevel")
    return made("w:abstractNum", kind, *levels, abstractNumId=name)


def packed(document: Any) -> bytes:
    """The file, without the hour at which it was made."""
    made_now = io.BytesIO()
    document.save(made_now)
    found = io.BytesIO()
    with (
        zipfile.ZipFile(made_now) as source,
        zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, UNDATED.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, source.read(name))
    return found.getvalue()
