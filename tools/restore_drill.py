"""Dumps database and documents, restores them into an empty database and folder, and compares."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tools import servers, site

# The same text for the same value on both sides, whatever the server's own settings.
SESSION = "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=iso_8601 -c extra_float_digits=1"
# Names and sources rather than the text of a dump: restoring spells the same condition differently.
DEFINITIONS = """
    select 'column', table_schema || '.' || table_name, column_name,
           concat_ws(' ', udt_name, character_maximum_length, numeric_precision, numeric_scale,
                     is_nullable, column_default, is_identity, identity_generation)
      from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema')
    union all
    select 'constraint', conrelid::regclass::text, conname, concat_ws(' ', contype, convalidated)
      from pg_constraint where conrelid > 0 and connamespace = any({ours})
    union all
    select 'index', tablename, indexname, '' from pg_indexes
     where schemaname not in ('pg_catalog', 'information_schema')
    union all
    select 'trigger', tgrelid::regclass::text, tgname,
           concat_ws(' ', tgenabled, pg_get_triggerdef(oid))
      from pg_trigger where not tgisinternal
    union all
    select 'function', proname, oidvectortypes(proargtypes), md5(prosrc)
      from pg_proc where pronamespace = any({ours})
""".replace(
    "{ours}",
    "array(select oid from pg_namespace "
    "where nspname !~ '^pg_' and nspname <> 'information_schema')",
)


def main() -> int:
    """Returns 0 when what was restored equals what was there, 1 with the differences otherwise."""
    with site.reachable() as environment:
        source = environment["DATABASE_URL"]
        documents = Path(environment["DOCUMENTS_DIR"])
        begun = time.monotonic()
        with (
            empty_database(source) as target,
            tempfile.TemporaryDirectory(prefix="ccm-drill-") as f,
        ):
            found = drill(source, target, documents, Path(f))
        seconds = time.monotonic() - begun
    for line in found:
        print(f"DIFFERENT  {line}")
    if environment.get("S3_BUCKET"):
        print(
            "Documents are in an S3 bucket, which this drill does not copy: test its own versions."
        )
    verdict = f"{len(found)} differences" if found else "the restored copy is the same"
    print(f"Restore drill: {verdict} ({seconds:.1f} s).")
    return 1 if found else 0


def drill(source: str, target: str, documents: Path, folder: Path) -> list[str]:
    """Dumps `source` and `documents`, restores both, and returns what differs, a sentence each.

    `target` is an empty database; `folder` an empty folder. A running site may go on writing:
    what is compared is the moment of the dump.
    """
    dump = folder / "database.dump"
    copied = folder / "documents"
    with psycopg.connect(source, options=SESSION) as held:
        held.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        held.read_only = True
        snapshot = _one(held, "select pg_export_snapshot()")
        archive = ["--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={dump}"]
        program("pg_dump", *archive, source)
        files = file_hashes(documents)
        if documents.exists():
            shutil.copytree(documents, copied, dirs_exist_ok=True)
        program("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={target}", str(dump))
        with psycopg.connect(target, options=SESSION) as restored:
            found = differences(held, restored)
    print(f"The dump has {dump.stat().st_size / 1024:.0f} kB; {len(files)} files.")
    # Files may be added while the site runs; none that was there may be missing or changed.
    restored_files = {name: sha for name, sha in file_hashes(copied).items() if name in files}
    return found + _compare("file", files, restored_files)


def differences(before: psycopg.Connection, after: psycopg.Connection) -> list[str]:
    """What differs between two databases: definitions, then rows; a sentence each."""
    tables = digest(before)
    rows = sum(count for count, _ in tables.values())
    print(f"{len(tables)} tables, {rows} rows.")
    return compare_definitions(before, after) + _compare("table", tables, digest(after))


def compare_definitions(before: psycopg.Connection, after: psycopg.Connection) -> list[str]:
    """What differs in columns, constraints, indexes, triggers and functions; a sentence each."""
    return _compare("definition", _definitions(before), _definitions(after))


def digest(connection: psycopg.Connection) -> dict[str, tuple[int, str]]:
    """Each table's number of rows and a hash of their content, whatever their order."""
    tables = connection.execute(
        "select schemaname, tablename from pg_tables "
        "where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2"
    ).fetchall()
    found = {}
    for schema, table in tables:
        # 64 bits of each row's hash, added up: constant memory for a table of any size.
        query = sql.SQL(
            "select count(*),"
            " coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint::numeric), 0),"
            " coalesce(sum(('x' || right(md5(t::text), 16))::bit(64)::bigint::numeric), 0)"
            " from {} t"
        ).format(sql.Identifier(schema, table))
        row = connection.execute(query).fetchone()
        assert row is not None
        found[f"{schema}.{table}"] = (row[0], f"{row[1]} {row[2]}")
    return found


def file_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of each file by its path within `folder`; empty when there is no folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as content:
                found[str(path.relative_to(folder))] = hashlib.file_digest(
                    content, "sha256"
                ).hexdigest()
    return found


def _compare(kind: str, before: dict, after: dict) -> list[str]:
    lines = [f"{kind} {name} is missing" for name in before.keys() - after.keys()]
    lines += [f"{kind} {name} was not there before" for name in after.keys() - before.keys()]
    for name in before.keys() & after.keys():
        if before[name] != after[name]:
            rows = f": {before[name][0]} rows, then {after[name][0]}" if kind == "table" else ""
            lines.append(f"{kind} {name} has other content{rows}")
    return sorted(lines)


def _definitions(connection: psycopg.Connection) -> dict[str, str]:
    """Columns, constraints, indexes, triggers and functions by name."""
    rows = connection.execute(DEFINITIONS).fetchall()
    return {f"{kind} {name} on {table}": str(text) for kind, table, name, text in rows}


@contextmanager
def empty_database(source: str) -> Iterator[str]:
    """An empty database beside `source`, dropped afterwards, or the one of DRILL_DATABASE_URL."""
    given = os.environ.get("DRILL_DATABASE_URL")
    if given:
        yield given
        return
    parts = urlsplit(source)
    name = f"{parts.path.strip('/')}_drill_{os.getpid()}"
    target = urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(source, autocommit=True) as connection:
        create = sql.SQL("create database {} template template0").format(sql.Identifier(name))
        try:
            connection.execute(create)
        except psycopg.errors.InsufficientPrivilege:
            sys.exit(
                "The database user may not create databases: give the address of an empty one in "
                "DRILL_DATABASE_URL."
            )
        try:
            yield target
        finally:
            connection.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            )


def _one(connection: psycopg.Connection, query: str) -> str:
    row = connection.execute(query).fetchone()
    assert row is not None
    return str(row[0])


def program(name: str, *arguments: str) -> str:
    """Runs a program of PostgreSQL's wheel, else of PATH; returns its output, exits on failure."""
    try:
        program: Path | str = servers.postgres_bin() / name
    except SystemExit:
        program = shutil.which(name) or sys.exit(f"{name} is needed: install PostgreSQL's client.")
    done = subprocess.run([program, *arguments], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{name} failed: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
