"""Ways through the portal: addresses that keep what was asked, heads of lists, menus, pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info

register = template.Library()


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
    page, mark, place = href.partition("#")
    return f"{page}{'&' if '?' in page else '?'}{urlencode({'lang': asked})}{mark}{place}"


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
