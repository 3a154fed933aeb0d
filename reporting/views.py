"""The pages on which a State makes its report ready, hands it in, and sends it on."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from records import resumable, uploads
from records.models import Upload
from records.workflow import Refused
from reporting import (
    answering,
    beside_context,
    certifying,
    coverpage,
    days,
    doubts,
    filing,
    mailing,
    outstanding,
    points,
    reading,
    receipt,
    seen,
    threads,
)
from reporting.forms import DraftForm, InvitationForm, SentForm
from reporting.models import DRAFT, Report
from reporting.transcription import confirmed
from reporting.versions import schema_of
from states import access
from states.access import Person
from states.models import State
from states.posting import posted_from, sent_again_as

YEAR = ("iso3", "kind", "year")
# Rows from which on a paper takes longer to set than anybody waits without a word.
LONG = 200


def draft_of(
    user: Person, iso3: str, kind: str, year: int, *, right: str = "draft_report"
) -> Report:
    """The State's own draft; for everybody else it does not exist.

    Raises `filing.HandedIn` where the State has handed it in.
    """
    if iso3 not in access.states_where(user, right):
        raise Http404
    rows = Report.objects.filter(state=iso3, kind=kind, year=year).select_related(
        "state", "original", "touched_by", "amends", "handed_in_by"
    )
    draft = rows.filter(status=DRAFT, channel=Report.Channel.PORTAL).first()
    if draft is not None:
        return draft
    newest = rows.order_by("-number").first()
    if newest is None:
        raise Http404
    raise filing.HandedIn(newest)


def unless_handed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of a draft; where it was handed in meanwhile, the State's people are told so."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except filing.HandedIn as already:
            return _handed_in_already(request, already.row)

    return answer


def _handed_in_already(request: HttpRequest, report: Report) -> HttpResponse:
    """Where the receipt is; and of a draft's form what stands beside what was typed."""
    # Only a draft's form says which version it had before it, beside its other answers.
    typed = "covers_from" in request.POST
    context = {
        "report": report,
        "sentence": filing.handed_in_already(report),
        "apart": DraftForm(request.POST, report=report).differences(report) if typed else [],
        "is_demo": report.demo,
        "robots": "noindex",
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "reporting/handed_in.html", context, status=status)


def handed_in(user: Person, iso3: str, kind: str, year: int, number: int) -> Report:
    """What was handed in, for the State's own people and the secretariat."""
    if iso3 not in access.states_where(user, "view_drafts") and not access.may(
        user, "record_receipt"
    ):
        raise Http404
    rows = Report.objects.handed_in().select_related(
        "state", "original", "handed_in_by", "certified_by", "receipt", "amends"
    )
    return get_object_or_404(rows, state=iso3, kind=kind, year=year, number=number)


def _tell(request: HttpRequest, refused: Refused) -> None:
    for reason in refused.reasons:
        messages.error(request, reason)


def _address(name: str, report: Report) -> str:
    return reverse(name, args=[report.state_id, report.kind, report.year])


@posted_from("owe")
def begin(request: HttpRequest) -> HttpResponse:
    """Begins a report, or takes up the draft that is there."""
    state = _own_state(request)
    kind, year = _asked_for(request)
    try:
        report = filing.begin(state, kind, year, by=access.signed_in(request))
    except Refused as refused:
        _tell(request, refused)
        return redirect("owe")
    return redirect(_address("report-draft", report))


def _own_state(request: HttpRequest) -> State:
    iso3 = request.POST.get("state", "")
    if iso3 not in access.states_where(request.user, "draft_report"):
        raise Http404
    return get_object_or_404(State, pk=iso3)


def _asked_for(request: HttpRequest) -> tuple[str, int]:
    kind, year = request.POST.get("kind", ""), request.POST.get("year", "")
    if kind not in Report.Kind.values or not (year.isascii() and year.isdigit() and len(year) == 4):
        raise BadRequest("a kind of report and a year of four digits")
    return kind, int(year)


def _saves(iso3: str, kind: str, year: int) -> str:
    return _("Save this draft: %(report)s") % {"report": called(iso3, kind, year)}


def called(iso3: str, kind: str, year: int) -> str:
    state = State.objects.filter(pk=iso3).first()
    return str(Report(state=state, kind=kind, year=year)) if state else f"{iso3} {year}"


@sent_again_as(_saves)
@uploads.limited
@require_http_methods(["GET", "HEAD", "POST"])
@unless_handed_in
def draft(request: HttpRequest, iso3: str, kind: str, year: int) -> HttpResponse:
    """The one page on which the report is made ready: file, period, cover page, note."""
    report = draft_of(request.user, iso3, kind, year)
    if request.method != "POST":
        return render(
            request,
            "reporting/draft.html",
            _draft_page(request.user, report, DraftForm(report=report)),
        )
    form = DraftForm(request.POST, request.FILES, report=report)
    form.is_valid()
    upload = _received(request, form, report)
    try:
        report = filing.save(
            report,
            form.answers(upload),
            by=access.signed_in(request),
            seen=form.data.get("touched", ""),
        )
    except filing.Overtaken as overtaken:
        report = overtaken.row
        form.give_way_to(report, access.signed_in(request))
    except filing.HandedIn:
        raise
    except Refused as refused:
        _tell(request, refused)
        return redirect("owe")
    if form.errors:
        return render(
            request, "reporting/draft.html", _draft_page(request.user, report, form.afresh(report))
        )
    if "check" in request.POST:
        return redirect(_address("report-check", report))
    messages.success(request, _("Saved. Only your State reads this draft."))
    return redirect(_address("report-draft", report))


def _received(request: HttpRequest, form: DraftForm, report: Report) -> Upload | None:
    """The file of this save; a refusal is an error at its question and loses nothing else."""
    file = request.FILES.get("file")
    try:
        if uploads.left_out(request):
            raise uploads.FileRefused(uploads.too_large())
        by = access.signed_in(request)
        if file:
            return uploads.receive(file, report.state, by)
        return resumable.taken(request.POST.get("file.sent", ""), report.state, by)
    except uploads.FileRefused as refused:
        kept = _("Everything else is kept; choose the file again.")
        form.add_error("file", f"{refused} {kept}")
        return None


def _draft_page(by: Person, report: Report, form: DraftForm) -> dict[str, Any]:
    marked = sum(1 for form_ in coverpage.FORMS if report.marks.get(form_.key, {}).get("mark"))
    before = (
        Report.objects.handed_in()
        .filter(state=report.state_id, year__lt=report.year)
        .select_related("original")
        .order_by("-year", "-number", "-pk")
        .first()
    )
    return {
        "report": report,
        "form": form,
        "before": before,
        "marked": marked,
        "upload_limit": settings.UPLOAD_MAX_BYTES,
        "by_mail": receipt.to_isu(report),
        "forms": len(coverpage.FORMS),
        "answered": report.forms.exclude(said={}).exists(),
        "seen_all": seen.token(report),
        "tasks": answering.tasks(report),
        "colleagues": outstanding.with_colleagues(report),
        "named": [one.institution for one in points.of(report)],
        "questions": [one for one in threads.of_report(report) if one.stands != threads.SETTLED]
        if report.amends_id
        else [],
        "invitation": report.invitations.in_force(localdate()).first(),
        "may_invite": access.may(by, "hand_in_report", report.state),
        "invite_form": InvitationForm(),
        "is_demo": report.demo,
        "robots": "noindex",
    }


@require_safe
@unless_handed_in
def check(request: HttpRequest, iso3: str, kind: str, year: int) -> HttpResponse:
    """Everything as the ISU will see it, with the doubts, before it is handed in."""
    return check_answer(request, draft_of(request.user, iso3, kind, year))


def check_answer(
    request: HttpRequest, report: Report, *, status: int = 200, **beside: Any
) -> HttpResponse:
    """The page before hand-in; `beside` is what `beside_context.of_check` takes."""
    context = {
        "report": report,
        "lines": receipt.cover_page(report),
        "forms": reading.forms_of(report, schema_of(report)),
        "problems": list(doubts.problems(report)),
        **beside_context.of_check(report, **beside),
        "points": points.of(report),
        **certifying.facts(report, request.user),
        "may_hand_in": access.may(request.user, "hand_in_report", report.state),
        "seen_all": seen.token(report),
        "long": report.original is None and answering.rows_in(report) > LONG,
        "now": timezone.now(),
        "deadline": days.to_come(report),
        "is_demo": report.demo,
        "robots": "noindex",
    }
    return render(request, "reporting/check.html", context, status=status)


@posted_from("report-check", *YEAR)
def hand_in(request: HttpRequest, iso3: str, kind: str, year: int) -> HttpResponse:
    """Hands the draft to the ISU; of two who press at once, the second is told of the first."""
    if iso3 not in access.states_where(request.user, "view_drafts"):
        raise Http404
    newest = Report.objects.filter(state=iso3, kind=kind, year=year).order_by("-number").first()
    if newest is None:
        raise Http404
    try:
        report = receipt.hand_in(
            newest, by=access.signed_in(request), seen=request.POST.get("touched", "")
        )
    except Refused as refused:
        newest.refresh_from_db()
        if newest.status == DRAFT:
            _tell(request, refused)
            return redirect(_address("report-check", newest))
        messages.warning(request, filing.handed_in_already(newest))
        return redirect("report-receipt", iso3, kind, year, newest.number)
    receipt.issue_paper(report)
    return redirect("report-receipt", iso3, kind, year, report.number)


@posted_from("report-draft", *YEAR)
@unless_handed_in
def discard(request: HttpRequest, iso3: str, kind: str, year: int) -> HttpResponse:
    """Throws the draft away."""
    report = draft_of(request.user, iso3, kind, year)
    try:
        filing.discard(report, by=access.signed_in(request), seen=request.POST.get("touched", ""))
    except Refused as refused:
        _tell(request, refused)
        return redirect(_address("report-draft", report))
    messages.success(request, _("The draft was thrown away."))
    return redirect("owe")


@posted_from("report-draft", *YEAR)
@unless_handed_in
def invite(request: HttpRequest, iso3: str, kind: str, year: int) -> HttpResponse:
    """Lets the secretariat read the draft until a day, or takes that back."""
    report = draft_of(request.user, iso3, kind, year)
    form = InvitationForm(request.POST)
    try:
        if "take-back" in request.POST:
            filing.take_back(report, by=access.signed_in(request))
            messages.success(request, _("The ISU no longer reads this draft."))
        elif form.is_valid():
            filing.invite(report, form.cleaned_data["until_on"], by=access.signed_in(request))
            messages.success(
                request, _("The ISU may read this draft until the day that you named.")
            )
        else:
            messages.error(request, _("Name the day until which the ISU may read the draft."))
    except Refused as refused:
        _tell(request, refused)
    return redirect(_address("report-draft", report))


@require_safe
def receipt_page(
    request: HttpRequest, iso3: str, kind: str, year: int, number: int
) -> HttpResponse:
    """The receipt: what the ISU has, since when, under which reference, and what comes next."""
    return receipt_answer(request, handed_in(request.user, iso3, kind, year, number))


def receipt_answer(
    request: HttpRequest, report: Report, *, status: int = 200, **beside: Any
) -> HttpResponse:
    """The page of the receipt; `beside` is what `beside_context.of_receipt` takes."""
    own = report.state_id in access.states_where(request.user, "hand_in_report")
    later = Report.objects.handed_in().filter(amends=report).first()
    context = {
        "report": report,
        "clocks": receipt.clocks(report.handed_in_at or timezone.now(), report.state),
        "mailed": mailing.in_words(report),
        "lines": receipt.cover_page(report),
        "own": own,
        "later": later,
        **beside_context.of_receipt(report, **beside),
        "points": points.of(report),
        "figures": confirmed.asked_about(report) if own else None,
        "is_demo": report.demo,
        "robots": "noindex",
    }
    return render(request, "reporting/receipt.html", context, status=status)


@require_safe
def send(request: HttpRequest, iso3: str, kind: str, year: int, number: int) -> HttpResponse:
    """The e-mail to UNODA, prepared; or the day on which it was sent already."""
    report = handed_in(request.user, iso3, kind, year, number)
    if iso3 not in access.states_where(request.user, "view_drafts"):
        raise Http404
    context = {
        "report": report,
        "mail": receipt.to_unoda(report),
        "annexes": receipt.annexes(report),
        "sent_form": SentForm(
            today=localdate(), told=report.sent_to_unoda if report.sent_by_state_said else None
        ),
        "may_say": access.may(request.user, "hand_in_report", report.state),
        "is_demo": report.demo,
        "robots": "noindex",
    }
    return render(request, "reporting/send.html", context)


@posted_from("owe")
def sent(request: HttpRequest) -> HttpResponse:
    """The State's word that it has sent the report; where there is none here, it begins one."""
    state = _own_state(request)
    kind, year = _asked_for(request)
    by = access.signed_in(request)
    if not (answer := access.may(by, "hand_in_report", state)):
        messages.error(request, answer.reason)
        return redirect("owe")
    told = filing.told_about(state, kind, year)
    form = SentForm(request.POST, today=localdate(), last=filing.last_covered(told))
    if form.is_valid():
        try:
            filing.say_sent(state, kind, year, form.cleaned_data["sent_on"], by=by)
        except Refused as refused:
            form.add_error("sent_on", list(refused.reasons))
        else:
            messages.success(request, _("Thank you. Reminders about this report have paused."))
            return redirect("owe")
    context = {"report": told, "form": form, "is_demo": state.demo, "robots": "noindex"}
    return render(request, "reporting/sent.html", context)


@posted_from("report-receipt", *YEAR, "number")
def amend(request: HttpRequest, iso3: str, kind: str, year: int, number: int) -> HttpResponse:
    """Begins a new version of what was handed in."""
    report = handed_in(request.user, iso3, kind, year, number)
    try:
        filing.amend(report, by=access.signed_in(request))
    except Refused as refused:
        _tell(request, refused)
        return redirect("report-receipt", iso3, kind, year, number)
    return redirect(_address("report-draft", report))
