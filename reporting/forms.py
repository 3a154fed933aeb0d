"""What is asked of a State when it hands in a report: the file, the period, the cover page."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.models import Upload
from reporting.art7_2010 import ART7_2010
from reporting.coverpage import BY_KEY, FORMS, MARKS
from reporting.models import UN_LANGUAGES, Report
from reporting.schema import Form
from states.models import User
from states.words import colon, day
from states.written_days import offered

NO_MARK = ("", _("not marked yet"))


class DayInput(forms.DateInput):
    """The browser's own picker: no month is ever taken for a day."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayBox(forms.DateField):
    """A day. What is written otherwise is not guessed at: the reading is offered."""

    widget = DayInput

    def to_python(self, value: Any) -> dt.date | None:
        """As Django reads it, or the days that it can mean."""
        try:
            return super().to_python(value)
        except forms.ValidationError as fault:
            if said := offered(str(value)):
                raise forms.ValidationError(said, code="invalid") from fault
            raise


@dataclass(frozen=True, slots=True)
class Question:
    """One form of the cover page with its three fields, as the template walks them."""

    form: Form
    letter: str
    mark: forms.BoundField
    year: forms.BoundField
    sentence: forms.BoundField


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer of which another stands in the report than was typed."""

    label: str
    stands: str
    typed: str


class ReportFile(forms.FileField):
    """A file that a report cannot do without and a draft can."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """None where no file was chosen."""
        return super().clean(data, initial) if data else None


class DraftForm(forms.Form):
    """One page: file, period, language, cover page, note; only what arithmetic forbids is wrong."""

    use_required_attribute = False

    file = ReportFile(
        label=_("The report"),
        allow_empty_file=True,  # what is wrong with a file is said once, where it is received
        help_text=_("PDF, Word, OpenDocument, Excel, JPEG or PNG, up to 50 MB."),
        widget=forms.FileInput(
            attrs={
                "data-preview": "",
                "data-limit": settings.UPLOAD_MAX_BYTES,
                "data-words-size": _("{name}, {size}"),
                "data-words-large": _("{name} is {size}; the limit is {limit}."),
                "accept": ".pdf,.doc,.docx,.odt,.xls,.xlsx,.jpg,.jpeg,.png",
            }
        ),
    )
    covers_from = DayBox(label=_("Covers the time from"))
    covers_to = DayBox(label=_("Covers the time until"))
    language = forms.ChoiceField(
        label=_("Language of the report"),
        choices=UN_LANGUAGES,
        help_text=_(
            "The letters below follow it: the French form has C and D the other way round."
        ),
    )
    note = forms.CharField(
        label=_("Note to the ISU"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Read by the ISU only; never published."),
    )
    touched = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        self.report = report
        self.apart: list[Difference] = []
        kwargs.setdefault("initial", self._initial(report))
        super().__init__(*args, **kwargs)
        for form in FORMS:
            words = {
                "letter": form.letter_in(self.language_now()),
                "title": form.title,
            }
            self.fields[f"{form.key}_mark"] = forms.ChoiceField(
                label=_("Form %(letter)s") % words,
                required=False,
                choices=[*((key, MARKS[key]) for key in form.allowed), NO_MARK],
                widget=forms.RadioSelect,
            )
            self.fields[f"{form.key}_year"] = forms.IntegerField(
                label=_("Last reported on for the year"),
                required=False,
                min_value=1900,
                max_value=2100,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                error_messages={"invalid": _("Form %(letter)s: a year has four digits.") % words},
            )
            self.fields[f"{form.key}_sentence"] = forms.CharField(
                label=_("Why, in one sentence"), required=False, max_length=500
            )

    def language_now(self) -> str:
        """The language whose letters the page shows."""
        given = self.data.get("language", "") if self.is_bound else ""
        return given if given in dict(UN_LANGUAGES) else self.report.language

    @staticmethod
    def _initial(report: Report) -> dict[str, Any]:
        initial: dict[str, Any] = {
            "covers_from": report.covers_from,
            "covers_to": report.covers_to,
            "language": report.language,
            "note": report.note,
            "touched": report.touched_at.isoformat(),
        }
        for key, said in report.marks.items():
            for name in ("mark", "year", "sentence"):
                initial[f"{key}_{name}"] = said.get(name, "")
        return initial

    def clean(self) -> dict[str, Any]:
        """A period that ends before it begins is the one answer that cannot be kept."""
        data = super().clean() or {}
        first, last = data.get("covers_from"), data.get("covers_to")
        if first and last and last < first:
            # Django takes an answer with an error out of what is kept: both days go together.
            self.add_error("covers_to", _("The period ends before it begins."))
        for name in ("covers_from", "covers_to"):
            if name in self.errors and not data.get(name):
                # A browser's picker shows nothing of what is not a day.
                self.fields[name].widget.input_type = "text"
        return data

    def marks(self) -> dict[str, dict[str, Any]]:
        """The cover page as far as it was understood; a word that is not used now is kept too."""
        found: dict[str, dict[str, Any]] = {}
        for form in FORMS:
            said: dict[str, Any] = {}
            if mark := self.cleaned_data.get(f"{form.key}_mark"):
                said["mark"] = mark
            if year := self.cleaned_data.get(f"{form.key}_year"):
                said["year"] = year
            if sentence := self.cleaned_data.get(f"{form.key}_sentence", "").strip():
                said["sentence"] = sentence
            if said:
                found[form.key] = said
        return found

    def answers(self, upload: Upload | None) -> dict[str, Any]:
        """What can be kept: every answer that was understood, and the file if it was taken."""
        given = self.cleaned_data
        kept: dict[str, Any] = {name: given[name] for name in ("language", "note") if name in given}
        # A period is two days that belong together: half of one is not kept.
        if given.get("covers_from") and given.get("covers_to"):
            kept |= {name: given[name] for name in ("covers_from", "covers_to")}
        kept["marks"] = self.marks()
        if upload is not None:
            kept["original"] = upload
        elif "drop-file" in self.data:
            kept["original"] = None
        return kept

    def give_way_to(self, row: Report, by: User) -> None:
        """Saved meanwhile, perhaps by the same person: that stands, what was typed stays here."""
        at = timezone.localtime(row.touched_at)
        words = {"who": row.touched_by, "time": at.strftime("%H:%M")}
        self.add_error(
            None,
            (
                _(
                    "You saved this draft at %(time)s (Geneva) in another tab or window, after "
                    "this page was opened. What is below was typed here and is not saved yet: "
                    "save again to put it in place of what stands, or open the page anew to go "
                    "on from there. A file must be chosen again."
                )
                if row.touched_by_id == by.pk
                else _(
                    "%(who)s saved this draft at %(time)s (Geneva) while you were writing. What is "
                    "below is yours and is not saved yet: save again to put it in place of theirs, "
                    "or open the page anew to see theirs. A file must be chosen again."
                )
            )
            % words,
        )
        self.apart = self.differences(row)

    def differences(self, row: Report) -> list[Difference]:
        """Each answer that stands otherwise in the row than it was typed here, in words."""
        stands = self._initial(row)
        found = []
        for name, field in self.fields.items():
            if name in ("file", "touched"):
                continue
            was, typed = _plain(stands.get(name)), _plain(self.data.get(name))
            if was != typed:
                label = str(field.label)
                key, _under, part = name.rpartition("_")
                if form := BY_KEY.get(key):
                    subject = f"{form.letter_in(self.language_now())}. {form.title}"
                    label = subject if part == "mark" else colon(subject, label)
                found.append(Difference(label, _in_words(field, was), _in_words(field, typed)))
        return found

    def afresh(self, row: Report) -> "DraftForm":
        """The same page with what was typed, for the row as it now stands."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        self.data = typed
        typed["touched"] = row.touched_at.isoformat()
        self.report = row
        return self

    def questions(self) -> Iterator[Question]:
        """The cover page, form by form, in the order of the language."""
        language = self.language_now()
        for form in ART7_2010.in_order(language):
            yield Question(
                form,
                form.letter_in(language),
                self[f"{form.key}_mark"],
                self[f"{form.key}_year"],
                self[f"{form.key}_sentence"],
            )


def _plain(value: Any) -> str:
    """An answer as a browser sends it, with the line ends of no system."""
    text = value.isoformat() if isinstance(value, dt.date) else str(value or "")
    return "\n".join(text.splitlines()).strip()


def _in_words(field: forms.Field, text: str) -> str:
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(text, text))  # type: ignore[arg-type]
    if isinstance(field, forms.DateField):
        try:
            return day(dt.date.fromisoformat(text))
        except ValueError:
            return text
    return text


class SentForm(forms.Form):
    """The day on which a State sent its report to UNODA.

    A day before `last`, the last that the report covers, is asked about once.
    """

    sent_on = DayBox(
        label=_("Sent on"),
        error_messages={"required": _("Name the day on which the report was sent to UNODA.")},
    )

    def __init__(
        self,
        *args: Any,
        today: dt.date,
        told: dt.date | None = None,
        last: dt.date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.last = last
        self.fields["sent_on"].initial = told or today
        self.fields["sent_on"].widget.attrs["max"] = today.isoformat()
        given = self.data.get("sent_on", "")
        self.fields["sent_on"].error_messages["invalid"] = _(
            "“%(given)s” is not a day. Write it as year, month and day, such as 2026-11-20."
        ) % {"given": given[:80]}

    def clean(self) -> dict[str, Any]:
        """What cannot be read stays to be mended; what is unusual is confirmed by a tick."""
        data = super().clean() or {}
        on = data.get("sent_on")
        if "sent_on" in self.errors:
            # A browser's picker shows nothing of what is not a day.
            self.fields["sent_on"].widget.input_type = "text"
        if on and self.last and on < self.last and self.data.get("sure") != on.isoformat():
            self.fields["sure"] = forms.BooleanField(
                label=_("It was sent on that day"),
                required=False,
                widget=forms.CheckboxInput(
                    {"value": on.isoformat()}, check_test=lambda _value: False
                ),
            )
            self.add_error(
                "sure",
                _("%(day)s is before the end of the time that the report covers, %(last)s.")
                % {"day": day(on), "last": day(self.last)},
            )
        return data


class InvitationForm(forms.Form):
    """Until when the secretariat may read a draft."""

    until_on = forms.DateField(label=_("The ISU may read this draft until"), widget=DayInput)
