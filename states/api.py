"""The public answers about States and deadlines."""

import datetime as dt
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils.timezone import localdate
from ninja import Schema
from pydantic import Field

from states import ahead, explanation
from states.answers import Answer, Question, page
from states.models import Deadline, Practice, State
from states.models.law import ObligationKind

KINDS = Literal["art7-initial", "art7-annual", "art3", "art4"]


class StatesQuestion(Question):
    """Parameters of /states."""

    demo: Literal["0", "1"] = Field("0", description="1: the fictional States instead.")


class StateAnswer(Schema):
    """A State as at the day."""

    iso3: str
    name: str
    status: Literal["party", "deposited", "signatory", "not-party", "withdrawn"]
    signed_on: dt.date | None
    deposited_on: dt.date | None
    instrument: str | None
    in_force_on: dt.date | None
    left_on: dt.date | None
    demo: bool


class States(Schema):
    """A page of States, in the order of their codes."""

    count: int
    items: list[StateAnswer]


def states(question: StatesQuestion) -> dict[str, Any]:
    """The treaty's 197 States as at the day, or the fictional ones; in the order of their codes."""
    on = question.as_at or localdate()
    rows = State.objects.fictional() if question.demo == "1" else State.objects.of_the_treaty()
    if question.state:
        rows = rows.filter(pk=question.state)
    chosen = rows.order_by("iso3").with_past()
    items = [
        state_answer(state, on, question.lang)
        for state in chosen[question.offset : question.offset + question.limit]
    ]
    return page(question, rows.count(), items)


def state_answer(state: State, on: dt.date, language: str) -> dict[str, Any]:
    """The State as at the day; what was not yet known on the day is null."""
    standing = state.standing(on)
    return {
        "iso3": state.iso3,
        "name": state.name(on, language),
        "status": standing.status.value,
        "signed_on": standing.signed_on,
        "deposited_on": standing.deposited_on,
        "instrument": standing.instrument or None,
        "in_force_on": standing.in_force_on,
        "left_on": standing.left_on,
        "demo": state.demo,
    }


class DeadlinesQuestion(Question):
    """Parameters of /deadlines."""

    kind: KINDS | None = Field(None, description="One kind of obligation.")
    history: Literal["0", "1"] = Field("0", description="1: superseded rows too.")


class DeadlineAnswer(Schema):
    """A deadline as it was known on the day, and why it falls on its day."""

    state: str
    kind: KINDS
    year: int | None
    due_on: dt.date
    by_rule_on: dt.date
    basis: str
    article: str
    explanation: str
    superseded: bool
    demo: bool
    met_on: dt.date | None = Field(
        None, description="Only where the ISU has decided to publish it."
    )


class Deadlines(Schema):
    """A page of deadlines, by the code of the State, kind, clause, year and place in the chain."""

    count: int
    items: list[DeadlineAnswer]


def deadlines(question: DeadlinesQuestion) -> dict[str, Any]:
    """Every treaty deadline in force on the day, one for each obligation and year.

    Whether a deadline was met is answered only where the ISU has switched that on.
    """
    on = question.as_at or localdate()
    every = Deadline.objects.all()
    if question.kind:
        every = every.filter(obligation__kind=question.kind)
    if question.state:
        every = every.filter(obligation__state=question.state)
    replaced = question.history == "1"
    rows = every.confirmed().decided_by(on) if replaced else every.standing(on)
    beyond = _beyond(question, on)
    if beyond:
        count, chosen = _page_among(rows, beyond, question.offset, question.limit)
    else:
        numbers = every.numbers(on, replaced=replaced)
        count, chosen = _page_of(rows, numbers, question.offset, question.limit)
    standing: dict[int, bool] = {}
    if question.history == "1":
        of = {row.obligation_id for row in chosen}
        rows_now = Deadline.objects.standing(on).filter(obligation__in=of)
        standing = {row.pk: row.may_have_moved for row in [*rows_now, *beyond]}
        # A row that stands says the same with its history as without it.
        for row in chosen:
            vars(row)["later_unknown"] = standing.get(row.pk, False)
    why = explanation.explain(chosen, on)
    show_met = Practice.on(Practice.Key.MET_IN_PUBLIC)
    items = []
    for row in chosen:
        item = {
            "state": row.obligation.state_id,
            "kind": ObligationKind(row.obligation.kind).value,
            "year": row.year,
            "due_on": row.due_on,
            "by_rule_on": row.by_rule_on,
            "basis": row.basis,
            "article": explanation.article(row),
            "explanation": explanation.in_words(why[row.pk]),
            "superseded": question.history == "1" and row.pk not in standing,
            "demo": row.obligation.state.demo,
        }
        if show_met:
            met = row.met_on if row.year is not None else row.met_on or row.obligation.fulfilled_on
            item["met_on"] = met if met is not None and met <= on else None
        items.append(item)
    return page(question, count, items)


def _page_of(
    rows: QuerySet[Deadline], numbers: dict[int, int], offset: int, limit: int
) -> tuple[int, list[Deadline]]:
    """How many rows there are, and those of one page, in the order of `Deadlines`.

    `numbers` says how many each obligation has, in that order. Only the rows of the page's own
    obligations are read and sorted: obligations are few, and their years grow every year.
    """
    wanted, before, passed = [], 0, 0
    for obligation, number in numbers.items():
        if passed + number <= offset:
            before += number
        elif passed < offset + limit:
            wanted.append(obligation)
        passed += number
    ordered = (
        rows.filter(obligation__in=wanted)
        .select_related("obligation__state")
        .order_by(
            "obligation__state_id",
            "obligation__kind",
            "obligation__clause",
            "obligation",
            "year",
            "position",
        )
    )
    return passed, list(ordered[offset - before : offset - before + limit])


def _beyond(question: DeadlinesQuestion, on: dt.date) -> list[Deadline]:
    """What is asked for beyond the years that are kept; nothing as at today or before."""
    if question.kind not in (None, ObligationKind.ART7_ANNUAL):
        return []
    return ahead.annual(on, **({"state": question.state} if question.state else {}))


def _page_among(
    rows: QuerySet[Deadline], beyond: list[Deadline], offset: int, limit: int
) -> tuple[int, list[Deadline]]:
    """As `_page_of`, with rows that the database does not hold among them; asked for seldom."""
    every = sorted(
        [*rows.select_related("obligation__state").order_by("pk"), *beyond],
        key=lambda row: (
            row.obligation.state_id,
            row.obligation.kind,
            row.obligation.clause,
            row.obligation_id,
            row.year or 0,
            row.position,
        ),
    )
    return len(every), every[offset : offset + limit]


ANSWERS = [
    Answer("states", StatesQuestion, States, states, StateAnswer),
    Answer("deadlines", DeadlinesQuestion, Deadlines, deadlines, DeadlineAnswer),
]
