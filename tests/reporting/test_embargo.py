"""A report waits until its day, and then the portal publishes it; until then nothing shows."""

import datetime as dt

import pytest
import time_machine
from django.db import ProgrammingError, transaction
from django.test import Client

from records.models import Event
from records.workflow import Refused
from reporting import embargo, filing, publishing, receipt
from reporting.models import Embargo, Report
from reporting.tasks import publish_due
from reporting.workflow import REPORTS
from tests.reporting.papers import received
from tests.reporting.publishing import CLEARANCE, handed_in

pytestmark = pytest.mark.usefixtures("today")
DAY = dt.date(2026, 12, 1)
EVE = dt.datetime(2026, 11, 30, 22, 59, tzinfo=dt.UTC)  # 23:59 in Geneva
MORNING = dt.datetime(2026, 11, 30, 23, 1, tzinfo=dt.UTC)  # 00:01 in Geneva


@pytest.fixture
def report(laos, focal_point):
    return handed_in(laos, focal_point, clearance=CLEARANCE)


@pytest.fixture
def waiting(report, officer):
    embargo.decide(report, DAY, asked_by="state", why="Laid before parliament", by=officer)
    return report


def status(report):
    return Report.objects.values_list("status", "published_on").get(pk=report.pk)


def everything_public(report):
    """What anybody gets, at each address that may tell of a report."""
    file = f"/files/{report.original_id}/{report.original.name}"
    answers = {
        address: Client().get(address)
        for address in (
            report.get_absolute_url(),
            f"{report.get_absolute_url()}changes/",
            f"/api/v1/reports/{report.reference}",
            "/api/v1/reports?state=LAO",
            "/api/v1/figures?state=LAO",
            "/reports/",
            "/reports.csv",
            "/reports.json",
            "/states/",
            "/states.json",
            "/states/LAO/",
            "/states/LAO.json",
            "/states/LAO/deadlines.ics",
            "/calendar/",
            "/calendar/all.ics",
            "/figures/",
            "/figures.json",
            "/search/?q=LAO",
            f"/search/?q={report.reference}",
            "/sitemap.xml",
            f"/verify/?sha256={report.original.sha256}",
            file,
        )
    }
    return {address: (one.status_code, read(one)) for address, one in answers.items()}


def read(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace").replace("\N{NO-BREAK SPACE}", " ")


def test_until_its_day_nothing_public_shows_that_there_is_a_report(laos, focal_point, officer):
    report = handed_in(laos, focal_point, clearance=CLEARANCE)
    before = everything_public(report)
    embargo.decide(report, DAY, asked_by="state", why="Laid before parliament", by=officer)

    with time_machine.travel(EVE, tick=False):
        assert publishing.publish_due(dt.date(2026, 11, 30)) == 0
    waits = everything_public(report)

    # The embargo changes not one byte, and what was there before told nothing.
    assert waits == before
    for address, (code, text) in waits.items():
        if address.startswith(("/search", "/verify", report.get_absolute_url())):
            continue
        if "/api/v1/reports/" in address:
            assert code == 404
        assert report.reference not in text, address
        assert "Ban Phonsavan" not in text, address
    assert waits[report.get_absolute_url()][0] == 302
    assert waits[f"/files/{report.original_id}/{report.original.name}"][0] == 302


def test_the_portal_publishes_it_when_its_day_begins_in_geneva(waiting):
    with time_machine.travel(EVE, tick=False):
        publish_due()
        assert status(waiting) == ("handed-in", None)
    with time_machine.travel(MORNING, tick=False):
        publish_due()
        publish_due()
        assert status(waiting) == ("published", DAY)
        assert Client().get(waiting.get_absolute_url()).status_code == 200

    [event] = Event.objects.filter(verb="publish", subject_id=str(waiting.pk))
    assert (event.actor, event.actor_name) == (None, "portal")
    assert waiting.figures.exists()


def test_nobody_publishes_it_before_its_day_by_mistake(waiting, officer):
    with pytest.raises(Refused, match="Not before 1 December 2026, asked by the State"):
        REPORTS.take("publish", waiting, by=officer)


def test_the_day_may_be_changed_and_lifted_with_a_reason_and_each_move_is_a_row(waiting, officer):
    embargo.decide(waiting, dt.date(2027, 1, 5), asked_by="secretariat", why="Later", by=officer)
    embargo.decide(waiting, dt.date(2027, 1, 5), asked_by="secretariat", why="Later", by=officer)
    with time_machine.travel(dt.datetime(2026, 12, 2, tzinfo=dt.UTC), tick=False):
        publish_due()
        assert status(waiting) == ("handed-in", None)
        for why in ("", "  "):
            with pytest.raises(Refused, match="Say why"):
                embargo.lift(waiting, why=why, by=officer)
        embargo.lift(waiting, why="The State agrees", by=officer)
        assert embargo.standing(waiting) is None
        publish_due()
        # Lifting publishes nothing by itself.
        assert status(waiting) == ("handed-in", None)
        REPORTS.take("publish", waiting, by=officer)

    rows = Embargo.objects.filter(report=waiting).values_list("not_before", "asked_by", "why")
    assert list(rows) == [
        (DAY, "state", "Laid before parliament"),
        (dt.date(2027, 1, 5), "secretariat", "Later"),
        (None, "secretariat", "The State agrees"),
    ]
    verbs = Event.objects.filter(verb__contains="embargo").order_by("pk")
    assert [(one.verb, one.was, one.now, one.note) for one in verbs] == [
        ("embargo", "", "2026-12-01", "Laid before parliament"),
        ("embargo", "2026-12-01", "2027-01-05", "Later"),
        ("lift-embargo", "", "", "The State agrees"),
    ]
    for change in (
        lambda: Embargo.objects.update(why="x"),
        lambda: Embargo.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("day", "who", "why", "words"),
    [
        (dt.date(2026, 11, 20), "state", "x", "is past or today"),
        (dt.date(1, 1, 1), "state", "x", "Choose a day"),
        (dt.date(9999, 12, 31), "state", "x", "Choose a day"),
        (DAY, "nobody", "x", "who asks for it"),
        (DAY, "state", " ", "Say why"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(report, officer, day, who, why, words):
    with pytest.raises(Refused, match=words):
        embargo.decide(report, day, asked_by=who, why=why, by=officer)


def test_only_who_publishes_decides(report, focal_point, stranger, waiting):
    for person in (focal_point, stranger):
        with pytest.raises(Refused):
            embargo.decide(report, DAY, asked_by="state", why="x", by=person)
        with pytest.raises(Refused):
            embargo.lift(report, why="x", by=person)


def test_what_is_public_already_waits_for_nothing(report, officer):
    REPORTS.take("publish", report, by=officer)

    with pytest.raises(Refused, match="only what is handed in can wait"):
        embargo.decide(report, DAY, asked_by="state", why="x", by=officer)


def test_the_version_that_replaces_it_waits_for_the_same_day(waiting, focal_point):
    second = filing.amend(waiting, by=focal_point)
    second.original = received(second.state, words="second")
    second.save()
    second = receipt.hand_in(second, by=focal_point)

    carried = embargo.standing(second)
    with time_machine.travel(MORNING, tick=False):
        publish_due()

    assert (carried.not_before, carried.made_by) == (DAY, None)
    assert status(waiting) == ("handed-in", None)
    assert status(second) == ("published", DAY)


def _second(first, focal_point):
    draft = filing.amend(first, by=focal_point)
    draft.original = received(draft.state, words="second")
    draft.save()
    return receipt.hand_in(draft, by=focal_point)


def test_of_a_version_that_was_replaced_nothing_is_decided(report, focal_point, officer):
    _second(report, focal_point)

    with pytest.raises(Refused, match="A later version has replaced"):
        embargo.decide(report, DAY, asked_by="state", why="x", by=officer)


def test_a_word_on_an_earlier_version_stops_the_later_one_until_it_is_lifted(
    report, focal_point, officer
):
    second = _second(report, focal_point)
    # As it could be written before it was refused.
    Embargo.objects.create(report=report, not_before=DAY, asked_by="state", why="x")

    with pytest.raises(Refused, match="Not before 1 December 2026"):
        REPORTS.take("publish", second, by=officer)
    embargo.lift(second, why="The State agrees", by=officer)
    assert REPORTS.take("publish", second, by=officer).status == "published"


def test_an_embargo_whose_day_is_past_holds_no_later_version(waiting, focal_point, officer):
    with time_machine.travel(MORNING, tick=False):
        publish_due()
        second = _second(Report.objects.get(pk=waiting.pk), focal_point)
        assert embargo.standing(second) is None
        publish_due()
        assert status(second) == ("handed-in", None)


def test_a_report_that_cannot_be_published_holds_up_no_other(
    waiting, peru, other_focal_point, officer
):
    other = handed_in(peru, other_focal_point)
    embargo.decide(other, DAY, asked_by="secretariat", why="With the others", by=officer)
    upload = waiting.original
    type(upload).objects.filter(pk=upload.pk).update(
        verdict="infected", scanned_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    )

    with time_machine.travel(MORNING, tick=False):
        publish_due()

    assert status(waiting) == ("handed-in", None)
    assert status(other) == ("published", DAY)
