"""The days to come as entries and as iCalendar feeds (RFC 5545): for all, and for one State."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from ccm_portal import words
from ccm_portal.contributions import CALENDAR
from ccm_portal.state_facts import what
from records.seams import CalendarEntry
from states.explanation import explain
from states.models import Deadline, State
from states.models.law import ObligationKind

REFRESH = dt.timedelta(hours=12)


def entries(
    on: dt.date, state: State | None = None, *, explained: bool = False
) -> list[CalendarEntry]:
    """Every day to come as at `on`, of all or of one State, in order; cancelled ones among them.

    `explained` adds to each deadline of one State the steps of its sum, in at most four queries.
    """
    found = list(_of_state(state, on) if state is not None else _of_all(on, explained=explained))
    for source in CALENDAR:
        found += source(on, state)
    return sorted(found, key=lambda entry: (entry.day, entry.kind, entry.title))


def _standing(on: dt.date) -> QuerySet[Deadline]:
    return (
        Deadline.objects.standing(on)
        .filter(due_on__gte=on)
        .select_related("obligation__state")
        .order_by("due_on", "obligation__kind", "obligation__state")
    )


def _of_state(state: State, on: dt.date) -> Iterable[CalendarEntry]:
    name = state.name(on)
    for row in _standing(on).filter(obligation__state=state):
        yield _entry(row, name, on)


def _of_all(on: dt.date, *, explained: bool) -> Iterable[CalendarEntry]:
    """An entry for each deadline of a State; the annual reports of all share a day and an entry."""
    annual: dict[tuple[dt.date, int], int] = {}
    listed = _standing(on).filter(obligation__state__demo=False)
    alone = []
    for row in listed.prefetch_related("obligation__state__former_names"):
        if row.year is not None:
            annual[row.due_on, row.year] = annual.get((row.due_on, row.year), 0) + 1
        else:
            alone.append(row)
    steps = explain(alone, on) if explained else {}
    for row in alone:
        entry = _entry(row, row.obligation.state.name(on), on)
        yield replace(entry, steps=tuple(steps.get(row.pk, ())))
    for (due_on, year), number in annual.items():
        yield CalendarEntry(
            uid=f"{ObligationKind.ART7_ANNUAL}-{year}@{settings.SITE_HOST}",
            day=due_on,
            title=_("Annual transparency reports for %(year)s") % {"year": year},
            url=reverse("states"),
            kind=ObligationKind.ART7_ANNUAL,
            description=ngettext(
                "Article 7, paragraph 2: %(number)d State Party",
                "Article 7, paragraph 2: %(number)d States Parties",
                number,
            )
            % {"number": number},
            updated_at=dt.datetime(year, 1, 1, tzinfo=dt.UTC),
        )


def _entry(row: Any, name: str, on: dt.date) -> CalendarEntry:
    obligation = row.obligation
    parts = [obligation.kind, obligation.state_id, obligation.clause, str(row.year or "")]
    if obligation.reopens_id:
        parts.append(obligation.known_on.isoformat())
    fulfilled = obligation.fulfilled_on is not None and obligation.fulfilled_on <= on
    note = _("Article %(clause)s") % {"clause": obligation.clause}
    if row.may_have_moved:
        note = f"{note}. {_('Later decisions are not recorded here.')}"
    return CalendarEntry(
        uid=f"{slugify('-'.join(filter(None, parts)))}@{settings.SITE_HOST}",
        day=row.due_on,
        title=f"{name}: {what(row)}",
        url=reverse("state", args=[obligation.state_id]),
        state=obligation.state,
        kind=obligation.kind,
        description=note,
        updated_at=dt.datetime.combine(row.stands_from, dt.time(), dt.UTC),
        # An extension moves the same entry; what was fulfilled is called off rather than lost.
        sequence=row.position + fulfilled,
        cancelled=fulfilled,
    )


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
    event.add("url", f"{settings.SITE_URL}{entry.url}?lang={language}")
    event.add("categories", [str(words.CATEGORIES.get(entry.kind, entry.kind or _("Meeting")))])
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
