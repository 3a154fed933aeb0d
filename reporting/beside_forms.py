"""What is asked beside a report: the day before which it is not to be public, other languages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting import language_versions
from reporting.forms import DayInput
from reporting.languages import LANGUAGES
from reporting.models import LanguageVersion, Report


class WishForm(forms.Form):
    """Before which day the State would not have its report published, and why."""

    not_before = forms.DateField(
        label=_("Please do not publish before"),
        widget=DayInput,
        error_messages={"required": _("Name the day before which it is not to be published.")},
    )
    why = forms.CharField(
        label=_("Why, if you wish to say so"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnswerForm(forms.Form):
    """Which question is answered; a form of an older page does not say so."""

    question = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class LanguageForm(forms.Form):
    """A file with the report in another language."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("choose")), *((code, one.name) for code, one in LANGUAGES.items())],
        error_messages={"required": _("Say which language it is.")},
    )
    sort = forms.ChoiceField(
        label=_("What it is"),
        choices=LanguageVersion.Kind.choices,
        initial=LanguageVersion.Kind.OFFICIAL,
    )
    file = forms.FileField(
        label=_("File"),
        # An empty file gets the sentence that the keeper of files has for it.
        allow_empty_file=True,
        help_text=_("PDF, Word, Excel, JPEG or PNG, up to 50 MB."),
        error_messages={"required": _("Choose the file.")},
    )

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only what is offered is narrowed: what an older page sends gets its sentence from `add`.
        offered: Any = self.fields
        offered["language"].widget.choices = [
            ("", _("choose")),
            *language_versions.languages_to_add(report),
        ]
        offered["sort"].widget.choices = language_versions.kinds_to_add(report)
