"""The words of a page and their hash: form does not count, words do."""

from __future__ import annotations

import hashlib

import pytest

from records.text import text_sha256, words


def test_the_hash_is_that_of_the_normalised_words() -> None:
    html = "<head><title>T</title></head><main><h1>One</h1><p>two <b>th</b>ree&nbsp;é</p></main>"

    digest = text_sha256(html)

    assert digest == hashlib.sha256("One two three é".encode()).hexdigest()


@pytest.mark.parametrize(
    "other",
    [
        "<p>Cafe\u0301 and  tea</p>",
        "<main><p>Café and tea</p></main><footer>not this</footer>",
        "<style>p{}</style><p class='x'>Café&#32;and\n<em>tea</em></p><!-- not this -->",
        "<table><tr><td>Café and</td><td>tea</td></tr></table>",
    ],
)
def test_form_does_not_change_the_hash(other: str) -> None:
    assert text_sha256(other) == text_sha256("<p>Café and tea</p>")


@pytest.mark.parametrize(
    "other", ["<p>Café and te a</p>", "<p>café and tea</p>", "<p>Café tea</p>"]
)
def test_a_changed_word_changes_the_hash(other: str) -> None:
    assert text_sha256(other) != text_sha256("<p>Café and tea</p>")


def test_a_page_and_the_part_frozen_from_it_have_the_same_words() -> None:
    part = "<header><h1>Report</h1></header><p>One.</p>"

    whole = f"<html><head><title>x</title></head><body><p>head</p><main>{part}</main></body></html>"

    assert words(whole) == words(part) == "Report One."
