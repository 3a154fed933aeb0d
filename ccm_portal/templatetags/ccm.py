"""Turns what views know into the portal's components: marks, days in words, deadlines, forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import forms, template
from django.conf import settings
from django.core.paginator import Page
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language, get_language_info, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from states.deadlines import PartialDate, Precision
from states.words import day as in_words
from states.words import partial
from states.words import weekday as with_weekday

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

# What is said of a thing: its tone (the CSS class), its shape, its words.
STATUSES: Mapping[str, tuple[str, str, Any]] = {
    # of a State, as at a day (Articles 15 to 17 and 20)
    "party": ("steady", "full", lazy("State Party")),
    "deposited": ("steady", "half", lazy("Deposited, not yet in force")),
    "signatory": ("steady", "dot", lazy("Signatory")),
    "not-party": ("quietly", "ring", lazy("Not party")),
    "withdrawn": ("quietly", "struck", lazy("Withdrawn")),
    # of a report
    "draft": ("quietly", "pencil", lazy("Draft")),
    "handed-in": ("steady", "half", lazy("Handed in")),
    "published": ("settled", "tick", lazy("Published")),
    # of a letter
    "held": ("soon", "clock", lazy("Held")),
    "queued": ("quietly", "ring", lazy("Queued")),
    "sending": ("steady", "half", lazy("Sending")),
    "sent": ("settled", "tick", lazy("Sent")),
    "overtaken": ("quietly", "struck", lazy("Overtaken")),
    "failed": ("late", "warning", lazy("Failed")),
    "doubtful": ("soon", "question", lazy("Doubtful")),
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
def weekday(value: date | None) -> str:
    """A day with its weekday, where someone must act: "Friday, 30 April 2027"."""
    return with_weekday(value) if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """A moment on Geneva's clock, for a sentence that names it: "30 April 2027, 14:05"."""
    if value is None:
        return ""
    there = localtime(value)
    return f"{day(there.date())}, {there:%H:%M}"


@register.filter
def left(value: date, on: date) -> str:
    """The days from `on` to `value` in words: "in 161 days", "today", "12 days ago"."""
    days = (value - on).days
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
) -> dict[str, Any]:
    """A deadline: the day large, days left, and "Why this date?" with the sum as steps.

    A past day is called neither late nor past unless the caller says so by tone or words: what is
    not known is not late, and public pages do not assert it. `act` adds the weekday.
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
        "note": note,
        "act": act,
        "tag": f"h{level}",
    }


@register.inclusion_tag("components/steps.html", takes_context=True)
def steps(context: template.Context, steps: Sequence[Any]) -> dict[str, Any]:
    """The acts open on an object as buttons; see the component for the shape of a step."""
    return {"steps": steps, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/field.html")
def field(field: forms.BoundField) -> dict[str, Any]:
    """One question of a form: label, help, errors, widget, in this order."""
    widget = field.field.widget
    return {
        "field": field,
        "is_tick": isinstance(widget, forms.CheckboxInput),
        "is_group": widget.use_fieldset,
    }


@register.inclusion_tag("components/errors.html")
def errors(
    *given: forms.BaseForm | forms.BaseFormSet | list[forms.BaseForm] | None,
) -> dict[str, Any]:
    """What must be mended, first on the page, each sentence a link to its field."""
    found: list[dict[str, str]] = []
    for form in _flat(given):
        if not form.is_bound:
            continue
        found += [{"text": str(text), "id": "", "label": ""} for text in form.non_field_errors()]
        for bound in form:
            found += [
                {"text": str(text), "id": _target(bound), "label": str(bound.label)}
                for text in bound.errors
            ]
    return {"found": found}


def _flat(
    given: Iterable[forms.BaseForm | forms.BaseFormSet | list[forms.BaseForm] | None],
) -> Iterable[forms.BaseForm]:
    for one in given:
        if isinstance(one, forms.BaseFormSet):
            yield from one.forms
        elif isinstance(one, list):
            yield from one
        elif one is not None:
            yield one


def _target(bound: forms.BoundField) -> str:
    # A group has no field of its own name: its first choice is where an answer is given.
    return f"{bound.auto_id}_0" if bound.field.widget.use_fieldset else str(bound.auto_id)


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


@register.simple_block_tag
def scroll(content: str, labelledby: str) -> SafeString:
    """A table too wide for a telephone: a region that is focused and scrolled, named by an id."""
    return format_html(
        '<div class="scroll" role="region" tabindex="0" aria-labelledby="{}">{}</div>',
        labelledby,
        content,
    )


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page) -> dict[str, Any]:
    """Earlier and later pages of a list; keeps the rest of the address."""
    return {
        "page": page,
        "earlier": address(context, page=page.previous_page_number())
        if page.has_previous()
        else "",
        "later": address(context, page=page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("components/as_at.html", takes_context=True)
def as_at_bar(context: template.Context, as_at: date, today: date) -> dict[str, Any]:
    """The day for which a page speaks, and a form to choose another."""
    return {
        "as_at": as_at,
        "today": today,
        "kept": _kept(context, without={"as_at", "page"}),
        "back": address(context, as_at=None),
    }


@register.inclusion_tag("components/list_head.html", takes_context=True)
def list_head(
    context: template.Context,
    title: str,
    count: str,
    search: str | None = None,
    search_label: str = "",
    filters: Sequence[Any] = (),
    sort: Any = None,
    active: Sequence[Any] = (),
    downloads: Sequence[Any] = (),
) -> dict[str, Any]:
    """The head of a list: title, count, search, filters, order, downloads; see the component."""
    asked = {"q", "page", *(_get(one, "name") for one in (*filters, *((sort,) if sort else ())))}
    return {
        "title": title,
        "count": count,
        "search": search,
        "search_label": search_label,
        "filters": filters,
        "sort": sort,
        "active": active,
        "downloads": downloads,
        "kept": _kept(context, without=asked),
    }


def _get(one: Any, name: str) -> Any:
    return one[name] if isinstance(one, Mapping) else getattr(one, name)


def _kept(context: template.Context, without: set[str]) -> list[tuple[str, str]]:
    request = context.get("request")
    return [
        (name, value)
        for name, values in (request.GET.lists() if request else ())
        if name not in without
        for value in values
    ]


@register.simple_tag(takes_context=True)
def address(context: template.Context, **changes: object) -> str:
    """This page's own address with some parameters changed; None takes one away.

    Works without a request too, since the error pages may have none.
    """
    request = context.get("request")
    if request is None:
        return "?"
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else request.path


@register.simple_tag(takes_context=True)
def carried(context: template.Context, href: str) -> str:
    """An address of ours with the language that the reader chose, which no cookie remembers."""
    asked = context.get("language_asked")
    if not asked:
        return href
    return f"{href}{'&' if '?' in href else '?'}{urlencode({'lang': asked})}"


@register.simple_tag(takes_context=True)
def nav(context: template.Context, href: str, words: str) -> SafeString:
    """One entry of a menu; the one we are in says so."""
    request = context.get("request")
    path = request.path if request else ""
    current = ""
    if path == href:
        current = mark_safe(' aria-current="page"')
    elif href != "/" and path.startswith(href.rstrip("/") + "/"):
        current = mark_safe(' aria-current="true"')
    return format_html('<li><a href="{}"{}>{}</a></li>', carried(context, href), current, words)


@register.inclusion_tag("components/languages.html", takes_context=True)
def languages(context: template.Context) -> dict[str, Any]:
    """The page in the portal's other languages, as plain links: a cached page has no form token."""
    now = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    offered = []
    for code, _name in settings.LANGUAGES:
        short = code.split("-")[0]
        offered.append(
            {
                "code": code,
                "name": get_language_info(code)["name_local"].capitalize(),
                "href": address(context, lang=code),
                "current": short == now,
            }
        )
    return {"offered": offered}
