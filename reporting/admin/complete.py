"""From when the records of Article 7 are complete: what is here, what was not found, one act."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records.workflow import Refused
from reporting.archive import complete
from reporting.models import NotFound
from states import access
from states.access import signed_in
from states.models import RecordsKept
from states.models.law import ObligationKind
from states.posting import posted_words
from states.words import day


def complete_page(request: HttpRequest) -> HttpResponse:
    """By year what fell due and what is here; marks what was not found; moves the day."""
    if not access.may(request.user, "file_for_state"):
        raise PermissionDenied
    kind = request.GET.get("kind", "")
    if kind not in complete.KINDS:
        kind = ObligationKind.ART7_ANNUAL.value
    wrong: list[str] = []
    if request.method == "POST":
        try:
            messages.success(request, _act(request, kind))
            return HttpResponseRedirect(f"{request.path}?kind={kind}")
        except Refused as refused:
            wrong = [str(reason) for reason in refused.reasons]
    answer = TemplateResponse(request, "admin/complete.html", _page(request, kind, wrong))
    answer.status_code = 422 if wrong else 200
    return answer


def _act(request: HttpRequest, kind: str) -> str:
    """Marks, takes back, or moves, by the button that was pressed; the sentence that says so."""
    by, on = signed_in(request), localdate()
    reason = posted_words(request, "reason")
    if taken := request.POST.get("take-back"):
        marked = NotFound.objects.filter(
            pk=int(taken) if taken.isascii() and taken.isdigit() else 0
        )
        found = marked.select_related("state").first()
        if found is None:
            raise Refused(_("This is no longer marked."))
        complete.take_back(found, by=by)
        return _("No longer marked as not found: %(report)s.") % {"report": found}
    year = _year(request.POST.get("year", ""))
    if "mark" in request.POST:
        number = complete.mark_not_found(
            kind, year, request.POST.getlist("states"), reason, by=by, on=on
        )
        if not number:
            raise Refused(_("Tick the States whose report was looked for and not found."))
        return ngettext(
            "Marked as not found: %(n)d report.", "Marked as not found: %(n)d reports.", number
        ) % {"n": number}
    row = complete.move(kind, dt.date(year, 1, 1), reason, by=by, on=on)
    assert row.complete_from is not None  # just moved
    return _("The records are complete for what falls due from %(day)s on.") % {
        "day": day(row.complete_from)
    }


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4 and int(text) >= dt.MINYEAR):
        raise Refused(_("Choose a year."))
    return int(text)


def _page(request: HttpRequest, kind: str, wrong: list[str]) -> dict[str, Any]:
    found = complete.years(kind, localdate())
    first = complete.proposed(found)
    kept = RecordsKept.objects.filter(kind=kind).first()
    marked = NotFound.objects.filter(kind=complete.KINDS[ObligationKind(kind)])
    return {
        **admin.site.each_context(request),
        "title": _("From when the records are complete"),
        "kind": kind,
        "kinds": [(one.value, one.label) for one in complete.KINDS],
        "is_annual": kind == ObligationKind.ART7_ANNUAL,
        "has_fictional": settings.DEMO,
        "years": found,
        "proposed": first.year if first else None,
        "choices": [one.year for one in found if first and one.year >= first.year],
        "kept": kept,
        "marked": marked.select_related("state", "marked_by").order_by(
            "-year", "state__name_en", "pk"
        ),
        "may_move": access.may(request.user, "keep_registry"),
        "wrong": wrong,
        "typed": request.POST.get("reason", "") if wrong else "",
        "back": reverse("admin:reporting_archive_changelist"),
    }
