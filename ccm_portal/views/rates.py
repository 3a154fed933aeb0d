"""Reporting rates, year by year, as at a day, with the rule in words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ccm_portal import tables, words
from ccm_portal.asked import as_at, choice, kept, public, reader
from ccm_portal.selection import options, year_asked
from reporting import rates as counting
from reporting.models import Report
from reporting.rates import Rate
from states import access
from states.deadlines import Lateness
from states.models import State
from states.models.actors import RegionalGroup
from states.words import day

PLACES, HEIGHT, AXIS, TOP = 16, 150, 120, 24
COLUMNS = [
    tables.Column("kind", lazy("Kind")),
    tables.Column("year", lazy("Year")),
    tables.Column("regional_group", lazy("Regional group")),
    tables.Column("due", lazy("Due")),
    tables.Column("published_here", lazy("Published here")),
    tables.Column("share_per_cent", lazy("Share, per cent")),
    tables.Column("standing", lazy("What may be said")),
    tables.Column("demo", lazy("Fictional")),
]
KINDS = {
    Report.Kind.ANNUAL.value: lazy("Annual reports"),
    Report.Kind.INITIAL.value: lazy("Initial reports"),
}
STANDINGS = {
    "complete": lazy("complete"),
    "coming": lazy("the day has not come yet"),
    "not-complete": lazy("records not complete"),
}


@public
def rates(request: HttpRequest) -> HttpResponse:
    """The page. Whoever works at the desk reads the names behind a rate too."""
    on = as_at(request)
    kind = choice(request, "kind", KINDS) or Report.Kind.ANNUAL.value
    fictional = _fictional(request)
    found = counting.rates(on, fictional=fictional)[kind]
    asked = year_asked(request, "year", on.year + 1)
    shown = next((one for one in found if one.year == asked), None) if asked else _newest(found)
    query = kept(request)
    of_isu = access.is_secretariat(reader(request))
    knows = bool(access.may(reader(request), "record_receipt"))
    context = {
        "on": on,
        "today": localdate(),
        "kind": kind,
        "kind_name": KINDS[kind],
        "is_annual": kind == Report.Kind.ANNUAL,
        "rates": [_line(one, request) for one in found],
        "chart": _chart(found),
        "shown": _of_year(shown, query, on) if shown else None,
        "asked": asked,
        "of_isu": of_isu,
        "behind": _behind(shown, knows_receipts=knows) if shown and of_isu else [],
        "filters": [
            {
                "name": "kind",
                "label": _("Kind"),
                "options": options({key: str(name) for key, name in KINDS.items()}, kind),
            },
            {
                "name": "year",
                "label": _("Year by region"),
                "options": options(
                    {str(one.year): one.year for one in found}, str(shown.year) if shown else ""
                ),
            },
        ],
        "is_demo": fictional,
        "downloads": tables.downloads(request, reverse("rates")),
        "robots": "noindex" if request.GET.keys() - {"lang"} else "",
    }
    return render(request, "ccm_portal/rates.html", context)


@public
def rates_table(request: HttpRequest, form: str) -> HttpResponse:
    """All rates as data, for all States and by region; nobody is named."""
    on, fictional = as_at(request), _fictional(request)
    asked = choice(request, "kind", KINDS)
    rows = []
    for kind, found in counting.rates(on, fictional=fictional).items():
        if asked and kind != asked:
            continue
        for one in found:
            rows.append(_facts(one, "all", fictional))
            rows += [_facts(part, group, fictional) for group, part in one.by_region().items()]
    table = tables.Table(
        name="reporting-rates",
        title=_("Reporting rates under Article 7"),
        as_at=on,
        columns=COLUMNS,
        rows=rows,
        note=rule(),
    )
    return tables.answer(table, form)


def rule() -> str:
    """What is counted, in words, wherever a rate stands."""
    return _(
        "A report counts from the day on which it is published on this portal. It was due if the "
        "Convention was in force for the State and Article 7 gave it that day. Where the records "
        "of the portal are not complete there is no rate: what is not known is not late."
    )


def _fictional(request: HttpRequest) -> bool:
    asked = choice(request, "demo", {"0": "", "1": ""}) == "1"
    return asked and settings.DEMO


def _newest(found: list[Rate]) -> Rate | None:
    """The newest year whose day has come."""
    return next((one for one in found if not one.is_coming), found[0] if found else None)


def _standing(rate: Rate) -> str:
    if rate.is_coming:
        return "coming"
    return "complete" if rate.is_known else "not-complete"


def _line(rate: Rate, request: HttpRequest) -> dict[str, Any]:
    standing = _standing(rate)
    return {
        "year": str(rate.year),
        "url": kept(request, year=rate.year, kind=rate.kind, demo=request.GET.get("demo", "")),
        "due": rate.due,
        "here": rate.here,
        "share": _per_cent(rate),
        "note": "" if standing == "complete" else str(STANDINGS[standing]),
    }


def _per_cent(rate: Rate) -> str:
    return _("%(share)s %%") % {"share": rate.share} if rate.share is not None else ""


def _facts(rate: Rate, group: str, fictional: bool) -> dict[str, tables.Cell]:
    return {
        "kind": rate.kind,
        "year": rate.year,
        "regional_group": group,
        "due": rate.due,
        "published_here": rate.here,
        "share_per_cent": int(rate.share) if rate.share is not None else None,
        "standing": _standing(rate),
        "demo": fictional,
    }


def _of_year(rate: Rate, query: str, on: Any) -> dict[str, Any]:
    groups = rate.by_region()
    here = [one.state.pk for one in rate.of_states if one.is_here]
    reported = sorted(
        (
            {"name": state.name(on), "url": f"/states/{state.pk}/{query}"}
            for state in State.objects.filter(pk__in=here).prefetch_related("former_names")
        ),
        key=lambda one: words.alphabetical(one["name"]),
    )
    return {
        "year": str(rate.year),
        "due": rate.due,
        "here": rate.here,
        "share": _per_cent(rate),
        "standing": _standing(rate),
        "note": STANDINGS[_standing(rate)],
        "regions": [
            {
                "name": RegionalGroup(group).label,
                "due": groups[group].due,
                "here": groups[group].here,
                "share": _per_cent(groups[group]),
            }
            for group in words.GROUPS.values()
            if group in groups
        ],
        "reported": reported,
    }


def _behind(rate: Rate, *, knows_receipts: bool) -> list[dict[str, Any]]:
    """For the secretariat: those whose report is not here, and what may be said of each.

    What was received and is not published is said to those alone who keep the days of receipt.
    """
    said = {
        Lateness.COMING: _("the day has not come yet"),
        Lateness.UNKNOWN: _("records not complete"),
        Lateness.LATE: _("our records do not yet show it"),
    }
    return sorted(
        (
            {
                "name": str(one.state),
                "url": reverse("admin:states_state_change", args=[one.state.pk]),
                "due": day(one.due_on),
                "said": _("received, not published here")
                if one.received and knows_receipts
                else said[one.said],
            }
            for one in rate.of_states
            if not one.is_here
        ),
        key=lambda one: words.alphabetical(one["name"]),
    )


def _chart(found: list[Rate]) -> list[dict[str, Any]]:
    """A bar for each of the last years that has a rate; empty where none has."""
    newest_first = found[:PLACES]
    known = [one for one in newest_first if one.share is not None]
    if len(known) < 2:
        return []
    years = newest_first[::-1]
    wide = 100 / max(len(years), 8)
    every = -(-len(years) // 8)
    bars = []
    for place, one in enumerate(years):
        height = int((AXIS - TOP) * one.share / 100) if one in known and one.share else 0
        bars.append(
            {
                "x": f"{place * wide + 0.15 * wide:.2f}",
                "middle": f"{place * wide + 0.5 * wide:.2f}",
                "width": f"{0.7 * wide:.2f}",
                "y": AXIS - height,
                "height": height,
                "year": str(one.year),
                "named": (len(years) - 1 - place) % every == 0,
                "words": _per_cent(one) if one in known else "",
            }
        )
    return bars
