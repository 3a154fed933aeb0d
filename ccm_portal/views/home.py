"""The first page: what the Convention is, how many States, the next dates, what is new."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from ccm_portal import feeds, words
from ccm_portal.asked import link, public, with_query
from ccm_portal.figures import figures
from records.models import Revision
from reporting import first
from reporting.models import Report
from states.words import colon

NEXT = 6
NEWEST = 5


@public
def home(request: HttpRequest) -> HttpResponse:
    """Figures, next dates and what was published last; speaks of today."""
    on = localdate()
    upcoming = [entry for entry in feeds.entries(on, explained=True) if not entry.cancelled]
    context = {
        "on": on,
        "figures": _figures(request, on),
        "upcoming": [
            {
                "day": words.day(entry.day),
                "iso": entry.day.isoformat(),
                "title": entry.title,
                "url": entry.url,
                "note": entry.description,
                "steps": entry.steps,
            }
            for entry in upcoming[:NEXT]
        ],
        "reports": _reports(),
        "praised": first.newest(on),
        "documents": _documents(request),
        "figures_url": link(request, "figures"),
        "calendar_url": link(request, "calendar"),
        "reports_url": link(request, "reports"),
    }
    return render(request, "home.html", context)


def _figures(request: HttpRequest, on: dt.date) -> list[dict[str, Any]]:
    return [
        {
            "number": each.value,
            "name": each.name,
            "url": with_query(request, each.url),
            "as_at": on,
        }
        for each in figures(on)
        if each.first
    ]


def _reports() -> list[dict[str, Any]]:
    newest = Report.objects.published().select_related("state").order_by("-published_on", "-pk")
    if not settings.DEMO:
        newest = newest.filter(state__demo=False)
    return [
        {
            "title": f"{colon(report.state.name(), report.get_kind_display())}, {report.year}",
            "url": report.get_absolute_url(),
            "day": words.day(report.published_on),
            "demo": report.state.demo,
        }
        for report in newest[:NEWEST]
    ]


def _documents(request: HttpRequest) -> list[dict[str, str]]:
    newest = (
        Revision.objects.filter(status=Revision.Status.ISSUED, document__audience="public")
        .select_related("document")
        .order_by(F("issued_at").desc(), "-pk")
    )
    if not settings.DEMO:
        newest = newest.exclude(document__state__demo=True)
    return [
        {
            "title": revision.title,
            "mark": str(revision.document),
            "url": link(request, "document", revision.document.reference),
            "day": words.day(localdate(revision.issued_at)),
            "language": revision.language,
        }
        for revision in newest[:NEWEST]
    ]
