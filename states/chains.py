"""Which deadlines stand on a day, among the rows of one State that are in memory already."""

import datetime as dt
from collections.abc import Iterable

from states.models import Deadline, ObligationEvent, TreatyAction
from states.models.actors import Confidence
from states.standing import WITHDRAWAL

type Chain = tuple[int, int | None]


def standing_and_replaced(
    rows: Iterable[Deadline],
    actions: Iterable[TreatyAction],
    events: Iterable[ObligationEvent],
    on: dt.date,
) -> tuple[list[Deadline], list[Deadline]]:
    """The rows that stand on the day, and those that a later decision had replaced by then.

    The same answer as `Deadline.objects.standing(on)`, which asks it of all States in SQL; asked of
    one State, composing that SQL costs more than reading its few rows. `rows` come with their
    obligations, unconfirmed ones among them, `actions` and `events` are all of the State. Each row
    that stands is told whether later decisions may exist (`may_have_moved`).
    """
    decided = [row for row in rows if row.stands_from <= on]
    withdrawals = [
        action for action in actions if action.kind == WITHDRAWAL and action.done_on <= on
    ]
    requests = [
        event
        for event in events
        if event.kind == ObligationEvent.Kind.REQUEST
        and event.happened_on is not None
        and event.happened_on <= on
    ]
    stands, replaced = [], []
    for row in decided:
        if not _is_shown(row, on) or _left_before_due(row, withdrawals):
            continue
        later = [
            other
            for other in decided
            if _chain(other) == _chain(row) and other.position > row.position
        ]
        if any(other.confidence != Confidence.LOW for other in later):
            replaced.append(row)
            continue
        asked = any(
            event.obligation_id == row.obligation_id
            and event.happened_on is not None
            and event.happened_on > row.stands_from
            for event in requests
        )
        row.later_unknown = bool(later) or asked  # type: ignore[attr-defined]  # as `standing` annotates
        stands.append(row)
    return stands, replaced


def _chain(row: Deadline) -> Chain:
    return row.obligation_id, row.year


def _is_shown(row: Deadline, on: dt.date) -> bool:
    """Confirmed, known on the day, and no annual report beyond the next calendar year."""
    return (
        Confidence.LOW not in (row.confidence, row.obligation.confidence)
        and row.obligation.known_on <= on
        and (row.year is None or row.due_on <= dt.date(on.year + 1, 12, 31))
    )


def _left_before_due(row: Deadline, withdrawals: list[TreatyAction]) -> bool:
    """Nothing falls due after a withdrawal takes effect (Article 20)."""
    return any(
        action.done_on >= row.obligation.clock_from
        and action.takes_effect_on is not None
        and action.takes_effect_on <= row.due_on
        for action in withdrawals
    )
