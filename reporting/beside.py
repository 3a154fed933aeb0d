"""What a State says beside its report: words on doubts, a wish, answers, language versions.

Each posts from the page on which it stands; where it is refused, the page comes back with what was
typed.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from records import uploads
from records.workflow import Refused
from reporting import clarification, confirming, filing, language_versions
from reporting.beside_forms import AnswerForm, LanguageForm, WishForm
from reporting.models import Report
from reporting.views import (
    YEAR,
    called,
    check_answer,
    draft_of,
    handed_in,
    receipt_answer,
    unless_handed_in,
)
from states import access
from states.posting import posted_from, posted_words, sent_again_as

VERSION = (*YEAR, "number")


def _check(report: Report, place: str = "") -> HttpResponse:
    address = reverse("report-check", args=[report.state_id, report.kind, report.year])
    return redirect(address + place)


@posted_from("report-check", *YEAR)
@unless_handed_in
def confirm_doubt(request: HttpRequest, iso3: str, kind: str, year: int) -> HttpResponse:
    """The State's word on a doubt, or the word taken back."""
    report = draft_of(request.user, iso3, kind, year)
    facts, word = posted_words(request, "facts")[:64], posted_words(request, "word")
    by = access.signed_in(request)
    try:
        if "take-back" in request.POST:
            confirming.take_back(report, facts, by=by)
        else:
            confirming.confirm(report, facts, word, by=by)
    except filing.HandedIn:
        raise
    except Refused as refused:
        typed = {"facts": facts, "word": word, "reasons": refused.reasons}
        return check_answer(request, report, status=422, typed=typed)
    return _check(report, f"#doubt-{facts[:12]}")


@posted_from("report-check", *YEAR)
@unless_handed_in
def wish(request: HttpRequest, iso3: str, kind: str, year: int) -> HttpResponse:
    """The State asks that its report be not published before a day, or takes that back."""
    report = draft_of(request.user, iso3, kind, year)
    form = WishForm(request.POST)
    by = access.signed_in(request)
    try:
        if "take-back" in request.POST:
            confirming.wish(report, None, "", by=by)
        elif form.is_valid():
            data = form.cleaned_data
            confirming.wish(report, data["not_before"], data["why"], by=by)
    except filing.HandedIn:
        raise
    except Refused as refused:
        form.add_error("not_before", list(refused.reasons))
    if "take-back" not in request.POST and form.errors:
        return check_answer(request, report, status=422, wish_form=form)
    return _check(report, "#wish")


def _answers(iso3: str, kind: str, year: int, number: int) -> str:
    return _("Send this answer to the ISU: %(report)s") % {"report": called(iso3, kind, year)}


def _receipt(report: Report, place: str = "") -> HttpResponse:
    args = [report.state_id, report.kind, report.year, report.number]
    return redirect(reverse("report-receipt", args=args) + place)


@sent_again_as(_answers)
@posted_from("report-receipt", *VERSION)
def answer(request: HttpRequest, iso3: str, kind: str, year: int, number: int) -> HttpResponse:
    """The State's answer in words to a question of the ISU."""
    report = handed_in(request.user, iso3, kind, year, number)
    form = AnswerForm(request.POST)
    form.is_valid()
    question, text = form.cleaned_data.get("question"), posted_words(request, "text")
    try:
        remark = clarification.answer_in_words(
            report, text, by=access.signed_in(request), question=question
        )
    except Refused as refused:
        if iso3 not in access.states_where(request.user, "hand_in_report"):
            for reason in refused.reasons:
                messages.error(request, reason)
            return _receipt(report)
        typed = {"question": question, "text": text, "reasons": refused.reasons}
        return receipt_answer(request, report, status=422, typed=typed)
    messages.success(request, _("Your answer is with the ISU."))
    return _receipt(report, f"#question-{remark.question_id}")


@uploads.limited
@require_http_methods(["GET", "HEAD", "POST"])
@posted_from("report-receipt", *VERSION)
def add_language(
    request: HttpRequest, iso3: str, kind: str, year: int, number: int
) -> HttpResponse:
    """The State adds its report in another language."""
    report = _own(request, iso3, kind, year, number)
    form = LanguageForm(request.POST, request.FILES, report=report)
    by = access.signed_in(request)
    if uploads.left_out(request):
        form.add_error("file", uploads.too_large())
    if form.is_valid():
        data = form.cleaned_data
        try:
            upload = uploads.receive(data["file"], report.state, by)
            language_versions.add(report, data["language"], data["sort"], upload, by=by)
        except uploads.FileRefused as refused:
            form.add_error("file", str(refused))
        except Refused as refused:
            form.add_error(None, list(refused.reasons))
    if form.errors:
        return receipt_answer(request, report, status=422, language_form=form)
    messages.success(request, _("Added. It is read by whoever reads the report."))
    return _receipt(report, "#languages")


@posted_from("report-receipt", *VERSION)
def take_language_away(
    request: HttpRequest, iso3: str, kind: str, year: int, number: int
) -> HttpResponse:
    """The State takes away a language version that it added."""
    report = _own(request, iso3, kind, year, number)
    given, why = posted_words(request, "version"), posted_words(request, "why")
    which = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    try:
        language_versions.take_away(report, which, why, by=access.signed_in(request))
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("Taken away."))
    return _receipt(report, "#languages")


def _own(request: HttpRequest, iso3: str, kind: str, year: int, number: int) -> Report:
    """What the State handed in, for those who hand in for it; for others it does not exist."""
    report = handed_in(request.user, iso3, kind, year, number)
    if iso3 not in access.states_where(request.user, "hand_in_report"):
        raise Http404
    return report
