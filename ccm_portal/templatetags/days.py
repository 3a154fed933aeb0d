"""Days, times and sizes in words, and the deadline with its sum."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ccm_portal.templatetags.marks import TONES
from ccm_portal.words import size as size_in_words
from states.deadlines import PartialDate, Precision
from states.words import colon as with_colon
from states.words import day as in_words
from states.words import moment as clock_in_words
from states.words import partial
from states.words import weekday as with_weekday

register = template.Library()

COUNTED_IN_YEARS = 2


@register.filter
def day(value: date | datetime | str | None) -> str:
    """A day in words, "30 April 2027"; a partial day as it was published ("2023-06": June 2023)."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = localdate(value)  # the day in Geneva
    if isinstance(value, str):
        found = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", value)
        if not found:
            return value
        year, month, number = (int(part) if part else 0 for part in found.groups())
        if not month:
            return str(year)
        if not number:
            return partial(PartialDate(date(year, month, 1), Precision.MONTH))
        value = date(year, month, number)
    return _day(value, get_language())


@lru_cache(maxsize=4096)
def _day(value: date, _language: str | None) -> str:
    return in_words(value)


@register.filter
def size(value: int) -> str:
    """How large a file is: "212 kB"."""
    return size_in_words(value)


@register.filter
def weekday(value: date | None) -> str:
    """A day with its weekday, where someone must act: "Friday, 30 April 2027"."""
    return with_weekday(value) if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """A moment on Geneva's clock, for a sentence that names it: "30 April 2027, 14:05"."""
    return clock_in_words(value) if value is not None else ""


@register.simple_tag
def colon(head: object, rest: object = "") -> SafeString:
    """A name and what is said of it, as the language writes it: "Iraq: clearance"."""
    return format_html(with_colon("{}", "{}"), head, rest)


@register.filter
def left(value: date, on: date) -> str:
    """The days from `on` to `value` in words: "in 161 days", "today", "12 days ago".

    From two years on nobody counts in days: "in more than 3 years".
    """
    days = (value - on).days
    early, late = sorted((value, on))
    years = late.year - early.year - ((late.month, late.day) <= (early.month, early.day))
    if years >= COUNTED_IN_YEARS:
        if days > 0:
            return ngettext(
                "in more than %(years)d year", "in more than %(years)d years", years
            ) % {"years": years}
        return ngettext("more than %(years)d year ago", "more than %(years)d years ago", years) % {
            "years": years
        }
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days > 0:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}


@register.simple_tag
def moment(value: datetime, with_local: bool = True) -> SafeString:
    """A time on Geneva's clock, named; local-time.js adds the reader's own beside it."""
    there = localtime(value)
    return format_html(
        '<time datetime="{}"{}>{}</time>',
        there.isoformat(timespec="minutes"),
        mark_safe(" data-local") if with_local else "",
        _("%(day)s, %(time)s in Geneva")
        % {"day": day(there.date()), "time": there.strftime("%H:%M")},
    )


@register.inclusion_tag("components/deadline.html")
def deadline(
    what: str,
    due_on: date,
    as_at: date,
    tone: str = "plain",
    words: str = "",
    steps: Sequence[Any] = (),
    note: str = "",
    act: bool = False,
    level: int = 3,
    place: str = "",
) -> dict[str, Any]:
    """A deadline: the day large, days left, and "Why this date?" with the sum as steps.

    A past day is called neither late nor past unless the caller says so by tone or words: what is
    not known is not late, and public pages do not assert it. `act` adds the weekday; `place` names
    the sum within the page.
    """
    if not words and due_on >= as_at and tone != "settled":
        words = left(due_on, as_at)
    return {
        "what": what,
        "due_on": due_on,
        "tone": tone,
        "shape_name": TONES[tone],
        "words": words,
        "steps": steps,
        "place": place,
        "note": note,
        "act": act,
        "tag": f"h{level}",
    }
