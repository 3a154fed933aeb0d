"""Keeps the obligations and deadlines that follow from the treaty actions in line with them."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from states import deadlines, objections
from states.history import act
from states.models import Deadline, Obligation, ObligationEvent, State, TreatyAction
from states.models.deadline import SAID_BY_SOURCES
from states.models.law import CLAUSES, EXTENSIBLE, ObligationKind
from states.standing import INSTRUMENTS, WITHDRAWAL

RULES = {
    ObligationKind.ART7_INITIAL: deadlines.initial_report_due,
    ObligationKind.ART3: deadlines.stockpile_deadline,
    ObligationKind.ART4: deadlines.clearance_deadline,
}


def horizon(today: dt.date) -> dt.date:
    """Annual reports are owed into sight up to the end of the next calendar year."""
    return dt.date(today.year + 1, 12, 31)


type Term = tuple[TreatyAction, TreatyAction | None]


@transaction.atomic
def bring_up_to_date(today: dt.date, states: list[str] | None = None) -> int:
    """Makes the Article 7 obligations and deadlines that are missing; corrects those whose State's
    entry into force was corrected. Idempotent; returns how many rows it wrote.

    A State that left and acceded again owes anew, beside what it owed before.
    """
    held: dict[tuple[str, str], list[Obligation]] = {}
    for row in Obligation.objects.filter(
        kind__in=[ObligationKind.ART7_INITIAL, ObligationKind.ART7_ANNUAL]
    ).order_by("known_on", "pk"):
        held.setdefault((row.state_id, row.kind), []).append(row)
    years: dict[int, set[int]] = {}
    for pk, year in Deadline.objects.filter(position=0).values_list("obligation", "year"):
        years.setdefault(pk, set()).add(year or 0)
    new: list[Deadline] = []
    written = 0
    with act(by=None, reason="Follows from the treaty actions"):
        for number, (action, withdrawal) in _terms(states):
            in_force_on = action.takes_effect_on
            assert in_force_on is not None  # a constraint of the database
            for kind in (ObligationKind.ART7_INITIAL, ObligationKind.ART7_ANNUAL):
                known = held.setdefault((action.state_id, kind), [])
                if number == len(known):
                    obligation = Obligation.objects.create(
                        state=action.state,
                        kind=kind,
                        clause=CLAUSES[kind],
                        clock_from=in_force_on,
                        known_on=action.done_on,
                        origin="entry into force",
                        reopens=known[-1] if known else None,
                    )
                    known.append(obligation)
                    written += 1
                else:
                    obligation = known[number]
                    written += _correct(obligation, action)
                if kind == ObligationKind.ART7_INITIAL:
                    wanted = {0: deadlines.initial_report_due(in_force_on)}
                else:
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


@transaction.atomic
def take_back(action: TreatyAction, today: dt.date) -> None:
    """An action that was recorded by mistake goes, and what followed from it; the history keeps
    them with the reason of the act in which this is called.

    ValidationError where another action rests on it, or what sources say of Articles 3 and 4.
    """
    state = State.objects.select_for_update().get(pk=action.state_id)
    if said := objections.in_the_way(list(state.actions.exclude(pk=action.pk))):
        raise ValidationError(said)
    resting = resting_on(action)
    if ObligationEvent.objects.filter(obligation__in=resting).exists():
        raise ValidationError(
            _(
                "What sources say of Articles 3 and 4 rests on this action. Correct its day"
                " instead, or ask whoever keeps the treaty data."
            )
        )
    for obligation in resting:
        for row in obligation.deadlines.order_by("-position", "-pk"):
            row.delete()
        obligation.delete()
    action.delete()
    bring_up_to_date(today, [state.pk])


@transaction.atomic
def take_back_obligation(obligation: Obligation) -> State:
    """An Article 3 or 4 obligation that was recorded by mistake goes, with the deadline of its
    rule; returns its State. The history keeps both with the reason of the act.

    ValidationError where sources, a decision, a day set by hand or a later obligation rest on it.
    """
    row = Obligation.objects.select_for_update(of=("self",)).get(pk=obligation.pk)
    if row.kind not in EXTENSIBLE:
        raise ValidationError(
            _("This obligation follows from entry into force: take back the treaty action.")
        )
    if row.events.exists():
        raise ValidationError(SAID_BY_SOURCES)
    if row.reopened_by.exists():
        raise ValidationError(_("Another obligation reopens this one: take that one back first."))
    days = list(row.deadlines.select_for_update(of=("self",)).order_by("-position", "-pk"))
    if not all(each.is_by_rule for each in days):
        raise ValidationError(
            _("Take back first the extension, or the day set by hand, that rests on it.")
        )
    for each in days:
        each.delete()
    row.delete()
    return row.state


def resting_on(action: TreatyAction) -> list[Obligation]:
    """The obligations that nothing would give any more without the action; the newest first."""
    terms = list(_terms([action.state_id]))
    if action.pk not in {instrument.pk for _number, (instrument, _end) in terms}:
        return []
    actions = TreatyAction.objects.filter(
        state=action.state_id, kind__in=[*INSTRUMENTS, WITHDRAWAL]
    )
    left = len(_terms_of(actions.exclude(pk=action.pk).order_by("done_on", "pk")))
    if left == len(terms):
        return []
    rows = Obligation.objects.filter(state=action.state_id).order_by("-known_on", "-pk")
    reports = [ObligationKind.ART7_INITIAL, ObligationKind.ART7_ANNUAL]
    gone = [row for kind in reports for row in list(rows.filter(kind=kind))[::-1][left:][::-1]]
    # Articles 3 and 4 count from its entry into force, or from hostilities after it.
    return [*gone, *rows.exclude(kind__in=reports).filter(clock_from__gte=action.takes_effect_on)]


def _terms(states: list[str] | None) -> Iterable[tuple[int, Term]]:
    """The times for which each State is or was bound, numbered from 0 for each State: the
    instrument, and the withdrawal that ended it.

    Of several instruments without a withdrawal between them the newest counts, as in `standing`.
    """
    actions = TreatyAction.objects.filter(kind__in=[*INSTRUMENTS, WITHDRAWAL])
    if states is not None:
        actions = actions.filter(state__in=states)
    of: dict[str, list[TreatyAction]] = {}
    for action in actions.select_related("state").order_by("done_on", "pk"):
        of.setdefault(action.state_id, []).append(action)
    for rows in of.values():
        yield from enumerate(_terms_of(rows))


def _terms_of(actions: Iterable[TreatyAction]) -> list[Term]:
    """The terms of one State, whose instruments and withdrawals come in the order of their days."""
    terms: list[Term] = []
    for action in actions:
        if action.kind == WITHDRAWAL:
            if terms:
                terms[-1] = (terms[-1][0], action)
        elif terms and terms[-1][1] is None:
            terms[-1] = (action, None)
        else:
            terms.append((action, None))
    return terms


def _correct(obligation: Obligation, action: TreatyAction) -> int:
    """A corrected deposit moves the clock and all that was counted from it; days that a person set
    and decisions of meetings stay. Years that are no longer owed go, and their history stays.
    """
    was, in_force_on = obligation.clock_from, action.takes_effect_on
    assert in_force_on is not None  # a constraint of the database
    if (was, obligation.known_on) == (in_force_on, action.done_on):
        return 0
    obligation.clock_from, obligation.known_on = in_force_on, action.done_on
    obligation.save(update_fields=["clock_from", "known_on"])
    if was == in_force_on:
        return 1
    first = deadlines.first_annual_year(in_force_on)
    gone = obligation.deadlines.filter(year__lt=first, reason="", superseded_by__isnull=True)
    moved = 1 + gone.filter(position=0).delete()[0] + _move(obligation)
    # Articles 3 and 4 count from the same day, but for hostilities that ended later, 4(1)(b).
    for other in Obligation.objects.filter(
        state=obligation.state_id, clause__in=["3(2)", "4(1)(a)"], clock_from=was
    ):
        other.clock_from = in_force_on
        other.save(update_fields=["clock_from"])
        moved += 1 + _move(other)
    return moved


def _move(obligation: Obligation) -> int:
    """Brings the days that the rule gives in line with the obligation's clock."""
    clock, moved = obligation.clock_from, 0
    for row in obligation.deadlines.filter(reason=""):
        by_rule = (
            deadlines.annual_report_due(row.year)
            if row.year
            else RULES[ObligationKind(obligation.kind)](clock)
        )
        extended = row.position > 0
        stands_from = row.stands_from if extended else clock
        if (row.by_rule_on, row.stands_from) != (by_rule, stands_from):
            row.by_rule_on, row.stands_from = by_rule, stands_from
            row.due_on = row.due_on if extended else by_rule
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
