"""What the registry does with a State: a withdrawal, an obligation."""

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from states import registry
from states.admin.acts import Act, DayField, WhyForm
from states.models import (
    Obligation,
    State,
    TreatyAction,
)
from states.models.law import CLAUSES, ObligationKind
from states.standing import INSTRUMENTS, WITHDRAWAL
from states.words import day


class WithdrawalForm(WhyForm):
    """The notice of withdrawal as the Depositary received it (Article 20)."""

    done_on = DayField(label=lazy("Received by the Depositary on"), initial=localdate)
    notification = forms.CharField(
        label=lazy("Depositary notification"),
        required=False,
        help_text=lazy("Such as C.N.123.2027.TREATIES-XXVI-6."),
    )
    takes_effect_on = DayField(
        label=lazy("Takes effect on, if not six months later"),
        required=False,
        help_text=lazy("Only where Article 20(3) or the notice names a later day."),
    )
    effect_reason = forms.CharField(label=lazy("Why that day"), required=False)
    source = forms.CharField(label=lazy("Source"), required=False)

    def clean(self) -> dict[str, Any]:
        """What the law says of the notice is said beside the day that it speaks of."""
        data = super().clean() or {}
        if not self.errors:
            self.action = TreatyAction(
                state=self.row,
                kind=WITHDRAWAL,
                **{name: data[name] for name in self.fields if name != "reason"},
            )
            try:
                self.action.full_clean()
            except forms.ValidationError as refused:
                self.add_error(None, refused)
            data["action"] = self.action
        return data


def _withdraw(request: HttpRequest, state: State, data: dict[str, Any]) -> str:
    action = data["action"]
    action.full_clean()  # once more, now that nobody else can come between
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
    clock_from = DayField(
        label=lazy("The clock runs from"),
        help_text=lazy("Entry into force; under 4(1)(b) the end of active hostilities."),
    )
    known_on = DayField(
        label=lazy("Known since"),
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
        reopens: Any = self.fields["reopens"]
        reopens.queryset = self.row.obligations.filter(
            kind__in=[ObligationKind.ART3, ObligationKind.ART4], fulfilled_on__isnull=False
        )

    def clean_known_on(self) -> dt.date:
        """Evidence lies in the past."""
        on: dt.date = self.cleaned_data["known_on"]
        if on > localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return on

    def clean(self) -> dict[str, Any]:
        """The clause belongs to the obligation, and the clock runs as the clause says."""
        data = super().clean() or {}
        clauses = {ObligationKind.ART3: {"3(2)"}, ObligationKind.ART4: {"4(1)(a)", "4(1)(b)"}}
        kind, clause = data.get("kind"), data.get("clause")
        if kind and clause and clause not in clauses[ObligationKind(kind)]:
            self.add_error(
                "clause",
                _("This obligation stands in %(clause)s.")
                % {"clause": CLAUSES[ObligationKind(kind)]},
            )
        if not self.errors and (
            why := self._clock_that_cannot_be(data["clause"], data["clock_from"])
        ):
            self.add_error("clock_from", why)
        if (reopens := data.get("reopens")) and kind and reopens.kind != kind:
            self.add_error("reopens", _("This obligation stands in another article."))
        if not self.errors:
            names = ("kind", "clause", "clock_from", "known_on", "origin", "reopens")
            row = Obligation(state=self.row, **{name: data[name] for name in names})
            try:
                row.full_clean()
            except forms.ValidationError as refused:
                self.add_error(None, refused)
        return data

    def _clock_that_cannot_be(self, clause: str, on: dt.date) -> str:
        """Why the clock of the clause does not run from the day; empty where it may.

        A State that left and acceded again has two days of entry into force.
        """
        days = sorted(
            action.takes_effect_on
            for action in self.row.actions.all()
            if action.kind in INSTRUMENTS and action.takes_effect_on
        )
        if clause == "4(1)(b)" and on >= days[0]:
            return _("This day has not come yet.") if on > localdate() else ""
        if on in days:
            return ""
        words = {"clause": clause, "day": day(days[0 if clause == "4(1)(b)" else -1])}
        if clause == "4(1)(b)":
            return _("%(clause)s speaks of hostilities after entry into force, %(day)s.") % words
        return _("Under %(clause)s the clock runs from entry into force, %(day)s.") % words


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


ACTS = (
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
        closed=lazy("A withdrawal is on record already, or there is nothing to withdraw from."),
        help=lazy("Article 20: it takes effect six months after the Depositary has it."),
    ),
)
