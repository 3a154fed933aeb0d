"""A database of an older edition, with rows in it, comes up to date and loses nothing.

Each file in `editions` was written by `pg_dump --no-owner --exclude-table-data=django_session`
from a demonstration in which every table that the portal fills held a row. A release adds a file;
none is ever changed.
"""

import gzip
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from psycopg import sql
from pytest_django import DjangoDbBlocker

from reporting.models import Report
from tools import restore_drill

ROOT = Path(__file__).resolve().parents[1]
EDITIONS = sorted((ROOT / "tests" / "editions").glob("*.sql.gz"))

# What migrations took away or wrote anew on purpose, "table" or "table.column", and why.
GONE: dict[str, str] = {}
REWRITTEN: dict[str, str] = {}

# Each row of each table as text, by column.
Rows = dict[str, list[dict[str, str]]]


class Edition:
    """A database as an older edition left it (`former`) and as migrations made it (`present`)."""

    def __init__(self, dump: Path, database: str, folder: Path) -> None:
        self.database = database
        plain = folder / "edition.sql"
        plain.write_bytes(gzip.decompress(dump.read_bytes()))
        quiet = ["-X", "-q", "-o", os.devnull, "-v", "ON_ERROR_STOP=1"]
        restore_drill.program("psql", *quiet, "-f", str(plain), database)
        self.former = self.rows()
        # Asked nothing, as when a container or `make run` starts.
        self.manage("migrate", "--no-input")
        self.present = self.rows()

    def manage(self, *arguments: str) -> str:
        """What a command says on this database; it must succeed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": self.database},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows(self) -> Rows:
        """Everything that is in the database but Django's own bookkeeping."""
        found = {}
        with psycopg.connect(self.database, options=restore_drill.SESSION) as opened:
            tables = opened.execute(
                "select table_name, array_agg(column_name::text) from information_schema.columns"
                " where table_schema = 'public'"
                " and table_name not in ('django_migrations', 'django_session') group by 1"
            ).fetchall()
            for table, columns in tables:
                listed = sql.SQL(", ").join(
                    sql.SQL("{}::text").format(sql.Identifier(column)) for column in columns
                )
                query = sql.SQL("select {} from {}").format(listed, sql.Identifier(table))
                read = opened.execute(query).fetchall()
                found[table] = [dict(zip(columns, row, strict=True)) for row in read]
        return found

    @contextmanager
    def opened(self) -> Iterator[None]:
        """The models read this database."""
        mine = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = self.database.rpartition("/")[2]
        ContentType.objects.clear_cache()
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = mine
            ContentType.objects.clear_cache()


@pytest.fixture(scope="module", params=EDITIONS, ids=lambda dump: dump.name.partition(".")[0])
def edition(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Edition]:
    """An older edition, migrated."""
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    with restore_drill.empty_database(f"{server}/postgres") as database:
        yield Edition(request.param, database, tmp_path_factory.mktemp("edition"))


def columns(rows: list[dict[str, str]]) -> set[str]:
    return set(rows[0]) if rows else set()


def test_every_table_and_column_that_held_something_is_still_there(edition: Edition) -> None:
    missing = []
    for table, rows in edition.former.items():
        if table not in edition.present:
            missing.append(table)
            continue
        kept = columns(edition.present[table])
        missing += [f"{table}.{name}" for name in sorted(columns(rows) - kept)]

    assert [name for name in missing if name not in GONE] == []


def test_every_row_still_says_what_it_said(edition: Edition) -> None:
    changed = {}
    for table, rows in edition.former.items():
        present = edition.present.get(table, [])
        names = columns(rows) & columns(present)
        names = {name for name in names if f"{table}.{name}" not in REWRITTEN}
        if {table} & (GONE.keys() | REWRITTEN.keys()):
            continue
        before = Counter(tuple(row[name] for name in sorted(names)) for row in rows)
        after = Counter(tuple(row[name] for name in sorted(names)) for row in present)
        if before - after:
            changed[table] = list((before - after).elements())[:3]

    assert changed == {}


def test_what_was_migrated_is_what_would_be_made_anew(edition: Edition, db: None) -> None:
    new = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"

    with psycopg.connect(edition.database) as migrated, psycopg.connect(new) as made:
        differences = restore_drill.compare_definitions(made, migrated)

    assert differences == []


def test_the_present_edition_reads_every_row_and_shows_its_pages(
    edition: Edition, django_db_blocker: DjangoDbBlocker
) -> None:
    # What follows each migration, twice: the second time nothing may be in its way.
    edition.manage("set_up")
    edition.manage("demo")

    with django_db_blocker.unblock(), edition.opened():
        read = {
            model._meta.db_table: sum(1 for _row in model._default_manager.all())
            for model in apps.get_models()
        }
        anybody = Client(headers={"host": "localhost"})
        report = Report.objects.filter(status="published").first()
        assert report is not None
        pages = ["/", "/states/", "/calendar/", f"/states/{report.state_id}/", "/api/v1/states"]
        answers = {page: anybody.get(page).status_code for page in pages}

    assert answers == dict.fromkeys(pages, 200)
    assert [
        table for table, rows in edition.former.items() if table in read and read[table] < len(rows)
    ] == []
