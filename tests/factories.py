"""Factories: each creates the least valid row of its model, without surprises."""

import datetime as dt

import factory

from reporting.models import Report
from states import registry
from states.models import Contact, Deadline, Obligation, State, TreatyAction, User


class UserFactory(factory.django.DjangoModelFactory):
    """A person who may sign in and do nothing."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = "!"


class StateFactory(factory.django.DjangoModelFactory):
    """A State that has done nothing."""

    class Meta:
        model = State
        django_get_or_create = ["iso3"]

    iso3 = "LAO"
    iso2 = factory.LazyAttribute(lambda s: ISO2.get(s.iso3, s.iso3[:2]))
    name_en = factory.LazyAttribute(lambda s: s.iso3)
    name_fr = factory.SelfAttribute("name_en")
    name_es = factory.SelfAttribute("name_en")


ISO2 = {"LAO": "LA", "PER": "PE", "DEU": "DE", "LTU": "LT", "VUT": "VU", "XAA": "XA", "XAB": "XB"}


class TreatyActionFactory(factory.django.DjangoModelFactory):
    """A ratification in 2015."""

    class Meta:
        model = TreatyAction

    state = factory.SubFactory(StateFactory)
    kind = "ratification"
    done_on = dt.date(2015, 1, 15)


class ObligationFactory(factory.django.DjangoModelFactory):
    """The annual report, since 2015."""

    class Meta:
        model = Obligation

    state = factory.SubFactory(StateFactory)
    kind = "art7-annual"
    clause = "7(2)"
    clock_from = dt.date(2015, 7, 1)
    known_on = dt.date(2015, 7, 1)


class DeadlineFactory(factory.django.DjangoModelFactory):
    """The annual report on 2025, due 30 April 2026."""

    class Meta:
        model = Deadline

    obligation = factory.SubFactory(ObligationFactory)
    year = 2025
    by_rule_on = factory.SelfAttribute("due_on")
    due_on = dt.date(2026, 4, 30)
    stands_from = dt.date(2015, 7, 1)


class ContactFactory(factory.django.DjangoModelFactory):
    """A mailbox for transparency reports in the capital."""

    class Meta:
        model = Contact

    state = factory.SubFactory(StateFactory)
    purpose = "article-7"
    place = "capital"
    role_mailbox = True
    email = factory.Sequence(lambda n: f"mailbox{n}@example.org")


class ReportFactory(factory.django.DjangoModelFactory):
    """A draft of the annual report on 2025."""

    class Meta:
        model = Report

    state = factory.SubFactory(StateFactory)
    kind = "annual"
    year = 2025
    covers_from = dt.date(2025, 1, 1)
    covers_to = dt.date(2025, 12, 31)


def party(iso3: str, name: str, deposited_on: str, **facts: object) -> State:
    """A State Party with its Article 7 obligations and deadlines."""
    state = StateFactory(iso3=iso3, name_en=name, **facts)
    TreatyActionFactory(state=state, done_on=dt.date.fromisoformat(deposited_on))
    registry.bring_up_to_date(dt.date(2026, 11, 20), [iso3])
    return state
