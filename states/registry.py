"""Keeps the obligations and deadlines that follow from the treaty actions in line with them."""

import datetime as dt

from django.db import transaction

from states import deadlines
from states.history import act
from states.models import Deadline, Obligation, State, TreatyAction
from states.models.law import CLAUSES, ObligationKind
from states.standing import INSTRUMENTS, WITHDRAWAL

RULES = {
    ObligationKind.ART7_INITIAL: deadlines.initial_report_due,
    ObligationKind.ART3: deadlines.stockpile_deadline,
    ObligationKind.ART4: deadlines.clearance_deadline,
}


def horizon(today: dt.date) -> dt.date:
    """Annual reports are owed into sight up to the end of the next calendar year."""
    return dt.date(today.year + 1, 12, 31)


@transaction.atomic
def bring_up_to_date(today: dt.date, states: list[str] | None = None) -> int:
    """Makes the Article 7 obligations and deadlines that are missing; corrects those whose State's
    entry into force was corrected. Idempotent; returns how many rows it wrote.
    """
    instruments = TreatyAction.objects.filter(kind__in=INSTRUMENTS).select_related("state")
    if states is not None:
        instruments = instruments.filter(state__in=states)
    left = {
        action.state_id: action
        for action in TreatyAction.objects.filter(kind=WITHDRAWAL).order_by("done_on")
    }
    held = {
        (row.state_id, row.kind): row
        for row in Obligation.objects.filter(
            kind__in=[ObligationKind.ART7_INITIAL, ObligationKind.ART7_ANNUAL]
        )
    }
    years: dict[int, set[int]] = {}
    for pk, year in Deadline.objects.filter(position=0).values_list("obligation", "year"):
        years.setdefault(pk, set()).add(year or 0)
    new: list[Deadline] = []
    written = 0
    with act(by=None, reason="Follows from the treaty actions"):
        for action in instruments:
            in_force_on = action.takes_effect_on
            assert in_force_on is not None  # a constraint of the database
            for kind in (ObligationKind.ART7_INITIAL, ObligationKind.ART7_ANNUAL):
                obligation = held.get((action.state_id, kind))
                if obligation is None:
                    obligation = Obligation.objects.create(
                        state=action.state,
                        kind=kind,
                        clause=CLAUSES[kind],
                        clock_from=in_force_on,
                        known_on=action.done_on,
                        origin="entry into force",
                    )
                    written += 1
                elif obligation.clock_from != in_force_on:
                    written += _correct(obligation, in_force_on)
                if kind == ObligationKind.ART7_INITIAL:
                    wanted = {0: deadlines.initial_report_due(in_force_on)}
                else:
                    withdrawal = left.get(action.state_id)
                    # Known before the notice came: those rows stood on the days before it.
                    seen = horizon(min(today, withdrawal.done_on) if withdrawal else today)
                    wanted = {
                        year: deadlines.annual_report_due(year)
                        for year in deadlines.annual_years(in_force_on, None, seen)
                    }
                new += [
                    Deadline(
                        obligation=obligation,
                        year=year or None,
                        by_rule_on=wanted[year],
                        due_on=wanted[year],
                        stands_from=in_force_on,
                    )
                    for year in wanted.keys() - years.get(obligation.pk, set())
                ]
        Deadline.objects.bulk_create(new)
    return written + len(new)


def _correct(obligation: Obligation, in_force_on: dt.date) -> int:
    """A corrected entry into force moves the clock; days that a person set stay."""
    obligation.clock_from = in_force_on
    obligation.save(update_fields=["clock_from"])
    moved = 1
    roots = obligation.deadlines.filter(position=0, reason="")
    for row in roots:
        by_rule = (
            deadlines.annual_report_due(row.year)
            if row.year
            else deadlines.initial_report_due(in_force_on)
        )
        if row.by_rule_on != by_rule or row.stands_from != in_force_on:
            row.by_rule_on = row.due_on = by_rule
            row.stands_from = in_force_on
            row.save(update_fields=["by_rule_on", "due_on", "stands_from"])
            moved += 1
    return moved


def open_obligation(
    state: State,
    kind: str,
    *,
    known_on: dt.date,
    clock_from: dt.date,
    clause: str = "",
    origin: str = "",
    reopens: Obligation | None = None,
    confidence: str = "high",
) -> Obligation:
    """An Article 3 or 4 obligation, on evidence, with the deadline that the rule gives it."""
    by_rule = RULES[ObligationKind(kind)](clock_from)
    obligation = Obligation.objects.create(
        state=state,
        kind=kind,
        clause=clause or CLAUSES[ObligationKind(kind)],
        clock_from=clock_from,
        known_on=known_on,
        origin=origin,
        reopens=reopens,
        confidence=confidence,
    )
    Deadline.objects.create(
        obligation=obligation,
        by_rule_on=by_rule,
        due_on=by_rule,
        stands_from=clock_from,
        confidence=confidence,
    )
    return obligation
