"""The PDF door: both profiles at once, words that can be read back, nothing fetched, same bytes."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import page
import pikepdf
import pypdfium2
import pytest
from PIL import Image
from weasyprint import HTML
from weasyprint.pdf import tags

from records import pdf

ISSUED = datetime(2027, 4, 30, 12, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]

# One sentence of or about the Convention in each official language of the United Nations.
SIX_LANGUAGES = {
    "ar": "تحظر هذه الاتفاقية استعمال الذخائر العنقودية وتخزينها وإنتاجها ونقلها",
    "zh": "集束弹药公约禁止使用储存生产和转让集束弹药",
    "en": "Each State Party undertakes never under any circumstances to use cluster munitions",
    "fr": "Chaque État partie s’engage à ne jamais employer d’armes à sous-munitions",
    "ru": "Каждое государство-участник обязуется никогда не применять кассетные боеприпасы",
    "es": "Cada Estado Parte se compromete a nunca emplear municiones en racimo, señaló México",
}


def whole(body: str, *, language: str = "en", title: str = "A paper") -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><title>{title}</title>'
        f'<link rel="stylesheet" href="static:paper.css"></head><body>{body}</body></html>'
    )


def made(body: str, **options: object) -> pdf.Pdf:
    given = {
        "identifier": "ISU-2027-001",
        "title": "A paper",
        "language": "en",
    } | options
    return pdf.make(whole(body, language=str(given["language"])), **given)  # type: ignore[arg-type]


def words_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "\n".join(each.get_textpage().get_text_bounded() for each in document)


def complaints(content: bytes) -> list[str]:
    return [
        f"{profile.name}: {failure.rule_id} {failure.message}"
        for profile in (
            page.ValidationProfile.PDF_A_3A,
            page.ValidationProfile.PDF_UA_1,
        )
        for failure in page.validate_pdf_bytes(content, profile=profile).failures
    ]


def picture() -> str:
    stream = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(stream, "PNG")
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()


def everything() -> str:
    rows = "".join(
        f'<tr><th scope="row">Area {n}</th><td>{n * 12}</td><td>Clearance</td></tr>'
        for n in range(1, 121)
    )
    languages = "".join(
        f'<p lang="{tag}"{" dir=rtl" if tag == "ar" else ""}>{sentence}</p>'
        for tag, sentence in SIX_LANGUAGES.items()
    )
    return f"""
      <div class="running-head"><p>ISU-2027-001</p><p>A paper</p></div>
      <div class="running-foot"><p class="print">ISU-2027-001</p>
        <p class="pages"><bdi class="n"></bdi> | of <bdi class="m"></bdi></p></div>
      <main>
        <h1>A paper</h1>
        <p>See <a href="https://www.clusterconvention.org/">the Convention</a> and
           <a href="#areas">the areas</a>.</p>
        <h2>Lists</h2>
        <ul><li>stockpiles<ul><li>destroyed</li></ul></li><li>areas</li></ul>
        <ol><li>first</li><li>second</li></ol>
        <dl><dt>Submunition</dt><dd>A conventional munition.</dd></dl>
        <h2 id="areas">Areas</h2>
        <table><caption>Areas cleared</caption>
          <thead><tr><th scope="col">Area</th><th scope="col">Size, m²</th>
            <th scope="col">Method</th></tr></thead>
          <tbody>{rows}</tbody></table>
        <figure><img src="{picture()}" alt="A grey ramp"><figcaption>Figure 1</figcaption></figure>
        <h2>Languages</h2>{languages}
        <section lang="ar" dir="rtl"><h3>الاتفاقية</h3><ul><li>المخزونات</li></ul>
          <table><thead><tr><th scope="col">المنطقة</th></tr></thead>
            <tbody><tr><td>شمال</td></tr></tbody></table></section>
      </main>"""


@pytest.fixture(scope="module")
def rich() -> pdf.Pdf:
    return made(everything(), issued_at=ISSUED)


# --- One file, two profiles -----------------------------------------------------------------------


def test_a_document_with_everything_is_pdf_a_3a_and_pdf_ua_1(rich: pdf.Pdf) -> None:
    assert complaints(rich.content) == []
    assert rich.remarks == ()


def test_the_checker_is_not_blind() -> None:
    plain = HTML(string=whole("<h1>A</h1><h3>C</h3>")).write_pdf(font_config=pdf.fonts())

    assert len(complaints(plain)) >= 3


def test_a_stream_that_ends_in_a_carriage_return_is_not_found_too_short() -> None:
    for number in range(500):
        content = made(f"<main><h1>Number {number}</h1></main>").content
        if b"\r\rendstream" in content:
            break
    else:
        pytest.fail("no document had such a stream: about three in a hundred should")

    assert complaints(content) == []
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert opened.check_pdf_syntax() == []


def test_the_metadata_name_both_standards_in_the_clear(rich: pdf.Pdf) -> None:
    assert b"<pdfuaid:part>1</pdfuaid:part>" in rich.content
    assert re.search(rb'pdfaid:part="3"', rich.content)
    assert re.search(rb'pdfaid:conformance="A"', rich.content)
    assert b"<dc:identifier>ISU-2027-001</dc:identifier>" in rich.content


def test_a_reference_with_signs_of_its_own_does_not_break_the_metadata() -> None:
    result = made("<main><h1>A</h1></main>", identifier="A<B&C", title="“Quotes” & <signs>")

    assert complaints(result.content) == []
    with pikepdf.open(io.BytesIO(result.content)) as opened:
        assert str(opened.docinfo["/Title"]) == "“Quotes” & <signs>"
        assert opened.open_metadata()["dc:identifier"] == "A<B&C"


def test_each_part_of_the_text_carries_its_own_language(rich: pdf.Pdf) -> None:
    with pikepdf.open(io.BytesIO(rich.content)) as opened:
        found = {
            str(item["/Lang"])
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary)
            and item.get("/Type") == "/StructElem"
            and "/Lang" in item
        }
        document_language = str(opened.Root["/Lang"])

    assert found >= set(SIX_LANGUAGES)
    assert document_language == "en"


def test_the_library_is_left_as_it_was_found() -> None:
    before = tags._build_box_tree

    made("<main><h1 lang='fr'>Bonjour</h1></main>")

    assert tags._build_box_tree is before


def test_the_head_of_a_table_is_repeated_on_each_of_its_pages(rich: pdf.Pdf) -> None:
    pages = [each.get_textpage().get_text_bounded() for each in pypdfium2.PdfDocument(rich.content)]
    with_rows = [text for text in pages if re.search(r"Area \d+", text)]

    assert len(with_rows) >= 3
    assert all("Size, m²" in text for text in with_rows)


def test_every_page_says_which_it_is_of_how_many(rich: pdf.Pdf) -> None:
    for number, each in enumerate(pypdfium2.PdfDocument(rich.content), start=1):
        text = " ".join(each.get_textpage().get_text_bounded().split())

        assert f"{number} | of {rich.pages}" in text


def test_an_enclosure_travels_inside_the_archived_file() -> None:
    table = pdf.Enclosure("areas.csv", b"area,size\r\n1,12\r\n", "The data of table 1", "Data")

    result = made("<main><h1>A</h1></main>", issued_at=ISSUED, enclosures=[table])

    assert complaints(result.content) == []
    with pikepdf.open(io.BytesIO(result.content)) as opened:
        assert opened.attachments["areas.csv"].get_file().read_bytes() == table.content


def test_pictures_are_not_smoothed(rich: pdf.Pdf) -> None:
    with pikepdf.open(io.BytesIO(rich.content)) as opened:
        pictures = [
            item
            for item in opened.objects
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"
        ]

        assert pictures
        assert not any(bool(item.get("/Interpolate", False)) for item in pictures)


# --- Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", SIX_LANGUAGES)
def test_words_are_read_back_exactly(language: str) -> None:
    sentence = SIX_LANGUAGES[language]
    direction = "rtl" if language == "ar" else "ltr"

    result = made(
        f"<main dir='{direction}'><h1>{sentence}</h1><p>{sentence}</p></main>",
        language=language,
    )

    for reader in (words_of, poppler):
        text = reader(result.content)
        # The order of the words is the logical one, from right to left too; lines may break.
        assert "".join(text.split()).count(sentence.replace(" ", "")) == 2, text
        for word in sentence.split():
            assert text.count(word) >= 2, f"{word} is not read back by {reader.__name__}: {text}"


def poppler(content: bytes) -> str:
    """Read with the second reader where it is installed; the first one always reads."""
    try:
        done = subprocess.run(
            ["pdftotext", "-", "-"], input=content, capture_output=True, check=True
        )
    except FileNotFoundError:
        return words_of(content)
    # pdftotext wraps right-to-left words in marks of direction.
    return re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", done.stdout.decode())


def test_no_letter_is_left_without_a_font(rich: pdf.Pdf) -> None:
    with pikepdf.open(io.BytesIO(rich.content)) as opened:
        families = {
            str(item["/FontName"])
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        }

    assert families
    assert all("Noto" in name for name in families), families


# --- The same input gives the same bytes ----------------------------------------------------------

IN_ANOTHER_PROCESS = """
import hashlib, sys, django
django.setup()
from tests.records.test_pdf import everything, made, ISSUED
from records.pdf import Enclosure
result = made(everything(), issued_at=ISSUED, enclosures=[Enclosure("a.csv", b"1", "one")])
print(hashlib.sha256(result.content).hexdigest())
"""


def run_elsewhere(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_two_processes_give_the_same_bytes() -> None:
    enclosures = [pdf.Enclosure("a.csv", b"1", "one")]

    here = made(everything(), issued_at=ISSUED, enclosures=enclosures).sha256
    # Where names are hashed otherwise, and the clock shows another hour.
    there = run_elsewhere(IN_ANOTHER_PROCESS, PYTHONHASHSEED="2", TZ="Asia/Vientiane")

    assert here == there


def test_a_second_document_does_not_depend_on_what_was_made_before() -> None:
    first = made("<main><h1>One</h1></main>", issued_at=ISSUED)
    made(everything(), issued_at=ISSUED)
    again = made("<main><h1>One</h1></main>", issued_at=ISSUED)

    assert first.content == again.content
    assert first.sha256 == hashlib.sha256(again.content).hexdigest()


def test_another_day_of_issue_gives_another_file() -> None:
    first = made("<main><h1>One</h1></main>", issued_at=ISSUED)
    other = made("<main><h1>One</h1></main>", issued_at=datetime(2027, 5, 1, tzinfo=UTC))

    assert first.sha256 != other.sha256
    assert first.text_sha256 == other.text_sha256


def test_many_threads_give_the_same_bytes() -> None:
    results: list[bytes] = []

    def work() -> None:
        results.append(made("<main><h1 lang='fr'>Un</h1></main>", issued_at=ISSUED).content)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(results) == 4
    assert len(set(results)) == 1


def test_a_machine_without_the_fast_subsetter_is_only_slower() -> None:
    slow = """
import django
django.setup()
import weasyprint.pdf.fonts
weasyprint.pdf.fonts.harfbuzz_subset = None
from tests.records.test_pdf import complaints, made, words_of
result = made("<main><h1>Convention</h1><p lang='ar' dir='rtl'>الاتفاقية</p></main>")
assert complaints(result.content) == [], complaints(result.content)
assert "الاتفاقية" in words_of(result.content)
print(result.pages)
"""
    assert run_elsewhere(slow) == "1"


# --- Nothing is fetched ---------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent: the list of what was asked is the record."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listener.server_port}", asked
    listener.shutdown()
    thread.join()
    listener.server_close()


@pytest.mark.parametrize(
    "body",
    [
        "<img src='{there}/a.png' alt='a'>",
        "<link rel='stylesheet' href='{there}/a.css'>",
        "<style>@import url({there}/a.css);</style>",
        "<style>@font-face {{ font-family: x; src: url({there}/a.woff2) }}</style><p>x</p>",
        "<p style='background: url({there}/a.png)'>x</p>",
        "<object data='{there}/a.svg'>x</object>",
        "<embed src='{there}/a.svg'>",
        "<p><a rel='attachment' href='{there}/a.txt'>a</a></p>",
        "<svg viewBox='0 0 9 9'><title>t</title><image href='{there}/a.png' width='9'/></svg>",
    ],
)
def test_a_page_that_asks_for_the_network_is_refused_and_nothing_is_asked(
    server: tuple[str, list[str]], body: str
) -> None:
    there, asked = server

    with pytest.raises(pdf.NotPrintable, match=r"asks for “http://127\.0\.0\.1"):
        made(f"<main><h1>A</h1>{body.format(there=there)}</main>")

    assert asked == []


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "static:../manage.py",
        "static:%2e%2e/manage.py",
        "static:/etc/hostname",
        "static:nothing-of-this-name.png",
        "STATIC:paper.css",
        "ftp://127.0.0.1/a.png",
        "picture.png",
        "/static/paper.css",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:text/html,x",
    ],
)
def test_only_own_static_files_and_inline_pictures_may_be_used(address: str) -> None:
    with pytest.raises(pdf.NotPrintable, match="asks for"):
        made(f"<main><h1>A</h1><img src='{address}' alt='a'></main>")


def test_a_page_cannot_enclose_files_by_itself(server: tuple[str, list[str]]) -> None:
    there, asked = server

    with pytest.raises(pdf.NotPrintable, match="travels as an enclosure"):
        made(f"<main><h1>A</h1></main><link rel='attachment' href='{there}/a.txt'>")

    assert asked == []


def test_a_link_is_printed_but_not_followed(server: tuple[str, list[str]]) -> None:
    there, asked = server

    result = made(f"<main><h1>A</h1><p><a href='{there}/a'>there</a></p></main>")

    assert asked == []
    assert f"{there}/a".encode() in uncompressed(result.content)


def test_a_relative_link_is_printed_with_the_address_of_the_site() -> None:
    result = made(
        "<main><h1>A</h1><p><a href='/states/LAO/'>Lao PDR</a></p></main>",
        site="https://portal.example/",
    )

    assert b"https://portal.example/states/LAO/" in uncompressed(result.content)


def uncompressed(content: bytes) -> bytes:
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as opened:
        opened.save(
            stream,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return stream.getvalue()


# --- What is refused, and what is remarked --------------------------------------------------------


def test_a_document_without_a_title_is_refused() -> None:
    with pytest.raises(pdf.NotPrintable, match="has no title"):
        made("<main><h1>A</h1></main>", title=" ")


def test_a_page_in_another_language_than_its_record_is_refused() -> None:
    with pytest.raises(pdf.NotPrintable, match="is to be in “fr”, but its page says lang=“en”"):
        pdf.make(whole("<h1>A</h1>"), identifier="A", title="A", language="fr")


def test_a_day_of_issue_without_a_time_zone_is_refused() -> None:
    with pytest.raises(pdf.NotPrintable, match="no time zone"):
        made("<main><h1>A</h1></main>", issued_at=datetime(2027, 4, 30))


def test_a_picture_without_a_description_is_remarked() -> None:
    result = made(f"<main><h1>A</h1><img src='{picture()}'></main>")

    assert any("alt" in remark for remark in result.remarks)
