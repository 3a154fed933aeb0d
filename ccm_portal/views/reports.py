"""The list of published transparency reports: filters, files, data."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ccm_portal import tables, words
from ccm_portal.asked import Unclear, as_at, choice, kept, public, search
from reporting.models import Report
from states.naming import has_all, haystack

PAGE = 100
SORTS = {
    "newest": (lazy("Newest first"), ("-published_on", "state", "kind")),
    "year": (lazy("By year"), ("-year", "state", "kind")),
    "state": (lazy("By State"), None),
}
COLUMNS = [
    tables.Column("iso3", lazy("Code")),
    tables.Column("state", lazy("State")),
    tables.Column("kind", lazy("Kind")),
    tables.Column("year", lazy("Year")),
    tables.Column("covers_from", lazy("Covers from")),
    tables.Column("covers_to", lazy("Covers to")),
    tables.Column("language", lazy("Language")),
    tables.Column("version", lazy("Version")),
    tables.Column("published_on", lazy("Published on")),
    tables.Column("reference", lazy("Reference")),
    tables.Column("url", lazy("Address")),
    tables.Column("demo", lazy("Fictional")),
]


@dataclass(frozen=True, slots=True)
class Listed:
    """A report with the name that its State bore on the day."""

    report: Report
    name: str


@public
def reports(request: HttpRequest) -> HttpResponse:
    """The page."""
    on = as_at(request)
    listed = _listed(request)
    pages = Paginator(listed, PAGE)
    page = pages.get_page(request.GET.get("page"))
    query = kept(request)
    number = pages.count
    context = {
        "on": on,
        "today": localdate(),
        "count": ngettext("%(number)d published report", "%(number)d published reports", number)
        % {"number": number},
        "page": page,
        "listed": [_line(one, query) for one in page],
        "asked_q": search(request),
        "filters": _filters(request, on.year),
        "sort": {
            "name": "sort",
            "label": _("Order"),
            "options": _options(
                {word: label for word, (label, _order) in SORTS.items()},
                request.GET.get("sort", "") or "newest",
            ),
        },
        "active": _active(request),
        "filtered": any(
            request.GET.get(name) for name in ("q", "kind", "year", "language", "published")
        ),
        "downloads": tables.downloads(request, reverse("reports")),
        "robots": "noindex" if request.GET.keys() - {"lang"} else "",
    }
    return render(request, "ccm_portal/reports.html", context)


@public
def reports_table(request: HttpRequest, form: str) -> HttpResponse:
    """The same list as data, whole."""
    on = as_at(request)
    table = tables.Table(
        name="reports",
        title=_("Transparency reports under Article 7 published on this portal"),
        as_at=on,
        columns=COLUMNS,
        rows=[_facts(one) for one in _listed(request)],
        note=_("What was published on this portal by that day; other reports may exist elsewhere."),
    )
    return tables.answer(table, form)


def _listed(request: HttpRequest) -> list[Listed]:
    """The last version of each report that was published by the day and passes the filters."""
    on = as_at(request)
    rows: QuerySet[Report] = (
        Report.objects.published_by(on)
        .select_related("state", "original")
        .prefetch_related("state__former_names")
    )
    if not settings.DEMO:
        rows = rows.filter(state__demo=False)
    if kind := choice(request, "kind", dict(Report.Kind.choices)):
        rows = rows.filter(kind=kind)
    if year := _year(request, "year", on.year):
        rows = rows.filter(year=year)
    if published := _year(request, "published", on.year):
        rows = rows.filter(published_on__year=published)
    if language := choice(request, "language", _languages()):
        rows = rows.filter(language=language)
    order = SORTS[choice(request, "sort", SORTS) or "newest"][1]
    found = [
        Listed(report, report.state.name(on))
        for report in rows.order_by(*(order or ("-year", "kind")), "pk")
    ]
    if order is None:
        found.sort(key=lambda one: words.alphabetical(one.name))
    if asked := search(request):
        needles = words.fold(asked).split()
        found = [each for each in found if has_all(needles, _haystack(each.report))]
    return found


def _haystack(report: Report) -> str:
    facts = [report.reference, str(report.year), str(report.get_kind_display())]
    return haystack(report.state) + "\n" + words.fold("\n".join(facts))


def _year(request: HttpRequest, name: str, latest: int) -> int | None:
    given = request.GET.get(name, "").strip()
    if not given:
        return None
    if not given.isascii() or not given.isdigit() or not 2008 <= int(given) <= latest:
        raise Unclear(
            _("“%(given)s” is not a year for which there can be a report. Choose 2008 to %(last)s.")
            % {"given": given[:40], "last": latest},
            name,
            given[:40],
        )
    return int(given)


def _languages() -> dict[str, Any]:
    return {
        code: get_language_info(name)["name_translated"]
        for code, name in (
            ("ar", "ar"),
            ("zh", "zh-hans"),
            ("en", "en"),
            ("fr", "fr"),
            ("ru", "ru"),
            ("es", "es"),
        )
    }


def _line(one: Listed, query: str) -> dict[str, Any]:
    report = one.report
    original = report.original
    return {
        "name": one.name,
        "state_url": f"/states/{report.state_id}/{query}",
        "url": report.get_absolute_url() + query,
        "kind": report.get_kind_display(),
        "year": str(report.year),
        "covers": _("%(first)s to %(last)s")
        % {"first": words.day(report.covers_from), "last": words.day(report.covers_to)},
        "language": str(_languages().get(report.language, report.language)),
        "published": words.day(report.published_on),
        "version": report.number if report.number > 1 else "",
        "file_url": reverse("file", args=[original.pk, original.name]) if original else "",
        "file": _file(original) if original else "",
        "demo": report.state.demo,
    }


def _file(original: Any) -> str:
    """The kind and size of a file: "PDF, 212 kB"."""
    suffix = original.name.rpartition(".")[2].upper()
    return f"{suffix}, {words.size(original.size)}"


def _facts(one: Listed) -> dict[str, tables.Cell]:
    report = one.report
    return {
        "iso3": report.state_id,
        "state": one.name,
        "kind": report.kind,
        "year": report.year,
        "covers_from": report.covers_from,
        "covers_to": report.covers_to,
        "language": report.language,
        "version": report.number,
        "published_on": report.published_on,
        "reference": report.reference,
        "url": settings.SITE_URL + report.get_absolute_url(),
        "demo": report.state.demo,
    }


def _active(request: HttpRequest) -> list[dict[str, str]]:
    """The filter that has no field of its own, in words, with the address without it."""
    if not (published := request.GET.get("published", "").strip()):
        return []
    query = request.GET.copy()
    del query["published"]
    said = _("Published in %(year)s") % {"year": published}
    return [{"words": said, "href": f"?{query.urlencode()}" if query else request.path}]


def _options(known: dict[str, Any], chosen: str, every: str = "") -> list[dict[str, Any]]:
    options = [{"value": "", "label": every, "selected": not chosen}] if every else []
    return options + [
        {"value": value, "label": label, "selected": value == chosen}
        for value, label in known.items()
    ]


def _filters(request: HttpRequest, latest: int) -> list[dict[str, Any]]:
    years = {str(year): year for year in range(latest, 2008, -1)}
    known: dict[str, tuple[str, dict[str, Any]]] = {
        "kind": (_("Kind"), dict(Report.Kind.choices)),
        "year": (_("Year"), years),
        "language": (_("Language"), _languages()),
    }
    return [
        {
            "name": name,
            "label": label,
            "options": _options(options, request.GET.get(name, ""), _("All")),
        }
        for name, (label, options) in known.items()
    ]
