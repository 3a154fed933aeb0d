"""The register of contacts: where letters go."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from states.admin.acts import Act, DayField, StaffRequest, WhyForm
from states.admin.base import ReasonedForm, WorkplaceAdmin
from states.admin.exchange import ExchangeMixin
from states.forms import recorded_already
from states.models import Contact
from states.resources import ContactResource
from states.words import day

ENDED = lazy("This contact has ended already.")


class EndForm(WhyForm):
    """The last day of something."""

    on = DayField(label=lazy("Last day"), initial=localdate)


class ConfirmedForm(WhyForm):
    """When the contact was confirmed, and how."""

    on = DayField(label=lazy("Confirmed on"), initial=localdate)

    def clean_on(self) -> Any:
        """In the past."""
        if self.cleaned_data["on"] > localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return self.cleaned_data["on"]


def _end_contact(request: StaffRequest, row: Contact, data: dict[str, Any]) -> None:
    row.until_on = data["on"]
    row.full_clean()
    row.save(update_fields=["until_on"])


def _confirm_contact(request: StaffRequest, row: Contact, data: dict[str, Any]) -> None:
    row.confirmed_on = data["on"]
    row.save(update_fields=["confirmed_on"])


def _stands(user: Any, row: Contact) -> bool:
    return row.until_on is None or row.until_on >= localdate()


class Standing(admin.SimpleListFilter):
    """Whether a contact or an appointment stands today."""

    title = lazy("stands today")
    parameter_name = "stands"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Yes or no."""
        return [("yes", lazy("yes")), ("no", lazy("no"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By the dates."""
        today = localdate()
        rows: Any = type(queryset)
        of = rows.current if hasattr(queryset, "current") else rows.in_force
        if self.value() == "yes":
            return of(queryset, today)
        if self.value() == "no":
            return queryset.exclude(pk__in=of(queryset, today).values("pk"))
        return queryset


class RecordForm(ReasonedForm):
    """A contact, which is recorded once."""

    def clean(self) -> dict[str, Any]:
        """The same contact once more, as by a second press, is one contact."""
        data = super().clean()
        if self.instance._state.adding and not self.errors and (why := recorded_already(data)):
            self.add_error("email", why)
        return data


@admin.register(Contact)
class ContactAdmin(ExchangeMixin, WorkplaceAdmin):
    """Where letters go."""

    section = "people"
    change_right = add_right = "keep_contacts"
    asks_why = True
    form = RecordForm
    resource = ContactResource
    guidance = lazy(
        "A mailbox of a function comes before a person's: a person leaves, a mailbox stays. A "
        "contact that is over is ended, not deleted."
    )
    list_display = ["who", "of", "purpose", "place", "email", "language", "confirmed_on", "bounced"]
    list_filter = [
        Standing,
        "purpose",
        "place",
        ("bounced_on", admin.EmptyFieldListFilter),
        ("confirmed_on", admin.EmptyFieldListFilter),
        "role_mailbox",
        "language",
        "may_publish",
    ]
    list_select_related = ["state", "organisation"]
    search_fields = [
        "name",
        "function",
        "institution",
        "email",
        "state__name_en",
        "state__iso3",
        "organisation__name_en",
    ]
    autocomplete_fields = ["state", "organisation"]
    fieldsets = [
        (None, {"fields": [("state", "organisation"), ("purpose", "place"), "role_mailbox"]}),
        (
            lazy("Who"),
            {"fields": [("form_of_address", "name"), ("function", "institution")]},
        ),
        (lazy("Where"), {"fields": [("email", "telephone"), "language"]}),
        (
            lazy("Standing"),
            {
                "fields": [
                    ("from_on", "until_on"),
                    ("confirmed_on", "bounced_on"),
                    ("may_publish", "resend"),
                    "source",
                ]
            },
        ),
    ]
    readonly_fields = ["bounced_on", "confirmed_on"]
    acts = (
        Act(
            "confirm",
            lazy("Mark as confirmed"),
            "keep_contacts",
            does=_confirm_contact,
            form=ConfirmedForm,
            open_to=_stands,
            closed=ENDED,
            bulk=True,
            done=lazy("Confirmed: %(count)s."),
        ),
        Act(
            "end",
            lazy("End the contact"),
            "keep_contacts",
            does=_end_contact,
            form=EndForm,
            open_to=_stands,
            closed=ENDED,
            bulk=True,
            done=lazy("Ended: %(count)s."),
            help=lazy("No letter goes there after that day; what was sent stays on the record."),
        ),
    )

    @admin.display(description=lazy("who"), ordering="name")
    def who(self, row: Contact) -> str:
        """Name, function or mailbox."""
        return str(row)

    @admin.display(description=lazy("of"), ordering="state__name_en")
    def of(self, row: Contact) -> str:
        """The State or organisation."""
        return str(row.state or row.organisation)

    @admin.display(description=lazy("letters came back"), ordering="bounced_on")
    def bounced(self, row: Contact) -> str:
        """Since when."""
        return day(row.bounced_on) if row.bounced_on else ""

    def save_model(
        self, request: HttpRequest, obj: Contact, form: forms.Form, change: bool
    ) -> None:
        """A corrected address has not come back yet."""
        if change and "email" in form.changed_data:
            obj.bounced_on = None
        super().save_model(request, obj, form, change)
