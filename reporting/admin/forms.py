"""What the acts on reports ask for."""

import hashlib
import json
from copy import copy
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from records import uploads
from records.models import Upload
from reporting import coverpage, days, doubts, filing, mailing
from reporting.mailing import Mailed
from reporting.models import UN_LANGUAGES, Report
from reporting.schema import NOT_APPLICABLE, UNCHANGED, Form
from states.admin.acts import ActForm, DayField, WhyForm
from states.models import State
from states.naming import folded
from states.seen import SEEN
from states.words import day

KEPT = "reporting.filing.kept"


class ReceiptForm(ActForm):
    """Which day, and when it was."""

    which = forms.ChoiceField(label=lazy("What happened"), choices=list(days.WHICH.items()))
    on = DayField(label=lazy("On"), initial=localdate)
    reason = forms.CharField(
        label=lazy("Why, if it corrects a day recorded before"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        """Most often it is UNODA's receipt that is still missing."""
        self.fields["which"].initial = "received_by_unoda"
        self.initial[SEEN] = json.dumps(self._now())

    def _now(self) -> dict[str, dict[str, str]]:
        """The days of each report as they are recorded."""
        return {
            str(row.pk): {
                which: recorded.isoformat()
                for which in days.WHICH
                if (recorded := getattr(row, which))
            }
            for row in self.rows
        }

    def clean(self) -> dict[str, Any]:
        """A day that a colleague recorded meanwhile is shown before another takes its place.

        A page that does not say what it showed is taken at its word.
        """
        data = super().clean() or {}
        which, on = data.get("which"), data.get("on")
        try:
            seen = dict(json.loads(data.get(SEEN, "")))
        except (ValueError, TypeError):
            return data
        if which is None or on is None:
            return data
        for row in self.rows:
            recorded, shown = getattr(row, which), seen.get(str(row.pk))
            if recorded in (None, on) or not isinstance(shown, dict):
                continue
            if shown.get(which) != recorded.isoformat():
                self._ask_again(row, which, recorded, on)
        return data

    def _ask_again(self, row: Report, which: str, recorded: Any, on: Any) -> None:
        """Sent once more, it is taken as meant."""
        sent: Any = copy(self.data)
        sent[self.add_prefix(SEEN)] = json.dumps(self._now())
        self.data = sent
        said = _(
            "“%(which)s” was recorded as %(now)s while you had the page open; you wrote %(yours)s. "
            "To put your day in its place say why, and record it once more."
        ) % {"which": days.WHICH[which], "now": day(recorded), "yours": day(on)}
        self.add_error("on", f"{row}: {said}" if len(self.rows) > 1 else said)


class TakeBackForm(WhyForm):
    """Which day was recorded by mistake; the day of receipt by the ISU is only ever corrected."""

    which = forms.ChoiceField(label=lazy("Which day"))

    def prepare(self) -> None:
        """Those that are recorded."""
        super().prepare()
        which: Any = self.fields["which"]
        which.choices = [
            (name, _("%(what)s: %(day)s") % {"what": words, "day": day(getattr(self.row, name))})
            for name, words in days.WHICH.items()
            if name in days.TAKEN_BACK and getattr(self.row, name)
        ]


class PublishForm(ActForm):
    """The day of publication is chosen."""

    on = DayField(
        label=lazy("Published on"),
        initial=localdate,
        help_text=lazy("Today, or the day on which it was published elsewhere."),
    )


class QuestionForm(ActForm):
    """A question to the State; its letter is held until it is released."""

    text = forms.CharField(
        label=lazy("Question"),
        help_text=lazy("As the State will read it, in the letter and beside the report."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class FilingForm(ActForm):
    """What a State sent by e-mail or post."""

    state = forms.ModelChoiceField(label=lazy("State"), queryset=State.objects.none())
    kind = forms.ChoiceField(label=lazy("Report"), choices=Report.Kind.choices)
    year = forms.IntegerField(
        label=lazy("Year reported on"), min_value=doubts.FIRST_YEAR, max_value=2100
    )
    channel = forms.ChoiceField(
        label=lazy("It came by"),
        choices=[
            (Report.Channel.EMAIL.value, Report.Channel.EMAIL.label),
            (Report.Channel.POST.value, Report.Channel.POST.label),
        ],
    )
    mailed = forms.CharField(
        label=lazy("Sent by the State on"),
        required=False,
        help_text=lazy(
            "Copy the Date line of the e-mail (Thu, 30 Apr 2026 23:40:00 +0200), or write the day "
            "of the postmark (2026-04-30). A time without a zone is taken as Geneva's. It stands "
            "on the receipt."
        ),
    )
    received_on = DayField(label=lazy("Received by the ISU on"), initial=localdate)
    covers_from = DayField(label=lazy("Covers from, if not the usual period"), required=False)
    covers_to = DayField(label=lazy("to"), required=False)
    language = forms.ChoiceField(label=lazy("Language"), choices=UN_LANGUAGES, initial="en")
    file = forms.FileField(
        label=lazy("The report"),
        required=False,
        allow_empty_file=True,
        help_text=lazy("PDF, Word, OpenDocument, Excel, JPEG or PNG, up to 50 MB."),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label=lazy("Note"),
        required=False,
        help_text=lazy("Such as the address that it came from. Read by the ISU only."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def prepare(self) -> None:
        """The States by name, and one row for each form of the cover page."""
        states: Any = self.fields["state"]
        states.queryset = State.objects.order_by(folded("name_en"), "pk")
        year = localdate().year - 1
        self.fields["year"].initial = year
        known = State.objects.filter(pk=str(self.initial.get("state", ""))).first()
        self.fields["kind"].initial = (
            doubts.usual_kind(known, year) if known else Report.Kind.ANNUAL
        )
        for form in coverpage.FORMS:
            marks = [(key, coverpage.MARKS[key]) for key in form.allowed]
            self.fields[f"mark_{form.key}"] = forms.ChoiceField(
                label=_("Form %(letter)s: %(title)s")
                % {"letter": form.letter, "title": form.title},
                required=False,
                choices=[("", _("not marked")), *marks],
            )
            words = {"letter": form.letter}
            if UNCHANGED in form.allowed:
                self.fields[f"year_{form.key}"] = forms.IntegerField(
                    label=_("Form %(letter)s unchanged since the report on") % words,
                    required=False,
                    min_value=doubts.FIRST_YEAR,
                    max_value=2100,
                    help_text=_("The year, if the State says it."),
                )
            if NOT_APPLICABLE in form.allowed:
                self.fields[f"sentence_{form.key}"] = forms.CharField(
                    label=_("Form %(letter)s not applicable, because") % words,
                    required=False,
                    max_length=500,
                    help_text=_("The State's sentence, if it gives one."),
                )

    def clean(self) -> dict[str, Any]:
        """The cover page goes on as one answer; what is doubtful is asked about, once."""
        data = super().clean() or {}
        data["original"] = self._original(data)
        data["marks"] = {
            form.key: self._mark(form, mark, data)
            for form in coverpage.FORMS
            if (mark := data.get(f"mark_{form.key}"))
        }
        for form in coverpage.FORMS:
            self._ask_for_the_mark(form, data)
        if not self.errors:
            self._ask(data)
        return data

    def _mark(self, form: Form, mark: str, data: dict[str, Any]) -> dict[str, Any]:
        """The mark with what the State says beside it, as far as it says it."""
        said: dict[str, Any] = {"mark": mark}
        if mark == UNCHANGED and (year := data.get(f"year_{form.key}")):
            said["year"] = year
        if mark == NOT_APPLICABLE and (sentence := data.get(f"sentence_{form.key}")):
            said["sentence"] = sentence
        return said

    def _ask_for_the_mark(self, form: Form, data: dict[str, Any]) -> None:
        """A year or a sentence without the mark that it belongs to would be lost."""
        for name, mark in (("year", UNCHANGED), ("sentence", NOT_APPLICABLE)):
            if data.get(f"{name}_{form.key}") and data.get(f"mark_{form.key}") != mark:
                sentence = _("Mark form %(letter)s as “%(mark)s”, or leave this empty.")
                words = {"letter": form.letter, "mark": coverpage.MARKS[mark]}
                self.add_error(f"{name}_{form.key}", sentence % words)

    def clean_mailed(self) -> Mailed | None:
        """A moment or a day, as it stands on what came."""
        given = self.cleaned_data.get("mailed", "")
        try:
            return mailing.read(given) if given else None
        except ValueError as unread:
            raise forms.ValidationError(str(unread)) from unread

    def _original(self, data: dict[str, Any]) -> Upload | None:
        """The file: chosen now, or kept when something else had to be mended or confirmed."""
        state, file = data.get("state"), data.get("file")
        if "file" in self.errors or state is None:
            return None
        try:
            upload = uploads.receive(file, state, self.user) if file else self._kept(state)
        except uploads.FileRefused as refused:
            self.add_error("file", str(refused))
            return None
        if upload is None:
            self.add_error("file", _("Choose the report."))
            return None
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        sent["kept"] = signing.dumps([upload.pk, state.pk, self.user.pk], salt=KEPT)
        self.data = sent
        self["file"].help_text = _(
            "“%(name)s” is kept; choose another file only to put it in its place."
        ) % {"name": upload.name}
        return upload

    def _kept(self, state: State) -> Upload | None:
        """What this person has sent for this State a moment ago, and no other file."""
        try:
            number, of, by = signing.loads(
                self.data.get("kept", ""), salt=KEPT, max_age=settings.SESSION_COOKIE_AGE
            )
        except (signing.BadSignature, ValueError):
            return None
        if (of, by) != (state.pk, self.user.pk):
            return None
        return Upload.objects.filter(pk=number).first()

    def _ask(self, data: dict[str, Any]) -> None:
        """Doubts stop nothing: each set of them is confirmed by its own tick."""
        # Before the doubts, so that each of these is asked about.
        same = filing.same_file(data["state"], data["kind"], data["year"], data["original"])
        data["known"] = [row.pk for row in same]
        proposed = filing.proposal(
            data["state"],
            data["kind"],
            data["year"],
            data["original"],
            data["covers_from"],
            data["covers_to"],
        )
        if any(doubts.problems(proposed)):
            return  # What the law forbids is not asked about: the act refuses it.
        found = [doubt.text for doubt in doubts.questions(proposed)]
        answer = hashlib.sha256("\n".join(found).encode()).hexdigest()[:16]
        if not found or self.data.get("sure") == answer:
            return
        self.fields["sure"] = forms.BooleanField(
            label=_("File it all the same"),
            required=False,
            widget=forms.CheckboxInput({"value": answer}, check_test=lambda _value: False),
        )
        self.asks = True
        for sentence in found:
            self.add_error("sure", sentence)
