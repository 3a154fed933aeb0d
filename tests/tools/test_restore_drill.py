"""The restore drill notices whatever a dump has lost."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tools import restore_drill

TABLES = """
    create table letter (id bigint primary key, words text);
    insert into letter select n, 'letter ' || n from generate_series(1, 50) n;
    create function refuse() returns trigger language plpgsql as
        $$ begin raise exception 'final rows are final'; end $$;
    create trigger final before update on letter for each row execute function refuse();
"""


@pytest.fixture
def source() -> Iterator[str]:
    """A database of a table, its rows and a trigger."""
    with restore_drill.empty_database(
        os.environ["DATABASE_URL"].rpartition("/")[0] + "/postgres"
    ) as at:
        with psycopg.connect(at) as connection:
            connection.execute(TABLES)
        yield at


@pytest.fixture
def target(source: str) -> Iterator[str]:
    """An empty database."""
    with restore_drill.empty_database(source) as at:
        yield at


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder with one document."""
    folder = tmp_path / "documents"
    (folder / "2026").mkdir(parents=True)
    (folder / "2026" / "report.pdf").write_bytes(b"%PDF-1.7")
    return folder


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def test_a_restored_copy_is_the_same(source: str, target: str, documents: Path, work: Path) -> None:
    differences = restore_drill.drill(source, target, documents, work)

    assert differences == []
    assert (work / "documents" / "2026" / "report.pdf").read_bytes() == b"%PDF-1.7"
    with psycopg.connect(target) as connection:
        assert connection.execute("select count(*) from letter").fetchone() == (50,)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("delete from letter where id = 7", "table public.letter has other content"),
        ("insert into letter values (51, 'new')", "table public.letter has other content"),
        ("alter table letter disable trigger final", "definition trigger final on letter"),
        ("drop trigger final on letter", "definition trigger final on letter is missing"),
        ("alter table letter drop constraint letter_pkey", "letter_pkey on letter is missing"),
        ("create table extra ()", "table public.extra was not there before"),
        (
            "create or replace function refuse() returns trigger language plpgsql as "
            "$$ begin return new; end $$",
            "definition function",
        ),
    ],
)
def test_each_loss_is_named(
    source: str, target: str, documents: Path, work: Path, fault: str, said: str
) -> None:
    restore_drill.drill(source, target, documents, work)
    with psycopg.connect(source) as before, psycopg.connect(target) as after:
        after.execute(fault)

        differences = restore_drill.differences(before, after)

    assert any(said in line for line in differences), differences


def test_rows_in_another_order_are_the_same_rows(source: str) -> None:
    with psycopg.connect(source, autocommit=True) as connection:
        before = restore_drill.digest(connection)
        connection.execute("cluster letter using letter_pkey")
        connection.execute("create table other as select * from letter order by id desc")

        after = restore_drill.digest(connection)

    assert after["public.other"] == before["public.letter"]
