"""What stands on an official page besides its text: the head by family, the reference, the hash.

Three families (documents.md, section 0), one pipeline: `freeze` gives the text that is stored for
ever and its hash, `typeset` prints exactly that text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from importlib.metadata import version

from django.template.loader import render_to_string
from django.utils import dateformat, timezone, translation
from django.utils.formats import get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from records import pdf
from records.text import text_sha256

TEMPLATE = "records/official.html"
STYLE = "paper.css"


class Family(StrEnum):
    """Who speaks: each has its own head, `templates/records/paper/<family>.html`."""

    SECRETARIAT = "secretariat"
    STATE = "state"
    SESSION = "session"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """An official paper before it is set.

    `body` is clean HTML whose headings begin at `<h2>`. `reference` is ours, `symbol` the United
    Nations' and empty until UNODA has assigned it. `submitted_by` is the State of a State's paper,
    the President or coordinators otherwise. `meeting`, `venue` ("Geneva, 10–13 September 2024") and
    the agenda item belong to session papers. `demonstration` marks a fictional State's paper.
    A State's paper that was not `submitted` yet says so.
    `printed_from` is the address of the page of which the paper is a print: it is not issued, and
    bears no hash, since nothing is kept that could be verified.
    """

    family: Family
    reference: str
    title: str
    language: str
    body: SafeString
    dated_on: date
    symbol: str = ""
    submitted_by: str = ""
    original_language: str = ""
    version: str = ""
    meeting: str = ""
    venue: str = ""
    agenda_item: str = ""
    agenda_title: str = ""
    demonstration: bool = False
    printed_from: str = ""
    submitted: bool = True

    @property
    def mark(self) -> str:
        """The name that a reader quotes: the symbol where there is one, else our reference."""
        return self.symbol or self.reference


@dataclass(frozen=True)
class Frozen:
    """The text as issued: `html` of head and body, and the SHA-256 of its words."""

    html: SafeString
    sha256: str


def freeze(paper: Paper) -> Frozen:
    """Return the text of the paper in its own language, ready to be stored beside its PDF."""
    with translation.override(_known(paper.language)):
        html = render_to_string(f"{TEMPLATE}#text", _context(paper))
    # The template escapes, and the body was cleaned when it was saved.
    return Frozen(mark_safe(html.strip()), text_sha256(html))  # noqa: S308


def page(paper: Paper, text: Frozen, *, issued_at: datetime | None = None) -> str:
    """Return the whole page around a frozen text; without `issued_at` it is marked as a draft."""
    context = _context(paper) | {
        "text": text.html,
        "style": f"{pdf.SCHEME}{STYLE}",
        "text_sha256": text.sha256,
        "draft": issued_at is None,
    }
    with translation.override(_known(paper.language)):
        if issued_at is not None:
            context["issued_on"] = in_words(timezone.localdate(issued_at), paper.language)
        context["pages"] = format_html(
            # Translators: the foot of a page, such as "Page 3 of 12".
            _("Page {page} of {pages}"),
            page=mark_safe('<bdi class="n"></bdi>'),
            pages=mark_safe('<bdi class="m"></bdi>'),
        )
        return render_to_string(TEMPLATE, context)


def typeset(
    paper: Paper,
    text: Frozen,
    *,
    issued_at: datetime | None = None,
    site: str = "",
    enclosures: tuple[pdf.Enclosure, ...] = (),
) -> pdf.Pdf:
    """Return the PDF of a frozen text; without `issued_at` (aware) a preview marked as a draft."""
    return pdf.make(
        page(paper, text, issued_at=issued_at),
        identifier=paper.mark,
        title=paper.title,
        language=paper.language,
        issued_at=issued_at,
        site=site,
        enclosures=enclosures,
    )


def look() -> str:
    """What besides its page decides how a paper looks, for the keys under which one is kept.

    The style sheet and the version of the typesetter, in one word.
    """
    return f"{pdf.style_sha256(STYLE)}-{version('weasyprint')}"


def in_words(day: date, language: str) -> str:
    """Return a day in words in a language: "30 April 2027", never a form with slashes."""
    language = _known(language)
    with translation.override(language):
        if language == "fr" and day.day == 1:
            return "1er " + dateformat.format(day, "F Y")
        # Django's own English is American.
        form = "j F Y" if language.startswith("en") else get_format("DATE_FORMAT", language)
        return dateformat.format(day, form)


def _known(language: str) -> str:
    """Return the name under which Django knows a language: it has no plain Chinese."""
    return "zh-hans" if language == "zh" else language


def _context(paper: Paper) -> dict[str, object]:
    with translation.override(_known(paper.language)):
        author = {
            Family.SECRETARIAT: _("Implementation Support Unit"),
            Family.STATE: paper.submitted_by,
            Family.SESSION: paper.submitted_by or _("Implementation Support Unit"),
        }[paper.family]
        original = ""
        if paper.original_language:
            name = translation.get_language_info(_known(paper.original_language))["name_translated"]
            # Only English writes the names of languages with a capital.
            name = name if paper.language.startswith("en") else name.lower()
            original = _("Original: {language}").format(language=name)
        return {
            "paper": paper,
            "mark": paper.mark,
            "masthead": f"records/paper/{paper.family}.html",
            "direction": "rtl"
            if translation.get_language_info(_known(paper.language))["bidi"]
            else "ltr",
            "author": author,
            "original": original,
            "dated_on": in_words(paper.dated_on, paper.language),
            "issued_on": "",
            "text": "",
            "text_sha256": "",
            "draft": False,
            "pages": "",
        }
