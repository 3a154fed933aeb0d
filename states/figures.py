"""The figures of the Convention as at a day: how many States stand where."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from states.models import TreatyAction
from states.models.actors import GROUPS
from states.seams import Figure
from states.standing import Standing, Status, standing

# The word in the address of the States' list for all that have deposited and not withdrawn.
DEPOSITED = "with-instrument"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many States of the treaty stand where on the day; fictional ones are not among them."""

    on: dt.date
    in_force: int
    deposited: int
    signatories: int
    withdrawn: int
    states: int

    @classmethod
    def of(cls, standings: Iterable[Standing], on: dt.date) -> "Counts":
        """In force for; deposited and not withdrawn; signed and not deposited; withdrawn."""
        by_status = Counter(each.status for each in standings)
        return cls(
            on,
            in_force=by_status[Status.PARTY],
            deposited=by_status[Status.PARTY] + by_status[Status.DEPOSITED],
            signatories=by_status[Status.SIGNATORY],
            withdrawn=by_status[Status.WITHDRAWN],
            states=by_status.total(),
        )


def of_states(on: dt.date) -> Iterable[Figure]:
    """In force, deposited, signatories, withdrawn, and States Parties by region; one query."""
    rows = TreatyAction.objects.filter(state__demo=False)
    actions: dict[tuple[str, str], list[TreatyAction]] = {}
    for action in rows.annotate(group=F("state__regional_group")).order_by():
        actions.setdefault((action.state_id, action.group), []).append(action)
    standings = {key: standing(each, on) for key, each in actions.items()}
    counts = Counts.of(standings.values(), on)
    yield from _by_status(counts)
    parties = Counter(
        group for (_iso3, group), each in standings.items() if each.status is Status.PARTY
    )
    for word, group in GROUPS.items():
        yield Figure(
            key=f"in-force-{word}",
            name=str(group.label),
            value=parties[group],
            unit=_unit(parties[group]),
            explanation=_("States Parties of the group."),
            url=f"{reverse('states')}?status={Status.PARTY}&group={word}",
            about=_("States Parties by regional group"),
        )


def _unit(number: int) -> str:
    return ngettext("State", "States", number)


def _by_status(counts: Counts) -> Iterable[Figure]:
    about, page = _("States and the Convention"), reverse("states")
    yield Figure(
        key="in-force",
        name=_("States for which it is in force"),
        value=counts.in_force,
        unit=_unit(counts.in_force),
        explanation=_(
            "States Parties: the Convention is in force for each from the first day of the sixth "
            "month after it deposited its instrument (Article 17)."
        ),
        url=f"{page}?status={Status.PARTY}",
        about=about,
        first=True,
    )
    yield Figure(
        key="deposited",
        name=_("States that have deposited an instrument and not withdrawn"),
        value=counts.deposited,
        unit=_unit(counts.deposited),
        explanation=_(
            "States Parties, and States for which the Convention is to enter into force: "
            "ratification, acceptance, approval or accession (Article 16)."
        ),
        url=f"{page}?status={DEPOSITED}",
        about=about,
        first=True,
    )
    yield Figure(
        key="signatories",
        name=_("signatories that have not deposited an instrument"),
        value=counts.signatories,
        unit=_unit(counts.signatories),
        explanation=_("States that signed the Convention (Article 15), and no more than that."),
        url=f"{page}?status={Status.SIGNATORY}",
        about=about,
        first=True,
    )
    yield Figure(
        key="withdrawn",
        name=_("former States Parties"),
        value=counts.withdrawn,
        unit=_unit(counts.withdrawn),
        explanation=_("States whose withdrawal has taken effect (Article 20)."),
        url=f"{page}?status={Status.WITHDRAWN}",
        about=about,
    )
