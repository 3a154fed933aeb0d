"""National implementation measures under Article 9: status of each State, its measures, data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from ccm_portal import register, tables, words
from ccm_portal.asked import as_at, choice, kept, public, search
from reporting.measures import standing
from reporting.measures import words as measures
from reporting.measures.standing import NOT_RECORDED, Line
from reporting.models import Measure, MeasureGroup
from states.naming import has_all, haystack
from states.standing import Status

PENAL = {"yes": lazy("recorded here"), NOT_RECORDED: lazy("not recorded here")}
SORTS = {"name": lazy("By name"), "newest": lazy("Newest in force first")}
COLUMNS = [
    tables.Column("iso3", lazy("Code")),
    tables.Column("state", lazy("State")),
    tables.Column("regional_group", lazy("Regional group")),
    tables.Column("statuses", lazy("Status under Article 9")),
    tables.Column("kind", lazy("Kind")),
    tables.Column("title", lazy("Measure")),
    tables.Column("title_en", lazy("Title in English")),
    tables.Column("citation", lazy("Where it is published")),
    tables.Column("effective_on", lazy("In force since")),
    tables.Column("penal_sanctions", lazy("Penal sanctions")),
    tables.Column("bans_investment", lazy("Forbids investment")),
    tables.Column("said", lazy("Whose word it is")),
    tables.Column("note", lazy("ISU note")),
    tables.Column("source", lazy("Source")),
    tables.Column("in_latest_report", lazy("In the latest report")),
    tables.Column("text", lazy("Text of the law")),
    tables.Column("demo", lazy("Fictional")),
]


@dataclass(frozen=True, slots=True)
class Listed:
    """A State with its measures and what they make of its status."""

    row: register.Named
    lines: list[Line]
    statuses: list[MeasureGroup]

    @property
    def has_penal(self) -> bool:
        """Whether a measure with penal sanctions is recorded here."""
        return any(line.penal for line in self.lines)

    @property
    def newest(self) -> dt.date:
        """The day since when the youngest measure is in force; the first of days where none is."""
        return max((line.effective_on or dt.date.min for line in self.lines), default=dt.date.min)


@public
def overview(request: HttpRequest) -> HttpResponse:
    """The page."""
    on = as_at(request)
    groups = list(standing.groups())
    every = _every(on, groups)
    listed = _filtered(request, every, groups)
    shown = [each for each in listed if each.lines]
    without = [each for each in listed if not each.lines]
    query = kept(request)
    context = {
        "on": on,
        "today": localdate(),
        "count": _count(sum(not each.row.state.demo for each in shown)),
        "counts": [
            {
                "name": group.name,
                "rule": measures.rule(group),
                "to_be_confirmed": group.to_be_confirmed,
                "number": sum(group in each.statuses for each in every if _counts(each)),
                "href": f"{request.path}{kept(request, status=group.key)}",
            }
            for group in groups
        ],
        "listed": [_line(each, query) for each in shown if not each.row.state.demo],
        "fictional": [_line(each, query) for each in shown if each.row.state.demo],
        "without": [
            {"name": each.row.name, "url": f"/states/{each.row.state.pk}/{query}"}
            for each in without
            if not each.row.state.demo
        ],
        "asked_q": search(request),
        "filters": _filters(request, groups),
        "sort": {
            "name": "sort",
            "label": _("Order"),
            "options": _options(SORTS, request.GET.get("sort", "") or "name"),
        },
        "active": [],
        "filtered": any(
            request.GET.get(name) for name in ("q", "group", "status", "kind", "penal")
        ),
        "downloads": tables.downloads(request, reverse("measures")),
        "robots": "noindex" if request.GET.keys() - {"lang"} else "",
    }
    return render(request, "ccm_portal/measures.html", context)


@public
def measures_table(request: HttpRequest, form: str) -> HttpResponse:
    """The same list as data: a line for each measure, one for a State of which none is recorded."""
    on = as_at(request)
    groups = list(standing.groups())
    none: list[Line | None] = [None]
    rows = [
        _facts(each, line)
        for each in _filtered(request, _every(on, groups), groups)
        for line in each.lines or none
    ]
    table = tables.Table(
        name="measures",
        title=_("National implementation measures under Article 9"),
        as_at=on,
        columns=COLUMNS,
        rows=rows,
        note=_(
            "As reported by States in Form A of reports that are published here, and as noted by "
            "the ISU. Where nothing is recorded nothing is said of the law of that State."
        ),
    )
    return tables.answer(table, form)


def _every(on: dt.date, groups: list[MeasureGroup]) -> list[Listed]:
    """States for which the Convention is in force, and all others that have measures here."""
    found = standing.lines(on)
    return [
        Listed(row, lines, standing.statuses(lines, groups))
        for row in register.named(on)
        if (lines := found.get(row.state.pk, [])) or row.status is Status.PARTY
    ]


def _counts(each: Listed) -> bool:
    """States Parties are counted; what is invented counts nowhere."""
    return each.row.status is Status.PARTY and not each.row.state.demo


def _count(number: int) -> str:
    return ngettext(
        "%(number)d State with measures recorded here",
        "%(number)d States with measures recorded here",
        number,
    ) % {"number": number}


def _filtered(
    request: HttpRequest, every: list[Listed], groups: list[MeasureGroup]
) -> list[Listed]:
    group = choice(request, "group", words.GROUPS)
    status = choice(request, "status", _statuses(groups))
    kind = choice(request, "kind", dict(Measure.Kind.choices))
    penal = choice(request, "penal", PENAL)
    order = choice(request, "sort", SORTS)
    found = every
    if group:
        found = [each for each in found if each.row.state.regional_group == words.GROUPS[group]]
    if status:
        found = [each for each in found if _has(each, status)]
    if kind:
        found = [each for each in found if any(line.kind == kind for line in each.lines)]
    if penal:
        found = [each for each in found if each.has_penal is (penal == "yes")]
    if asked := search(request):
        needles = words.fold(asked).split()
        found = [each for each in found if has_all(needles, _haystack(each))]
    if order == "newest":
        found = sorted(found, key=lambda each: each.newest, reverse=True)
    return found


def _has(each: Listed, status: str) -> bool:
    if status == NOT_RECORDED:
        return not each.statuses
    return any(group.key == status for group in each.statuses)


def _haystack(each: Listed) -> str:
    facts = [
        text
        for line in each.lines
        for text in (line.title, line.title_en, line.citation, line.kind_in_words)
    ]
    return haystack(each.row.state) + "\n" + words.fold("\n".join(facts))


def _statuses(groups: list[MeasureGroup]) -> dict[str, Any]:
    return {group.key: group.name for group in groups} | {NOT_RECORDED: _("Not recorded here")}


def _line(each: Listed, query: str) -> dict[str, Any]:
    return {
        "name": each.row.name,
        "url": f"/states/{each.row.state.pk}/{query}#measures",
        "statuses": [group.name for group in each.statuses],
        "penal": _("yes") if each.has_penal else "",
        "measures": [measures.shown(line, query) for line in each.lines],
    }


def _facts(each: Listed, line: Line | None) -> dict[str, tables.Cell]:
    state = each.row.state
    facts: dict[str, tables.Cell] = {
        "iso3": state.pk,
        "state": each.row.name,
        "regional_group": state.regional_group,
        "statuses": "; ".join(group.key for group in each.statuses) or NOT_RECORDED,
        "demo": state.demo,
    }
    if line is None:
        return facts
    report, text, own = line.report, line.text, line.own
    address = reverse("file", args=[text.pk, text.name]) if text else ""
    return facts | {
        "kind": own.kind,
        "title": own.title,
        "title_en": line.title_en,
        "citation": own.citation,
        "effective_on": own.effective_on,
        "penal_sanctions": own.penal,
        "bans_investment": line.bans_investment,
        "said": measures.whose(line),
        "note": measures.shown(line).note,
        "source": report.reference if report else line.note.source if line.note else "",
        "in_latest_report": line.in_latest if report else None,
        "text": settings.SITE_URL + address if address else line.note.link if line.note else "",
    }


def _options(known: Any, chosen: str, every: str = "") -> list[dict[str, Any]]:
    options = [{"value": "", "label": every, "selected": not chosen}] if every else []
    return options + [
        {"value": value, "label": label, "selected": value == chosen}
        for value, label in known.items()
    ]


def _filters(request: HttpRequest, groups: list[MeasureGroup]) -> list[dict[str, Any]]:
    known: dict[str, tuple[str, dict[str, Any]]] = {
        "group": (
            _("Regional group"),
            {word: group.label for word, group in words.GROUPS.items()},
        ),
        "status": (_("Status under Article 9"), _statuses(groups)),
        "kind": (_("Kind of measure"), dict(Measure.Kind.choices)),
        "penal": (_("Penal sanctions"), dict(PENAL)),
    }
    return [
        {
            "name": name,
            "label": label,
            "options": _options(options, request.GET.get(name, ""), _("All")),
        }
        for name, (label, options) in known.items()
    ]
