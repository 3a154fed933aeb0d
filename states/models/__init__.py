"""The rows of actors and law."""

from states.models.actors import FormerName, Organisation, State, TreatyAction, User
from states.models.contacts import Contact
from states.models.deadline import Deadline
from states.models.filters import SavedFilter
from states.models.generation import GenerationMove, seen_in_public, unless_alone
from states.models.law import DecisionDay, Obligation, ObligationEvent, RecordsKept
from states.models.outage import LastSign, Outage
from states.models.practice import Practice
from states.models.rights import (
    Appointment,
    Pass,
    PassUse,
    RecoveryRequest,
    StateGroupPermission,
    StateUserPermission,
)

__all__ = [
    "Appointment",
    "Contact",
    "Deadline",
    "DecisionDay",
    "FormerName",
    "GenerationMove",
    "LastSign",
    "Obligation",
    "ObligationEvent",
    "Organisation",
    "Outage",
    "Pass",
    "PassUse",
    "Practice",
    "RecordsKept",
    "RecoveryRequest",
    "SavedFilter",
    "State",
    "StateGroupPermission",
    "StateUserPermission",
    "TreatyAction",
    "User",
]

seen_in_public(State, of="r.iso3")
seen_in_public(Contact, FormerName, Obligation, ObligationEvent, TreatyAction, of="r.state_id")
seen_in_public(
    Deadline,
    of="(SELECT o.state_id FROM states_obligation o WHERE o.id = r.obligation_id)",
    # A report may meet a deadline long before it is published: what keeps silent of that on the
    # page keeps silent in its age too.
    changed=unless_alone(
        "met_on",
        "EXISTS (SELECT 1 FROM states_practice p WHERE p.value = 'yes' "  # noqa: S608 -- constants
        f"AND p.key IN ('{Practice.Key.MET_IN_PUBLIC}', '{Practice.Key.LATENESS_IN_PUBLIC}'))",
    ),
)
# What these say holds for many States at once.
seen_in_public(DecisionDay, Organisation, Outage, Practice, RecordsKept)
