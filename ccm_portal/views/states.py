"""The list of States: status as at the day, next deadline, newest report; filters, map, data."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from ccm_portal import register, tables, words
from ccm_portal.asked import as_at, choice, kept, public, search
from ccm_portal.register import Row
from ccm_portal.templatetags.marks import status as drawn
from states.figures import DEPOSITED
from states.standing import Status
from states.words import colon

FAR = "9999-12-31"
SORTS: dict[str, tuple[Any, Callable[[Row], Any] | None]] = {
    "name": (lazy("By name"), None),
    "in-force": (
        lazy("By entry into force"),
        lambda row: str(row.standing.in_force_on or FAR),
    ),
    "next-deadline": (
        lazy("By next deadline"),
        lambda row: str(row.coming.due_on if row.coming else FAR),
    ),
}
# Each status, and the count that is so often taken for the first of them.
STATUSES = {**words.STATUSES, DEPOSITED: lazy("Instrument deposited and not withdrawn")}
COLUMNS = [
    tables.Column("iso3", lazy("Code")),
    tables.Column("name", lazy("State")),
    tables.Column("regional_group", lazy("Regional group")),
    tables.Column("status", lazy("Status")),
    tables.Column("signed_on", lazy("Signed on")),
    tables.Column("deposited_on", lazy("Instrument deposited on")),
    tables.Column("instrument", lazy("Instrument")),
    tables.Column("in_force_on", lazy("In force on")),
    tables.Column("left_on", lazy("Withdrawal in effect on")),
    tables.Column("next_deadline_on", lazy("Next deadline")),
    tables.Column("next_deadline_kind", lazy("What falls due")),
    tables.Column("last_report_year", lazy("Newest report published here, year")),
    tables.Column("last_report_published_on", lazy("Published on")),
    tables.Column("demo", lazy("Fictional")),
]


@public
def states(request: HttpRequest) -> HttpResponse:
    """The page."""
    on = as_at(request)
    every = register.rows(on)
    treaty = [row for row in every if not row.state.demo]
    counts = register.Counts.of((row.standing for row in treaty), on)
    listed = _filtered(request, treaty)
    query = kept(request)
    context = {
        "on": on,
        "today": localdate(),
        "counts": counts,
        "count": _count(len(listed), len(treaty)),
        "listed": _lines(listed, query),
        "fictional": _lines(_filtered(request, [row for row in every if row.state.demo]), query),
        "regions": _regions(listed, query),
        "key": _key(listed),
        "with_reports": any(row.report for row in every),
        "asked_q": search(request),
        "reports_url": reverse("reports") + kept(request, q=search(request)),
        "filters": _filters(request),
        "sort": _sort(request),
        "active": _active(request),
        "downloads": tables.downloads(request, reverse("states")),
        "robots": "noindex" if request.GET.keys() - {"lang"} else "",
    }
    return render(request, "ccm_portal/states.html", context)


@public
def states_table(request: HttpRequest, form: str) -> HttpResponse:
    """The same list as data; `demo=1` adds the fictional States of a demonstration, marked."""
    on = as_at(request)
    with_demo = choice(request, "demo", {"1": "", "0": ""}) == "1"
    listed = [row for row in register.rows(on) if with_demo or not row.state.demo]
    counts = register.Counts.of((row.standing for row in listed if not row.state.demo), on)
    table = tables.Table(
        name="states",
        title=_("Convention on Cluster Munitions: States and their status"),
        as_at=on,
        columns=COLUMNS,
        rows=[_facts(row) for row in _filtered(request, listed)],
        note=_counted(counts),
    )
    return tables.answer(table, form)


def _filtered(request: HttpRequest, listed: list[Row]) -> list[Row]:
    status = choice(request, "status", STATUSES)
    group = choice(request, "group", words.GROUPS)
    order = SORTS[choice(request, "sort", SORTS) or "name"][1]
    if status:
        meant = {Status.PARTY, Status.DEPOSITED} if status == DEPOSITED else {status}
        listed = [row for row in listed if row.status in meant]
    if group:
        listed = [row for row in listed if row.state.regional_group == words.GROUPS[group]]
    if asked := search(request):
        listed = register.matching(listed, asked)
    return sorted(listed, key=order) if order else listed


def _counted(counts: register.Counts) -> str:
    """The two counts that are so often taken for each other, each with its name and day."""
    return _(
        "As at %(day)s the Convention is in force for %(in_force)s States; %(deposited)s have "
        "deposited an instrument and not withdrawn; %(signatories)s signatories have not deposited."
    ) % {
        "day": words.day(counts.on),
        "in_force": counts.in_force,
        "deposited": counts.deposited,
        "signatories": counts.signatories,
    }


def _count(shown: int, known: int) -> str:
    if shown == known:
        return ngettext("%(known)d State", "%(known)d States", known) % {"known": known}
    return _("%(shown)d of %(known)d States") % {"shown": shown, "known": known}


def _lines(listed: list[Row], query: str) -> list[dict[str, Any]]:
    """The rows as the table prints them: every day is put into words here, once."""
    marks = {status: drawn(str(status), str(said)) for status, said in words.STATUSES.items()}
    short = {kind: str(said) for kind, said in words.SHORT.items()}
    return [
        {
            "url": f"/states/{row.state.pk}/{query}",
            "code": row.state.pk,
            "name": row.name,
            "mark": marks[row.status],
            "in_force": _in_force(row),
            "due": words.day(row.coming.due_on) if row.coming else "",
            "why": row.coming.place if row.coming else "",
            "what": short[row.coming.kind] if row.coming else "",
            "report": row.report.year if row.report else "",
            "report_url": _report_url(row, query),
        }
        for row in listed
    ]


def _in_force(row: Row) -> str:
    """Since when, or for a State before and after: from when, until when."""
    facts = row.standing
    if row.status is Status.DEPOSITED:
        return _("from %(day)s") % {"day": words.day(facts.in_force_on)}
    if row.status is Status.WITHDRAWN:
        return _("until %(day)s") % {"day": words.day(facts.left_on)}
    return words.day(facts.in_force_on)


def _report_url(row: Row, query: str) -> str:
    if row.report is None:
        return ""
    last = row.report
    return reverse("report", args=[row.state.pk, last.kind, last.year, last.number]) + query


def _regions(listed: list[Row], query: str) -> list[dict[str, Any]]:
    regions = []
    said = {status: str(each) for status, each in words.STATUSES.items()}
    for group in words.GROUPS.values():
        tiles = [
            {
                "code": row.state.pk,
                "name": row.name,
                "status": str(row.status),
                "words": said[row.status],
                "url": f"/states/{row.state.pk}/{query}",
            }
            for row in listed
            if row.state.regional_group == group
        ]
        if tiles:
            regions.append({"name": group.label, "tiles": tiles})
    return regions


def _key(listed: list[Row]) -> list[dict[str, Any]]:
    """What the tiles mean, each status by the first State that has it."""
    first: dict[str, str] = {}
    for row in listed:
        first.setdefault(row.status, row.state.pk)
    return [
        {"status": str(status), "words": said, "code": first[status]}
        for status, said in words.STATUSES.items()
        if status in first
    ]


def _facts(row: Row) -> dict[str, tables.Cell]:
    facts, coming, report = row.standing, row.coming, row.report
    return {
        "iso3": row.state.pk,
        "name": row.name,
        "regional_group": row.state.regional_group,
        "status": str(row.status),
        "signed_on": facts.signed_on,
        "deposited_on": facts.deposited_on,
        "instrument": facts.instrument,
        "in_force_on": facts.in_force_on,
        "left_on": facts.left_on,
        "next_deadline_on": coming.due_on if coming else None,
        "next_deadline_kind": coming.kind if coming else "",
        "last_report_year": report.year if report else None,
        "last_report_published_on": report.published_on if report else None,
        "demo": row.state.demo,
    }


def _options(known: dict[str, Any], chosen: str, every: str = "") -> list[dict[str, Any]]:
    options = [{"value": "", "label": every, "selected": not chosen}] if every else []
    return options + [
        {"value": value, "label": label, "selected": value == chosen}
        for value, label in known.items()
    ]


def _group_names() -> dict[str, Any]:
    return {word: group.label for word, group in words.GROUPS.items()}


def _filters(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "name": "status",
            "label": _("Status"),
            "options": _options(STATUSES, request.GET.get("status", ""), _("All")),
        },
        {
            "name": "group",
            "label": _("Regional group"),
            "options": _options(_group_names(), request.GET.get("group", ""), _("All")),
        },
    ]


def _sort(request: HttpRequest) -> dict[str, Any]:
    known = {word: label for word, (label, _key) in SORTS.items()}
    options = _options(known, request.GET.get("sort", "") or "name")
    return {"name": "sort", "label": _("Order"), "options": options}


def _active(request: HttpRequest) -> list[dict[str, Any]]:
    """What is filtered, in words, each with the address without it."""
    said = {
        "q": (_("Search"), {}),
        "status": (_("Status"), STATUSES),
        "group": (_("Regional group"), _group_names()),
    }
    active = []
    for name, (label, known) in said.items():
        if value := request.GET.get(name, "").strip():
            query = request.GET.copy()
            del query[name]
            href = f"?{query.urlencode()}" if query else request.path
            active.append({"words": colon(label, known.get(value, value)), "href": href})
    return active
