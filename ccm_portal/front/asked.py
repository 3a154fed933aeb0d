"""What making a page asked of the database, so that the same can be asked again."""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from types import NoneType
from typing import Any

from django.db import Error, connection

READS = ("SELECT ", "(SELECT ")
# What a statement costs to keep beside its parameters: its text is shared between pages.
STATEMENT = 200


# Values that are told apart by how they are written, choices and psycopg's numbers among them.
PLAIN = (str, int, float, Decimal, dt.date, NoneType)

# What the database has said since an epoch began, by statement and parameters.
type Answers = dict[tuple[str, str], bytes]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that only reads, and the hash of what it answered.

    `written` is how its parameters are written, by which pages that ask the same know each other;
    empty where that does not tell them apart.
    """

    sql: str
    params: Any
    answer: bytes
    written: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that one page read, in order.

    A page depends on its address, its language, the day and these answers: as long as they are the
    same it would be made the same again, since each next question follows from the answers before.
    """

    statements: tuple[Statement, ...]

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return sum(STATEMENT + 2 * len(each.written) for each in self.statements)

    def answered_as_before(self, answers: Answers) -> bool:
        """Whether the database gives the same answers now; False where it cannot be asked.

        `answers` is what it has said since the present epoch began, and takes what it says here:
        had it changed since, the epoch would not last. The pages of a State in three languages ask
        the same.
        """
        try:
            with connection.cursor() as cursor:
                for each in self.statements:
                    key = (each.sql, each.written)
                    said = answers.get(key) if each.written else None
                    if said is None:
                        cursor.execute(each.sql, each.params)
                        said = _hash(cursor.cursor)
                        if each.written:
                            answers[key] = said
                    if said != each.answer:
                        return False
        except Error:
            return False
        return True


class Listener:
    """Hears what one request asks; gives up where it does more than read."""

    def __init__(self) -> None:
        self._statements: list[Statement] = []
        self._whole = True

    def asked(self) -> Asked | None:
        """What was asked; None where it cannot be asked again."""
        return Asked(tuple(self._statements)) if self._whole else None

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        """Wraps the execution of a statement, as Django's `execute_wrapper` asks for."""
        result = execute(sql, params, many, context)
        if self._whole:
            self._hear(sql, params, many, context["cursor"].cursor)
        return result

    def _hear(self, sql: Any, params: Any, many: bool, cursor: Any) -> None:
        # A semicolon: more than one statement, such as who acts and then what is written. A cursor
        # with a name gives its rows later, and not to us.
        reads = isinstance(sql, str) and sql.startswith(READS) and ";" not in sql
        if many or not reads or hasattr(cursor, "name") or cursor.pgresult is None:
            self._whole = False
            return
        written = repr(params) if _is_plain(params) else ""
        self._statements.append(Statement(sys.intern(sql), params, _hash(cursor), written))


@contextmanager
def listening() -> Iterator[Listener]:
    """Hears what this thread asks of the database within."""
    listener = Listener()
    with connection.execute_wrapper(listener):
        yield listener


def _is_plain(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    return isinstance(value, PLAIN)


def _hash(cursor: Any) -> bytes:
    """A hash of all rows as they came over the wire, each value with its length."""
    result = cursor.pgresult
    columns = range(result.nfields)
    digest = hashlib.blake2b(digest_size=16)
    for row in range(result.ntuples):
        values = [result.get_value(row, column) for column in columns]
        digest.update(
            b"".join([b"-" if each is None else b"%d:%b" % (len(each), each) for each in values])
        )
    return digest.digest()
