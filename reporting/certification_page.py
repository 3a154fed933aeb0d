"""The pages on which the mission reads a draft and certifies it, and the State's switch for it."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from records.workflow import Refused
from reporting import certifying, doubts, mission, points, reading, receipt
from reporting import seen as seen_of
from reporting.filing import HandedIn
from reporting.versions import schema_of
from reporting.views import YEAR, draft_of, unless_handed_in
from states import access
from states.posting import posted_from, posted_words

# Letters from the State to its mission and back: enough for a long day, no way to flood a mailbox.
RATE = {"certification": "20/h/user"}


def _throttle(request: HttpRequest) -> None:
    if not ratelimit.consume(
        request, app="reporting", action="certification", config=RATE, user=request.user
    ):
        raise Refused(_("Too many letters within an hour. Please wait a little."))


@require_http_methods(["GET", "HEAD", "POST"])
@unless_handed_in
def certify(request: HttpRequest, iso3: str, kind: str, year: int) -> HttpResponse:
    """Everything as it would be handed in; the mission certifies it or sends it back."""
    report = draft_of(request.user, iso3, kind, year, right="certify_report")
    status = 200
    if request.method == "POST":
        certified = request.POST.get("act") == "certify"
        try:
            _throttle(request)
            mission.say(
                report,
                certified=certified,
                word=posted_words(request, "word")[:2000],
                seen=request.POST.get("seen", ""),
                by=access.signed_in(request),
            )
        except HandedIn:
            raise
        except Refused as refused:
            for reason in refused.reasons:
                messages.error(request, reason)
            report.refresh_from_db()
            status = 409
        else:
            words = (
                _("Certified. The focal point has been told.")
                if certified
                else _("Sent back. The focal point has been told.")
            )
            messages.success(request, words)
            return redirect("report-certify", iso3, kind, year)
    context = certifying.facts(report, request.user) | {
        "report": report,
        "lines": receipt.cover_page(report),
        "forms": reading.forms_of(report, schema_of(report)),
        "doubts": doubts.doubts(report),
        "points": points.of(report),
        "seen": seen_of.token(report),
        "typed": posted_words(request, "word") if status == 409 else "",
        "is_demo": report.demo,
        "robots": "noindex",
    }
    return render(request, "reporting/certify.html", context, status=status)


@posted_from("report-check", *YEAR)
@unless_handed_in
def ask(request: HttpRequest, iso3: str, kind: str, year: int) -> HttpResponse:
    """Tells the mission that the draft waits."""
    report = draft_of(request.user, iso3, kind, year)
    try:
        _throttle(request)
        number = mission.ask(report, by=access.signed_in(request))
    except HandedIn:
        raise
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        said = ngettext(
            "One person of the mission has been told that the draft waits.",
            "%(n)s people of the mission have been told that the draft waits.",
            number,
        ) % {"n": number}
        messages.success(request, said)
    return redirect("report-check", iso3, kind, year)


@posted_from("report-check", *YEAR)
@unless_handed_in
def switch(request: HttpRequest, iso3: str, kind: str, year: int) -> HttpResponse:
    """The State's own rule: the mission certifies first, or not any more."""
    report = draft_of(request.user, iso3, kind, year)
    reason, by = posted_words(request, "reason")[:2000], access.signed_in(request)
    try:
        if request.POST.get("act") == "on":
            certifying.switch_on(report.state, reason=reason, by=by)
            messages.success(request, _("From now on your mission certifies first."))
        elif request.POST.get("act") == "off":
            certifying.switch_off(report.state, reason=reason, by=by)
            messages.success(request, _("Switched off: reports are handed in without it."))
        else:
            raise Http404
    except Refused as refused:
        for said in refused.reasons:
            messages.error(request, said)
    return redirect("report-check", iso3, kind, year)
