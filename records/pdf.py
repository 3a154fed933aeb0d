"""Turns a finished HTML page into one PDF, both PDF/A-3a and PDF/UA-1: the one door to WeasyPrint.

Nothing is fetched, the same input gives the same bytes in any process, and every part of the text
keeps its language. WeasyPrint is imported inside functions, so that a web process that never makes
a PDF never pays for it.
"""
# ruff: noqa: PLC0415 - late on purpose, see above

from __future__ import annotations

import atexit
import functools
import hashlib
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import bidirectional
from urllib.parse import unquote
from xml.sax.saxutils import escape

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.utils.translation import gettext as _

from records.text import text_sha256

if TYPE_CHECKING:
    import pydyf
    from weasyprint import Document
    from weasyprint.text.fonts import FontConfiguration

VARIANT = "pdf/a-3a"
SCHEME = "static:"
INLINE_IMAGES = ("data:image/png;base64,", "data:image/jpeg;base64,")
MEDIA_TYPES = {
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}
# The day the Convention entered into force: the date of an enclosure whose document has none, since
# the clock would give other bytes each time.
UNDATED = datetime(2010, 8, 1, tzinfo=UTC)


class NotPrintable(ValueError):
    """The page cannot become an official PDF; the message says what is wrong and where."""


@dataclass(frozen=True)
class Enclosure:
    """A file carried inside the PDF (PDF/A-3, ISO 19005-3 part 6.8), such as the data of a table.

    `relationship` is one of Source, Data, Alternative, Supplement, Unspecified.
    """

    name: str
    content: bytes
    description: str
    relationship: str = "Supplement"


@dataclass(frozen=True)
class Pdf:
    """A made PDF: its bytes, the hash of the text it prints, its length and what was amiss.

    `text_sha256` is `records.text.text_sha256()` of the page; `sha256` is the file's own; both 64
    hexadecimal digits. `remarks` are sentences of the typesetter about what it could not do as
    asked (an image without an alternative text, a missing anchor); empty for a sound document.
    """

    content: bytes
    text_sha256: str
    pages: int
    remarks: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file."""
        return hashlib.sha256(self.content).hexdigest()


def make(
    html: str,
    *,
    identifier: str,
    title: str,
    language: str,
    issued_at: datetime | None = None,
    enclosures: Sequence[Enclosure] = (),
    site: str = "",
) -> Pdf:
    """Return the PDF of a whole HTML page.

    `identifier` is our reference or the symbol; with `issued_at` (aware; None for a draft) it takes
    the place of clock and chance, so equal input gives equal bytes. `language` is the BCP 47 tag
    that the page's own `<html lang>` must carry. `site` ("https://…") makes relative links
    absolute; images and style sheets are named `static:path` and come from our static files only;
    PNG and JPEG may stand in the page as `data:`. Raises NotPrintable.
    """
    if issued_at is not None and issued_at.tzinfo is None:
        raise NotPrintable(_("The day of issue of “%s” has no time zone.") % identifier)
    if not title.strip():
        raise NotPrintable(_("“%s” has no title: an archived document must have one.") % identifier)
    digest = text_sha256(html)

    from weasyprint import HTML, Attachment
    from weasyprint.urls import FatalURLFetchingError

    moment = (issued_at or UNDATED).astimezone(UTC).replace(microsecond=0)
    # Pango's font map is shared and not safe for two threads at once; the work holds the
    # interpreter's lock anyway, so waiting costs nothing. Speed comes from processes.
    with _one_at_a_time, _collected_remarks() as remarks, _language_of_parts():
        fetcher = _fetcher()
        fetcher.refused.clear()
        try:
            source = HTML(string=html, base_url=site or SCHEME, url_fetcher=fetcher)
            _check_language(source, language, identifier)
            _give_directions(source)
            document = source.render(
                font_config=fonts(),
                pdf_variant=VARIANT,
                color_profiles={"srgb": _colours()},
            )
            _describe(document, identifier, title, digest, issued_at)
            if document.metadata.attachments:
                raise NotPrintable(
                    _("A file travels as an enclosure, not as <link rel=attachment>.")
                )
            document.metadata.attachments = [
                Attachment(
                    file_obj=BytesIO(each.content),
                    name=each.name,
                    description=each.description,
                    relationship=each.relationship,
                    created=moment,
                    modified=moment,
                    url_fetcher=fetcher,
                )
                for each in enclosures
            ]
            content = document.write_pdf(
                finisher=functools.partial(_also_accessible, identifier),
                pdf_variant=VARIANT,
                pdf_identifier=hashlib.sha256(identifier.encode()).hexdigest()[:32].encode(),
                # The profile given above; for "srgb" WeasyPrint opens its own and leaves it open.
                output_intent="given",
            )
        except FatalURLFetchingError:
            raise _outside(fetcher.refused) from None
        if fetcher.refused:
            raise _outside(fetcher.refused)
    return Pdf(_with_clear_ends(content), digest, len(document.pages), tuple(remarks))


def style_sha256(path: str) -> str:
    """Return the hash of a style sheet of our static files, as `static:path` gives it."""
    found = _static_path(f"{SCHEME}{path}")
    assert found is not None, path
    return hashlib.sha256(found.read_bytes()).hexdigest()


# --- What every document shares -------------------------------------------------------------------

_one_at_a_time = threading.RLock()


@functools.cache
def fonts() -> FontConfiguration:
    """Return the process's one font configuration: a fresh one per document is 2.8 times slower."""
    from weasyprint.text.fonts import FontConfiguration

    # It tidies up after itself with functions that are gone when the interpreter ends.
    atexit.register(fonts.cache_clear)
    return FontConfiguration()


@functools.cache
def _fetcher() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):
        """Answers for our static files and for images that the page itself carries."""

        def __init__(self) -> None:
            super().__init__()
            self.refused: list[str] = []

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url.startswith(INLINE_IMAGES):
                return super().fetch(url, headers)
            path = _static_path(url)
            if path is None:
                # WeasyPrint swallows ordinary errors and leaves a hole in the page; only this one
                # stops it, and inside an SVG not even this one: hence the list.
                self.refused.append(url if len(url) <= 80 else f"{url[:80]}…")
                raise FatalURLFetchingError(url)
            return URLFetcherResponse(
                url,
                path.read_bytes(),
                {"Content-Type": MEDIA_TYPES[path.suffix.lower()]},
            )

    return OwnFilesOnly()


def _static_path(url: str) -> Path | None:
    """Return the file behind `static:path`, or None for anything that is not ours to give."""
    if not url.startswith(SCHEME):
        return None
    try:
        found = finders.find(unquote(url.removeprefix(SCHEME)))
    except SuspiciousFileOperation:
        return None
    path = Path(found) if isinstance(found, str) else None
    return path if path and path.suffix.lower() in MEDIA_TYPES and path.is_file() else None


def _check_language(source: Any, language: str, identifier: str) -> None:
    found = source.etree_element.get("lang", "")
    if found.lower() != language.lower():
        raise NotPrintable(
            _("“%(identifier)s” is to be in “%(language)s”, but its page says lang=“%(found)s”.")
            % {"identifier": identifier, "language": language, "found": found}
        )


def _give_directions(source: Any) -> None:
    """Do what WeasyPrint does not do for `dir="auto"`: the first letter that has one gives it.

    Of the languages that papers are written in only Arabic runs from right to left, so a part
    that does and names no language is Arabic to whoever has it read aloud.
    """
    for element in source.etree_element.iter():
        if element.get("dir") != "auto":
            continue
        text = "".join(element.itertext())
        side = next((way for sign in text if (way := STRONG.get(bidirectional(sign)))), "ltr")
        element.set("dir", side)
        if side == "rtl" and "lang" not in element.attrib:
            element.set("lang", "ar")


def _outside(refused: Sequence[str]) -> NotPrintable:
    return NotPrintable(
        _(
            "The document asks for “%s”. Only the portal’s own files (static:…) and PNG or JPEG"
            " images inside the page may be used."
        )
        % refused[0]
    )


def _colours() -> Any:
    from weasyprint.css import ColorProfile

    profile = resources.files("weasyprint.pdf") / "sRGB2014.icc"
    return ColorProfile(
        BytesIO(profile.read_bytes()),
        "sRGB2014.icc",
        "relative-colorimetric",
        ("r", "g", "b"),
    )


def _describe(
    document: Document,
    identifier: str,
    title: str,
    digest: str,
    issued_at: datetime | None,
) -> None:
    document.metadata.title = title
    document.metadata.keywords = [identifier, f"text-sha256:{digest}"]
    if issued_at is not None:
        stamp = issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        document.metadata.created = document.metadata.modified = stamp


def _with_clear_ends(content: bytes) -> bytes:
    """End each stream whose last byte is a carriage return with another one, not a line feed.

    WeasyPrint writes a line feed before "endstream"; after such a byte the two read as one end of
    line, and a checker finds the stream a byte short: 3 documents in 100. All three forms of an end
    of line are allowed (ISO 32000-1, 7.2.3), and no offset moves.
    """
    return content.replace(b"\r\nendstream", b"\r\rendstream")


@contextmanager
def _collected_remarks() -> Iterator[list[str]]:
    """Collect what WeasyPrint would only log; it logs where a person would want to be told."""
    remarks: list[str] = []
    mine = threading.get_ident()

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == mine:
                remarks.append(record.getMessage())

    logger = logging.getLogger("weasyprint")
    collector = Collector(level=logging.WARNING)
    logger.addHandler(collector)
    try:
        yield remarks
    finally:
        logger.removeHandler(collector)


@contextmanager
def _language_of_parts() -> Iterator[None]:
    """Let each structure element carry the `lang` of its HTML element (PDF/UA-1, 7.2).

    WeasyPrint 70 writes the language on the document only, and when a finisher is called nothing
    ties a structure element to its box any more. So the function that makes them is wrapped while
    one document is written, under our lock, and put back: no other user of the library meets it.
    """
    import pydyf
    from weasyprint.pdf import tags

    plain = tags._build_box_tree

    def with_language(box: Any, *rest: Any) -> Iterator[Any]:
        html = getattr(box, "_box", box).element
        language = None if html is None else html.get("lang")
        if language is None:
            return plain(box, *rest)
        return speaking(language, plain(box, *rest))

    def speaking(language: str, elements: Iterator[Any]) -> Iterator[Any]:
        for element in elements:
            element.setdefault("Lang", pydyf.String(language))
            yield element

    tags._build_box_tree = with_language
    try:
        yield
    finally:
        tags._build_box_tree = plain


# --- The second identifier ------------------------------------------------------------------------

# ISO 19005-3, 6.6.2.3: a property outside the predefined schemas needs its schema beside it.
ACCESSIBLE = """\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 followed</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property>\
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">\
<dc:identifier>{identifier}</dc:identifier></rdf:Description>
"""


def _also_accessible(identifier: str, document: Document, pdf: pydyf.PDF) -> None:
    """Say PDF/UA-1 beside PDF/A-3a in the metadata, uncompressed so that any tool can read it."""
    import pydyf

    number = int(pdf.catalog["Metadata"].split()[0])
    packet = b"".join(pdf.objects[number].stream)
    head, closing, tail = packet.rpartition(b"</rdf:RDF>")
    addition = ACCESSIBLE.format(identifier=escape(identifier)).encode()
    metadata = pydyf.Stream(
        [head + addition + closing + tail], {"Type": "/Metadata", "Subtype": "/XML"}
    )
    metadata.number, metadata.generation = number, pdf.objects[number].generation
    pdf.objects[number] = metadata
