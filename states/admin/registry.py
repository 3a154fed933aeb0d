"""The registers of treaty actions, former names and organisations."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from states import objections, registry
from states.admin.acts import Act, StaffRequest, WhyForm
from states.admin.base import ReasonedForm, WorkplaceAdmin
from states.admin.exchange import ExchangeMixin
from states.admin.parts import change_url
from states.models import (
    Deadline,
    FormerName,
    Organisation,
    TreatyAction,
)
from states.resources import TreatyActionResource


class TreatyActionForm(ReasonedForm):
    """The rule gives the day of effect unless a reason is given; what is doubtful is asked."""

    sure = forms.BooleanField(
        label=lazy("I have looked: record it so"), required=False, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        """A day that nobody typed moves with the day that gives it."""
        data = super().clean() or {}
        untouched = not {"takes_effect_on", "effect_reason"}.intersection(self.changed_data)
        if untouched and not self.instance.effect_reason:
            data["takes_effect_on"] = None
        return data

    def _post_clean(self) -> None:
        """Once the row can stand at all, what is doubtful in it is asked."""
        super()._post_clean()  # type: ignore[misc]  # has no type there
        if self.errors or self.cleaned_data.get("sure") or not objections.moved(self.instance):
            return
        if asked := objections.doubtful(self.instance):
            self.fields["sure"].widget = forms.CheckboxInput()
            self.add_error("sure", asked)


def _take_back(request: StaffRequest, row: TreatyAction, data: dict[str, Any]) -> Any:
    state = row.state
    registry.take_back(row, localdate())
    return HttpResponseRedirect(change_url(state))


def _what_goes(rows: list[TreatyAction]) -> list[str]:
    """What follows from the actions and goes with them."""
    gone = [one for row in rows for one in registry.resting_on(row)]
    said = []
    if gone:
        days = Deadline.objects.filter(obligation__in=gone).count()
        said.append(
            ngettext(
                "%(n)d deadline that follows from it goes with it.",
                "%(n)d deadlines that follow from it go with it.",
                days,
            )
            % {"n": days}
        )
    return [*said, _("The action stays in the history, with the reason; deadlines follow at once.")]


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
        "sure",
    ]
    acts = (
        Act(
            "take-back",
            lazy("Take it back"),
            "keep_registry",
            does=_take_back,
            form=WhyForm,
            explains=_what_goes,
            done=lazy("Taken back: %(count)s."),
            help=lazy(
                "Where it was recorded by mistake. A State that leaves the Convention withdraws."
            ),
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What another State did, or another deed, is another action."""
        return ["state", "kind"] if obj is not None else []

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
