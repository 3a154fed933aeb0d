"""The rows in number fit the tables as they are: a bench that breaks measures nothing."""

import pytest

from bench import bulk


@pytest.mark.usefixtures("treaty")
def test_twenty_times_the_rows_are_twenty_times_as_many(db: None) -> None:
    once = bulk.make(1)
    more = bulk.make(20)

    for what in ("reports", "letters", "documents", "deadlines"):
        assert once[what] > 0
        assert more[what] >= 15 * once[what], what
