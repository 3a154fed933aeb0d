"""The registers of treaty actions, former names and organisations."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from states import registry
from states.admin.base import ReasonedForm, WorkplaceAdmin
from states.admin.exchange import ExchangeMixin
from states.models import (
    FormerName,
    Organisation,
    TreatyAction,
)
from states.resources import TreatyActionResource
from states.standing import INSTRUMENTS, WITHDRAWAL


class TreatyActionForm(ReasonedForm):
    """The day of effect follows from the rule unless a reason is given."""

    def clean(self) -> dict[str, Any]:
        """Fills in the day that the rule gives, and sees that days are in order."""
        data = super().clean() or {}
        kind = data.get("kind") or self.instance.kind
        done = data.get("done_on")
        if done and done > localdate():
            self.add_error("done_on", _("This day has not come yet."))
        if kind and done and not data.get("effect_reason"):
            data["takes_effect_on"] = TreatyAction(kind=kind, done_on=done).by_rule()
        elif data.get("effect_reason") and kind in {*INSTRUMENTS, WITHDRAWAL}:
            if not data.get("takes_effect_on"):
                self.add_error(
                    "takes_effect_on", _("Say on which day it takes effect for this reason.")
                )
            elif done and data["takes_effect_on"] < done:
                self.add_error("takes_effect_on", _("It cannot take effect before it is done."))
        return data


@admin.register(TreatyAction)
class TreatyActionAdmin(ExchangeMixin, WorkplaceAdmin):
    """Signatures, instruments, withdrawals."""

    section = "states"
    change_right = add_right = "keep_registry"
    asks_why = True
    form = TreatyActionForm
    resource = TreatyActionResource
    guidance = lazy(
        "Obligations and deadlines follow from these rows as soon as they are saved. Leave “takes "
        "effect on” empty: Article 17 or 20 gives the day."
    )
    list_display = ["state", "kind", "done_on", "takes_effect_on", "notification", "confidence"]
    list_filter = ["kind", "confidence", "state__regional_group"]
    list_select_related = ["state"]
    date_hierarchy = "done_on"
    search_fields = ["state__name_en", "state__iso3", "notification", "source"]
    autocomplete_fields = ["state"]
    fields = [
        "state",
        "kind",
        "done_on",
        ("takes_effect_on", "effect_reason"),
        "notification",
        ("confidence", "source"),
        "note",
    ]

    def save_model(
        self, request: HttpRequest, obj: TreatyAction, form: forms.Form, change: bool
    ) -> None:
        """The law follows at once."""
        super().save_model(request, obj, form, change)
        registry.bring_up_to_date(localdate(), [obj.state_id])


@admin.register(FormerName)
class FormerNameAdmin(WorkplaceAdmin):
    """Names that States bore until a day."""

    section = "states"
    change_right = add_right = "keep_registry"
    asks_why = True
    guidance = lazy("A table as at a day prints the names of that day.")
    list_display = ["name_en", "state", "until_on"]
    list_select_related = ["state"]
    search_fields = ["name_en", "name_fr", "name_es", "state__name_en"]
    autocomplete_fields = ["state"]
    fields = ["state", ("name_en", "name_fr", "name_es"), "until_on", "source"]


@admin.register(Organisation)
class OrganisationAdmin(WorkplaceAdmin):
    """ICRC, CMC, UNODA, GICHD and others."""

    section = "people"
    change_right = add_right = "keep_registry"
    asks_why = True
    list_display = ["name_en", "code", "email"]
    search_fields = ["code", "name_en", "name_fr", "name_es"]
    fields = ["code", ("name_en", "name_fr", "name_es"), "email", "note"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A code is for life."""
        return ["code"] if obj is not None else []
