"""How often what the public may see has changed, of each State: kept pages are dropped by it."""

import pgtrigger
from django.db import connection, models, transaction

TABLE = "states_generationmove"
GENERATIONS = f"SELECT scope, sum(weight)::bigint FROM {TABLE} GROUP BY scope"  # noqa: S608 -- a constant
# What belongs to no one State may stand on every page.
EVERYWHERE = ""


class GenerationMove(models.Model):
    """One statement that changed public rows of a State. Triggers add rows; none is ever updated.

    `scope` is the State's code, or empty where the rows belong to no one State. The generation of a
    scope is the sum of the weights that are committed. Every commit makes it larger, whatever the
    order of commits, so no value ever comes back; and since a row is only added, writers neither
    wait for each other nor deadlock, as they would over one row that all update.
    """

    scope = models.CharField(max_length=3, db_default=EVERYWHERE, default=EVERYWHERE)
    weight = models.PositiveBigIntegerField(db_default=1)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.scope} {self.weight}".strip()


def seen_in_public(
    *tables: type[models.Model], of: str = "", only: str = "", new: str = "", changed: str = ""
) -> None:
    """Says that public pages show rows of these tables: each change moves a generation.

    `of` is SQL for the code of the State that a row `r` belongs to; where it is left out or NULL
    the row may stand on any page. `only` is SQL for the rows that the public may see at all, such
    as "r.status IN ('published')": a draft that is saved moves nothing. `new` and `changed` stand
    in its place for rows that are added, and for those that are changed: the latter may look into
    `old_rows` and `new_rows`.
    """
    for table in tables:
        for trigger in _triggers(of, only, new, changed):
            pgtrigger.register(trigger)(table)


def unless_alone(column: str, seen: str) -> str:
    """SQL for `changed`: more than this column has changed, or `seen` says that it is public."""
    return (
        f"r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id "  # noqa: S608 -- constants of this house
        f"WHERE to_jsonb(o) - '{column}' <> to_jsonb(n) - '{column}') OR {seen}"
    )


def _triggers(of: str, only: str, new: str, changed: str) -> list[pgtrigger.Trigger]:
    # PostgreSQL gives a statement's rows only to triggers of one operation each.
    rows = {
        pgtrigger.Insert: ("SELECT * FROM new_rows", pgtrigger.Referencing(new="new_rows")),
        pgtrigger.Update: (
            "SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows",
            pgtrigger.Referencing(old="old_rows", new="new_rows"),
        ),
        pgtrigger.Delete: ("SELECT * FROM old_rows", pgtrigger.Referencing(old="old_rows")),
    }
    scope = f"coalesce({of}, '{EVERYWHERE}')" if of else f"'{EVERYWHERE}'"
    which = {pgtrigger.Insert: new, pgtrigger.Update: changed}
    where = {
        operation: f" WHERE {asked}" if (asked := which.get(operation) or only) else ""
        for operation in rows
    }
    return [
        pgtrigger.Trigger(
            name=f"moves_generation_{str(operation).lower()}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=referencing,
            func=(
                f"INSERT INTO {TABLE} (scope) "  # noqa: S608 -- constants of this house
                f"SELECT DISTINCT {scope} FROM ({selected}) r{where[operation]}; RETURN NULL;"
            ),
        )
        for operation, (selected, referencing) in rows.items()
    ] + [
        pgtrigger.Trigger(
            name="moves_generation_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Truncate,
            func=f"INSERT INTO {TABLE} DEFAULT VALUES; RETURN NULL;",
        )
    ]


def generations() -> dict[str, int]:
    """The generation of each scope that ever moved, as far as this connection sees them."""
    with connection.cursor() as cursor:
        cursor.execute(GENERATIONS)
        return dict(cursor.fetchall())


def generation() -> int:
    """How often anything public changed: the sum over all scopes."""
    return sum(generations().values())


@transaction.atomic
def prune() -> int:
    """Puts one row of each scope in the place of all that are committed; returns how many went.

    The new row weighs as much as those that go and one more, so the generation moves on. Rows of
    transactions that are still open are neither seen nor waited for. Safe to run at any time.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH gone AS (DELETE FROM {TABLE} RETURNING scope, weight), "  # noqa: S608 -- a constant
            f"kept AS (INSERT INTO {TABLE} (scope, weight) "
            "SELECT scope, sum(weight) + 1 FROM gone GROUP BY scope) "
            "SELECT count(*) FROM gone"
        )
        return int(cursor.fetchone()[0])
