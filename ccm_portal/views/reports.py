"""The list of published transparency reports: filters, files, data."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ccm_portal import tables, words
from ccm_portal.asked import choice, kept, public, search
from ccm_portal.selection import Backwards, Selection, counted, languages, options
from reporting import coverpage, first
from reporting.database import by_name, forms_with
from reporting.models import Report

PAGE = 100
SORTS = {
    "newest": (lazy("Newest first"), ("-published_on", "-year", "state", "kind")),
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


@public
def reports(request: HttpRequest) -> HttpResponse:
    """The page; where the years run backwards it says so, and keeps every filter as typed."""
    chosen = Selection(request)
    try:
        chosen.wanted  # noqa: B018 -- read once, and kept
    except Backwards as fault:
        return _asked_again(request, chosen, fault.sentence)
    pages = Paginator(_in_order(chosen), PAGE)
    page = pages.get_page(request.GET.get("page"))
    query = kept(request)
    downloads = tables.downloads(request, reverse("reports"))
    context = {
        "on": chosen.on,
        "today": localdate(),
        "count": counted(pages.count),
        "page": page,
        "listed": _lines(list(page), chosen, query),
        "wrong": "",
        "downloads": downloads,
        "whole": _whole(chosen),
        "of_one_year": bool(chosen.wanted.first and chosen.wanted.first == chosen.wanted.last),
        "praised": first.newest(chosen.on) if not chosen.is_narrow else None,
        "robots": "noindex" if request.GET.keys() - {"lang"} else "",
    }
    return render(request, "ccm_portal/reports.html", context | _choices(chosen))


def _choices(chosen: Selection) -> dict[str, Any]:
    """What stands above the list, whatever is in it."""
    request = chosen.request
    return {
        "asked_q": search(request),
        "filters": chosen.filters(),
        "sort": {
            "name": "sort",
            "label": _("Order"),
            "options": options(
                {word: label for word, (label, _order) in SORTS.items()},
                request.GET.get("sort", "") or "newest",
            ),
        },
        "active": chosen.active(),
        "filtered": chosen.is_narrow,
        "forms_url": reverse("form-of-all", args=["clearance"]),
    }


def _asked_again(request: HttpRequest, chosen: Selection, sentence: str) -> HttpResponse:
    """The page without a list, so that the filter that is wrong can be mended in its place."""
    context = {
        "on": chosen.on,
        "today": localdate(),
        "count": "",
        "page": None,
        "listed": [],
        "wrong": sentence,
        "downloads": [],
        "whole": [],
        "of_one_year": False,
        "praised": None,
        "robots": "noindex",
    }
    return render(request, "ccm_portal/reports.html", context | _choices(chosen), status=400)


@public
def reports_table(request: HttpRequest, form: str) -> HttpResponse:
    """The same list as data, whole."""
    chosen = Selection(request)
    table = tables.Table(
        name="reports",
        title=_("Transparency reports under Article 7 published on this portal"),
        as_at=chosen.on,
        columns=COLUMNS,
        rows=[_facts(one, chosen) for one in _in_order(chosen)],
        note=_("What was published on this portal by that day; other reports may exist elsewhere."),
    )
    return tables.answer(table, form)


def _in_order(chosen: Selection) -> QuerySet[Report]:
    order = SORTS[choice(chosen.request, "sort", SORTS) or "newest"][1]
    rows = chosen.reports().select_related("original").defer("marks", "note")
    if order is None:
        place = by_name(chosen.states, chosen.on, words.alphabetical)
        return rows.order_by(place, "-year", "kind", "pk")
    return rows.order_by(*order, "pk")


def _whole(chosen: Selection) -> list[dict[str, Any]]:
    """Everything that these reports say, in files; those of one year with the files as received."""
    query, wanted = chosen.query(), chosen.wanted
    links = [
        {"href": reverse("answers-table", args=[form]) + query, "label": f".{form}"}
        for form in ("csv", "xlsx")
    ]
    if wanted.first and wanted.first == wanted.last:
        links.append({"href": reverse("files-of-year") + query, "label": ".zip"})
    return links


def _lines(rows: list[Report], chosen: Selection, query: str) -> list[dict[str, Any]]:
    """The rows as the table prints them; one query more where words are looked for."""
    within: dict[int, list[str]] = defaultdict(list)
    if chosen.wanted.words:
        letters = {form.key: form for form in coverpage.FORMS}
        said = forms_with(*chosen.wanted.words).filter(report__in=[row.pk for row in rows])
        for report, form in said.order_by("report", "form").values_list("report", "form"):
            within[report].append(form)
        for forms in within.values():
            forms.sort(key=lambda key: letters[key].letter)
    return [_line(row, chosen, query, within[row.pk]) for row in rows]


def _line(report: Report, chosen: Selection, query: str, within: list[str]) -> dict[str, Any]:
    original = report.original
    url = report.get_absolute_url() + query
    return {
        "name": chosen.names[report.state_id],
        "state_url": f"/states/{report.state_id}/{query}",
        "url": url,
        "kind": report.get_kind_display(),
        "year": str(report.year),
        "covers": _("%(first)s to %(last)s")
        % {"first": words.day(report.covers_from), "last": words.day(report.covers_to)},
        "language": str(languages().get(report.language, report.language)),
        "published": words.day(report.published_on),
        "version": report.number if report.number > 1 else "",
        "file_url": reverse("file", args=[original.pk, original.name]) if original else "",
        "file": _file(original) if original else "",
        "within": [
            {
                "letter": coverpage.BY_KEY[key].letter_in(report.language),
                "url": f"{url}#{key}",
            }
            for key in within
        ],
        "demo": report.state_id in chosen.fictional,
    }


def _file(original: Any) -> str:
    """The kind and size of a file: "PDF, 212 kB"."""
    suffix = original.name.rpartition(".")[2].upper()
    return f"{suffix}, {words.size(original.size)}"


def _facts(report: Report, chosen: Selection) -> dict[str, tables.Cell]:
    return {
        "iso3": report.state_id,
        "state": chosen.names[report.state_id],
        "kind": report.kind,
        "year": report.year,
        "covers_from": report.covers_from,
        "covers_to": report.covers_to,
        "language": report.language,
        "version": report.number,
        "published_on": report.published_on,
        "reference": report.reference,
        "url": settings.SITE_URL + report.get_absolute_url(),
        "demo": report.state_id in chosen.fictional,
    }
