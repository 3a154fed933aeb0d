"""How often what the public may see has changed: the number by which kept pages are dropped."""

import pgtrigger
from django.db import connection, models, transaction

TABLE = "states_generationmove"
GENERATION = f"SELECT coalesce(sum(weight), 0)::bigint FROM {TABLE}"  # noqa: S608 -- a constant


class GenerationMove(models.Model):
    """One statement that changed a public table. Triggers add rows; nothing is ever updated.

    The generation is the sum of the weights that are committed. Every commit makes it larger,
    whatever the order of commits, so no value ever comes back; and since a row is only added,
    writers neither wait for each other nor deadlock, as they would over one row that all update.
    """

    weight = models.PositiveBigIntegerField(db_default=1)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.weight)


MOVES_GENERATION = pgtrigger.Trigger(
    name="moves_generation",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
    func=f"INSERT INTO {TABLE} DEFAULT VALUES; RETURN NULL;",
)


def seen_in_public(*tables: type[models.Model]) -> None:
    """Says that public pages show rows of these tables: each change moves the generation."""
    for table in tables:
        pgtrigger.register(MOVES_GENERATION)(table)


def generation() -> int:
    """The generation as far as this connection sees it."""
    with connection.cursor() as cursor:
        cursor.execute(GENERATION)
        return int(cursor.fetchone()[0])


@transaction.atomic
def prune() -> int:
    """Puts one row in the place of all that are committed; returns how many there were.

    The new row weighs as much as those that go and one more, so the generation moves on. Rows of
    transactions that are still open are neither seen nor waited for. Safe to run at any time.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH gone AS (DELETE FROM {TABLE} RETURNING weight), "  # noqa: S608 -- a constant
            f"kept AS (INSERT INTO {TABLE} (weight) "
            "SELECT coalesce(sum(weight), 0) + 1 FROM gone) "
            "SELECT count(*) FROM gone"
        )
        return int(cursor.fetchone()[0])
