"""What was sent in time is in time, whatever clock its sender reads."""

import datetime as dt
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from records.workflow import Refused
from reporting import days, filing, mailing, receipt
from reporting.mailing import Mailed
from reporting.models import Report
from states.models import Deadline, Practice, State, User
from tests.conftest import SignedIn
from tests.reporting.papers import received

GENEVA = ZoneInfo("Europe/Zurich")
LAST_DAY = dt.date(2026, 4, 30)
ZONES = [
    "Pacific/Kiritimati",
    "Asia/Vientiane",
    "Asia/Kathmandu",
    "Europe/Zurich",
    "UTC",
    "America/Lima",
    "Pacific/Pago_Pago",
]


def in_header(at: dt.datetime) -> str:
    return at.strftime("%a, %d %b %Y %H:%M:%S %z")


@pytest.fixture
def file_it(laos: State, officer: User) -> Any:
    def done(
        text: str, *, received_on: dt.date = dt.date(2026, 5, 2), channel: str = "e-mail"
    ) -> Report:
        return filing.file_for_state(
            laos,
            "annual",
            2025,
            received(laos),
            by=officer,
            channel=channel,
            received_on=received_on,
            mailed=mailing.read(text),
        )

    return done


@given(
    at=st.datetimes(dt.datetime(2011, 1, 1), dt.datetime(2099, 12, 30)),
    zone=st.sampled_from(ZONES),
)
def test_the_day_of_mailing_is_that_of_geneva_from_any_zone(at: dt.datetime, zone: str) -> None:
    moment = at.replace(microsecond=0, tzinfo=dt.UTC).astimezone(ZoneInfo(zone))

    read = mailing.read(f"Date: {in_header(moment)}")

    assert read.on == moment.astimezone(GENEVA).date()
    assert read.at == moment


@pytest.mark.parametrize(
    ("text", "on", "at"),
    [
        ("Thu, 30 Apr 2026 23:40:00 +0200", "2026-04-30", "2026-04-30T21:40:00+00:00"),
        ("Date: Fri, 1 May 2026 04:59:00 +0700 (ICT)", "2026-04-30", "2026-04-30T21:59:00+00:00"),
        ("Thu, 30 Apr 2026 21:59:00 GMT", "2026-04-30", "2026-04-30T21:59:00+00:00"),
        ("Thu, 30 Apr 2026 22:00:00 -0000", "2026-05-01", "2026-04-30T22:00:00+00:00"),
        ("2026-04-30 23:40", "2026-04-30", "2026-04-30T21:40:00+00:00"),
        ("2026-04-30T23:40+07:00", "2026-04-30", "2026-04-30T16:40:00+00:00"),
        ("2026-04-30", "2026-04-30", None),
    ],
)
def test_headers_and_postmarks_are_read(text: str, on: str, at: str | None) -> None:
    moment = dt.datetime.fromisoformat(at) if at else None
    assert mailing.read(text) == Mailed(dt.date.fromisoformat(on), moment)


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "30/04/2026",
        "2026-02-30",
        "0001-01-01",
        "9999-12-31T23:59-14:00",
        "\0",
        "\ud800",
        "Thu, 99 Apr 2026 23:40:00 +9999",
        "1" * 5000,
        "2026-04-30T25:00",
        "Date:",
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\."):
        mailing.read(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        mailing.read(text)
    except ValueError as refused:
        said = str(refused)
    else:
        return
    assert said.endswith(".")


def test_one_minute_to_midnight_in_geneva_is_in_time_for_a_user_in_vientiane_on_1_may(
    laos: State, focal_point: User
) -> None:
    Practice.objects.create(key="receipt-that-counts", value="mailed_to_isu")
    vientiane = dt.datetime(2026, 5, 1, 4, 59, tzinfo=ZoneInfo("Asia/Vientiane"))
    laos.time_zone = "Asia/Vientiane"
    laos.save()
    with time_machine.travel(vientiane, tick=False):
        draft = filing.begin(laos, "annual", 2025, by=focal_point)
        draft.original = received(laos)
        draft.save()
        report = receipt.hand_in(draft, by=focal_point)

    assert report.received_by_isu == LAST_DAY
    deadline = Deadline.objects.get(obligation__state=laos, year=2025)
    assert deadline.met_on == deadline.due_on == LAST_DAY
    assert [(c.day, c.time) for c in receipt.clocks(report.handed_in_at, laos)] == [
        ("30 April 2026", "23:59"),
        ("1 May 2026", "04:59"),
    ]


@pytest.mark.parametrize(
    ("text", "met_on"),
    [
        ("Fri, 1 May 2026 04:59:00 +0700", LAST_DAY),
        ("Fri, 1 May 2026 05:00:00 +0700", dt.date(2026, 5, 1)),
        ("Thu, 30 Apr 2026 16:59:00 -0500", LAST_DAY),
    ],
)
def test_the_day_of_mailing_meets_the_deadline_where_the_isu_says_so(
    file_it: Any, laos: State, text: str, met_on: dt.date
) -> None:
    Practice.objects.create(key="receipt-that-counts", value="mailed_to_isu")

    file_it(text)

    assert Deadline.objects.get(obligation__state=laos, year=2025).met_on == met_on


def test_where_the_isu_says_otherwise_the_day_of_mailing_changes_nothing(
    file_it: Any, laos: State
) -> None:
    Practice.objects.create(key="receipt-that-counts", value="received_by_isu")

    file_it("2026-04-30 23:40")

    assert Deadline.objects.get(obligation__state=laos, year=2025).met_on == dt.date(2026, 5, 2)


def test_the_receipt_says_when_it_was_mailed(file_it: Any, focal_point: User) -> None:
    report = file_it("Thu, 30 Apr 2026 23:40:00 +0200")
    receipt.issue_paper(report)

    page = (
        SignedIn(focal_point)
        .get(f"/what-we-owe/LAO/annual/2025/{report.number}/receipt/")
        .content.decode()
    )

    assert "sent by e-mail on 30 April 2026 at 23:40 (Geneva)" in page
    report.refresh_from_db()
    assert report.receipt is not None
    paper = report.receipt.revisions.get().html
    assert "sent by e-mail on 30 April 2026 at 23:40 (Geneva)" in paper
    assert "2 May 2026" in paper
    assert "Handed in by" not in paper


def test_a_postmark_is_a_day(file_it: Any) -> None:
    report = file_it("2026-04-30", channel="post")

    assert mailing.in_words(report) == "sent by post on 30 April 2026"


def test_nothing_is_mailed_after_it_came(file_it: Any) -> None:
    with pytest.raises(Refused, match="cannot receive on 30 April 2026 what was mailed on 1 May"):
        file_it("2026-05-01", received_on=LAST_DAY)


def test_the_day_of_mailing_is_corrected_with_a_reason_and_taken_back(
    file_it: Any, officer: User
) -> None:
    report = file_it("Thu, 30 Apr 2026 23:40:00 +0200")

    with pytest.raises(Refused):
        days.record_receipt(report, "mailed_on", dt.date(2026, 4, 29), by=officer)
    row = days.record_receipt(
        report, "mailed_on", dt.date(2026, 4, 29), by=officer, reason="The header says so."
    )
    assert (row.mailed_on, row.mailed_at) == (dt.date(2026, 4, 29), None)
    row = days.record_receipt(report, "mailed_on", None, by=officer, reason="Not known.")
    assert row.mailed_on is None


def test_what_was_handed_in_here_was_not_mailed(
    laos: State, focal_point: User, officer: User
) -> None:
    draft = filing.begin(laos, "annual", 2025, by=focal_point)
    draft.original = received(laos)
    draft.save()
    report = receipt.hand_in(draft, by=focal_point)

    with pytest.raises(Refused, match="handed in here"):
        days.record_receipt(report, "mailed_on", LAST_DAY, by=officer)


def test_the_line_beside_the_file_names_a_reference_of_one_draft(
    laos: State, focal_point: User
) -> None:
    first = filing.begin(laos, "annual", 2025, by=focal_point)
    second = filing.begin(laos, "annual", 2024, by=focal_point)

    page = SignedIn(focal_point).get("/what-we-owe/LAO/annual/2025/").content.decode()

    assert first.working_reference == f"A7-2025-LAO-D{first.pk}"
    assert first.working_reference != second.working_reference
    assert "quoting reference <bdi" in page
    assert first.working_reference in page
    mail = unquote(receipt.to_isu(first).mailto)
    assert mail.startswith("mailto:info@cmconvention.org?subject=A7-2025-LAO-D")
    assert "cc=" not in mail
