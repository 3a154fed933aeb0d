"""The registers of national implementation measures: as reported, as noted, and their statuses."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from records import uploads
from records.admin.base import EvidenceAdmin
from reporting.measures import standing
from reporting.measures import words as measures
from reporting.measures.resources import MeasureNoteResource
from reporting.models import Measure, MeasureGroup, MeasureNote
from states import access
from states.admin.acts import Act, StaffRequest, WhyForm
from states.admin.base import ReasonedForm
from states.admin.exchange import ExchangeMixin
from states.admin.parts import Line, Part, add_url, change_url, list_url
from states.models import State, User
from states.models.actors import Confidence
from states.words import colon, day


def _paper(upload: Any) -> str:
    if upload is None:
        return _("none")
    url = reverse("file", args=[upload.pk, upload.name])
    return format_html('<a href="{}">{}</a>', url, upload.name)


def _annotate(request: StaffRequest, row: Measure, data: dict[str, Any]) -> HttpResponseRedirect:
    """To the note about the row, or to the form of a new one."""
    note = MeasureNote.objects.filter(state=row.state_id, about=row.row).first()
    return HttpResponseRedirect(
        change_url(note) if note else add_url(MeasureNote, state=row.state_id, about=row.row)
    )


@admin.register(Measure)
class MeasureAdmin(EvidenceAdmin):
    """What States reported in Form A of published reports."""

    section = "reports"
    final = lazy(
        "This is what the State reported: it does not change. What the ISU knows besides, or knows "
        "better, is a note beside it."
    )
    empty = lazy("No published report has a measure in Form A yet.")
    list_display = ["state", "title", "kind", "effective_on", "penal", "report"]
    list_filter = ["kind", "penal", "state__regional_group"]
    list_select_related = ["state", "report__state"]
    search_fields = ["state__name_en", "state__iso3", "title", "citation", "report__reference"]
    fields = [
        ("state", "report", "row"),
        ("kind", "title"),
        ("citation", "effective_on", "penal"),
        "law",
        "remark",
    ]
    readonly_fields = ["law"]
    acts = (
        Act(
            "annotate",
            lazy("Add an ISU note"),
            "keep_registry",
            does=_annotate,
            help=lazy(
                "For a correction, a title in English or the text, each from a source. The next "
                "page is the note beside this measure; nothing is noted before you save it there."
            ),
        ),
    )

    def is_final(self, obj: Measure) -> bool:
        """Always: the word is the State's."""
        return True

    @admin.display(description=lazy("text of the law"))
    def law(self, row: Measure) -> str:
        """The file that came with the report."""
        return _paper(row.text)


def _reported(state: Any, about: str) -> str:
    """What the State reported in the row, and where; empty where it is not public."""
    rows = standing.reported(localdate()).filter(state=getattr(state, "pk", state), row=about)
    row = rows.first()
    if row is None:
        return ""
    shown = measures.shown(standing.Line(row.state_id, row, None, in_latest=True))
    said = " · ".join((shown.title, *shown.facts))
    return colon(_("As reported by the State"), f"{said} ({shown.report})")


class MeasureNoteForm(ReasonedForm):
    """A note, with the text of the law where there is a file."""

    by: User
    file = forms.FileField(
        label=lazy("Text of the law, as a file"),
        required=False,
        help_text=lazy("PDF, Word, Excel, JPEG or PNG, up to 50 MB. Public with the note."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """How sure it is the person says; beside the row stands what the State said of it."""
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            return
        self.initial["confidence"] = ""
        if "confidence" in self.fields:
            sure: Any = self.fields["confidence"]
            sure.choices = [("", _("choose")), *Confidence.choices]
        about, state = self.initial.get("about"), self.initial.get("state")
        if about and state and (said := _reported(state, about)):
            self.fields["about"].help_text = said

    def clean(self) -> dict[str, Any]:
        """The file is one that can be kept."""
        data = super().clean() or {}
        file = data.get("file")
        if file and not self.errors:
            try:
                self.upload = uploads.receive(file, data.get("state"), self.by)
            except uploads.FileRefused as refused:
                self.add_error("file", str(refused))
        return data


def _take_back(request: StaffRequest, row: Any, data: dict[str, Any]) -> HttpResponseRedirect:
    row.delete()
    return HttpResponseRedirect(list_url(type(row)))


@admin.register(MeasureNote)
class MeasureNoteAdmin(ExchangeMixin, EvidenceAdmin):
    """What the ISU knows of measures from sources; public, signed and dated."""

    section = "reports"
    change_right = add_right = "keep_registry"
    asks_why = True
    form = MeasureNoteForm
    resource = MeasureNoteResource
    long_texts = ("remark", "source")
    guidance = lazy(
        "A note never changes what the State reported. What it leaves empty it says nothing about; "
        "what is of low confidence is not shown in public."
    )
    list_display = ["state", "title", "kind", "effective_on", "penal", "noted_on", "confidence"]
    list_filter = ["kind", "penal", "bans_investment", "confidence", "state__regional_group"]
    list_select_related = ["state"]
    search_fields = ["state__name_en", "state__iso3", "title", "title_en", "citation", "source"]
    autocomplete_fields = ["state"]
    acts = (
        Act(
            "take-back",
            lazy("Take it back"),
            "keep_registry",
            does=_take_back,
            form=WhyForm,
            done=lazy("Taken back: %(count)s."),
            help=lazy("Where it was recorded by mistake. It stays in the history."),
        ),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A new file takes the place of the one that is there."""
        return [
            "state",
            "about" if obj is None else "reported",
            "kind",
            ("title", "title_en"),
            ("citation", "effective_on"),
            ("penal", "bans_investment"),
            *(["law"] if obj is not None else []),
            "file",
            "link",
            "remark",
            ("noted_on", "confidence"),
            "source",
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Another State's measure, or another row, is another note."""
        return ["state", "reported", "law"] if obj is not None else []

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form knows who receives the file."""
        made = super().get_form(request, obj, change=change, **kwargs)
        made.by = request.user
        return made

    def save_model(
        self, request: Any, obj: MeasureNote, form: MeasureNoteForm, change: bool
    ) -> None:
        """With the file that was chosen."""
        obj.text = getattr(form, "upload", None) or obj.text
        super().save_model(request, obj, form, change)

    @admin.display(description=lazy("about"))
    def reported(self, row: MeasureNote) -> str:
        """What the State said in the row, or that no report has it."""
        if not row.about:
            return _("a measure that no report has")
        return _reported(row.state_id, row.about) or row.about

    @admin.display(description=lazy("text of the law"))
    def law(self, row: MeasureNote) -> str:
        """The file that the ISU attached."""
        return _paper(row.text)

    def parts(self, request: HttpRequest, obj: MeasureNote) -> list[Part]:
        """What the State reported of it, as the newest report has it."""
        if not obj.about:
            return []
        part = Part("reported", _("As reported by the State"), (_("Measure"), _("Report")))
        row = standing.reported(localdate(), obj.state).filter(row=obj.about).first()
        if row is not None:
            shown = measures.shown(standing.Line(obj.state_id, row, None, in_latest=True))
            words = " · ".join((shown.title, *shown.facts))
            part.lines = [Line((words, shown.report), change_url(row))]
        return [part]


@admin.register(MeasureGroup)
class MeasureGroupAdmin(EvidenceAdmin):
    """The words for where States stand under Article 9, and the rule of each."""

    section = "practice"
    change_right = add_right = "keep_registry"
    asks_why = True
    guidance = lazy(
        "A State has a status with one measure that fits its rule. The words that shipped with the "
        "portal are to be confirmed by the ISU."
    )
    list_display = ["words", "rule", "position", "to_be_confirmed"]
    fields = [
        "key",
        ("name_en", "name_fr", "name_es"),
        "kinds",
        ("penal", "bans_investment", "while_reported"),
        ("position", "to_be_confirmed"),
        "note",
    ]
    acts = (
        Act(
            "take-back",
            lazy("Take it back"),
            "keep_registry",
            does=_take_back,
            form=WhyForm,
            done=lazy("Taken back: %(count)s."),
            help=lazy("The status is no longer used. It stays in the history."),
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Addresses that were shared name it."""
        return ["key"] if obj is not None else []

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The kinds are ticked."""
        if db_field.name == "kinds":
            return forms.TypedMultipleChoiceField(
                label=db_field.verbose_name,
                choices=Measure.Kind.choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("None: a measure of any kind."),
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=lazy("status"), ordering="position")
    def words(self, row: MeasureGroup) -> str:
        """Its name."""
        return row.name

    @admin.display(description=lazy("rule"))
    def rule(self, row: MeasureGroup) -> str:
        """In words."""
        return measures.rule(row)


def measures_of(request: HttpRequest, state: State) -> Part:
    """The measures of a State, for its page in the workplace."""
    part = Part(
        "measures",
        _("National implementation measures"),
        (_("Measure"), _("Whose word it is"), _("Source")),
        empty=_("No measure is recorded here."),
    )
    for line in standing.lines(localdate(), state).get(state.pk, []):
        shown = measures.shown(line)
        row: Any = line.reported or line.note
        source = shown.report or (
            _("noted on %(day)s") % {"day": day(line.note.noted_on)} if line.note else ""
        )
        part.lines.append(
            Line((" · ".join((shown.title, *shown.facts)), shown.said, source), change_url(row))
        )
    if access.may(request.user, "keep_registry"):
        part.links = [
            {"url": add_url(MeasureNote, state=state.pk), "label": _("Add an ISU note")},
        ]
    return part
