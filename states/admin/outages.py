"""The register of the times in which the portal was down."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as lazy

from states.admin.base import WorkplaceAdmin
from states.models import Outage


class MomentInput(forms.DateTimeInput):
    """A moment on Geneva's clock, by the browser's own picker."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


@admin.register(Outage)
class OutageAdmin(WorkplaceAdmin):
    """Whoever keeps the registry writes them down, and confirms those that the portal proposes."""

    section = "practice"
    formfield_overrides = {
        **WorkplaceAdmin.formfield_overrides,
        models.DateTimeField: {"form_class": forms.DateTimeField, "widget": MomentInput},
    }
    change_right = add_right = "keep_registry"
    asks_why = True
    guidance = lazy(
        "A report that falls due on such a day is in time until the end of the first whole day "
        "after it; how many days that are is a practice, to be confirmed by the ISU. The day on "
        "which it falls due stays as it is. Nothing is deleted: what was none is not confirmed."
    )
    list_display = ["__str__", "started_at", "ended_at", "confirmed", "announce", "note"]
    list_filter = ["confirmed"]
    search_fields = ["note"]
    fields: ClassVar[Any] = ["started_at", "ended_at", "note", "announce", "confirmed"]
