"""The figures of the Convention as at a day: each with its name, its day and its list; as data."""

from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from ccm_portal import tables
from ccm_portal.asked import as_at, public, with_query
from ccm_portal.figures import figures as all_figures

COLUMNS = [
    tables.Column("key", lazy("Key")),
    tables.Column("name", lazy("Figure")),
    tables.Column("value", lazy("Number")),
    tables.Column("unit", lazy("Unit")),
    tables.Column("explanation", lazy("What is counted")),
    tables.Column("url", lazy("List")),
]


@public
def figures(request: HttpRequest) -> HttpResponse:
    """The page."""
    on = as_at(request)
    found = all_figures(on)
    number = len(found)
    context = {
        "on": on,
        "today": localdate(),
        "count": ngettext("%(number)d figure", "%(number)d figures", number) % {"number": number},
        "groups": [
            {"about": about, "slug": f"group-{place}", "figures": _lines(request, of_group)}
            for place, (about, of_group) in enumerate(groupby(found, lambda each: each.about), 1)
        ],
        "downloads": tables.downloads(request, reverse("figures")),
        "robots": "noindex" if "as_at" in request.GET else "",
    }
    return render(request, "ccm_portal/figures.html", context)


def _lines(request: HttpRequest, of_group: Any) -> list[dict[str, Any]]:
    return [
        {
            "key": each.key,
            "name": each.name,
            "value": each.value,
            "unit": each.unit,
            "explanation": each.explanation,
            "url": with_query(request, each.url),
        }
        for each in of_group
    ]


@public
def figures_table(request: HttpRequest, form: str) -> HttpResponse:
    """The same figures as data; each address says the day, so that it stays the same list."""
    on = as_at(request)
    table = tables.Table(
        name="figures",
        title=_("Convention on Cluster Munitions: figures"),
        as_at=on,
        columns=COLUMNS,
        rows=[
            {
                "key": each.key,
                "name": each.name,
                "value": each.value,
                "unit": each.unit,
                "explanation": each.explanation,
                "url": settings.SITE_URL + with_query(request, each.url, as_at=on.isoformat()),
            }
            for each in all_figures(on)
        ],
    )
    return tables.answer(table, form)
