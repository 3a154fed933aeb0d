"""The two-page profile of a State as PDF, made from the records; a day gives the same bytes."""

import datetime as dt
import hashlib
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ccm_portal import life, words
from ccm_portal.state_facts import StateFacts
from records import paper
from states.explanation import Step
from states.words import partial

GENEVA = ZoneInfo("Europe/Zurich")
KEPT = 24 * 3600
# With more the explanations follow at once, or two pages would become three.
LINES_OF_A_PAGE = 11


def make(facts: StateFacts, treaty: list[dict[str, Any]], language: str) -> bytes:
    """The PDF of the State's profile as at its day, in a language of the portal.

    It is a print of what the records say, not a document with a number of its own: its reference
    is the State and the day. Making one takes about a second, so each is kept for a day by the
    hash of what it says and of how it looks.
    """
    language = language if language in dict(settings.LANGUAGES) else "en"
    with translation.override(language):
        sheet = paper.Paper(
            family=paper.Family.SECRETARIAT,
            reference=f"PROFILE-{facts.state.pk}-{facts.on.isoformat()}",
            title=_("Country profile: %(state)s") % {"state": facts.name},
            language=language,
            body=_body(facts, treaty),
            dated_on=facts.on,
            version=_("As at %(day)s") % {"day": words.day(facts.on)},
            demonstration=facts.state.demo,
            printed_from=settings.SITE_URL
            + reverse("state", args=[facts.state.pk])
            + f"?as_at={facts.on.isoformat()}",
        )
        text = paper.freeze(sheet)
        said = f"{paper.page(sheet, text)}{paper.look()}"
        key = "profile:" + hashlib.sha256(said.encode()).hexdigest()
        made: bytes | None = cache.get(key)
        if made is None:
            issued_at = dt.datetime.combine(facts.on, dt.time(12), GENEVA)
            made = paper.typeset(sheet, text, issued_at=issued_at, site=settings.SITE_URL).content
            cache.set(key, made, KEPT)
    return made


def _body(facts: StateFacts, treaty: list[dict[str, Any]]) -> SafeString:
    shared = _shared(facts)
    context = {
        "facts": facts,
        "shared": shared,
        "explained": any(duty.deadlines for duty in facts.duties),
        "treaty": treaty,
        "duties": [
            {
                "duty": duty,
                "deadlines": [
                    {
                        "what": shown.what,
                        "due": words.day(shown.due_on),
                        "said": " ".join(part for part in (shown.words, shown.note) if part),
                        "steps": [step for step in shown.steps if step not in shared],
                    }
                    for shown in duty.deadlines
                ],
                "events": [
                    {
                        "day": partial(event.happened) if event.happened else "–",
                        "text": life.happening(event),
                        "decided_at": event.decided_at,
                    }
                    for event in duty.events
                ],
            }
            for duty in facts.duties
        ],
        "facts_fill_a_page": _lines(facts) > LINES_OF_A_PAGE,
        "years": _years(facts),
        "sources": _sources(facts),
        "site": settings.SITE_URL,
    }
    html = render_to_string("ccm_portal/profile.html", context)
    return mark_safe(html)  # noqa: S308 -- the template escapes every value


def _lines(facts: StateFacts) -> int:
    """About how many lines of a page the obligations and contacts take, heads included."""
    duties = sum(3 + len(duty.deadlines) + len(duty.events) for duty in facts.duties)
    return duties + 2 * len(facts.contacts)


def _shared(facts: StateFacts) -> list[Step]:
    """The steps with which every sum begins, deposit and entry into force: printed once."""
    sums = [shown.steps for duty in facts.duties for shown in duty.deadlines]
    return [step for step in sums[0] if all(step in each for each in sums)] if sums[1:] else []


def _years(facts: StateFacts) -> str:
    """The calendar years of the published annual reports: "2012, 2013, 2015"."""
    return ", ".join(str(report["year"]) for report in facts.reports if report["kind"] != "initial")


def _sources(facts: StateFacts) -> list[str]:
    """Each source once, in the order in which it is met."""
    named = [action.source for action in facts.actions]
    for duty in facts.duties:
        named += [shown.row.source for shown in duty.deadlines]
        named += [event.source for event in duty.events]
    return list(dict.fromkeys(source for source in named if source))
