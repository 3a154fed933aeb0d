"""Every address has its row in the matrix, and gives each person the answer that stands there."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from states.history import act
from tests.conftest import SignedIn
from tests.matrix import Row, World, names

HERE = Path(__file__).parent
MODULES = [
    importlib.import_module(f"tests.{path.parent.name}.{path.stem}")
    for path in sorted(HERE.glob("*/permissions*.py"))
]
ROWS: list[Row] = [row for module in MODULES for row in module.ROWS]


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """One world for the whole matrix; each row's changes are rolled back."""
    storages = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path_factory.mktemp("documents"), "base_url": None},
        }
    }
    with (
        override_settings(STORAGES=storages),
        django_db_blocker.unblock(),
        transaction.atomic(),
        act(by=None, reason="arranged by a test"),
    ):
        made = World()
        _ = made.draft, made.handed_in, made.published
        yield made
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def documents() -> None:
    """The world brings its own place for files."""


def test_every_address_has_a_row() -> None:
    closed_by_the_admin = {name for name in names() if name.startswith("admin:")}

    missing = names() - closed_by_the_admin - {row.name for row in ROWS}

    assert missing == set(), "give each of these a row in tests/<app>/permissions.py"


def test_no_row_is_left_of_an_address_that_has_gone() -> None:
    assert {row.name for row in ROWS} - names() == set()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_person_gets_the_answer_of_the_matrix(world: World, db: None, row: Row) -> None:
    url = reverse(row.name, kwargs=row.kwargs(world)) + row.query

    answers = {}
    for name in row.persons:
        user = world.people[name]
        client = Client() if user is None else SignedIn(user)
        with transaction.atomic():
            response = getattr(client, row.method)(url, row.data(world))
            answers[name] = response.status_code
            if response.streaming:
                list(response.streaming_content)  # the client closes the file with its last piece
            transaction.set_rollback(True)

    assert answers == {name: row.expect[name] for name in row.persons}
