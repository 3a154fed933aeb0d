"""Official paper: three families, frozen text, what the pages print about themselves."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import page as checker
import pypdfium2
import pytest
from django.utils.safestring import mark_safe

from records import paper, pdf
from records.text import text_sha256

ISSUED = datetime(2027, 4, 30, 22, 30, tzinfo=UTC)


def a_paper(**changes: object) -> paper.Paper:
    plain = paper.Paper(
        family=paper.Family.SECRETARIAT,
        reference="ISU-2027-014",
        title="Status of contributions",
        language="en",
        body=mark_safe("<h2>Introduction</h2><p>Ten States have contributed.</p>"),
        dated_on=date(2027, 4, 30),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


STATE = {
    "family": paper.Family.STATE,
    "reference": "A7-2026-LAO-01",
    "title": "Article 7 report for 2026",
    "submitted_by": "Lao People’s Democratic Republic",
    "original_language": "en",
}
SESSION = {
    "family": paper.Family.SESSION,
    "reference": "MS-2027-003",
    "title": "Progress report",
    "submitted_by": "the President",
    "meeting": "Fourteenth Meeting of States Parties",
    "venue": "Geneva, 10–13 September 2027",
    "agenda_item": "10(k)",
    "agenda_title": "Review of the status and operation of the Convention",
}


def pages_of(result: pdf.Pdf) -> list[str]:
    return [
        " ".join(each.get_textpage().get_text_bounded().split())
        for each in pypdfium2.PdfDocument(result.content)
    ]


@pytest.mark.parametrize("changes", [{}, STATE, SESSION], ids=["secretariat", "state", "session"])
@pytest.mark.parametrize("language", ["en", "fr", "es", "ru", "ar", "zh"])
@pytest.mark.parametrize("issued_at", [ISSUED, None], ids=["issued", "draft"])
def test_every_family_passes_both_profiles_in_every_language(
    changes: dict[str, object], language: str, issued_at: datetime | None
) -> None:
    one = a_paper(**changes, language=language) if changes else a_paper(language=language)

    result = paper.typeset(one, paper.freeze(one), issued_at=issued_at)

    assert result.remarks == ()
    for profile in (
        checker.ValidationProfile.PDF_A_3A,
        checker.ValidationProfile.PDF_UA_1,
    ):
        report = checker.validate_pdf_bytes(result.content, profile=profile)
        assert report.is_compliant, [each.message for each in report.failures]


def test_reference_hash_and_page_are_printed_in_the_foot_of_each_page() -> None:
    long = mark_safe("<h2>Text</h2>" + "<p>Ten States have contributed.</p>" * 90)
    one = a_paper(body=long)
    text = paper.freeze(one)

    result = paper.typeset(one, text, issued_at=ISSUED)

    assert result.pages >= 3
    for number, words in enumerate(pages_of(result), start=1):
        assert "ISU-2027-014" in words
        assert text.sha256 in words
        assert f"Page {number} of {result.pages}" in words


def test_the_printed_hash_is_the_hash_of_what_is_printed() -> None:
    one = a_paper(**STATE)
    text = paper.freeze(one)

    result = paper.typeset(one, text, issued_at=ISSUED)

    assert result.text_sha256 == text.sha256 == text_sha256(text.html)


def test_what_was_frozen_is_printed_even_when_the_paper_has_changed_since() -> None:
    text = paper.freeze(a_paper())

    result = paper.typeset(
        a_paper(body=mark_safe("<p>Nobody has contributed.</p>")),
        text,
        issued_at=ISSUED,
    )

    assert "Ten States have contributed." in pages_of(result)[0]
    assert "Nobody" not in pages_of(result)[0]


def test_the_day_of_issue_is_the_day_in_geneva() -> None:
    one = a_paper()

    result = paper.typeset(one, paper.freeze(one), issued_at=ISSUED)

    assert "ISU-2027-014 · 1 May 2027" in pages_of(result)[0]


def test_a_preview_says_draft_on_every_page_and_an_issued_paper_does_not() -> None:
    one = a_paper(body=mark_safe("<p>Ten States have contributed.</p>" * 90))
    text = paper.freeze(one)

    preview = paper.typeset(one, text)
    issued = paper.typeset(one, text, issued_at=ISSUED)

    assert all("Draft" in words for words in pages_of(preview))
    assert not any("draft" in words.lower() for words in pages_of(issued))
    assert preview.text_sha256 == issued.text_sha256


def test_a_state_is_the_author_of_its_paper() -> None:
    one = a_paper(**STATE)

    words = pages_of(paper.typeset(one, paper.freeze(one), issued_at=ISSUED))[0]

    assert "As submitted by Lao People’s Democratic Republic on 30 April 2027" in words
    assert "The State is the author of this paper." in words
    assert "Original: English" in words


def test_a_session_paper_has_no_symbol_until_one_is_assigned() -> None:
    manuscript = a_paper(**SESSION)
    assigned = a_paper(**SESSION, symbol="CCM/MSP/2027/5")

    before = pages_of(paper.typeset(manuscript, paper.freeze(manuscript), issued_at=ISSUED))[0]
    after = pages_of(paper.typeset(assigned, paper.freeze(assigned), issued_at=ISSUED))[0]

    assert "Manuscript, symbol to be assigned" in before
    assert "CCM/MSP" not in before
    assert "CCM/MSP/2027/5" in after
    assert "symbol to be assigned" not in after
    assert "Agenda item 10(k) Review of the status" in after


def test_a_fictional_state_is_marked_on_its_paper() -> None:
    one = a_paper(**STATE, demonstration=True)

    words = pages_of(paper.typeset(one, paper.freeze(one), issued_at=ISSUED))[0]

    assert "Demonstration: this paper speaks of a fictional State." in words


def test_a_title_is_text_and_never_markup() -> None:
    one = a_paper(title="Use <script>alert(1)</script> & more")

    text = paper.freeze(one)

    assert "<script>" not in text.html
    assert "&lt;script&gt;" in text.html


def test_arabic_paper_runs_from_right_to_left() -> None:
    one = a_paper(language="ar", title="تقرير مرحلي", body=mark_safe("<p>الاتفاقية</p>"))

    html = paper.page(one, paper.freeze(one), issued_at=ISSUED)

    assert re.search(r'<html lang="ar" dir="rtl">', html)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "30 April 2027"),
        ("fr", "30 avril 2027"),
        ("es", "30 de abril de 2027"),
        ("ru", "30 апреля 2027 г."),
        ("zh", "2027年4月30日"),
    ],
)
def test_a_day_is_written_in_words(language: str, words: str) -> None:
    assert paper.in_words(date(2027, 4, 30), language) == words


def test_the_first_of_a_month_is_an_ordinal_in_french() -> None:
    assert paper.in_words(date(2026, 12, 1), "fr") == "1er décembre 2026"
