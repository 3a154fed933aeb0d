"""The fictional States of the demonstration: whatever is invented belongs to them."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from states import demo_people, registry
from states.deadlines import FIRST_ENTRY_INTO_FORCE, OPENED_FOR_SIGNATURE
from states.history import act
from states.models import Contact, Obligation, State, TreatyAction, User
from states.models.law import ObligationKind
from states.standing import SIGNATURE

REASON = "Invented for the demonstration"


@dataclass(frozen=True, slots=True)
class Fiction:
    """One fictional State: names, region, and what it did towards the Convention."""

    iso3: str
    iso2: str
    names: tuple[str, str, str]
    region: str
    language: str
    time_zone: str  # another than Geneva's, so that a receipt shows two clocks
    actions: tuple[tuple[str, int], ...]  # kind, days before today


FICTIONS = (
    Fiction(
        "XAA",
        "XA",
        ("Arvalia (fictional)", "Arvalie (fictive)", "Arvalia (ficticia)"),
        "African",
        "fr",
        "Africa/Dakar",
        (("signature", 6500), ("ratification", 3400)),
    ),
    Fiction(
        "XAB",
        "XB",
        ("Borduna (fictional)", "Bordune (fictive)", "Borduna (ficticia)"),
        "Asia-Pacific",
        "en",
        "Asia/Vientiane",
        (("accession", 2600),),
    ),
    Fiction(
        "XAC",
        "XC",
        ("Calderra (fictional)", "Calderre (fictive)", "Calderra (ficticia)"),
        "GRULAC",
        "es",
        "America/Lima",
        (("signature", 6500), ("ratification", 3900)),
    ),
    Fiction(
        "XAD",
        "XD",
        ("Dunmark (fictional)", "Dunmarque (fictive)", "Dunmarca (ficticia)"),
        "Eastern European",
        "en",
        "Europe/Chisinau",
        (("signature", 6400), ("ratification", 60)),
    ),
)


def make(today: dt.date, people: dict[str, User]) -> None:
    """The four States, and the users of the demonstration, who are added to `people`."""
    _states(today)
    people.update(demo_people.all_of_them())


@transaction.atomic
def _states(today: dt.date) -> None:
    """With actions, contacts, and an Article 4 obligation for one of them."""
    with act(by=None, reason=REASON):
        for fiction in FICTIONS:
            if State.objects.filter(pk=fiction.iso3).exists():
                continue
            state = State.objects.create(
                iso3=fiction.iso3,
                iso2=fiction.iso2,
                name_en=fiction.names[0],
                name_fr=fiction.names[1],
                name_es=fiction.names[2],
                regional_group=fiction.region,
                time_zone=fiction.time_zone,
                un_member=False,
                demo=True,
                source=REASON,
            )
            for kind, ago in fiction.actions:
                done_on = max(today - dt.timedelta(days=ago), OPENED_FOR_SIGNATURE)
                if kind == SIGNATURE:
                    done_on = min(done_on, FIRST_ENTRY_INTO_FORCE - dt.timedelta(days=1))
                TreatyAction.objects.create(state=state, kind=kind, done_on=done_on, source=REASON)
            _contacts(state, fiction, today)
        registry.bring_up_to_date(today, [fiction.iso3 for fiction in FICTIONS])
        clearing = State.objects.get(pk="XAC")
        if not Obligation.objects.filter(state=clearing, kind=ObligationKind.ART4).exists():
            _clearance(clearing, today)


def _contacts(state: State, fiction: Fiction, today: dt.date) -> None:
    """A mailbox in the capital and one at the mission; XAB's has not been confirmed for long."""
    code = fiction.iso3.lower()
    confirmed = today - dt.timedelta(days=500 if fiction.iso3 == "XAB" else 90)
    Contact.objects.create(
        state=state,
        purpose=Contact.Purpose.ARTICLE_7,
        place=Contact.Place.CAPITAL,
        role_mailbox=True,
        function="National point of contact",
        institution="Ministry of Foreign Affairs",
        email=f"contact.{code}@example.org",
        language=fiction.language,
        may_publish=True,
        confirmed_on=confirmed,
        source=REASON,
    )
    if fiction.iso3 != "XAD":
        Contact.objects.create(
            state=state,
            purpose=Contact.Purpose.GENERAL,
            place=Contact.Place.GENEVA,
            role_mailbox=True,
            function="Permanent Mission",
            institution="Permanent Mission in Geneva",
            email=f"mission.{code}@example.org",
            language=fiction.language,
            confirmed_on=confirmed,
            source=REASON,
        )


def _clearance(state: State, today: dt.date) -> None:
    """An Article 4 obligation, extended once."""
    in_force_on = state.standing(today).in_force_on
    assert in_force_on is not None  # XAC ratified long ago
    obligation = registry.open_obligation(
        state,
        ObligationKind.ART4,
        known_on=in_force_on,
        clock_from=in_force_on,
        origin="first report",
    )
    root = obligation.deadlines.get()
    root.extend(
        to=root.due_on.replace(year=root.due_on.year + 3),
        basis="Decision of the demonstration",
        decided_on=dt.date(2024, 9, 13),
        source=REASON,
    )
