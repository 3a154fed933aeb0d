"""Word documents: what a text becomes in Word, what Word becomes as text, and what is refused."""

import base64
import contextlib
import io
import re
import unicodedata
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from records import text, word
from records.word.parts import ORDER

HEAD = {"start": "A7-2025-XAA", "end": "draft"}
PAGE = """
<header class="masthead"><h1>Report</h1><p class="soft">A draft &amp; no more</p></header>
<h2>Areas</h2>
<p>Two <strong>teams</strong>, <em>one</em> km<sup>2</sup>.<br>Next line,
   <a href="https://example.org/?a=1&amp;b=2">a link</a>
   and <a href="javascript:alert(1)">none</a></p>
<ul><li>one<ol><li>first</li><li>second</li></ol></li><li><p>two</p></li></ul>
<ol><li>again first</li></ol>
<table>
  <thead><tr><th scope="col">Area</th><th class="voluntary number">Size</th></tr></thead>
  <tbody>
    <tr><td rowspan="2">North</td><td class="voluntary number">1,250</td></tr>
    <tr><td class="number">800</td></tr>
    <tr class="total"><td colspan="2"><strong>2,050</strong></td></tr>
  </tbody>
</table>
<div class="wide"><h3>A wide one</h3><table class="blank"><tr><td></td><td></td></tr></table></div>
<p dir="auto">منطقة الشمال 12 (north)</p>
<script>alert(1)</script><style>p {}</style>
"""


def made(html: str = PAGE, *, language: str = "en") -> bytes:
    return word.written(html, title="Report", language=language, head=HEAD)


def opened(content: bytes):
    return docx.Document(io.BytesIO(content))


def part(content: bytes, name: str):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read(name))


def read(content: bytes, name: str = "text.docx") -> word.Text:
    return word.read(io.BytesIO(content), name)


def with_body(xml: str, **parts: bytes) -> bytes:
    """A document of ours with another text in it, and with other parts."""
    names = "".join(f' xmlns:{key}="{address}"' for key, address in NAMES.items())
    parts["word/document.xml"] = f"<w:document{names}><w:body>{xml}</w:body></w:document>".encode()
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made("<p>x</p>"))) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            archive.writestr(name, parts.pop(name, source.read(name)))
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
}


def p(inner: str, properties: str = "") -> str:
    return f"<w:p>{properties and f'<w:pPr>{properties}</w:pPr>'}{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f"<w:r>{properties and f'<w:rPr>{properties}</w:rPr>'}<w:t>{text}</w:t></w:r>"


# --- Out ------------------------------------------------------------------------------------------


def test_the_structure_of_a_page_is_words_own_structure():
    document = opened(made())

    styles = {one.text: one.style.name for one in document.paragraphs if one.text}
    assert styles["Report"] == "Heading 1"
    assert styles["Areas"] == "Heading 2"
    assert styles["one"] == styles["first"] == styles["two"] == "List Paragraph"
    assert "Two teams, one km2.\nNext line, a link and none" in styles
    table = document.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Area", "Size"],
        ["North", "1,250"],
        ["North", "800"],
        ["2,050", "2,050"],
    ]
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [
        True,
        False,
        False,
        False,
    ]
    assert "alert" not in "".join(one.text for one in document.paragraphs)


def test_what_is_voluntary_lies_on_grey_and_numbers_stand_at_the_end():
    cell = opened(made()).tables[0].rows[1].cells[1]

    assert cell._tc.tcPr.find(qn("w:shd")).get(qn("w:fill")) == "EDEFF1"
    assert cell.paragraphs[0].alignment == 2


def test_a_list_that_comes_later_counts_anew():
    document = opened(made())
    numbers = [
        one._p.pPr.numPr.numId.val
        for one in document.paragraphs
        if one.text in ("first", "second", "again first")
    ]

    assert numbers[0] == numbers[1] != numbers[2]


def test_a_wide_table_has_a_sheet_that_lies_on_its_side_and_every_sheet_has_its_head():
    document = opened(made())

    across = [section.page_width > section.page_height for section in document.sections]
    assert across == [False, True, False]
    for section in document.sections:
        assert section.header.paragraphs[0].text == "A7-2025-XAA\tdraft"
    fields = part(made(), "word/footer1.xml").findall(".//w:instrText", NAMES)
    assert [one.text.strip() for one in fields] == ["PAGE", "NUMPAGES"]


def test_rows_to_be_written_into_are_high_enough_for_a_hand():
    row = opened(made()).tables[1].rows[0]

    assert row.height.cm >= 1.1


def test_arabic_is_written_from_the_right_and_latin_within_it_from_the_left():
    document = opened(made())
    line = next(one for one in document.paragraphs if "منطقة" in one.text)

    assert line._p.pPr.find(qn("w:bidi")) is not None
    backwards = {one.text: one._r.rPr is not None and one._r.rPr.find(qn("w:rtl")) is not None
                 for one in line.runs}  # fmt: skip
    assert backwards == {"منطقة الشمال 12 (": True, "north)": False}


def test_a_document_in_arabic_is_arabic_as_a_whole():
    content = made("<p>نص</p><table><tr><td>أ</td></tr></table>", language="ar")

    language = part(content, "word/styles.xml").find(".//w:rPrDefault//w:lang", NAMES)
    assert language.get(qn("w:bidi")) == "ar"
    assert opened(content).sections[0]._sectPr.find(qn("w:bidi")) is not None
    assert opened(content).tables[0]._tbl.tblPr.find(qn("w:bidiVisual")) is not None


def test_equal_input_gives_equal_bytes_and_nobody_is_named_as_the_author():
    content = made()

    assert made() == content
    facts = opened(content).core_properties
    assert (facts.author, facts.last_modified_by, facts.comments) == ("", "", "")
    assert (facts.title, facts.language) == ("Report", "en")
    assert facts.created.year == facts.modified.year == 2010
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"python-docx" not in b"".join(archive.read(name) for name in archive.namelist())
        assert len(content) < 20_000


def test_every_property_stands_in_the_order_that_word_insists_on():
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        parts = [
            name for name in archive.namelist() if re.match(r"word/(document|header|foot)", name)
        ]
        trees = [etree.fromstring(archive.read(name)) for name in parts]
    found = 0
    for tag, order in ORDER.items():
        places = {qn(f"w:{name}"): place for place, name in enumerate(order)}
        for tree in trees:
            for one in tree.iter(qn(tag)):
                order_here = [places[child.tag] for child in one if child.tag in places]
                assert order_here == sorted(order_here), etree.tostring(one)
                found += len(order_here) > 1
    assert found > 10
    # A cell ends with a paragraph, and a sheet's facts stand last in the body.
    body = trees[parts.index("word/document.xml")][0]
    assert body[-1].tag == qn("w:sectPr")
    assert all(cell[-1].tag == qn("w:p") for cell in body.iter(qn("w:tc")))
    widths = {
        len(table.find(qn("w:tblGrid"))) - sum(_width(cell) for cell in row.iter(qn("w:tc")))
        for table in body.iter(qn("w:tbl"))
        for row in table.iter(qn("w:tr"))
    }
    assert widths == {0}


def _width(cell) -> int:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return 1 if span is None else int(span.get(qn("w:val")))


def test_a_picture_of_the_page_is_taken_along_and_no_other_is_fetched():
    out = io.BytesIO()
    Image.new("RGB", (4000, 1000), "white").save(out, "PNG")
    own = base64.b64encode(out.getvalue()).decode()

    content = made(
        f'<p><img alt="A field" src="data:image/png;base64,{own}"></p>'
        '<p><img alt="Elsewhere" src="https://example.org/x.png"></p>'
        '<p><img alt="Broken" src="data:image/png;base64,AAAA"></p>'
    )

    document = opened(content)
    (picture,) = document.inline_shapes
    assert picture.width == pytest.approx(17 * 360_000, rel=0.01)
    assert picture.width / picture.height == pytest.approx(4, rel=0.01)
    assert picture._inline.docPr.get("descr") == "A field"
    assert [one.text for one in document.paragraphs if one.text] == ["[Elsewhere]", "[Broken]"]
    assert read(content).pictures == 1


@pytest.mark.parametrize(
    "html",
    ["", "   ", "<p>", "<table></table>", "<table><tr></tr></table>", "<td>x", "</p></div>x<b>",
     "<table><tr><td><table><tr><td>in</td></tr></table></td></tr></table>",
     "<ul><li><table><tr><td>x</td></tr></table></li></ul>", "a\x00b\ud800c",
     "<table><tr><td colspan=999 rowspan=99999999>x</td></tr><tr><td>y</td><td>z</td></tr></table>",
     "<p>" * 300 + "x", "<p dir=rtl lang='\x01'>&#1;&#xD800;x</p>"],
)  # fmt: skip
def test_whatever_the_html_a_document_opens(html):
    opened(made(html))


# --- There and back -------------------------------------------------------------------------------


def test_a_page_survives_the_way_to_word_and_back():
    found = read(made())

    assert found.remarks == []
    assert "<h1>Report</h1><p>A draft &amp; no more</p><h2>Areas</h2>" in found.html
    assert (
        "<p>Two <strong>teams</strong>, <em>one</em> km<sup>2</sup>.<br>Next line, "
        '<a href="https://example.org/?a=1&amp;b=2">a link</a> and none</p>'
    ) in found.html
    assert (
        "<ul><li>one<ol><li>first</li><li>second</li></ol></li><li>two</li></ul>"
        "<ol><li>again first</li></ol>"
    ) in found.html
    assert '<td rowspan="2">North</td><td>1,250</td></tr><tr><td>800</td></tr>' in found.html
    assert '<td colspan="2"><strong>2,050</strong></td>' in found.html
    assert '<p dir="rtl">منطقة الشمال 12 (north)</p>' in found.html
    assert text.words(found.html) == text.words(PAGE)


# A mark that follows its letter in another order is the same text to Unicode, not to Python.
WORDS = st.text(st.characters(codec=None), max_size=60)


@settings(deadline=None, max_examples=30)
@given(
    words=st.lists(WORDS, min_size=1, max_size=4), direction=st.sampled_from(["", "auto", "rtl"])
)
@example(words=["a\ud800b\x00\x1fc", "שלום \u202eabc\u202c 12"], direction="auto")
def test_any_text_survives_but_for_what_xml_cannot_hold(words, direction):
    kept = [
        re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", one) for one in words
    ]
    html = "".join(f'<p dir="{direction}">{_escaped(one)}</p>' for one in words)

    found = read(made(html)).html

    assert text.words(found) == unicodedata.normalize("NFC", " ".join(" ".join(kept).split()))


def _escaped(said: str) -> str:
    return said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# --- In -------------------------------------------------------------------------------------------


def test_tracked_changes_are_read_as_accepted_and_said():
    content = with_body(
        p(r("Kept ") + f'<w:ins w:id="1" w:author="A">{r("new ")}</w:ins>'
          '<w:del w:id="2" w:author="A"><w:r><w:delText>old</w:delText></w:r></w:del>' + r("end"))
        + '<w:tbl><w:tr><w:trPr><w:del w:id="3" w:author="A"/></w:trPr><w:tc>' + p(r("gone"))
        + "</w:tc></w:tr><w:tr><w:tc>" + p(r("stays")) + "</w:tc></w:tr></w:tbl>"
    )  # fmt: skip

    found = read(content)

    assert found.html == "<p>Kept new end</p><table><tbody><tr><td>stays</td></tr></tbody></table>"
    assert found.changes == 3
    assert found.remarks == [
        "The file holds 3 tracked changes: the text is read as if all were accepted."
    ]


def test_comments_and_hidden_text_are_left_out_and_counted():
    content = with_body(
        p(r("Seen") + '<w:r><w:commentReference w:id="0"/></w:r>' + r("unseen", "<w:vanish/>"))
    )

    found = read(content)

    assert found.html == "<p>Seen</p>"
    assert (found.comments, found.hidden) == (1, 1)
    assert found.remarks == [
        "1 comment in the margin is left out.",
        "The file holds hidden text, which is left out.",
    ]


def test_nothing_that_acts_or_is_fetched_comes_out():
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="a" Type="x" Target="javascript:alert(1)" TargetMode="External"/>'
        '<Relationship Id="b" Type="x" TargetMode="External" '
        'Target="https://x.org/&quot;&gt;&lt;b"/>'
        "</Relationships>"
    )
    content = with_body(
        p(f'<w:hyperlink r:id="a">{r("one")}</w:hyperlink>'
          f'<w:hyperlink r:id="b">{r("two")}</w:hyperlink>' + r("&lt;script&gt;")),
        **{"word/_rels/document.xml.rels": relations.encode()},
    )  # fmt: skip

    assert read(content).html == (
        '<p>one<a href="https://x.org/&quot;&gt;&lt;b">two</a>&lt;script&gt;</p>'
    )


def test_fields_footnotes_boxes_and_content_controls_keep_their_words():
    notes = (
        f'<w:footnotes xmlns:w="{NAMES["w"]}"><w:footnote w:id="2">{p(r("A source."))}</w:footnote>'
        "</w:footnotes>"
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="f" Type="{NAMES["r"]}/footnotes" Target="footnotes.xml"/>'
        "</Relationships>"
    )
    content = with_body(
        f"<w:sdt><w:sdtContent>{p(r('In a control'))}</w:sdtContent></w:sdt>"
        + p(r("Said") + '<w:r><w:footnoteReference w:id="2"/></w:r>')
        + p(f'<w:fldSimple w:instr="DATE">{r("1 May")}</w:fldSimple>')
        + p("<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
            f"<w:txbxContent>{p(r('In a box'))}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
            "</mc:AlternateContent></w:r>"),
        **{
            "word/footnotes.xml": notes.encode(),
            "word/_rels/document.xml.rels": relations.encode(),
        },
    )  # fmt: skip

    assert read(content).html == (
        "<p>In a control</p><p>Said<sup>[1]</sup></p><p>1 May</p><p>In a box</p>"
        "<ol><li><p>A source.</p></li></ol>"
    )


def test_a_file_of_the_strict_kind_is_read_too():
    content = with_body(p(r("Strict")))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read("word/document.xml")
    strict = body.replace(NAMES["w"].encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")

    assert read(_with(content, "word/document.xml", strict)).html == "<p>Strict</p>"


def _with(content: bytes, name: str, other: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as archive:
        for one in source.namelist():
            archive.writestr(one, other if one == name else source.read(one))
    return out.getvalue()


def test_other_files_are_refused_with_a_sentence():
    workbook = Path("tests/records/test_sheets.py").read_bytes()
    for content, said in (
        (b"", "The file is empty"),
        (workbook, "not known here"),
        (b"%PDF-1.7\n%%EOF", "This PDF is damaged"),
        (made()[:3000], "damaged or was cut off"),
    ):
        with pytest.raises(word.Unreadable, match=said):
            read(content, "")


def test_a_document_that_would_fill_the_machine_is_refused():
    bomb = with_body(p(r("x")), **{"word/media/image1.png": bytes(450 * 1024 * 1024)})
    long = with_body(p(r("x" * 41 * 1024 * 1024)))

    with pytest.raises(word.Unreadable, match="far larger than a document"):
        read(bomb)
    with pytest.raises(word.Unreadable, match="too long to be read here"):
        read(long)


def test_entities_that_multiply_are_not_opened():
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        f'<w:document xmlns:w="{NAMES["w"]}"><w:body>{p(r("&b;"))}</w:body></w:document>'
    )

    found = read(_with(made(), "word/document.xml", bomb.encode()))

    assert "aaa" not in found.html


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_broken_document_is_read_or_refused_and_nothing_else(data):
    content = made("<h1>a</h1><ul><li>b</li></ul><table><tr><td rowspan=2>c</td></tr></table>")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = data.draw(
            st.sampled_from(
                ["word/document.xml", "word/styles.xml", "word/numbering.xml", "_rels/.rels",
                 "word/_rels/document.xml.rels"]
            )
        )  # fmt: skip
        whole = archive.read(name)
    at = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(0, 60))
    other = whole[:at] + data.draw(st.binary(max_size=20)) + whole[at + length :]
    assume(other != whole)

    with contextlib.suppress(word.Unreadable):
        read(_with(content, name, other))
