"""Where the words of a search stand in a text: marked, with as much around them as is read."""

from collections.abc import Sequence

from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from states.words import fold

AROUND = 90
LONGEST = 260


def marked(text: str, words: Sequence[str]) -> SafeString:
    """The text with each of the folded words marked, whatever its accents and capitals are."""
    return _html(text, _places(text, words))


def snippet(text: str, words: Sequence[str]) -> SafeString:
    """The part of a text around the first of the folded words, all of them marked."""
    places = _places(text, words)
    start = max(0, places[0][0] - AROUND) if places else 0
    if start:
        # A word that is cut reads as another word.
        start = text.find(" ", start, places[0][0]) + 1 or start
    end = start + LONGEST
    if end < len(text):
        end = max(text.rfind(" ", start, end), places[0][1] if places else 0, start + AROUND)
    part = text[start:end]
    inside = [(a - start, b - start) for a, b in places if start <= a and b <= end]
    before = "… " if start else ""
    after = " …" if end < len(text) else ""
    return mark_safe(f"{before}{_html(part, inside)}{after}")  # noqa: S308 -- escaped by _html


def between(text: str, opens: str, closes: str) -> SafeString:
    """The text with what stands between the two signs marked, and the signs gone."""
    first, *others = text.split(opens)
    parts = [(conditional_escape(first),)]
    for other in others:
        inside, _sign, after = other.partition(closes)
        parts.append((_mark(inside) + conditional_escape(after),))
    return format_html_join("", "{}", parts)


def _mark(text: str) -> SafeString:
    return mark_safe(f"<mark>{conditional_escape(text)}</mark>")  # noqa: S308 -- escaped here


def _places(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words stand, in order, none of them over another."""
    letters: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text):
        for each in fold(letter):
            letters.append(each)
            origin.append(place)
    flat = "".join(letters)
    found = []
    for word in words:
        # Scripts without capitals have words that stand within others, or no space between them.
        within = word[0].upper() == word[0].lower() and not word[0].isdigit()
        place = flat.find(word)
        while place >= 0:
            if within or not place or not flat[place - 1].isalnum():
                found.append((origin[place], origin[place + len(word) - 1] + 1))
            place = flat.find(word, place + len(word))
    places: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda each: (each[0], -each[1])):
        if not places or start >= places[-1][1]:
            places.append((start, end))
    return places


def _html(text: str, places: Sequence[tuple[int, int]]) -> SafeString:
    parts, last = [], 0
    for start, end in places:
        parts.append((conditional_escape(text[last:start]),))
        parts.append((_mark(text[start:end]),))
        last = end
    parts.append((conditional_escape(text[last:]),))
    return format_html_join("", "{}", parts)
