"""Two people at once: one acts, the other is told; numbers have no gaps and no doubles."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from records.models import Letter
from records.workflow import Refused
from reporting import filing, receipt
from reporting.archive import running
from reporting.models import Report
from states.history import act
from tests.factories import ReportFactory
from tests.reporting import zips
from tests.reporting.papers import received

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act returned or raised; all begin together, each on a connection of its own."""
    start = threading.Barrier(len(acts))
    answers: list[object] = [None] * len(acts)

    def run(place: int, doing: Callable[[], object]) -> None:
        start.wait()
        try:
            with act(by=None, reason="arranged by a test"):
                answers[place] = doing()
        except Refused as refused:
            answers[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_two_who_hand_in_at_once_one_does_and_the_other_is_refused(laos, focal_point):
    draft = ReportFactory(state=laos, original=received(laos))

    answers = at_once(*[lambda: receipt.hand_in(draft, by=focal_point)] * 2)

    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    assert Report.objects.get().reference == "A7-2025-LAO-01"
    assert Letter.objects.filter(kind="receipt").count() == 1


def test_of_two_who_begin_at_once_both_have_the_same_draft(laos, focal_point, drafter):
    answers = at_once(
        lambda: filing.begin(laos, "annual", 2025, by=focal_point),
        lambda: filing.begin(laos, "annual", 2025, by=drafter),
    )

    assert answers[0] == answers[1] == Report.objects.get()


def test_a_filing_form_that_is_sent_twice_at_once_files_one_report(laos, officer):
    original = received(laos)

    def file(**known):
        return filing.file_for_state(
            laos,
            "annual",
            2025,
            original,
            by=officer,
            channel="e-mail",
            received_on=dt.date(2026, 4, 30),
            **known,
        )

    first = at_once(file, file)
    # Whoever was asked about the file that is here, and files it all the same, files one more.
    asked = at_once(*[lambda: file(known=[first[0].pk])] * 2)

    assert first[0] == first[1]
    assert asked[0] == asked[1] != first[0]
    assert Report.objects.count() == 2


def test_reports_handed_in_at_once_take_numbers_without_a_gap(laos, focal_point):
    drafts = [
        ReportFactory(state=laos, kind=kind, original=received(laos, words=kind))
        for kind in ("annual", "initial", "voluntary")
    ]

    at_once(*[lambda d=draft: receipt.hand_in(d, by=focal_point) for draft in drafts])

    references = sorted(Report.objects.values_list("reference", flat=True))
    assert references == ["A7-2025-LAO-01", "A7-2025-LAO-02", "A7-2025-LAO-03"]


def test_workers_at_one_archive_at_once_take_each_line_once(laos, assistant):
    lines = [zips.line("LAO", year) for year in range(2012, 2018)]
    archive = running.receive(zips.archive(*lines), by=assistant)
    at_once(*[lambda: running.advance(archive.pk)] * 3)
    running.advance(archive.pk)
    running.confirm(archive, by=assistant)

    at_once(*[lambda: running.advance(archive.pk)] * 3)
    running.advance(archive.pk)

    assert [one.outcome for one in archive.lines.all()] == ["taken"] * 6
    assert sorted(Report.objects.values_list("reference", flat=True)) == [
        f"A7-{year}-LAO-01" for year in range(2012, 2018)
    ]
