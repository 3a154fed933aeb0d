"""What the acts of a review ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from reporting import clarification, embargo, language_versions, threads, waiting
from reporting.admin.forms import QuestionForm
from reporting.languages import LANGUAGES
from reporting.models import Embargo, LanguageVersion, PublicationWish, Report
from reporting.versions import schema_of
from states.admin.acts import ActForm, DayField, WhyForm
from states.words import colon, day


def reads(report: Report) -> str:
    """Which language is read where the letter goes, in a sentence; empty where it goes nowhere."""
    found = clarification.recipients(report)
    if not found:
        return ""
    to, language, _contact = found[0]
    return _("The letter goes to %(to)s, which reads %(language)s: write your question in it.") % {
        "to": to,
        "language": get_language_info(language)["name_translated"],
    }


class AskForm(QuestionForm):
    """A question to the State, about the whole report, a form, a question of it or a row."""

    form = forms.ChoiceField(label=lazy("About"), required=False)
    place = forms.CharField(
        label=lazy("Where in the form"),
        required=False,
        help_text=lazy(
            "Filled in by the page of the review, such as “areas” or “areas.area0001”; empty is "
            "the whole form."
        ),
    )
    field_order = ["form", "place", "text"]

    def prepare(self) -> None:
        """The forms of the report, with its letters."""
        super().prepare()
        found: Any = self.fields["form"]
        report: Report = self.row
        if words := reads(report):
            text: Any = self.fields["text"]
            text.help_text = " ".join(filter(None, [str(text.help_text), words]))
        found.choices = [("", _("the whole report"))] + [
            (
                form.key,
                _("Form %(letter)s: %(title)s")
                % {"letter": form.letter_in(report.language), "title": form.title},
            )
            for form in schema_of(report).in_order(report.language)
        ]

    def clean(self) -> dict[str, Any]:
        """The place is one that the report has."""
        data = super().clean() or {}
        place, form = data.get("place", ""), data.get("form", "")
        if place and not threads.is_place(self.row, form, place):
            self.add_error(
                "place", _("The report has no such form, question or row. Choose one that it has.")
            )
        return data


class ThreadForm(ActForm):
    """An act on one question of the report."""

    question = forms.TypedChoiceField(label=lazy("Question"), coerce=int)
    only_open = False

    def prepare(self) -> None:
        """The questions, each by what it is about and its first words."""
        found: Any = self.fields["question"]
        found.choices = [
            (
                one.question.pk,
                colon(one.about or _("the whole report"), Truncator(one.question.text).words(12)),
            )
            for one in threads.of_report(self.row)
            if not (self.only_open and one.stands == threads.SETTLED)
        ]


class SettleForm(ThreadForm):
    """Nothing more is asked."""

    why = forms.CharField(
        label=lazy("How it is settled"),
        help_text=lazy("The State reads it beside the question."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    only_open = True


class AskAgainForm(ThreadForm):
    """More is asked in a thread."""

    text = forms.CharField(
        label=lazy("Question"),
        help_text=lazy("As the State will read it, in the letter and beside the report."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class EmbargoForm(WhyForm):
    """Until which day the report waits, who asks for it and why."""

    not_before = DayField(
        label=lazy("Not before"),
        help_text=lazy("The portal publishes it by itself when that day begins in Geneva."),
    )
    asked_by = forms.ChoiceField(label=lazy("Asked by"), choices=Embargo.AskedBy.choices)

    def prepare(self) -> None:
        """What stands, or else what the State wishes."""
        super().prepare()
        now = embargo.standing(self.row)
        wish = PublicationWish.objects.filter(report=self.row).first()
        if now is not None:
            known: dict[str, Any] = {"not_before": now.not_before, "asked_by": now.asked_by}
        elif wish is not None:
            known = {
                "not_before": wish.not_before,
                "asked_by": Embargo.AskedBy.STATE,
                "reason": wish.why or _("The State asks for it."),
            }
        else:
            known = {"asked_by": Embargo.AskedBy.SECRETARIAT}
        for name, value in known.items():
            self.initial.setdefault(name, value)


class NewLanguageForm(ActForm):
    """A file with the report in another language."""

    language = forms.ChoiceField(
        label=lazy("Language"), choices=[(code, one.name) for code, one in LANGUAGES.items()]
    )
    sort = forms.ChoiceField(
        label=lazy("What it is"),
        choices=LanguageVersion.Kind.choices,
        initial=LanguageVersion.Kind.COURTESY,
    )
    file = forms.FileField(
        label=lazy("File"),
        allow_empty_file=True,
        help_text=lazy("PDF, Word, Excel, JPEG or PNG, up to 50 MB."),
    )

    def prepare(self) -> None:
        """Offers what the report is not yet there in and as."""
        offered: Any = self.fields
        offered["language"].widget.choices = language_versions.languages_to_add(self.row)
        offered["sort"].widget.choices = language_versions.kinds_to_add(self.row)


class OldLanguageForm(WhyForm):
    """Which language version is taken away, and why."""

    version = forms.TypedChoiceField(label=lazy("Which"), coerce=int)

    def prepare(self) -> None:
        """Those that stand."""
        super().prepare()
        found: Any = self.fields["version"]
        found.choices = [(one.pk, str(one)) for one in self.row.language_versions.standing()]


class QueueForm(forms.Form):
    """The filters of the queue; they stand in the address."""

    q = forms.CharField(label=lazy("State"), required=False, max_length=100)
    to_do = forms.ChoiceField(
        label=lazy("What is to be done"),
        required=False,
        choices=[("", lazy("all")), *waiting.TO_DO.items()],
    )
    kind = forms.ChoiceField(
        label=lazy("Kind"), required=False, choices=[("", lazy("all")), *Report.Kind.choices]
    )
    year = forms.IntegerField(label=lazy("Year"), required=False, min_value=2008, max_value=2100)
    doubts = forms.ChoiceField(
        label=lazy("Doubts"),
        required=False,
        choices=[
            ("", lazy("all")),
            ("open", lazy("with doubts not confirmed")),
            ("none", lazy("without doubts")),
        ],
    )
    sort = forms.ChoiceField(
        label=lazy("Order"), required=False, choices=list(waiting.SORTS.items())
    )

    def clean_q(self) -> str:
        """As words can be looked for: PostgreSQL is not asked, but nobody means a null."""
        text: str = self.cleaned_data["q"]
        if "\0" in text:
            raise ValidationError(_("Write the name of a State."))
        return text


def waits_in_words(row: Embargo | None) -> str:
    """Until when and why, in a sentence; empty where nothing stands."""
    if row is None or row.not_before is None:
        return ""
    return _("Not before %(day)s, asked by %(who)s: %(why)s") % {
        "day": day(row.not_before),
        "who": row.get_asked_by_display(),
        "why": row.why,
    }
