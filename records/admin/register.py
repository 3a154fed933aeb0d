"""The register of notes verbales and letters that come in and go out on paper or by e-mail."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from records import uploads
from records.admin.base import EvidenceAdmin, NamedEmptyFilter
from records.models import NoteVerbale, Reference
from records.models.events import record
from states.admin.acts import Act
from states.admin.parts import add_url
from states.models import User

SERIES = "NV"
COPIED = (
    "direction",
    "state",
    "organisation",
    "their_number",
    "dated_on",
    "received_on",
    "subject",
)


class NoteVerbaleForm(forms.ModelForm):
    """One paper, with its scan where there is one."""

    by: User
    file = forms.FileField(
        label=lazy("Scan or file"),
        required=False,
        help_text=lazy("PDF, Word, OpenDocument, Excel, JPEG or PNG, up to 50 MB."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "corrects" in self.fields:
            corrects: Any = self.fields["corrects"]
            corrects.queryset = NoteVerbale.objects.filter(corrected_by__isnull=True)

    def clean_received_on(self) -> Any:
        """In the past."""
        on = self.cleaned_data["received_on"]
        if on > localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return on

    def clean(self) -> dict[str, Any]:
        """Dated before it was received; the file is one that can be kept."""
        data = super().clean() or {}
        dated, received = data.get("dated_on"), data.get("received_on")
        if dated and received and dated > received:
            self.add_error("dated_on", _("It is dated after the day on which it came or went."))
        if not self.errors and not data.get("corrects"):
            self._refuse_twice(data)
        file = data.get("file")
        if file and not self.errors:
            try:
                self.upload = uploads.receive(file, data.get("state"), self.by)
            except uploads.FileRefused as refused:
                self.add_error("file", str(refused))
        return data

    def _refuse_twice(self, data: dict[str, Any]) -> None:
        """The same facts once more, as by a second press, are one paper."""
        for party in (data.get("state"), data.get("organisation")):
            if party is not None:
                # Held until the paper is saved: the second press sees what the first wrote.
                type(party).objects.select_for_update().get(pk=party.pk)
        same = {name: data.get(name) for name in COPIED}
        if found := NoteVerbale.objects.filter(corrected_by__isnull=True, **same).first():
            self.add_error(
                None,
                _("This paper is registered already: %(note)s. Another one has another subject.")
                % {"note": found},
            )


class CorrectedFilter(NamedEmptyFilter):
    """Whether a later entry corrects it."""

    title = lazy("corrected by a later entry")


@admin.register(NoteVerbale)
class NoteVerbaleAdmin(EvidenceAdmin):
    """Formal communications, each with a reference of ours; registered once."""

    section = "documents"
    view_right = "register_notes"
    add_right = "register_notes"
    form = NoteVerbaleForm
    final = lazy(
        "A registered paper does not change. “Make a correction” registers it anew, under its own "
        "reference, and points from here to there."
    )
    list_display = [
        "reference",
        "direction",
        "of",
        "their_number",
        "dated_on",
        "received_on",
        "subject",
        "standing",
    ]
    list_filter = ["direction", ("corrected_by", CorrectedFilter)]
    list_select_related = ["state", "organisation", "corrected_by"]
    date_hierarchy = "received_on"
    search_fields = [
        "reference",
        "subject",
        "their_number",
        "state__name_en",
        "state__iso3",
        "organisation__name_en",
    ]
    autocomplete_fields = ["state", "organisation", "answers"]
    acts = (
        Act(
            "correct",
            lazy("Make a correction"),
            "register_notes",
            does=lambda request, row, data: HttpResponseRedirect(
                add_url(NoteVerbale, corrects=row.pk)
            ),
            open_to=lambda user, row: not hasattr(row, "corrected_by"),
            help=lazy("Opens the form with this paper's facts; the first entry stays."),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[NoteVerbale]:
        """As the register answers for itself."""
        visible = NoteVerbale.objects.visible_to(request.user)
        return super().get_queryset(request).filter(pk__in=visible.values("pk"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The form of a new paper, or the facts of a registered one."""
        facts = [
            "direction",
            ("state", "organisation"),
            ("their_number", "dated_on"),
            "received_on",
            "subject",
            "answers",
        ]
        if obj is None:
            return [*facts, "file", "corrects"]
        return ["reference", *facts, "paper", "corrects", ("registered_at", "registered_by")]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What the portal writes itself."""
        return [] if obj is None else ["reference", "paper", "registered_at", "registered_by"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form knows who receives the file."""
        made = super().get_form(request, obj, change=change, **kwargs)
        made.by = request.user
        return made

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A correction begins from what it corrects."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        corrected = request.GET.get("corrects", "")
        row = NoteVerbale.objects.filter(pk=corrected).first() if corrected.isdecimal() else None
        if row is not None:
            initial |= {name: getattr(row, name) for name in COPIED}
        initial.setdefault("received_on", localdate())
        return initial

    def save_model(
        self, request: Any, obj: NoteVerbale, form: NoteVerbaleForm, change: bool
    ) -> None:
        """With the next reference, in the same transaction, so that none is lost."""
        obj.reference = Reference.take(SERIES, obj.received_on.year)
        obj.registered_by = request.user
        obj.upload = getattr(form, "upload", None) or (
            obj.corrects.upload if obj.corrects else None
        )
        super().save_model(request, obj, form, change)
        record(
            "correct" if obj.corrects else "register",
            obj,
            by=request.user,
            state=obj.state,
            note=str(obj.corrects or ""),
        )
        messages.info(request, _("Its reference is %(reference)s.") % {"reference": obj.reference})

    def final_sentence(self, obj: NoteVerbale) -> str:
        """Where the correction stands, if there is one."""
        if hasattr(obj, "corrected_by"):
            return _("Corrected by %(note)s.") % {"note": obj.corrected_by}
        return str(self.final)

    @admin.display(description=lazy("of"), ordering="state__name_en")
    def of(self, row: NoteVerbale) -> str:
        """State or organisation."""
        return str(row.state or row.organisation or "–")

    @admin.display(description=lazy("standing"))
    def standing(self, row: NoteVerbale) -> str:
        """Whether a later entry corrects it."""
        return _("corrected") if hasattr(row, "corrected_by") else ""

    @admin.display(description=lazy("paper"))
    def paper(self, row: NoteVerbale) -> str:
        """The scan, behind the view that asks for permission."""
        if row.upload is None:
            return _("none")
        url = reverse("file", args=[row.upload.pk, row.upload.name])
        return format_html('<a href="{}">{}</a>', url, row.upload.name)
