"""Marks, statuses and notices: a shape and words, coloured by a tone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from records.models import Letter
from reporting.models import Report
from states import words

register = template.Library()

# Shapes say the same as the words beside them, for a reader who sees no colour. They are drawn
# in the page, because a background picture disappears in forced-colours mode.
SHAPES: Mapping[str, str] = {
    "full": '<circle cx="6" cy="6" r="5"/>',
    "half": '<circle cx="6" cy="6" r="5" fill="none" stroke-width="1.5"/>'
    '<path stroke="none" d="M1 6a5 5 0 0 0 10 0z"/>',
    "dot": '<circle cx="6" cy="6" r="5" fill="none" stroke-width="1.5"/>'
    '<circle cx="6" cy="6" r="1.75" stroke="none"/>',
    "ring": '<circle cx="6" cy="6" r="5" fill="none" stroke-width="1.5"/>',
    "struck": '<circle cx="6" cy="6" r="5" fill="none" stroke-width="1.5"/>'
    '<path d="M2.5 9.5l7-7" stroke-width="1.5"/>',
    "tick": '<path fill="none" stroke-width="2.25" d="M1 6.5l3.5 3.5 6.5-8"/>',
    "clock": '<circle cx="6" cy="6" r="5" fill="none" stroke-width="1.5"/>'
    '<path fill="none" stroke-width="1.5" d="M6 3v3.25l2.25 1.25"/>',
    "warning": '<path stroke="none" d="M6 .5l6 11H0z"/>',
    "pencil": '<path fill="none" stroke-width="1.5" d="M1.5 10.5l1-3 6-6 2 2-6 6z"/>',
    "square": '<path stroke="none" d="M1 1h10v10H1z"/>',
    "dash": '<path stroke-width="2" d="M1 6h10"/>',
    "question": '<circle cx="6" cy="6" r="5" fill="none" stroke-width="1.5"'
    ' stroke-dasharray="2 1.5"/>',
}
_DRAWN = {
    name: mark_safe(f'<svg class="shape" viewBox="0 0 12 12" aria-hidden="true">{path}</svg>')  # noqa: S308 - constants above
    for name, path in SHAPES.items()
}


def _drawn(
    said: Mapping[str, Any], drawn: Mapping[str, tuple[str, str]]
) -> dict[str, tuple[str, str, Any]]:
    """Each status with its tone and its shape, in the words that it has everywhere else."""
    return {key: (*drawn[key], capfirst(usual)) for key, usual in said.items()}


# What is said of a thing: its tone (the CSS class), its shape, its words.
STATUSES: Mapping[str, tuple[str, str, Any]] = {
    # of a State, as at a day (Articles 15 to 17 and 20)
    **_drawn(
        words.STATUSES,
        {
            "party": ("steady", "full"),
            "deposited": ("steady", "half"),
            "signatory": ("steady", "dot"),
            "not-party": ("quietly", "ring"),
            "withdrawn": ("quietly", "struck"),
        },
    ),
    # of a report
    **_drawn(
        dict(Report.Status.choices),
        {
            "draft": ("quietly", "pencil"),
            "handed-in": ("steady", "half"),
            "published": ("settled", "tick"),
        },
    ),
    # of a letter
    **_drawn(
        dict(Letter.Status.choices),
        {
            "held": ("soon", "clock"),
            "queued": ("quietly", "ring"),
            "sending": ("steady", "half"),
            "sent": ("settled", "tick"),
            "overtaken": ("quietly", "struck"),
            "failed": ("late", "warning"),
            "doubtful": ("soon", "question"),
        },
    ),
}
TONES: Mapping[str, str] = {
    "settled": "tick",
    "soon": "clock",
    "late": "warning",
    "steady": "full",
    "quietly": "ring",
    "unknown": "question",
    "plain": "",
}

LEVELS: Mapping[str, str] = {
    "debug": "steady",
    "info": "steady",
    "success": "settled",
    "warning": "soon",
    "error": "late",
}


@register.simple_tag
def shape(name: str) -> SafeString:
    """The drawn shape of that name, hidden from screen readers: a word always stands beside it."""
    return _DRAWN[name]


@register.simple_tag
def mark(tone: str, words: str) -> SafeString:
    """Words with the shape and colour of a tone: settled, soon, late, steady, quietly, unknown."""
    return _badge("quietly" if tone == "unknown" else tone, TONES[tone], str(words))


@register.simple_tag
def status(key: str, words: str = "") -> SafeString:
    """The badge of a status (a State's, a report's, a letter's); `words` replace the usual ones.

    Raises KeyError for a status nobody has drawn, so that a new status is noticed by its test.
    """
    tone, name, usual = STATUSES[key]
    return _badge(tone, name, str(words or usual))


# A list of 197 States repeats a handful of badges and some dozens of days; an uncached page spends
# most of its time in its template.
@lru_cache(maxsize=1024)
def _badge(tone: str, name: str, words: str) -> SafeString:
    return format_html(
        '<span class="mark {}">{}<span>{}</span></span>', tone, _DRAWN[name] if name else "", words
    )


@register.simple_block_tag
def notice(content: str, tone: str = "steady", title: str = "") -> SafeString:
    """A message in the text; tone: steady, settled, soon, late, or a level of Django's messages."""
    tone = LEVELS.get(tone, tone)
    if not title:
        return format_html('<div class="notice {}"><div>{}</div></div>', tone, content)
    return format_html(
        '<div class="notice {}"><p class="mark {}">{}<span>{}</span></p><div>{}</div></div>',
        tone,
        tone,
        _DRAWN[TONES[tone]],
        title,
        content,
    )
