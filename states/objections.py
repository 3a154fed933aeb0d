"""Why a treaty action cannot be recorded as it is, or should be looked at again: the sentences."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from states import deadlines
from states.models.actors import State, TreatyAction
from states.standing import (
    INSTRUMENTS,
    WITHDRAWAL,
    Action,
    Conflict,
    Doubt,
    conflicts,
    doubt,
)
from states.words import day


def check(action: TreatyAction) -> None:
    """ValidationError with a sentence for each thing that the law or arithmetic forbids.

    What can be said of the row alone and in SQL is a constraint of the table; the rest is here.
    """
    errors = {**_of_the_day(action), **_of_the_effect(action)}
    if errors:
        raise ValidationError(errors)
    if moved(action):
        with transaction.atomic():
            # Held until the row is saved: of two persons the second sees what the first wrote.
            State.objects.select_for_update().order_by("pk").get(pk=action.state_id)
            others = list(action.state.actions.exclude(pk=action.pk))
        if said := in_the_way([*others, action]):
            raise ValidationError(said)


def in_the_way(actions: list[Any]) -> list[str]:
    """What cannot stand beside each other among the actions of one State."""
    return [_conflict(*found) for found in conflicts(actions)]


def doubtful(action: TreatyAction) -> str:
    """What to look at again before the action is recorded; empty where nothing is doubtful."""
    words = {"action": _named(action), "state": action.state}
    match doubt(action, action.state.actions.exclude(pk=action.pk)):
        case Doubt.NEVER_SIGNED:
            return (
                _(
                    "%(action)s: no earlier signature of %(state)s is recorded here, and Article 16"
                    " lets signatories ratify, accept or approve. Is it an accession?"
                )
                % words
            )
        case Doubt.SIGNED:
            return (
                _(
                    "%(action)s: %(state)s has signed, and Article 16 lets those accede that have"
                    " not. Is it a ratification, acceptance or approval?"
                )
                % words
            )
    return ""


def moved(action: TreatyAction) -> bool:
    """Whether the row is new, or says another deed or day than it did."""
    facts = ("state_id", "kind", "done_on", "takes_effect_on")
    held = TreatyAction.objects.filter(pk=action.pk).values(*facts).first()
    return held != {name: getattr(action, name) for name in facts}


def _of_the_day(action: TreatyAction) -> dict[str, str]:
    if action.done_on > localdate():
        return {"done_on": _("This day has not come yet.")}
    return {}


def _of_the_effect(action: TreatyAction) -> dict[str, str]:
    effect, by_rule = action.takes_effect_on, action.by_rule()
    if not action.effect_reason:
        if effect == by_rule:
            return {}
        if by_rule is None:
            return {"effect_reason": _("Say why it takes effect on a day, or leave the day empty.")}
        return {
            "effect_reason": _(
                "By the rule it takes effect on %(day)s. Say why on another day, or leave the day"
                " empty."
            )
            % {"day": day(by_rule)}
        }
    if effect is None:
        if by_rule is None:
            return {}
        return {"takes_effect_on": _("Say on which day it takes effect for this reason.")}
    if action.kind == WITHDRAWAL and effect < deadlines.withdrawal_effect(action.done_on):
        earliest = deadlines.withdrawal_effect(action.done_on)
        return {"takes_effect_on": _("Article 20(3): not before %(day)s.") % {"day": day(earliest)}}
    if effect < action.done_on:
        return {"takes_effect_on": _("It cannot take effect before it is done.")}
    if action.kind in INSTRUMENTS and effect < deadlines.FIRST_ENTRY_INTO_FORCE:
        return {
            "takes_effect_on": _("Article 17(1): in force for nobody before %(day)s.")
            % {"day": day(deadlines.FIRST_ENTRY_INTO_FORCE)}
        }
    return {}


def _named(action: Action) -> str:
    return _("%(kind)s of %(day)s") % {
        "kind": TreatyAction.Kind(action.kind).label,
        "day": day(action.done_on),
    }


def _conflict(conflict: Conflict, action: Action, other: Action | None) -> str:
    words = {"action": _named(action), "other": _named(other) if other else ""}
    if other is not None and other.takes_effect_on:
        words["effect"] = day(other.takes_effect_on)
    return {
        Conflict.SIGNED_TWICE: _("%(action)s: the State has signed already (%(other)s)."),
        Conflict.BOUND_ALREADY: _(
            "%(action)s: an instrument stands already (%(other)s), and no withdrawal lies between"
            " the two. Correct or take back the one that is wrong."
        ),
        Conflict.NOT_BOUND: _("%(action)s: there is no instrument that it could withdraw."),
        Conflict.NOT_YET_IN_FORCE: _(
            "%(action)s: Article 20 lets a State Party withdraw, and the Convention enters into"
            " force for the State on %(effect)s only (%(other)s)."
        ),
        Conflict.LEFT_ALREADY: _("%(action)s: the State has withdrawn already (%(other)s)."),
    }[conflict] % words
