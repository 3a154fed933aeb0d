"""What has changed in a report since the version before: for everybody, between public versions."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from records.views import reader_of
from reporting.comparing import compare
from reporting.models import DRAFT, PUBLISHED, Report
from states.public_pages import public_page


@public_page
@require_safe
def changes(request: HttpRequest, iso3: str, kind: str, year: int, number: int) -> HttpResponse:
    """A version beside the one before it, of those that the reader may see.

    Of a published version that is the published one before it, whoever reads: a version that was
    never published is compared only with what is not public either. Answers may
    name any State, so the page does not say that it tells of one alone.
    """
    reader = reader_of(request)
    rows = (
        Report.objects.filter(state=iso3, kind=kind, year=year)
        .exclude(status=DRAFT)
        .visible_to(reader)
        .select_related("state", "original")
        .order_by("-number")
    )
    now = rows.filter(number=number).first()
    before = None
    if now is not None:
        earlier = rows.filter(number__lt=number)
        before = (earlier.filter(status=PUBLISHED) if now.status == PUBLISHED else earlier).first()
    if now is None or before is None:
        if not reader.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404
    context = {
        "report": now,
        "before": before,
        "versions": [before, now],
        "compared": compare(before, now),
        "is_demo": now.demo,
        "robots": "" if now.status == PUBLISHED else "noindex",
    }
    return render(request, "reporting/changes.html", context)
