"""The page of a State: its names and codes, the acts on it, and everything that it has."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from states import access, deadlines, registry
from states.admin.acts import Act, DayWidget, WhyForm
from states.admin.base import WorkplaceAdmin
from states.admin.exchange import ExchangeMixin
from states.admin.parts import Part, add_url, lines
from states.models import (
    Contact,
    Deadline,
    FormerName,
    Obligation,
    State,
    TreatyAction,
)
from states.models.law import CLAUSES, ObligationKind
from states.resources import StateResource
from states.standing import WITHDRAWAL
from states.words import day, partial

STATUSES = [
    ("party", lazy("State Party")),
    ("deposited", lazy("deposited, not yet in force")),
    ("signatory", lazy("signatory")),
    ("not-party", lazy("not party")),
    ("withdrawn", lazy("withdrawn")),
]
WORDS = dict(STATUSES)


class StatusFilter(admin.SimpleListFilter):
    """Where a State stands today, from its treaty actions alone."""

    title = lazy("status today")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The five answers."""
        return STATUSES

    def queryset(self, request: HttpRequest, queryset: QuerySet[State]) -> QuerySet[State]:
        """States of that status; computed as everywhere else, on rows that are few."""
        if not self.value():
            return queryset
        today = localdate()
        rows = State.objects.prefetch_related("actions")
        found = [row.pk for row in rows if row.standing(today).status == self.value()]
        return queryset.filter(pk__in=found)


class WithdrawalForm(WhyForm):
    """The notice of withdrawal as the Depositary received it (Article 20)."""

    done_on = forms.DateField(
        label=lazy("Received by the Depositary on"), widget=DayWidget, initial=localdate
    )
    notification = forms.CharField(
        label=lazy("Depositary notification"),
        required=False,
        help_text=lazy("Such as C.N.123.2027.TREATIES-XXVI-6."),
    )
    takes_effect_on = forms.DateField(
        label=lazy("Takes effect on, if not six months later"),
        required=False,
        widget=DayWidget,
        help_text=lazy("Only where Article 20(3) or the notice names a later day."),
    )
    effect_reason = forms.CharField(label=lazy("Why that day"), required=False)
    source = forms.CharField(label=lazy("Source"), required=False)

    def clean(self) -> dict[str, Any]:
        """A later day needs its reason; never earlier than the Article allows."""
        data = super().clean() or {}
        effect, done = data.get("takes_effect_on"), data.get("done_on")
        if effect and not data.get("effect_reason"):
            self.add_error("effect_reason", _("Say why it does not take effect by the rule."))
        if effect and done and effect < deadlines.withdrawal_effect(done):
            self.add_error(
                "takes_effect_on",
                _("Article 20(3): not before %(day)s.")
                % {"day": day(deadlines.withdrawal_effect(done))},
            )
        if done and done > localdate():
            self.add_error("done_on", _("This day has not come yet."))
        return data


def _withdraw(request: HttpRequest, state: State, data: dict[str, Any]) -> str:
    action = TreatyAction(
        state=state,
        kind=WITHDRAWAL,
        done_on=data["done_on"],
        takes_effect_on=data["takes_effect_on"] or deadlines.withdrawal_effect(data["done_on"]),
        effect_reason=data["effect_reason"] if data["takes_effect_on"] else "",
        notification=data["notification"],
        source=data["source"],
    )
    action.full_clean()
    action.save()
    registry.bring_up_to_date(localdate(), [state.pk])
    return _("Recorded: the withdrawal of %(state)s takes effect on %(day)s.") % {
        "state": state,
        "day": day(action.takes_effect_on),
    }


def _may_withdraw(user: Any, state: State) -> bool:
    standing = state.standing()
    return standing.deposited_on is not None and standing.withdrawal_notified_on is None


class ObligationForm(WhyForm):
    """An Article 3 or 4 obligation, on evidence."""

    kind = forms.ChoiceField(
        label=lazy("Obligation"),
        choices=[
            (ObligationKind.ART3.value, ObligationKind.ART3.label),
            (ObligationKind.ART4.value, ObligationKind.ART4.label),
        ],
    )
    clause = forms.ChoiceField(
        label=lazy("Clause"),
        choices=[
            ("3(2)", "3(2)"),
            ("4(1)(a)", "4(1)(a)"),
            ("4(1)(b)", lazy("4(1)(b): contaminated after entry into force")),
        ],
    )
    clock_from = forms.DateField(
        label=lazy("The clock runs from"),
        widget=DayWidget,
        help_text=lazy("Entry into force; under 4(1)(b) the end of active hostilities."),
    )
    known_on = forms.DateField(
        label=lazy("Known since"),
        widget=DayWidget,
        help_text=lazy("The day of the report, declaration or other evidence."),
    )
    origin = forms.CharField(
        label=lazy("Evidence"), help_text=lazy("What says so, such as A7-2026-LAO-01.")
    )
    reopens = forms.ModelChoiceField(
        label=lazy("Reopens"),
        queryset=Obligation.objects.none(),
        required=False,
        help_text=lazy("The obligation declared fulfilled, where more was found later."),
    )

    def prepare(self) -> None:
        """What is known of the State fills in."""
        super().prepare()
        standing = self.row.standing()
        self.fields["clock_from"].initial = standing.in_force_on
        self.fields["known_on"].initial = localdate()
        self.fields["reopens"].queryset = self.row.obligations.filter(
            kind__in=[ObligationKind.ART3, ObligationKind.ART4], fulfilled_on__isnull=False
        )

    def clean(self) -> dict[str, Any]:
        """The clause belongs to the obligation."""
        data = super().clean() or {}
        clauses = {ObligationKind.ART3: {"3(2)"}, ObligationKind.ART4: {"4(1)(a)", "4(1)(b)"}}
        kind, clause = data.get("kind"), data.get("clause")
        if kind and clause and clause not in clauses[ObligationKind(kind)]:
            self.add_error(
                "clause",
                _("This obligation stands in %(clause)s.")
                % {"clause": CLAUSES[ObligationKind(kind)]},
            )
        return data


def _open_obligation(request: HttpRequest, state: State, data: dict[str, Any]) -> str:
    obligation = registry.open_obligation(
        state,
        data["kind"],
        known_on=data["known_on"],
        clock_from=data["clock_from"],
        clause=data["clause"],
        origin=data["origin"],
        reopens=data["reopens"],
    )
    deadline = obligation.deadlines.get()
    return _("Recorded: %(what)s, due on %(day)s.") % {
        "what": obligation.get_kind_display(),
        "day": day(deadline.due_on),
    }


def _bound_once(user: Any, state: State) -> bool:
    return state.standing().in_force_on is not None


@admin.register(State)
class StateAdmin(ExchangeMixin, WorkplaceAdmin):
    """A State, with everything that the portal holds of it."""

    section = "states"
    change_right = "keep_registry"
    asks_why = True
    resource = StateResource
    guidance = lazy(
        "A State's status is not typed in: it follows from its treaty actions as at each day."
    )
    list_display = ["name_en", "iso3", "status_today", "in_force", "regional_group", "fictional"]
    list_filter = [StatusFilter, "regional_group", "un_member", "confidence"]
    search_fields = ["iso3", "iso2", "name_en", "name_fr", "name_es", "former_names__name_en"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "iso3",
                    ("name_en", "name_fr", "name_es"),
                    ("iso2", "m49"),
                    ("regional_group", "un_member"),
                    "time_zone",
                    ("confidence", "source"),
                    "note",
                ]
            },
        )
    ]
    readonly_fields = ["iso3"]
    acts = (
        Act(
            "open-obligation",
            lazy("Add an Article 3 or 4 obligation"),
            "keep_registry",
            does=_open_obligation,
            form=ObligationForm,
            open_to=_bound_once,
            help=lazy("Only on evidence. The rule gives its first deadline."),
        ),
        Act(
            "withdraw",
            lazy("Record a withdrawal"),
            "keep_registry",
            does=_withdraw,
            form=WithdrawalForm,
            open_to=_may_withdraw,
            help=lazy("Article 20: it takes effect six months after the Depositary has it."),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[State]:
        """With what the status follows from."""
        return super().get_queryset(request).prefetch_related("actions")

    @admin.display(description=lazy("status today"))
    def status_today(self, state: State) -> str:
        """In words, as at today."""
        return str(WORDS[state.standing().status])

    @admin.display(description=lazy("in force since"))
    def in_force(self, state: State) -> str:
        """The day of entry into force, if it is known."""
        on = state.standing().in_force_on
        return day(on) if on else ""

    @admin.display(description=lazy("fictional"), boolean=False)
    def fictional(self, state: State) -> str:
        """The mark of what is made up."""
        return _("fictional") if state.demo else ""

    def parts(self, request: HttpRequest, obj: State) -> list[Part]:
        """Everything of the State on one page, apps above included."""
        today = localdate()
        mine = [
            self._actions(request, obj),
            self._contacts(request, obj, today),
            self._appointments(request, obj, today),
            self._obligations(obj, today),
        ]
        return mine + list(self.admin_site.parts_of_state(request, obj))

    def _actions(self, request: HttpRequest, state: State) -> Part:
        part = Part(
            "actions",
            _("Treaty actions"),
            (_("Action"), _("Done on"), _("Takes effect on"), _("Notification")),
        )
        part.lines = lines(
            (
                row,
                (
                    row.get_kind_display(),
                    day(row.done_on),
                    day(row.takes_effect_on) if row.takes_effect_on else "",
                    row.notification,
                ),
            )
            for row in state.actions.all()
        )
        if access.may(request.user, "keep_registry"):
            part.links = [
                {
                    "url": add_url(TreatyAction, state=state.pk),
                    "label": _("Record a treaty action"),
                },
                {"url": add_url(FormerName, state=state.pk), "label": _("Record a former name")},
            ]
        return part

    def _contacts(self, request: HttpRequest, state: State, today: dt.date) -> Part:
        part = Part(
            "contacts",
            _("Contacts"),
            (_("Who"), _("For"), _("E-mail"), _("Last confirmed"), _("Stands")),
            empty=_("The State has named no contact: letters to it have nowhere to go."),
        )
        rows = state.contacts.order_by("-role_mailbox", "purpose", "pk")
        part.lines = lines(
            (
                row,
                (
                    str(row),
                    row.get_purpose_display(),
                    row.email or _("no address"),
                    day(row.confirmed_on) if row.confirmed_on else _("never"),
                    _("letters came back since %(day)s") % {"day": day(row.bounced_on)}
                    if row.bounced_on
                    else _("ended on %(day)s") % {"day": day(row.until_on)}
                    if row.until_on and row.until_on < today
                    else _("yes"),
                ),
            )
            for row in rows
        )
        if access.may(request.user, "keep_contacts"):
            part.links = [
                {"url": add_url(Contact, state=state.pk), "label": _("Add a contact")},
            ]
        return part

    def _appointments(self, request: HttpRequest, state: State, today: dt.date) -> Part:
        part = Part(
            "appointments",
            _("People appointed"),
            (_("Person"), _("Role"), _("From"), _("Until"), _("Reference")),
            empty=_("Nobody is appointed to act for this State here."),
        )
        part.lines = lines(
            (
                row,
                (
                    str(row.user),
                    row.get_role_display(),
                    day(row.from_on),
                    day(row.until_on) if row.until_on else _("open"),
                    row.reference,
                ),
            )
            for row in state.appointments.select_related("user")
        )
        if access.may(request.user, "appoint"):
            part.links = [
                {"url": f"{reverse('invite')}?of={state.pk}", "label": _("Invite a person")}
            ]
        return part

    def _obligations(self, state: State, today: dt.date) -> Part:
        part = Part(
            "obligations",
            _("Obligations and deadlines"),
            (_("Obligation"), _("Clause"), _("Due"), _("On what authority"), _("Met or fulfilled")),
        )
        standing = {
            (row.obligation_id, row.year): row
            for row in Deadline.objects.standing(today).filter(obligation__state=state)
        }
        for obligation in state.obligations.all():
            rows = [row for (pk, _year), row in standing.items() if pk == obligation.pk]
            rows.sort(key=lambda row: row.due_on, reverse=True)
            if not rows:
                part.lines += lines(
                    [(obligation, (str(obligation.get_kind_display()), obligation.clause))]
                )
            for row in rows:
                met = (
                    _("fulfilled, %(day)s") % {"day": partial(obligation.fulfilled)}
                    if obligation.fulfilled
                    else _("met on %(day)s") % {"day": day(row.met_on)}
                    if row.met_on
                    else ""
                )
                what = str(obligation.get_kind_display())
                part.lines += lines(
                    [
                        (
                            row,
                            (
                                f"{what} {row.year}" if row.year else what,
                                obligation.clause,
                                day(row.due_on),
                                row.basis or row.reason or _("the rule"),
                                met,
                            ),
                        )
                    ]
                )
        return part
