"""The register of stages: when, to whom and how reminders go out, with the letter itself."""

import calendar
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from records import letters, words
from records.admin.base import EvidenceAdmin, KindFilter
from records.models import Stage
from states.admin.base import ReasonedForm
from states.deadlines import annual_report_due, shift
from states.models import Contact
from states.models.law import ObligationKind
from states.words import day

# Ten years: no letter is written further from the day that it speaks of.
FURTHEST = 3650
TEMPLATES_DIR = settings.BASE_DIR / "templates" / "records" / "letters"


def templates() -> list[tuple[str, str]]:
    """The letters that there are, by the name of their template."""
    return [(one.stem, one.stem) for one in sorted(TEMPLATES_DIR.glob("[a-z]*.txt"))]


def kinds() -> list[tuple[str, str]]:
    """What can be reminded of, in words: the obligations, and whatever a stage is about."""
    known = dict.fromkeys([*ObligationKind.values, *Stage.objects.values_list("kind", flat=True)])
    return [(kind, words.letter(kind)) for kind in known]


class StageForm(ReasonedForm):
    """A stage whose letter exists and whose day is in the calendar."""

    kind = forms.ChoiceField(label=lazy("What falls due"), choices=kinds)
    template = forms.ChoiceField(label=lazy("Letter"), choices=templates)
    purposes = forms.MultipleChoiceField(
        label=lazy("Recipients"),
        choices=Contact.Purpose.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=lazy(
            "The first of these that the State has named is used, in this order. A letter with a "
            "link goes to one mailbox of all of these, that of a function first."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "purposes" in self.fields:
            self.initial["purposes"] = self.instance.purposes.split()

    def clean_offset_days(self) -> int:
        """One that calendars know: any other would stop the planning of all letters."""
        offset: int = self.cleaned_data["offset_days"]
        if abs(offset) > FURTHEST:
            raise forms.ValidationError(
                _("Write at most %(most)d days, before or after.") % {"most": FURTHEST}
            )
        return offset

    def clean_purposes(self) -> str:
        """As the planner reads them: in the order of the choices, apart by spaces."""
        return " ".join(self.cleaned_data["purposes"])

    def clean(self) -> dict[str, Any]:
        """The 31st of February is no day."""
        data = super().clean() or {}
        month, number = data.get("calendar_month"), data.get("calendar_day")
        if month is not None and not 1 <= month <= 12:
            self.add_error("calendar_month", _("A month is a number from 1 to 12."))
        elif month and number and not 1 <= number <= calendar.monthrange(2027, month)[1]:
            self.add_error("calendar_day", _("This day is not in that month."))
        return data


@admin.register(Stage)
class StageAdmin(EvidenceAdmin):
    """Stages of reminding. What was planned already keeps its text until it is planned anew."""

    section = "letters"
    change_right = add_right = "edit_stages"
    asks_why = True
    form = StageForm
    change_form_template = "admin/stage.html"
    guidance = lazy(
        "A change counts from the next planning run. A stage is put out of use, never deleted: "
        "letters name it."
    )
    list_display = ["slug", "about", "when", "template", "held", "active", "to_be_confirmed"]
    list_filter = [("kind", KindFilter), "active", "held", "to_be_confirmed"]
    search_fields = ["slug", "kind", "template"]
    fields = [
        "slug",
        "kind",
        "anchor",
        "offset_days",
        ("calendar_month", "calendar_day"),
        "repeats_every_days",
        "purposes",
        "template",
        ("held", "resend"),
        ("active", "to_be_confirmed"),
        "note",
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The stable name is in the key of every letter."""
        return ["slug"] if obj is not None else []

    @admin.display(description=lazy("what falls due"), ordering="kind")
    def about(self, row: Stage) -> str:
        """In words."""
        return words.letter(row.kind)

    @admin.display(description=lazy("when"))
    def when(self, row: Stage) -> str:
        """In words."""
        return words.comes(row)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """With the letter as it would read, in each language of letters."""
        stage = kwargs.get("obj")
        context["previews"] = previews(stage) if stage is not None else []
        return super().render_change_form(request, context, *args, **kwargs)


def previews(stage: Stage) -> list[dict[str, Any]]:
    """Subject and text of the stage's letter in each language, to an invented State."""
    today = localdate()
    year = today.year
    made = []
    for language, label in settings.LANGUAGES:
        with override(language):
            due = annual_report_due(year) if "annual" in stage.kind else shift(today, days=180)
            context = {
                "state_name": _("the State"),
                "contact": None,
                "year": year,
                "due_day": day(due),
                "why": "",
                "number": 0,
            }
        try:
            subject, body = letters.render(stage.template, language, context)
        except TemplateDoesNotExist:
            return []
        made.append({"language": language, "label": label, "subject": subject, "body": body})
    return made
