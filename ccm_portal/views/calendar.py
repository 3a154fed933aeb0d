"""The days to come, by month, and the feeds that carry them."""

import datetime as dt
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ccm_portal import feeds, tables, words
from ccm_portal.asked import as_at, kept, public
from ccm_portal.views.state import webcal
from records.seams import CalendarEntry


@public
def calendar(request: HttpRequest) -> HttpResponse:
    """The page."""
    on = as_at(request)
    found = [entry for entry in feeds.entries(on, explained=True) if not entry.cancelled]
    query = kept(request)
    feed = reverse("calendar-ics") + kept(request, lang=request.LANGUAGE_CODE)
    context = {
        "on": on,
        "today": localdate(),
        "months": _months(found, query),
        "ics_url": feed,
        "webcal_url": webcal(feed),
        "states_url": reverse("states") + query,
        "downloads": [
            {"href": feed, "label": mark_safe("<bdi>.ics</bdi>"), "type": "text/calendar"},
            *tables.downloads(request, reverse("calendar")),
        ],
        "robots": "noindex" if "as_at" in request.GET else "",
    }
    return render(request, "ccm_portal/calendar.html", context)


def _months(found: list[CalendarEntry], query: str) -> list[dict[str, Any]]:
    return [
        {
            "title": date_format(dt.date(year, month, 1), pgettext("a month of a year", "F Y")),
            "slug": f"m{year}-{month:02}",
            "entries": [_line(entry, query) for entry in entries],
        }
        for (year, month), entries in groupby(
            found, lambda entry: (entry.day.year, entry.day.month)
        )
    ]


def _line(entry: CalendarEntry, query: str) -> dict[str, Any]:
    shown = words.day(entry.day)
    if entry.until and entry.until != entry.day:
        shown = _("%(first)s to %(last)s") % {"first": shown, "last": words.day(entry.until)}
    return {
        "iso": entry.day.isoformat(),
        "day": shown,
        "title": entry.title,
        "url": entry.url + query,
        "note": entry.description,
        "steps": entry.steps,
        "demo": entry.state is not None and entry.state.demo,
    }


@public
def calendar_ics(request: HttpRequest) -> HttpResponse:
    """All days to come as one feed."""
    on = as_at(request)
    name = _("Convention on Cluster Munitions")
    return feeds.calendar(feeds.entries(on), name=name, on=on, key="ccm")


@public
def calendar_table(request: HttpRequest, form: str) -> HttpResponse:
    """The same days as data."""
    on = as_at(request)
    table = tables.Table(
        name="calendar",
        title=_("Convention on Cluster Munitions: days to come"),
        as_at=on,
        columns=[
            tables.Column("day", _("Day")),
            tables.Column("until", _("Until")),
            tables.Column("title", _("What")),
            tables.Column("kind", _("Kind")),
            tables.Column("state", _("State")),
            tables.Column("note", _("Note")),
            tables.Column("demo", _("Fictional")),
        ],
        rows=[
            {
                "day": entry.day,
                "until": entry.until,
                "title": entry.title,
                "kind": str(entry.kind),
                "state": entry.state.pk if entry.state else "",
                "note": entry.description,
                "demo": entry.state is not None and entry.state.demo,
            }
            for entry in feeds.entries(on)
            if not entry.cancelled
        ],
    )
    return tables.answer(table, form)
