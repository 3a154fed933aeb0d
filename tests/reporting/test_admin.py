"""Transparency reports in the admin: receipt for many, publication, questions, filing."""

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from records.models import Letter
from reporting.models import Remark, Report
from states.history import act
from states.models import Deadline, State, User
from tests import factories
from tests.conftest import SignedIn
from tests.matrix import World
from tests.reporting import papers

REPORTS = "/admin/reporting/report/"


@pytest.fixture(autouse=True)
def an_act() -> Iterator[ExitStack]:
    """Rows are arranged with a reason; a test closes it before it posts, as no request has one."""
    with ExitStack() as stack:
        stack.enter_context(act(by=None, reason="arranged by a test"))
        yield stack


def page(row: Report, name: str = "change", *args: object) -> str:
    """An address of the report in the admin."""
    return reverse(f"admin:reporting_report_{name}", args=[row.pk, *args])


def handed_in(state: State, year: int, by: User) -> Report:
    """A report that waits for the secretariat."""
    upload = World.stored(f"%PDF-1.7\n% {state.pk} {year}\n".encode(), "report.pdf", state)
    return factories.ReportFactory(
        state=state,
        year=year,
        covers_from=dt.date(year, 1, 1),
        covers_to=dt.date(year, 12, 31),
        original=upload,
        status="handed-in",
        reference=f"A7-{year}-{state.pk}-01",
        handed_in_at=timezone.now(),
        handed_in_by=by,
        received_by_isu=dt.date(year + 1, 4, 20),
    )


def test_receipt_is_recorded_for_twenty_at_once_and_the_deadlines_follow(
    assistant: User, focal_point: User, laos: State, peru: State, today: dt.date, an_act: ExitStack
) -> None:
    rows = [
        handed_in(state, year, focal_point) for state in (laos, peru) for year in range(2015, 2025)
    ]
    client = SignedIn(assistant)
    an_act.close()
    chosen = {"action": "receipt", "_selected_action": [row.pk for row in rows]}

    asked = client.post(REPORTS, chosen)
    done = client.post(
        REPORTS,
        chosen | {"confirmed": "yes", "which": "received_by_unoda", "on": "2026-11-19"},
    )

    assert "20 rows" in asked.text
    assert done.status_code == 302
    assert Report.objects.filter(received_by_unoda=dt.date(2026, 11, 19)).count() == 20
    assert Deadline.objects.filter(met_on=dt.date(2026, 11, 19)).count() == 20


def test_a_day_that_cannot_be_is_refused_row_by_row(
    assistant: User, focal_point: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    row = handed_in(laos, 2024, focal_point)
    client = SignedIn(assistant)
    an_act.close()

    answer = client.post(
        page(row, "act", "receipt"), {"which": "received_by_unoda", "on": "2026-12-01"}
    )

    assert answer.status_code == 422
    assert "1 December 2026 has not come yet." in answer.text
    row.refresh_from_db()
    assert row.received_by_unoda is None


def test_a_report_is_published_on_a_chosen_day(
    assistant: User, focal_point: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    row = handed_in(laos, 2024, focal_point)
    client = SignedIn(assistant)
    an_act.close()

    early = client.post(page(row, "act", "publish"), {"on": "2025-04-01"})
    done = client.post(page(row, "act", "publish"), {"on": "2025-05-02"})
    after = client.get(page(row))

    row.refresh_from_db()
    assert early.status_code == 422
    assert done.status_code == 302
    assert (row.status, row.published_on) == ("published", dt.date(2025, 5, 2))
    assert "Publish" not in [str(one["label"]) for one in after.context["open_acts"]]


def test_a_question_is_a_remark_and_a_letter_that_is_held(
    assistant: User, focal_point: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    row = handed_in(laos, 2024, focal_point)
    factories.ContactFactory(state=laos)
    client = SignedIn(assistant)
    an_act.close()

    client.post(page(row, "act", "ask"), {"text": "Is form F complete?"})

    assert Remark.objects.get().text == "Is form F complete?"
    assert Letter.objects.get().status == "held"
    assert Report.objects.get(pk=row.pk).status == "handed-in"
    assert "Is form F complete?" in client.get(page(row)).text


def test_what_came_by_post_is_filed_for_the_state(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    own = factories.ReportFactory(state=laos, year=2025)
    client = SignedIn(assistant)
    an_act.close()
    url = reverse("admin:reporting_report_act_list", args=["file"])
    answers = {
        "state": "LAO",
        "kind": "annual",
        "year": "2025",
        "channel": "post",
        "received_on": "2026-04-28",
        "language": "fr",
        "mark_clearance": "unchanged",
    }

    broken = client.post(
        url, answers | {"file": SimpleUploadedFile("report.pdf", b"not a PDF at all")}
    )
    done = client.post(url, answers | {"file": papers.chosen()})

    assert broken.status_code == 422
    assert done.status_code == 302, done.context and done.context["wrong"]
    filed = Report.objects.exclude(pk=own.pk).get()
    assert (filed.status, filed.channel) == ("handed-in", "post")
    assert filed.received_by_isu == dt.date(2026, 4, 28)
    assert filed.marks["clearance"]["mark"] == "unchanged"
    assert Report.objects.get(pk=own.pk).status == "draft"
