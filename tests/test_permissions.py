"""Every address has its row in the matrix, and gives each person the answer that stands there."""

import importlib
from collections.abc import Iterator
from copy import deepcopy
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from tests.conftest import SignedIn
from tests.matrix import Row, World, names, standing

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
    with standing(tmp_path_factory.mktemp("documents"), django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def cookies(world: World) -> dict[str, SimpleCookie]:
    """Everybody has signed in once; what an answer does to a session is rolled back as all else."""
    return {
        name: (Client() if user is None else SignedIn(user)).cookies
        for name, user in world.people.items()
    }


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
def test_each_person_gets_the_answer_of_the_matrix(
    world: World, cookies: dict[str, SimpleCookie], db: None, row: Row
) -> None:
    url = reverse(row.name, kwargs=row.kwargs(world)) + row.query

    answers = {}
    for name in row.persons:
        client = Client()
        client.cookies = deepcopy(cookies[name])
        with transaction.atomic():
            response = getattr(client, row.method)(url, row.data(world))
            answers[name] = response.status_code
            if response.streaming:
                list(response.streaming_content)  # the client closes the file with its last piece
            transaction.set_rollback(True)

    assert answers == {name: row.expect[name] for name in row.persons}
