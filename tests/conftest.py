"""Makes Django stricter than it is, and gives the people and States that tests speak of."""

import datetime as dt
import gc
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import encrypt
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, TransactionTestCase
from django.utils import translation
from pytest_django import DjangoDbBlocker

from ccm_portal.settings import broker_url
from states import access
from states.history import act
from states.loading import load_treaty
from states.models import State, User
from states.models.rights import Role
from tests import factories, strict

TODAY = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


REDIS_DATABASES = 16
PROGRAMS = (
    "tests/tools/test_run.py",
    "tests/tools/test_finding_python.py",
    "tests/test_upgrade.py",
    "tests/ccm_portal/test_front_asked.py",
)


def pytest_configure() -> None:
    """Static files as they are, a Redis database for each process, and nothing but this machine."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"]["BACKEND"] = plain
    if process := os.environ.get("PYTEST_XDIST_WORKER"):
        _use_redis_database(int(process.removeprefix("gw")) + 1)
    settings.PASSWORD_HASHERS = ["tests.conftest.QuickHasher"]
    sys.addaudithook(_stay_on_this_machine)
    TransactionTestCase._fixture_teardown = _empty_filled_tables
    strict.guard()


class QuickHasher(PBKDF2PasswordHasher):
    """The portal's own hash after one round: no test asks how long a guess takes."""

    iterations = 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that take longest, such as those that start programs, come first, not last."""
    items.sort(key=lambda item: not item.nodeid.startswith(PROGRAMS))


def pytest_collection_finish() -> None:
    """What was loaded stays loaded: no collection of garbage needs to go through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _use_redis_database(number: int) -> None:
    """Processes of one run share the server; what one empties must not be another's."""
    address, _mark, query = settings.REDIS_URL.partition("?")
    base = int(query.removeprefix("db=") or 0) if query else 0
    url = f"{address}?db={(base + number) % REDIS_DATABASES}"
    os.environ["REDIS_URL"] = url
    settings.REDIS_URL = url
    settings.CACHES["default"]["LOCATION"] = url
    settings.CELERY_BROKER_URL = broker_url(url)


def _stay_on_this_machine(event: str, arguments: tuple[Any, ...]) -> None:
    """No test speaks to another machine, by mistake or otherwise."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
        if not host.startswith("127.") and host not in {"localhost", "::1"}:
            raise RuntimeError(f"a test tried to reach {host}")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """A database for each process. Of several one migrates, and all take copies of the result."""
    creation, before = connection.creation, connection.settings_dict["NAME"]
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    with django_db_blocker.unblock():
        if run is None:
            creation.create_test_db(verbosity=0, autoclobber=True)
            copied_from = None
        else:
            copied_from = _copy_database(f"migrated_{run[:12]}")
    yield
    with django_db_blocker.unblock():
        creation.destroy_test_db(before, verbosity=0)
        if copied_from:
            with creation._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {copied_from}")


def _copy_database(name: str) -> str:
    """Makes the test's database of this process a copy of `name`, made by whoever comes first."""
    creation, own = connection.creation, connection.creation._get_test_db_name()
    with creation._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            creation.create_test_db(verbosity=0, autoclobber=True)
            connection.close()
            cursor.execute(f"ALTER DATABASE {own} RENAME TO {name}")
        cursor.execute(f"DROP DATABASE IF EXISTS {own}")
        cursor.execute(f"CREATE DATABASE {own} TEMPLATE {name}")
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = own
    return name


WRITTEN_BY_MIGRATE = ("django_migrations", "django_content_type", "auth_permission")


def _empty_filled_tables(_test: TransactionTestCase) -> None:
    """Leaves what `flush` leaves, without touching the many tables that the test left empty.

    Rows go without their triggers: those would refuse for final rows, and write of each deletion.
    """
    kept = set(WRITTEN_BY_MIGRATE)
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name not in kept]
        names = [connection.ops.quote_name(name) for name in tables]
        asked = (f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in names)
        cursor.execute(" UNION ALL ".join(asked))
        filled = [name for (name,) in cursor.fetchall()]
        if filled:
            emptied = "; ".join(f"DELETE FROM {name}" for name in filled)
            with transaction.atomic():
                cursor.execute(f"SET LOCAL session_replication_role = replica; {emptied}")


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, settings: Any) -> None:
    """Files of a test live and go with the test."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "documents", "base_url": None},
        }
    }


@pytest.fixture(autouse=True)
def an_act() -> Iterator[None]:
    """Rows that a test arranges need a reason like all others."""
    with act(by=None, reason="arranged by a test"):
        yield


@pytest.fixture(autouse=True)
def clean_cache() -> None:
    """No test reads what another left in the cache."""
    cache.clear()


@pytest.fixture(autouse=True)
def plain_language() -> None:
    """No test reads in the language in which another's last page was asked for."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def today() -> Iterator[dt.date]:
    """The day is 20 November 2026, a Friday."""
    with time_machine.travel(TODAY, tick=False):
        yield TODAY.date()


@pytest.fixture(scope="module")
def treaty(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The real treaty data, loaded once for the module's tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_treaty(TODAY.date())
        yield
        transaction.set_rollback(True)


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
        if access.is_secretariat(user):
            self._give_second_factor(user)

    def _give_second_factor(self, user: User) -> None:
        factor, _made = Authenticator.objects.get_or_create(
            user=user,
            type=Authenticator.Type.TOTP,
            defaults={"data": {"secret": encrypt(generate_totp_secret())}},
        )
        session = self.session
        session["account_authentication_methods_user"] = str(user.pk)
        session["account_authentication_methods"] = [
            {"method": "mfa", "at": time.time(), "id": factor.pk, "type": "totp"}
        ]
        session.save()
