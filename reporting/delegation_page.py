"""The State's page about one form with a colleague: hand it out, compare, take it over."""

from __future__ import annotations

from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from records.models import Upload
from records.workflow import Refused
from reporting import answering, coverpage, delegating
from reporting.answering import FormOvertaken, row_of, token
from reporting.boxes import Names
from reporting.differences import differences
from reporting.filing import HandedIn
from reporting.forms import DayInput, Difference
from reporting.models import Delegation, Report
from reporting.schema import Form
from reporting.versions import schema_of
from reporting.views import draft_of, unless_handed_in
from states import access
from states.models.actors import LANGUAGES

# Letters to mailboxes that a person names: enough for ten forms asked again, no way to flood one.
RATE = {"hand-out": "40/h/user"}
BY_LETTER, BY_HAND = "letter", "link"


class AgainForm(forms.Form):
    """Until when, and a word: what a colleague is asked, the first time and again."""

    until_on = forms.DateField(label=lazy("Until"), widget=DayInput)
    word = forms.CharField(
        label=lazy("A word to your colleague"),
        help_text=lazy("It stands above the form, and not in the letter."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    way = forms.ChoiceField(
        label=lazy("The link"),
        choices=[
            (BY_LETTER, lazy("goes to the mailbox by e-mail")),
            (BY_HAND, lazy("is shown to me once; I pass it on")),
        ],
        initial=BY_LETTER,
        widget=forms.RadioSelect,
    )


class HandOutForm(AgainForm):
    """To whom a form goes."""

    mailbox = forms.EmailField(label=lazy("Your colleague's mailbox"), max_length=254)
    function = forms.CharField(
        label=lazy("Function"),
        help_text=lazy("Such as: mine action centre, information officer. No name is needed."),
        max_length=200,
    )
    language = forms.ChoiceField(label=lazy("Language of the letter"), choices=LANGUAGES)
    field_order = ["mailbox", "function", "until_on", "word", "language", "way"]


@require_http_methods(["GET", "HEAD", "POST"])
@unless_handed_in
def page(request: HttpRequest, iso3: str, kind: str, year: int, form: str) -> HttpResponse:
    """Who has the form, until when, and what came of it; the acts of the State on it."""
    report = draft_of(request.user, iso3, kind, year)
    try:
        asked = schema_of(report).form(form)
    except KeyError:
        raise Http404 from None
    found = (
        Delegation.objects.open()
        .filter(report=report, form=asked.key)
        .select_related("handed_out_by")
        .first()
    )
    if found is not None:
        found.report = report
    if request.method != "POST":
        return _shown(request, report, asked, found)
    act = request.POST.get("act", "")
    try:
        if found is None:
            return _handed_out(request, report, asked)
        if act == "take-over":
            return _taken_over(request, report, asked, found)
        if act == "withdraw":
            delegating.withdraw(found, by=access.signed_in(request))
            messages.success(request, _("Withdrawn: the link opens nothing any more."))
        elif act == "again":
            return _asked_again(request, report, asked, found)
    except HandedIn:
        raise
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    return redirect(request.path)


def _handed_out(request: HttpRequest, report: Report, asked: Form) -> HttpResponse:
    given = HandOutForm(request.POST)
    if not given.is_valid():
        return _shown(request, report, asked, None, given)
    data = given.cleaned_data
    try:
        _throttle(request)
        made = delegating.hand_out(
            report,
            asked,
            mailbox=data["mailbox"],
            function=data["function"],
            until_on=data["until_on"],
            word=data["word"],
            language=data["language"],
            by=access.signed_in(request),
        )
    except HandedIn:
        raise
    except Refused as refused:
        given.add_error("until_on", list(refused.reasons))
        return _shown(request, report, asked, None, given)
    return _sent_off(request, report, asked, made, data["way"])


def _asked_again(
    request: HttpRequest, report: Report, asked: Form, found: Delegation
) -> HttpResponse:
    given = AgainForm(request.POST)
    if not given.is_valid():
        return _shown(request, report, asked, found, given)
    data = given.cleaned_data
    try:
        _throttle(request)
        row = delegating.ask_again(
            found, word=data["word"], until_on=data["until_on"], by=access.signed_in(request)
        )
    except HandedIn:
        raise
    except Refused as refused:
        given.add_error("until_on", list(refused.reasons))
        return _shown(request, report, asked, found, given)
    return _sent_off(request, report, asked, row, data["way"])


def _sent_off(
    request: HttpRequest, report: Report, asked: Form, row: Delegation, way: str
) -> HttpResponse:
    """The letter leaves by itself; a link that is passed on by hand is shown here, once."""
    by = access.signed_in(request)
    if way == BY_HAND:
        link = delegating.show_link(row, by=by)
        answer = _shown(request, report, asked, row, link=link)
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["Cache-Control"] = "no-store"
        return answer
    delegating.send(row, by=by)
    words = _("The form is with %(who)s now; the letter leaves within minutes.")
    messages.success(request, words % {"who": row.function})
    return redirect(request.path)


def _throttle(request: HttpRequest) -> None:
    if not ratelimit.consume(
        request, app="reporting", action="hand-out", config=RATE, user=request.user
    ):
        raise Refused(_("Too many letters within an hour. Please wait a little."))


def _taken_over(
    request: HttpRequest, report: Report, asked: Form, found: Delegation
) -> HttpResponse:
    try:
        delegating.take_over(found, by=access.signed_in(request), seen=request.POST.get("seen", ""))
    except FormOvertaken as overtaken:
        words = _("%(who)s saved this form meanwhile. Compare it once more, then take it over.")
        messages.warning(request, words % {"who": overtaken.row.touched_by})
        return _shown(request, report, asked, found, status=409)
    messages.success(request, _("Taken over. The form stands in the draft now."))
    return redirect(answering.address(report, asked))


def _shown(
    request: HttpRequest,
    report: Report,
    asked: Form,
    found: Delegation | None,
    given: forms.Form | None = None,
    *,
    link: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "report": report,
        "form": asked,
        "letter": asked.letter_in(report.language),
        "url": answering.address(report, asked),
        "delegation": found,
        "link": link,
        "is_demo": report.demo,
        "robots": "noindex",
    }
    if found is None:
        context["ask"] = given or HandOutForm(initial={"language": get_language()})
    else:
        row = row_of(report, asked)
        context |= {
            "ask": given or AgainForm(initial={"until_on": max(found.until_on, _today())}),
            "seen": token(row),
            "saved_since": token(row) != found.began.get("seen", ""),
            "apart": [
                *_mark_apart(report, found),
                *(
                    Difference(
                        ", ".join(filter(None, (one.question, one.row))),
                        one.stands,
                        one.would_be,
                    )
                    for one in differences(asked, Names(), row, found.said, found.unread)
                ),
            ],
            "files": list(
                found.files.exclude(verdict=Upload.Verdict.INFECTED).order_by("name", "pk")
            ),
            "sent": delegating.last_letter(found),
        }
    return render(request, "reporting/delegation.html", context, status=status)


def _today() -> Any:
    return timezone.localdate()


def _mark_apart(report: Report, found: Delegation) -> list[Difference]:
    """The mark on the cover page, where the colleague gave it another."""
    if found.mark == found.began.get("mark", {}):
        return []
    said = [
        next(
            line.said
            for line in coverpage.lines({found.form: mark}, report.language)
            if line.form.key == found.form
        )
        for mark in (report.marks.get(found.form, {}), found.mark)
    ]
    return [Difference(str(_("Mark on the cover page")), *said)] if said[0] != said[1] else []
