"""The register of the tools that the public page lists."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as lazy

from records import uploads
from records.admin.base import EvidenceAdmin
from records.models import Tool
from records.models.events import record
from states.models import User


class ToolForm(forms.ModelForm):
    """A tool, with its file where it is kept here."""

    by: User
    upload: Any = None
    file = forms.FileField(
        label=lazy("File, where it is kept here"),
        required=False,
        help_text=lazy("PDF, Word, Excel, JPEG or PNG, up to 50 MB."),
    )

    def clean(self) -> dict[str, Any]:
        """The file is one that can be kept."""
        data = super().clean() or {}
        file = data.get("file")
        if file and not self.errors:
            try:
                self.upload = uploads.receive(file, None, self.by)
            except uploads.FileRefused as refused:
                self.add_error("file", str(refused))
        return data


@admin.register(Tool)
class ToolAdmin(EvidenceAdmin):
    """Templates, guides, model laws, checklists: as they stand on the page of tools."""

    section = "documents"
    change_right = add_right = "register_notes"
    form = ToolForm
    guidance = lazy(
        "What is not published any more is taken off the page by its tick; nothing is deleted. "
        "The key stays."
    )
    list_display = ["title", "kind", "use", "link", "symbol", "to_be_confirmed", "published"]
    list_filter = ["kind", "published", "to_be_confirmed"]
    search_fields = ["title_en", "title_fr", "title_es", "symbol", "link"]
    fields: ClassVar[Any] = [
        "key",
        "kind",
        "title_en",
        ("title_fr", "title_es"),
        ("link", "symbol"),
        "file",
        ("language", "use"),
        ("as_of", "source"),
        ("confidence", "to_be_confirmed"),
        ("position", "published"),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The key names the row."""
        return ["key"] if obj is not None else []

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form knows who receives the file."""
        made = super().get_form(request, obj, change=change, **kwargs)
        made.by = request.user
        return made

    def save_model(self, request: Any, obj: Tool, form: ToolForm, change: bool) -> None:
        """What was edited, and by whom, is kept."""
        if form.upload is not None:
            obj.upload = form.upload
        super().save_model(request, obj, form, change)
        note = ", ".join(form.changed_data)
        record("edit" if change else "register", obj, by=request.user, note=note)
