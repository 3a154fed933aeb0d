"""The history of a row speaks in words and days, whatever was recorded."""

import datetime as dt

import pytest

from ccm_portal.history import history_of
from records.models.events import record
from reporting.models import Report
from states.history import act
from states.models import State, User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(laos: State, today: dt.date) -> Report:
    """A report in whose life something happened."""
    with act(by=None, reason="arranged by a test"):
        return factories.ReportFactory(state=laos)


def test_a_status_is_said_in_words(report: Report) -> None:
    record("publish", report, by=None, was="handed-in", now="published")

    assert history_of(report)[0].changes == [("Status", "handed in", "published")]


def test_a_day_is_called_a_day_and_written_as_everywhere(report: Report, assistant: User) -> None:
    record("received-by-isu", report, by=assistant, now="2026-11-25")
    entry = history_of(report)[0]

    assert entry.what == "Received by the ISU"
    assert entry.changes == [("Day", "", "25 November 2026")]


def test_the_hash_of_what_was_issued_is_no_reason(report: Report) -> None:
    record("issue", report, by=None, was="draft", now="issued", note="a" * 64)
    entry = history_of(report)[0]

    assert entry.why == ""
    assert entry.changes[-1] == ("SHA-256 of the file", None, "a" * 64)


def test_what_is_neither_is_shown_as_it_was_recorded(report: Report) -> None:
    record("archive-check", report, by=None, was="a" * 64, now="b" * 64)

    assert history_of(report)[0].changes[0][1:] == ("a" * 64, "b" * 64)
