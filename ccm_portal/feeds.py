"""The days to come as entries and as iCalendar feeds (RFC 5545): for all, and for one State."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from ccm_portal import words
from ccm_portal.contributions import CALENDAR
from records.seams import CalendarEntry
from states.models import State

REFRESH = dt.timedelta(hours=12)


def entries(
    on: dt.date, state: State | None = None, *, explained: bool = False
) -> list[CalendarEntry]:
    """Every day to come as at `on`, of all or of one State, in order; cancelled ones among them.

    `explained` asks for the steps by which each day was found.
    """
    found = [entry for source in CALENDAR for entry in source(on, state, explained=explained)]
    return sorted(found, key=lambda entry: (entry.day, entry.kind, entry.title))


def calendar(found: Iterable[CalendarEntry], *, name: str, on: dt.date, key: str) -> HttpResponse:
    """The entries as a feed in the reader's language; the same entries give the same bytes.

    `key` names the feed in its file name. DTSTAMP is the day of the decision that gave the day,
    never the clock's, so that a feed that says the same can be kept.
    """
    feed = Calendar()
    feed.add("prodid", f"-//ISU CCM//CCM Portal//{(get_language() or 'en')[:2].upper()}")
    feed.add("version", "2.0")
    feed.add("calscale", "GREGORIAN")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", name)
    feed.add("x-wr-caldesc", _("As at %(day)s") % {"day": words.day(on)})
    feed.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    feed.add("x-published-ttl", "PT12H")
    for entry in found:
        feed.add_component(_event(entry))
    response = HttpResponse(feed.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{slugify(key)}.ics"'
    return response


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    demo = entry.state is not None and entry.state.demo
    language = (get_language() or "en")[:2]
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.updated_at or dt.datetime.combine(entry.day, dt.time(), dt.UTC))
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.day)
    event.add("dtend", (entry.until or entry.day) + dt.timedelta(days=1))
    title = _("[fictional] %(title)s") % {"title": entry.title} if demo else entry.title
    event.add("summary", title, parameters={"LANGUAGE": language})
    if entry.description:
        event.add("description", entry.description)
    fragment = f"#{entry.place}" if entry.place else ""
    event.add("url", f"{settings.SITE_URL}{entry.url}?lang={language}{fragment}")
    event.add("categories", [str(words.CATEGORIES.get(entry.kind, entry.kind or _("Meeting")))])
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
