"""The register of what the ISU decides for itself."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from states.admin.base import ReasonedForm, WorkplaceAdmin
from states.models import Practice


class PracticeForm(ReasonedForm):
    """A choice among those that the portal understands."""

    value = forms.ChoiceField(
        label=lazy("Choice"), choices=[("", "–"), *Practice.WORDS.items()], required=True
    )

    class Meta:
        labels = {"key": lazy("Practice")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = Practice.VALUES.get(self.instance.key)
        if allowed:
            value: Any = self.fields["value"]
            value.choices = [(one, Practice.WORDS[one]) for one in allowed]


@admin.register(Practice)
class PracticeAdmin(WorkplaceAdmin):
    """What the ISU decides for itself. The Director changes it; everybody reads it."""

    section = "practice"
    change_right = add_right = "change_practice"
    asks_why = True
    form = PracticeForm
    guidance = lazy("Changed by the Director. Until a choice is recorded its default stands.")
    list_display = ["words", "choice", "to_be_confirmed", "note"]

    @admin.display(description=lazy("practice"), ordering="key")
    def words(self, row: Practice) -> str:
        """What is chosen."""
        return str(row)

    @admin.display(description=lazy("choice"))
    def choice(self, row: Practice) -> str:
        """In words."""
        return str(Practice.WORDS.get(row.value, row.value))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is chosen is chosen once."""
        return ["key" if obj is None else "words", "value", "to_be_confirmed", "note"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The key names the row."""
        return ["words"] if obj is not None else []

    def has_add_permission(self, request: HttpRequest) -> bool:
        """While a choice has no row."""
        return super().has_add_permission(request) and Practice.objects.count() < len(Practice.Key)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Says which defaults stand."""
        held = set(Practice.objects.values_list("key", flat=True))
        notes = [
            _("Default: %(what)s – %(choice)s.")
            % {"what": key.label, "choice": Practice.WORDS[Practice.DEFAULTS[key]]}
            for key in Practice.Key
            if key not in held
        ]
        return super().changelist_view(request, {"extra_notes": notes, **(extra_context or {})})

    def save_model(
        self, request: HttpRequest, obj: Practice, form: forms.Form, change: bool
    ) -> None:
        """What follows from the choice follows at once."""
        super().save_model(request, obj, form, change)
        self.admin_site.practice_changed(request, obj)
