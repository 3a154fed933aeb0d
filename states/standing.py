"""A State's status towards the Convention as at any day, from its treaty actions alone, and which
actions cannot stand beside each other. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Status(StrEnum):
    """Where a State stands on a day; every State has exactly one."""

    PARTY = "party"
    DEPOSITED = "deposited"
    SIGNATORY = "signatory"
    NOT_PARTY = "not-party"
    WITHDRAWN = "withdrawn"


SIGNATURE = "signature"
WITHDRAWAL = "withdrawal"
# Article 16: the ways to consent to be bound.
INSTRUMENTS = ("ratification", "acceptance", "approval", "accession")


class Action(Protocol):
    """What a treaty action must tell."""

    kind: str
    done_on: dt.date
    takes_effect_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What was known of a State on the day `on`: dates later known are left out."""

    on: dt.date
    signed_on: dt.date | None = None
    deposited_on: dt.date | None = None
    instrument: str = ""
    in_force_on: dt.date | None = None
    withdrawal_notified_on: dt.date | None = None
    left_on: dt.date | None = None

    @property
    def status(self) -> Status:
        """Party, deposited (not yet in force), signatory, not party or withdrawn on the day."""
        if self.left_on is not None and self.left_on <= self.on:
            return Status.WITHDRAWN
        if self.in_force_on is not None:
            return Status.PARTY if self.in_force_on <= self.on else Status.DEPOSITED
        return Status.SIGNATORY if self.signed_on is not None else Status.NOT_PARTY

    @property
    def is_party(self) -> bool:
        """The Convention is in force for the State on the day."""
        return self.status is Status.PARTY


def standing(actions: Iterable[Action], on: dt.date) -> Standing:
    """Where a State with these actions stands on the day; order of the actions does not matter.

    A State that withdraws may accede again: the newest instrument counts, and a withdrawal only
    if it came after that instrument.
    """
    facts: dict = {"on": on}
    for action in sorted((a for a in actions if a.done_on <= on), key=lambda a: a.done_on):
        if action.kind == SIGNATURE:
            facts["signed_on"] = action.done_on
        elif action.kind in INSTRUMENTS:
            facts |= {
                "deposited_on": action.done_on,
                "instrument": action.kind,
                "in_force_on": action.takes_effect_on,
                "withdrawal_notified_on": None,
                "left_on": None,
            }
        elif action.kind == WITHDRAWAL:
            facts |= {
                "withdrawal_notified_on": action.done_on,
                "left_on": action.takes_effect_on,
            }
    return Standing(**facts)


class Conflict(StrEnum):
    """What the law or arithmetic forbids among the actions of one State."""

    SIGNED_TWICE = "signed-twice"
    BOUND_ALREADY = "bound-already"
    NOT_BOUND = "not-bound"
    NOT_YET_IN_FORCE = "not-yet-in-force"
    LEFT_ALREADY = "left-already"


class Doubt(StrEnum):
    """What Article 16 does not foresee, and what records that are not complete may well show."""

    NEVER_SIGNED = "never-signed"
    SIGNED = "signed"


# Of one day: who signs and ratifies at once has signed first.
_ORDER = {SIGNATURE: 0, WITHDRAWAL: 2}


def conflicts(actions: Iterable[Action]) -> list[tuple[Conflict, Action, Action | None]]:
    """Each action that cannot stand, in the order of days, and the one that stands in its way.

    Articles 15, 16 and 20: a State signs once, is bound once until it withdraws, and withdraws once
    the Convention is in force for it.
    """
    signed: Action | None = None
    bound: Action | None = None
    left: Action | None = None
    found: list[tuple[Conflict, Action, Action | None]] = []
    for action in sorted(actions, key=lambda a: (a.done_on, _ORDER.get(a.kind, 1))):
        if action.kind == SIGNATURE:
            if signed is not None:
                found.append((Conflict.SIGNED_TWICE, action, signed))
            signed = action
        elif action.kind in INSTRUMENTS:
            if bound is not None and left is None:
                found.append((Conflict.BOUND_ALREADY, action, bound))
            bound, left = action, None
        elif action.kind == WITHDRAWAL:
            if bound is None:
                found.append((Conflict.NOT_BOUND, action, None))
            elif left is not None:
                found.append((Conflict.LEFT_ALREADY, action, left))
            elif bound.takes_effect_on is None or action.done_on < bound.takes_effect_on:
                found.append((Conflict.NOT_YET_IN_FORCE, action, bound))
            left = action
    return found


def doubt(action: Action, others: Iterable[Action]) -> Doubt | None:
    """Article 16: signatories ratify, accept or approve; those that have not signed accede."""
    signed = any(one.kind == SIGNATURE and one.done_on <= action.done_on for one in others)
    if action.kind == "accession":
        return Doubt.SIGNED if signed else None
    return Doubt.NEVER_SIGNED if action.kind in INSTRUMENTS and not signed else None
