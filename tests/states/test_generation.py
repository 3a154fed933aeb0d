"""The generation: every public table moves it, no commit is hidden, no writer waits for another."""

import itertools
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from records.models import Document
from states.models import Contact
from states.models.generation import TABLE, generation, prune
from tests import factories
from tests.matrix import World

# A statement trigger fires even where a statement changes no row.
TOUCH = "UPDATE {} SET id = id WHERE false"


@pytest.fixture
def another() -> Iterator[Callable[[], BaseDatabaseWrapper]]:
    """`another()` is a further connection to the test's database, as another process has it."""
    opened = []

    def connect() -> BaseDatabaseWrapper:
        opened.append(connection.copy())
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


def begin(where: BaseDatabaseWrapper, statement: str) -> None:
    """Opens a transaction with a statement that gives up rather than wait for another writer."""
    where.set_autocommit(False)
    where.cursor().execute("SET lock_timeout = '1s'")
    where.cursor().execute(statement)


def tables_with_the_trigger() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE tgname LIKE 'pgtrigger_moves_generation%%'"
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/states/",
        "/states.csv",
        "/states/LAO/",
        "/states/LAO.json",
        "/states/LAO/profile.pdf",
        "/states/LAO/deadlines.ics",
        "/reports/",
        "/reports.csv",
        "/calendar/",
        "/calendar/all.ics",
        "/reports/LAO/annual/2023/1/",
        "/sitemap.xml",
        "/contact/",
        "/verify/",
        "/api/v1/states",
        "/api/v1/deadlines",
        "/api/v1/reports",
    ],
)
def test_every_table_that_a_public_page_reads_moves_the_generation(
    client: Client, db: None, address: str
) -> None:
    world = World()
    _ = world.published
    factories.ContactFactory(state=world.laos, may_publish=True)
    read: set[str] = set()

    def note(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        words = sql.replace("(", " ").split()
        read.update(
            table.strip('",)')
            for word, table in itertools.pairwise(words)
            if word in {"FROM", "JOIN"} and table.startswith('"')
        )
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        answer = client.get(address)

    assert answer.status_code == 200
    assert "public" in answer.headers.get("Cache-Control", "")
    # A page that reads no row cannot become old by a change of rows.
    assert read <= tables_with_the_trigger()


def test_insert_update_and_delete_each_move_it(db: None) -> None:
    seen = [generation()]

    contact = factories.ContactFactory()
    seen.append(generation())
    Contact.objects.filter(pk=contact.pk).update(may_publish=True)
    seen.append(generation())
    Contact.objects.filter(pk=contact.pk).delete()
    seen.append(generation())

    assert seen == sorted(set(seen))


def test_what_is_rolled_back_does_not_move_it(transactional_db: None, another: Callable) -> None:
    writer = another()
    before = generation()

    begin(writer, TOUCH.format(Document._meta.db_table))
    writer.rollback()

    assert generation() == before


def test_a_commit_that_comes_late_is_still_seen(transactional_db: None, another: Callable) -> None:
    early, late = another(), another()
    begin(late, TOUCH.format(Document._meta.db_table))
    begin(early, TOUCH.format(Document._meta.db_table))
    early.commit()
    between = generation()

    late.commit()

    # The highest number was visible before: a reader of the newest row alone would see no change.
    assert generation() > between


def test_writers_do_not_wait_for_each_other(transactional_db: None, another: Callable) -> None:
    one, two = another(), another()
    documents, reports = TOUCH.format("records_document"), TOUCH.format("reporting_report")
    before = generation()

    # In opposite orders: over one row that all update this is a deadlock.
    begin(one, documents)
    begin(two, reports)
    one.cursor().execute(reports)
    two.cursor().execute(documents)
    two.commit()
    one.commit()

    assert generation() == before + 4


def test_pruning_leaves_one_row_and_moves_on(transactional_db: None) -> None:
    for number in range(5):
        factories.ContactFactory(state__iso3="LAO", name=f"Mailbox {number}")
    before = generation()

    gone = prune()

    assert gone >= 5
    assert generation() == before + 1
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLE}")
        assert cursor.fetchone() == (1,)


def test_pruning_passes_over_what_is_not_committed(
    transactional_db: None, another: Callable
) -> None:
    writer = another()
    factories.ContactFactory()
    begin(writer, TOUCH.format("records_document"))

    prune()
    pruned = generation()
    writer.commit()

    assert generation() == pruned + 1


def test_it_grows_with_every_commit_whatever_the_order_and_however_often_it_is_pruned(
    transactional_db: None, another: Callable
) -> None:
    writers = [another() for _ in range(4)]
    seen = [generation()]
    order = [(0, 1), (2, 0), (1, 3), (3, 2), (0, 2), (1, 3)]

    for opens, commits in order:
        for number in (opens, commits):
            if writers[number].get_autocommit():
                begin(writers[number], TOUCH.format("records_document"))
        writers[commits].commit()
        writers[commits].set_autocommit(True)
        seen.append(generation())
        prune()
        seen.append(generation())

    assert seen == sorted(set(seen))
