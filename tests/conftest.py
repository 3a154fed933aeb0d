"""Makes Django stricter than it is, and gives the people and States that tests speak of."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from states import access
from states.history import act
from states.models import State, User
from states.models.rights import Role
from tests import factories

TODAY = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def an_act() -> Iterator[None]:
    """Rows that a test arranges need a reason like all others."""
    with act(by=None, reason="arranged by a test"):
        yield


@pytest.fixture(autouse=True)
def clean_cache() -> Iterator[None]:
    """No test reads what another left in the cache."""
    cache.clear()
    yield


@pytest.fixture
def today() -> Iterator[dt.date]:
    """The day is 20 November 2026, a Friday."""
    with time_machine.travel(TODAY, tick=False):
        yield TODAY.date()


@pytest.fixture
def laos(db: None) -> State:
    """Lao PDR: a party since the first day."""
    return factories.party("LAO", "Lao People's Democratic Republic", "2009-03-18")


@pytest.fixture
def peru(db: None) -> State:
    """Peru: the other State, of which there must always be one."""
    return factories.party("PER", "Peru", "2012-09-26")


def appointed(role: str, of: State | None, email: str, name: str) -> User:
    """A person who acts in the role since the beginning of 2026."""
    user = factories.UserFactory(email=email, name=name)
    access.appoint(
        user,
        role,
        of,
        from_on=dt.date(2026, 1, 1),
        until_on=dt.date(2027, 12, 31) if role == Role.ACTING_DIRECTOR else None,
        reference="Note verbale 1/2026",
        by=None,
    )
    return User.objects.get(pk=user.pk)


@pytest.fixture
def focal_point(laos: State) -> User:
    """The focal point of Lao PDR."""
    return appointed(Role.FOCAL_POINT, laos, "fp.lao@example.org", "Focal point, Lao PDR")


@pytest.fixture
def drafter(laos: State) -> User:
    """A drafter for Lao PDR."""
    return appointed(Role.DRAFTER, laos, "drafter.lao@example.org", "Drafter, Lao PDR")


@pytest.fixture
def other_focal_point(peru: State) -> User:
    """The focal point of another State."""
    return appointed(Role.FOCAL_POINT, peru, "fp.per@example.org", "Focal point, Peru")


@pytest.fixture
def assistant(db: None) -> User:
    """The ISU's assistant."""
    return appointed(Role.ASSISTANT, None, "assistant@example.org", "ISU assistant")


@pytest.fixture
def officer(db: None) -> User:
    """An officer of the ISU."""
    return appointed(Role.OFFICER, None, "officer@example.org", "ISU officer")


@pytest.fixture
def director(db: None) -> User:
    """The Director of the ISU."""
    return appointed(Role.DIRECTOR, None, "director@example.org", "Director, ISU")


@pytest.fixture
def stranger(db: None) -> User:
    """A signed-in person whom nobody has appointed."""
    return factories.UserFactory(email="stranger@example.org", name="Nobody's delegate")


@pytest.fixture
def signed_in() -> "type[SignedIn]":
    """`signed_in(user)` is a client with that person's session."""
    return SignedIn


class SignedIn(Client):
    """A client that has signed in; a second factor counts as given for the secretariat."""

    def __init__(self, user: User) -> None:
        super().__init__()
        self.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
