"""The page of a State: its names and codes, the acts on it, and everything that it has."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from states import access, search
from states.admin.base import WorkplaceAdmin
from states.admin.exchange import ExchangeMixin
from states.admin.law import due_day
from states.admin.parts import Line, Part, add_url, lines
from states.admin.state_acts import ACTS
from states.models import (
    Contact,
    Deadline,
    FormerName,
    Obligation,
    State,
    TreatyAction,
)
from states.models.law import EXTENSIBLE, ObligationKind
from states.resources import StateResource
from states.words import STATUSES, day, partial


class StatusFilter(admin.SimpleListFilter):
    """Where a State stands today, from its treaty actions alone."""

    title = lazy("status today")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The five answers."""
        return [(str(status), said) for status, said in STATUSES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[State]) -> QuerySet[State]:
        """States of that status; computed as everywhere else, on rows that are few."""
        if not self.value():
            return queryset
        today = localdate()
        rows = State.objects.prefetch_related("actions")
        found = [row.pk for row in rows if row.standing(today).status == self.value()]
        return queryset.filter(pk__in=found)


class ReachFilter(admin.SimpleListFilter):
    """Whether the State has named a mailbox from which nothing came back."""

    title = lazy("a mailbox that works")
    parameter_name = "reached"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Yes or no."""
        return [("yes", lazy("yes")), ("no", lazy("no"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[State]) -> QuerySet[State]:
        """States to which a letter can go, or those to which none can."""
        mailboxes = Contact.objects.current(localdate()).reachable().filter(state=OuterRef("pk"))
        if self.value() == "yes":
            return queryset.filter(Exists(mailboxes))
        if self.value() == "no":
            return queryset.filter(~Exists(mailboxes))
        return queryset


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
    list_filter = [StatusFilter, ReachFilter, "regional_group", "un_member", "confidence"]
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
    acts = ACTS

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[State], search_term: str
    ) -> tuple[QuerySet[State], bool]:
        """As the public search finds States: any name, present or former, accents or not."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=search.codes(search_term)), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[State]:
        """With what the status follows from."""
        return super().get_queryset(request).prefetch_related("actions")

    @admin.display(description=lazy("status today"))
    def status_today(self, state: State) -> str:
        """In words, as at today."""
        return str(STATUSES[state.standing().status])

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
            *self._taken_back(obj),
            *self._mistaken_duties(obj),
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

    def _taken_back(self, state: State) -> list[Part]:
        """What was recorded by mistake, for whoever wonders where it went."""
        kept = TreatyAction.pgh_event_models["delete"].objects  # type: ignore[attr-defined]
        part = Part(
            "taken-back",
            _("Treaty actions taken back"),
            (_("Action"), _("Done on"), _("Taken back on"), _("By"), _("Why")),
        )
        part.lines = [
            Line(
                (
                    str(TreatyAction.Kind(row.kind).label),
                    day(row.done_on),
                    day(localdate(row.pgh_created_at)),
                    str(row.pgh_context.get("actor", "")),
                    str(row.pgh_context.get("reason", "")),
                )
            )
            for row in kept.filter(state=state, pgh_label="delete").order_by("pgh_id")
        ]
        return [part] if part.lines else []

    def _mistaken_duties(self, state: State) -> list[Part]:
        """Obligations and decisions that a person recorded by mistake and took back."""
        obligations = Obligation.pgh_event_models["delete"].objects  # type: ignore[attr-defined]
        decisions = Deadline.pgh_event_models["delete"].objects  # type: ignore[attr-defined]
        gone = list(
            obligations.filter(state=state, kind__in=EXTENSIBLE, pgh_label="delete").order_by(
                "pgh_id"
            )
        )
        kinds = dict(state.obligations.values_list("pk", "kind"))
        kinds |= {row.pgh_obj_id: row.kind for row in gone}
        moved = (
            decisions.filter(obligation__in=kinds, pgh_label="delete")
            .exclude(basis="", reason="")
            .order_by("pgh_id")
        )
        part = Part(
            "mistaken-duties",
            _("Obligations and days taken back"),
            (_("Obligation"), _("Day"), _("Authority"), _("Taken back on"), _("By"), _("Why")),
        )
        what = [(row.kind, "", "", row) for row in gone]
        what += [
            (kinds[row.obligation_id], day(row.due_on), row.basis or row.reason, row)
            for row in moved
        ]
        part.lines = [
            Line(
                (
                    str(ObligationKind(kind).label),
                    due,
                    authority,
                    day(localdate(row.pgh_created_at)),
                    str(row.pgh_context.get("actor", "")),
                    str(row.pgh_context.get("reason", "")),
                )
            )
            for kind, due, authority, row in sorted(what, key=lambda one: one[3].pgh_created_at)
        ]
        return [part] if part.lines else []

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
                                due_day(row),
                                row.basis or row.reason or _("the rule"),
                                met,
                            ),
                        )
                    ]
                )
        return part
