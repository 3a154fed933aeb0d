"""One State as at a day: page, data, calendar feed and two-page profile."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ccm_portal import feeds, life, profile, state_facts, words
from ccm_portal.asked import as_at, kept, link, public, reader
from ccm_portal.contributions import STATE_SECTIONS
from ccm_portal.state_facts import StateFacts
from records.seams import Section
from reporting import first
from states.explanation import in_words
from states.models import State, TreatyAction
from states.public_pages import tells_of_all, tells_only_of
from states.standing import INSTRUMENTS, WITHDRAWAL
from states.words import partial


def _found(request: HttpRequest, iso3: str) -> State | HttpResponse:
    """The State, or the answer to give instead: the right address, or a helpful 404."""
    if iso3 != iso3.upper():
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        path = request.path.replace(f"/{iso3}", f"/{iso3.upper()}", 1)
        return HttpResponseRedirect(f"{path}{query}", status=301)
    try:
        state = state_facts.find(iso3, as_at(request))
    except State.DoesNotExist:
        state = None
    if state is None or (state.demo and not settings.DEMO):
        if request.path.endswith("/"):
            context = {"iso3": iso3, "states_url": link(request, "states")}
            return render(request, "ccm_portal/no_state.html", context, status=404)
        raise Http404
    tells_only_of(request, state.pk)
    return state


@public
def state(request: HttpRequest, iso3: str) -> HttpResponse:
    """The page."""
    found = _found(request, iso3)
    if isinstance(found, HttpResponse):
        return found
    on, today = as_at(request), localdate()
    facts = state_facts.gather(found, on, contacts=on == today)
    query = kept(request)
    feed = reverse("state-ics", args=[iso3]) + kept(request, lang=request.LANGUAGE_CODE)
    context = {
        "facts": facts,
        "on": on,
        "today": today,
        "is_demo": found.demo,
        "since": _since(facts),
        "status_key": str(facts.standing.status),
        "treaty": treaty_facts(facts),
        "line": life.line(facts),
        "duties": [
            {"duty": duty, "happenings": [_happening(event) for event in duty.events]}
            for duty in facts.duties
        ],
        "sections": _sections(request, found, on),
        "contacts": facts.contacts,
        "former": found.name(today) if found.name(today) != facts.name else "",
        "states_url": reverse("states") + query,
        "profile_url": reverse("state-profile", args=[iso3]) + query,
        "json_url": reverse("state-json", args=[iso3]) + query,
        "ics_url": feed,
        "webcal_url": webcal(feed),
        "robots": "noindex" if "as_at" in request.GET else "",
    }
    return render(request, "ccm_portal/state.html", context)


def webcal(path: str) -> str:
    """The address under which a calendar program subscribes to a feed."""
    return "webcal://" + settings.SITE_URL.partition("://")[2] + path


def _since(facts: StateFacts) -> str:
    """What the status says with its day: "since 1 August 2010"."""
    standing = facts.standing
    said = {
        "party": (_("since %(day)s"), standing.in_force_on),
        "deposited": (_("enters into force on %(day)s"), standing.in_force_on),
        "signatory": (_("signed on %(day)s"), standing.signed_on),
        "withdrawn": (_("withdrawal in effect since %(day)s"), standing.left_on),
    }
    text, day = said.get(standing.status, ("", None))
    return text % {"day": words.day(day)} if day else ""


def treaty_facts(facts: StateFacts) -> list[dict[str, Any]]:
    """Its treaty actions and what belongs to it, as named facts with their sources."""
    listed: list[dict[str, Any]] = []
    for action in facts.actions:
        source = " · ".join(part for part in (action.notification, action.source) if part)
        listed.append(
            {"term": life.deed(action), "text": words.day(action.done_on), "source": source}
        )
        if action.takes_effect_on is None:
            continue
        ahead = action.takes_effect_on > facts.on
        if action.kind in INSTRUMENTS:
            term = _("Enters into force") if ahead else _("Entry into force")
            rule = _("Article 17")
        elif action.kind == WITHDRAWAL:
            term, rule = _("Withdrawal takes effect"), _("Article 20")
        else:
            continue
        note = action.effect_reason or rule
        listed.append({"term": term, "text": words.day(action.takes_effect_on), "note": note})
    state = facts.state
    listed.append({"term": _("Regional group"), "text": state.get_regional_group_display()})
    return [
        *listed,
        {"term": _("Code"), "text": f"{state.iso3}, {state.iso2}, {state.m49}".strip(", ")},
    ]


def _happening(event: Any) -> dict[str, Any]:
    return {
        "day": partial(event.happened) if event.happened else "",
        "text": life.happening(event),
        "decided_at": event.decided_at,
        "source": event.source,
        "confidence": event.get_confidence_display(),
    }


def _sections(request: HttpRequest, state: State, on: Any) -> list[dict[str, Any]]:
    person = reader(request)
    found = [section for source in STATE_SECTIONS for section in source(state, person, on)]
    compared, firsts = first.of_state(state, on)
    if compared:
        # Another State's report may have come before: its publication changes this page too.
        tells_of_all(request)
    if firsts:
        context = {"firsts": firsts}
        title = _("Among the first to report")
        found.append(Section("first", title, "reporting/was_first.html", context, 39))
    return [
        {
            "slug": section.slug,
            "title": section.title,
            "html": render_to_string(section.template, section.context, request),
        }
        for section in sorted(found, key=lambda section: section.position)
    ]


@public
def state_json(request: HttpRequest, iso3: str) -> HttpResponse:
    """The same facts as data."""
    found = _found(request, iso3)
    if isinstance(found, HttpResponse):
        return found
    on = as_at(request)
    facts = state_facts.gather(found, on)
    standing = facts.standing
    body = {
        "as_at": on,
        "iso3": found.iso3,
        "iso2": found.iso2,
        "m49": found.m49,
        "name": facts.name,
        "demo": found.demo,
        "status": standing.status,
        "signed_on": standing.signed_on,
        "deposited_on": standing.deposited_on,
        "instrument": standing.instrument,
        "in_force_on": standing.in_force_on,
        "left_on": standing.left_on,
        "regional_group": found.regional_group,
        "actions": [_action(action) for action in facts.actions],
        "deadlines": [
            {
                "kind": shown.row.obligation.kind,
                "article": shown.row.obligation.clause,
                "year": shown.row.year,
                "what": shown.what,
                "due_on": shown.due_on,
                "by_rule_on": shown.row.by_rule_on,
                "note": shown.words if shown.tone != "late" else "",
                "explanation": in_words(shown.steps),
                "source": shown.row.source,
            }
            for duty in facts.duties
            for shown in duty.deadlines
        ],
        "events": [
            {
                "article": duty.article,
                "kind": event.kind,
                "happened": str(event.happened) if event.happened else None,
                "day_assumed": event.assumed,
                "requested_until": event.requested_until,
                "new_deadline": event.new_deadline,
                "decided_at": event.decided_at,
                "confidence": event.confidence,
                "source": event.source,
            }
            for duty in facts.duties
            for event in duty.events
        ],
        "reports": [
            {
                "kind": report["kind"],
                "year": report["year"],
                "language": report["language"],
                "published_on": report["first"],
                "url": settings.SITE_URL
                + reverse("report", args=[iso3, report["kind"], report["year"], report["number"]]),
            }
            for report in facts.reports
        ],
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _action(action: TreatyAction) -> dict[str, Any]:
    return {
        "kind": action.kind,
        "done_on": action.done_on,
        "takes_effect_on": action.takes_effect_on,
        "notification": action.notification,
        "source": action.source,
    }


@public
def state_ics(request: HttpRequest, iso3: str) -> HttpResponse:
    """The State's days to come as a feed."""
    found = _found(request, iso3)
    if isinstance(found, HttpResponse):
        return found
    on = as_at(request)
    name = _("%(state)s: Convention on Cluster Munitions") % {"state": found.name(on)}
    return feeds.calendar(feeds.entries(on, found), name=name, on=on, key=f"ccm-{iso3}")


@public
def state_profile(request: HttpRequest, iso3: str) -> HttpResponse:
    """The two-page profile as PDF."""
    found = _found(request, iso3)
    if isinstance(found, HttpResponse):
        return found
    on = as_at(request)
    facts = state_facts.gather(found, on, contacts=on == localdate())
    made = profile.make(facts, treaty_facts(facts), request.LANGUAGE_CODE)
    response = HttpResponse(made, content_type="application/pdf")
    name = f"ccm-profile-{iso3}-{on.isoformat()}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
