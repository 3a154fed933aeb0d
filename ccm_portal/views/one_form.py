"""The same form, or the same question, as all States answered it in a year."""

from dataclasses import replace

from django.core.paginator import Paginator
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ccm_portal import words
from ccm_portal.asked import choice, kept, public
from ccm_portal.selection import FIRST_YEAR, Selection, options
from reporting import coverpage, one_form
from reporting.database import by_name, found
from reporting.models import Report

PAGE = 12


@public
def form_of_all(request: HttpRequest, form: str) -> HttpResponse:
    """The page; `question` names one question of the form."""
    asked = coverpage.BY_KEY.get(form)
    if asked is None:
        raise Http404
    chosen = Selection(request)
    questions = {field.key: field.label for field in asked.fields}
    question = choice(request, "question", questions)
    wanted = replace(chosen.wanted, form=form)
    if not (wanted.first or wanted.last):
        newest = found(wanted).aggregate(newest=Max("year"))["newest"] or chosen.on.year - 1
        wanted = replace(wanted, first=newest, last=newest)
    rows = (
        found(wanted)
        .select_related("state")
        .order_by(by_name(chosen.states, chosen.on, words.alphabetical), "-year", "kind", "pk")
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    reports: list[Report] = list(page)
    read = one_form.of_all(reports, form, question)
    across = one_form.across(reports, form, question) if question and reports else None
    language = get_language() or "en"
    number = page.paginator.count
    year = str(wanted.first) if wanted.first == wanted.last else ""
    query = kept(request)
    context = {
        "on": chosen.on,
        "today": localdate(),
        "form": asked,
        "title": _("Form %(letter)s: %(title)s")
        % {"letter": coverpage.letter_across(asked, language), "title": asked.title},
        "question": questions.get(question, ""),
        "count": ngettext("%(number)d report", "%(number)d reports", number) % {"number": number},
        "year": year,
        "page": page,
        "listed": [
            {
                "name": chosen.names[one.report.state_id],
                "url": f"{one.report.get_absolute_url()}{query}#{form}",
                "report": one.report,
                "demo": one.report.state_id in chosen.fictional,
                "line": one.line,
                "read": one.read,
                "notes": one.notes,
            }
            for one in read
        ],
        "across": across,
        "rows": [
            {
                "name": chosen.names[report.state_id],
                "url": f"{report.get_absolute_url()}{query}#{form}",
                "year": report.year,
                "cells": across.labelled(cells),
            }
            for report, cells in across.rows
        ]
        if across
        else [],
        "forms": [
            {
                "letter": one.letter_in(language),
                "title": one.title,
                "url": reverse("form-of-all", args=[one.key])
                + chosen.query("lang", "as_at", "year", "state", "group"),
                "here": one.key == form,
            }
            for one in sorted(coverpage.FORMS, key=lambda one: one.letter_in(language))
        ],
        "filters": _filters(chosen, year, questions, question),
        "downloads": [
            {
                "href": reverse("answers-table", args=[ending])
                + chosen.query(only=form, form=form, **({"year": year} if year else {})),
                "label": f".{ending}",
                "type": "",
            }
            for ending in ("csv", "xlsx")
        ],
        "robots": "noindex" if request.GET.keys() - {"lang", "year"} else "",
    }
    return render(request, "ccm_portal/one_form.html", context)


def _filters(
    chosen: Selection, year: str, questions: dict[str, object], question: str
) -> list[dict[str, object]]:
    years = {str(one): one for one in range(chosen.on.year, FIRST_YEAR, -1)}
    kept_ones = [one for one in chosen.filters() if one["name"] in ("state", "group")]
    return [
        {"name": "year", "label": _("Year"), "options": options(years, year)},
        {
            "name": "question",
            "label": _("Question"),
            "options": options(questions, question, _("All questions")),
        },
        *kept_ones,
    ]
