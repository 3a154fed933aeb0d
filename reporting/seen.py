"""What a page of a draft has shown: the draft, each of its forms, and what unchanged forms hold."""

from __future__ import annotations

import datetime as dt

from reporting import doubts
from reporting.models import Report
from states.models import User

# Beside the forms, whose keys are words without these signs.
DRAFT_ITSELF, VERSION, SOURCES = "", "version=", "unchanged="


def stands_as(report: Report) -> dict[str, str]:
    """When the draft and each form were last saved; which version it is; what unchanged names.

    A form that is unchanged gets, at hand-in, the answers of the report that it names: a new
    version of that report changes what would be handed in.
    """
    found = {DRAFT_ITSELF: report.touched_at.isoformat()}
    for form, at in report.forms.order_by("form").values_list("form", "touched_at"):
        found[form] = at.isoformat()
    if report.number > 1:
        found[VERSION] = str(report.number)
    if sources := doubts.sources_of_unchanged(report):
        found[SOURCES] = ", ".join(f"{form}: {ref}" for form, ref in sorted(sources.items()))
    return found


def token(report: Report) -> str:
    """The state of the draft in one word, for a page to bring back."""
    known = stands_as(report)
    first = known.pop(DRAFT_ITSELF)
    return "|".join([first, *(f"{key}={at}" for key, at in sorted(known.items()))])


def is_what(report: Report, seen: str) -> bool:
    """Whether a page that brings back `seen` shows all of the draft as it stands.

    One that brings nothing back shows only a draft in which nothing was saved yet.
    """
    stands = token(report)
    return seen == stands or (not seen and stands == report.drafted_at.isoformat())


def last_save(report: Report) -> tuple[User | None, dt.datetime]:
    """Who saved something of the draft last, a form included, and when."""
    newest = report.forms.select_related("touched_by").order_by("-touched_at", "-pk").first()
    if newest is not None and newest.touched_at > report.touched_at:
        return newest.touched_by, newest.touched_at
    return report.touched_by, report.touched_at
