"""The pages on which a State reads the figures that the ISU typed, and answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from records.models import Upload
from records.views import stored
from records.workflow import Refused
from reporting.models import Transcription
from reporting.models.transcriptions import SENT
from reporting.reading import FormRead
from reporting.transcription import shown, steps
from reporting.transcription.steps import TRANSCRIPTIONS
from states import access, passes
from states.models import Contact, Pass, User
from states.views import gone, open_by_pass

WRONG = "wrong-"
LONGEST = 4_000


class AnswerForm(forms.Form):
    """One press confirms; otherwise what is wrong is written beside the form that it is in."""

    use_required_attribute = False

    function = forms.CharField(
        label=lazy("Your function"),
        max_length=200,
        error_messages={"required": lazy("Say in which function you answer; no name is needed.")},
        help_text=lazy("Such as: Desk officer for disarmament, Ministry of Foreign Affairs."),
    )
    word = forms.CharField(
        label=lazy("A word to the ISU"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, read: list[FormRead], signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signed_in:
            del self.fields["function"]
        for one in read:
            label = _("What is wrong in form %(letter)s?") % {"letter": one.letter}
            self.fields[f"{WRONG}{one.form.key}"] = forms.CharField(
                label=label,
                max_length=LONGEST,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    @property
    def wrong(self) -> dict[str, str]:
        """What was written, by the key of its form."""
        said = self.cleaned_data
        return {
            name.removeprefix(WRONG): text
            for name, text in said.items()
            if name.startswith(WRONG) and text
        }

    def clean(self) -> dict[str, Any]:
        """Which of the two was meant must be sure: a confirmation is final."""
        data = super().clean() or {}
        if "confirm" in self.data:
            for form in self.wrong:
                self.add_error(
                    f"{WRONG}{form}",
                    _(
                        "You wrote here that something is wrong. Take it out to confirm the "
                        "figures, or send it to the ISU."
                    ),
                )
        elif not self.wrong and not self.errors:
            self.add_error(
                None, _("Write beside a form what is wrong in it, or confirm the figures.")
            )
        return data


def _opened(row: Pass) -> Transcription | None:
    """What a pass opens, while its mailbox still stands for the State."""
    kind, _slash, key = row.subject.partition("/")
    if kind != "transcription" or not key.isdigit():
        return None
    found = (
        Transcription.objects.standing()
        .select_related("report__state", "report__original", "report__handed_in_by")
        .filter(pk=key)
        .first()
    )
    return found if found is not None and _stands(row.mailbox, found) else None


def _stands(mailbox: str, row: Transcription) -> bool:
    state = row.report.state
    named = Contact.objects.current(localdate()).filter(state=state)
    if named.filter(email__iexact=mailbox).exists():
        return True
    who = row.report.handed_in_by
    acts = who is not None and state.pk in access.states_where(who, "hand_in_report")
    return acts and who is not None and who.email.casefold() == mailbox.casefold()


@open_by_pass
@transaction.atomic
def by_pass(request: HttpRequest, secret: str) -> HttpResponse:
    """The figures, to whoever holds the letter; one answer, then the pass is used."""
    row = passes.find(secret, Pass.Purpose.FIGURES)
    found = _opened(row) if row else None
    if row is None or found is None:
        return gone(request)
    read = shown.read(found)
    form = AnswerForm(request.POST or None, read=read, signed_in=False, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        note = _("By pass %(number)s, sent to %(mailbox)s") % {
            "number": row.pk,
            "mailbox": row.mailbox,
        }
        facts = {"said_as": form.cleaned_data["function"], "mailbox": row.mailbox, "note": note}
        try:
            with transaction.atomic():
                if passes.use(secret, Pass.Purpose.FIGURES, act=note) is None:
                    return gone(request)
                found = _take(found, form, by=None, **facts)
        except Refused as refused:
            return _again(request, found, form, refused, by_pass=True)
        return render(request, "reporting/figures_thanks.html", {"transcription": found})
    return _shown(request, found, read, form, by_pass=True)


@open_by_pass
def file_by_pass(request: HttpRequest, secret: str) -> Any:
    """The file of the report, to be compared, behind the same secret and for as long as it."""
    row = passes.find(secret, Pass.Purpose.FIGURES)
    found = _opened(row) if row else None
    original = found.report.original if found else None
    if original is None or original.verdict == Upload.Verdict.INFECTED:
        return gone(request)
    name, kind = original.name, original.media_type
    return stored(request, original.path, original.sha256, name, kind)


@require_http_methods(["GET", "HEAD", "POST"])
def signed_in(request: HttpRequest, iso3: str, kind: str, year: int, number: int) -> HttpResponse:
    """The same for the State's own people; who may hand in may answer."""
    rows = Transcription.objects.standing().select_related("report__state", "report__original")
    found = rows.filter(
        report__state=iso3, report__kind=kind, report__year=year, report__number=number
    ).first()
    if found is None or not found.visible_to_state(request.user):
        raise Http404
    by = access.signed_in(request)
    read = shown.read(found)
    form = AnswerForm(request.POST or None, read=read, signed_in=True, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                found = _take(found, form, by=by, said_as=str(by))
        except Refused as refused:
            return _again(request, found, form, refused, by_pass=False)
        messages.success(request, _thanks(found))
        return redirect("report-receipt", iso3, kind, year, number)
    return _shown(request, found, read, form, by_pass=False)


def _words(form: AnswerForm) -> list[str]:
    """What was written in the form, without what it carries unseen."""
    names = [name for name in form.fields if name != "seen"]
    return [text for name in names if (text := form.data.get(name, "").strip())]


def _initial(row: Transcription) -> dict[str, str]:
    return {"seen": str(row.times_sent)}


def _take(row: Transcription, form: AnswerForm, *, by: User | None, **facts: str) -> Transcription:
    """The step that was meant, under what was seen and said."""
    said = {"seen": form.cleaned_data["seen"], "word": form.cleaned_data["word"], **facts}
    if "confirm" in form.data:
        return steps.confirm(row, by=by, **said)
    taken: Transcription = TRANSCRIPTIONS.take(
        "correct-figures", row, by=by, wrong=form.wrong, **said
    )
    return taken


def _thanks(row: Transcription) -> str:
    if row.status == row.Status.CONFIRMED:
        return _("Thank you. The figures stand as you confirmed them.")
    return _("Thank you. The ISU corrects what you wrote, and asks you again.")


def _again(
    request: HttpRequest, row: Transcription, form: AnswerForm, refused: Refused, *, by_pass: bool
) -> HttpResponse:
    """What was written stays on the page, beside the figures as they stand now."""
    for reason in refused.reasons:
        form.add_error(None, reason)
    row.refresh_from_db()
    sent: Any = form.data
    form.data = {**sent.dict(), **_initial(row)}
    return _shown(request, row, shown.read(row), form, by_pass=by_pass, status=409)


def _shown(
    request: HttpRequest,
    row: Transcription,
    read: list[FormRead],
    form: AnswerForm,
    *,
    by_pass: bool,
    status: int = 0,
) -> HttpResponse:
    open_to = row.status == SENT and (
        by_pass or bool(access.may(request.user, "hand_in_report", row.report.state))
    )
    lost = form.is_bound and not open_to
    report = row.report
    later = type(report).objects.handed_in().filter(amends=report).first()
    context = {
        "transcription": row,
        "report": report,
        "forms": [([one], one.letter, form[f"{WRONG}{one.form.key}"]) for one in read],
        # Where the figures are not asked about any more, what was written is shown once more.
        "typed": _words(form) if lost else [],
        "form": form,
        "open": open_to,
        "by_pass": by_pass,
        # Whoever has not signed in opens the file by the letter that brought them here.
        "file_url": f"{request.path}file/"
        if by_pass
        else reverse("file", args=[report.original.pk, report.original.name])
        if report.original
        else "",
        "later": later,
        "is_demo": report.demo,
        "robots": "noindex",
    }
    status = status or (422 if form.errors else 200)
    return render(request, "reporting/figures.html", context, status=status)
