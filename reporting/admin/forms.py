"""What the acts on reports ask for."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from reporting import coverpage, days, filing
from reporting.models import UN_LANGUAGES, Report
from states.admin.acts import ActForm, DayWidget
from states.models import State


class ReceiptForm(ActForm):
    """Which day, and when it was."""

    which = forms.ChoiceField(label=lazy("What happened"), choices=list(days.WHICH.items()))
    on = forms.DateField(label=lazy("On"), widget=DayWidget, initial=localdate)
    reason = forms.CharField(
        label=lazy("Why, if it corrects a day recorded before"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def prepare(self) -> None:
        """Most often it is UNODA's receipt that is still missing."""
        self.fields["which"].initial = "received_by_unoda"


class PublishForm(ActForm):
    """The day of publication is chosen."""

    on = forms.DateField(
        label=lazy("Published on"),
        widget=DayWidget,
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
        label=lazy("Year reported on"), min_value=filing.FIRST_YEAR, max_value=2100
    )
    channel = forms.ChoiceField(
        label=lazy("It came by"),
        choices=[
            (Report.Channel.EMAIL.value, Report.Channel.EMAIL.label),
            (Report.Channel.POST.value, Report.Channel.POST.label),
        ],
    )
    received_on = forms.DateField(
        label=lazy("Received by the ISU on"), widget=DayWidget, initial=localdate
    )
    covers_from = forms.DateField(
        label=lazy("Covers from, if not the usual period"), required=False, widget=DayWidget
    )
    covers_to = forms.DateField(label=lazy("to"), required=False, widget=DayWidget)
    language = forms.ChoiceField(label=lazy("Language"), choices=UN_LANGUAGES, initial="en")
    file = forms.FileField(
        label=lazy("The report"), help_text=lazy("PDF, Word, Excel, JPEG or PNG, up to 50 MB.")
    )
    note = forms.CharField(
        label=lazy("Note"),
        required=False,
        help_text=lazy("Such as the address that it came from. Read by the ISU only."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def prepare(self) -> None:
        """The States by name, and one row for each form of the cover page."""
        states: Any = self.fields["state"]
        states.queryset = State.objects.order_by("name_en")
        self.fields["year"].initial = localdate().year - 1
        for form in coverpage.FORMS:
            marks = [(key, coverpage.MARKS[key]) for key in form.allowed]
            self.fields[f"mark_{form.key}"] = forms.ChoiceField(
                label=_("Form %(letter)s: %(title)s")
                % {"letter": form.letter, "title": form.title},
                required=False,
                choices=[("", _("not marked")), *marks],
            )

    def marks(self) -> dict[str, dict[str, str]]:
        """The cover page as the State marked it."""
        given = {form.key: self.cleaned_data[f"mark_{form.key}"] for form in coverpage.FORMS}
        return {key: {"mark": mark} for key, mark in given.items() if mark}

    def clean(self) -> dict[str, Any]:
        """The cover page goes on as one answer."""
        data = super().clean() or {}
        data["marks"] = {
            form.key: {"mark": mark}
            for form in coverpage.FORMS
            if (mark := data.get(f"mark_{form.key}"))
        }
        return data
