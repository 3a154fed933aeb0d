"""Figures that States reported, over the years: of one State, and of all that reported."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from ccm_portal import tables
from ccm_portal.asked import as_at, choice, kept, public
from reporting import over_time
from reporting.over_time import Bar, Series
from states.models import State
from states.public_pages import tells_only_of

COMMON = [
    tables.Column("form", lazy("Form")),
    tables.Column("question", lazy("Question")),
    tables.Column("column", lazy("Column")),
    tables.Column("label", lazy("Question in words")),
    tables.Column("year", lazy("Year")),
    tables.Column("number", lazy("Number")),
    tables.Column("unit", lazy("Unit")),
    tables.Column("said", lazy("Whose word")),
]
OF_STATE = [
    tables.Column("iso3", lazy("Code")),
    tables.Column("state", lazy("State")),
    *COMMON,
    tables.Column("adds_up", lazy("Rows add up")),
    tables.Column("isu_note", lazy("ISU note")),
    tables.Column("reference", lazy("Reference")),
    tables.Column("published_on", lazy("Published on")),
    tables.Column("url", lazy("Address")),
    tables.Column("demo", lazy("Fictional")),
]
OF_ALL = [
    *COMMON,
    tables.Column("states", lazy("States")),
    tables.Column("url", lazy("Address")),
    tables.Column("demo", lazy("Fictional")),
]


@public
def figures_of_state(request: HttpRequest, iso3: str) -> HttpResponse:
    """The page of one State."""
    on, state = as_at(request), _state(request, iso3)
    found = over_time.every(state, on)
    number = len(found)
    name = state.name(on)
    context = {
        "on": on,
        "today": localdate(),
        "state": state,
        "name": name,
        "title": _("%(state)s: figures over time") % {"state": name},
        "count": ngettext("%(number)d figure", "%(number)d figures", number) % {"number": number},
        "groups": _grouped(found),
        "query": kept(request),
        "downloads": tables.downloads(request, reverse("figures-of-state", args=[iso3])),
        "is_demo": state.demo,
        "robots": "noindex" if "as_at" in request.GET else "",
    }
    return render(request, "ccm_portal/figures_of_state.html", context)


@public
def figures_of_state_table(request: HttpRequest, iso3: str, form: str) -> HttpResponse:
    """The same as data: a row for each figure and year."""
    on, state = as_at(request), _state(request, iso3)
    name = state.name(on)
    rows = [
        _facts(series, bar)
        | {
            "iso3": iso3,
            "state": name,
            "adds_up": series.adds_up,
            "isu_note": " ".join(bar.notes),
            "reference": bar.reference,
            "published_on": bar.published_on,
            "demo": state.demo,
        }
        for series in over_time.every(state, on)
        for bar in series.bars
    ]
    table = tables.Table(
        name=f"figures-{iso3}",
        title=_("%(state)s: figures over time") % {"state": name},
        as_at=on,
        columns=OF_STATE,
        rows=rows,
        note=_(
            "Of each year the report that was published last. Rows of one report are added up; "
            "where “adds_up” is false, rows may count the same twice."
        ),
    )
    return tables.answer(table, form)


@public
def figures_reported(request: HttpRequest) -> HttpResponse:
    """The page of all States: sums of what was reported, never a total of what there is."""
    on, fictional = as_at(request), _fictional(request)
    found = over_time.of_all(on, fictional=fictional)
    number = len(found)
    context = {
        "on": on,
        "today": localdate(),
        "count": ngettext("%(number)d figure", "%(number)d figures", number) % {"number": number},
        "groups": _grouped(found),
        "downloads": tables.downloads(request, reverse("figures-reported")),
        "is_demo": fictional,
        "fictional_url": f"?demo=1{kept(request).replace('?', '&', 1)}"
        if settings.DEMO and not fictional
        else "",
        "robots": "noindex" if request.GET.keys() - {"lang"} else "",
    }
    return render(request, "ccm_portal/figures_reported.html", context)


@public
def figures_reported_table(request: HttpRequest, form: str) -> HttpResponse:
    """The same as data; each row says of how many States it is."""
    on, fictional = as_at(request), _fictional(request)
    rows = [
        _facts(series, bar) | {"states": bar.reports, "demo": fictional}
        for series in over_time.of_all(on, fictional=fictional)
        for bar in series.bars
    ]
    table = tables.Table(
        name="figures-reported",
        title=_("Figures that States reported, added up year by year"),
        as_at=on,
        columns=OF_ALL,
        rows=rows,
        note=caution(),
    )
    return tables.answer(table, form)


def caution() -> str:
    """What a sum over States is not."""
    return _(
        "Each sum is of those States alone whose report on the year is published here and says the "
        "number; it is no total for the Convention, and two years are seldom of the same States."
    )


def _state(request: HttpRequest, iso3: str) -> State:
    state = State.objects.filter(pk=iso3).prefetch_related("former_names").first()
    if state is None or (state.demo and not settings.DEMO):
        raise Http404
    tells_only_of(request, iso3)
    return state


def _fictional(request: HttpRequest) -> bool:
    asked = choice(request, "demo", {"0": "", "1": ""}) == "1"
    return asked and settings.DEMO


def _grouped(found: list[Series]) -> list[dict[str, Any]]:
    """By form, in the order of the forms."""
    groups: dict[str, list[Series]] = {}
    for one in found:
        groups.setdefault(one.path[0], []).append(one)
    return [
        {"key": key, "title": over_time.title_of(key), "series": each}
        for key, each in groups.items()
    ]


def _facts(series: Series, bar: Bar) -> dict[str, tables.Cell]:
    form, question, column = series.path
    whole = bar.number == int(bar.number)
    return {
        "form": form,
        "question": question,
        "column": column,
        "label": series.label,
        "year": bar.year,
        "number": int(bar.number) if whole else float(bar.number),
        "unit": series.unit,
        "said": bar.said,
        "url": settings.SITE_URL + bar.url,
    }
