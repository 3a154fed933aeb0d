"""The rows in number fit the tables as they are: a bench that breaks measures nothing."""

import pytest
from django.test import Client

from bench import bulk, exports


@pytest.mark.usefixtures("treaty")
def test_twenty_times_the_rows_are_twenty_times_as_many(db: None) -> None:
    once = bulk.make(1)
    more = bulk.make(20)

    for what in ("reports", "letters", "documents", "deadlines"):
        assert once[what] > 0
        assert more[what] >= 15 * once[what], what


@pytest.mark.usefixtures("treaty")
def test_the_reports_of_the_export_have_answers(db: None, client: Client) -> None:
    assert exports.make() == exports.STATES * len(exports.YEARS)

    rows = client.get("/reports/answers.csv", {"year": "2025", "state": "LAO"}).getvalue()

    assert rows.count(b"\r\n") > 150
