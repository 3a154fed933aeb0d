"""Hand-in, receipt, publication: who may, what it needs, what it sets, what it meets."""

import datetime as dt

import pytest
from django.db import ProgrammingError, transaction

from records import documents
from records.models import Event, Letter
from records.workflow import Refused
from reporting import days, filing, receipt
from reporting.models import Report
from reporting.workflow import REPORTS
from states.history import act
from states.models import Deadline, Practice
from tests.factories import ContactFactory, ReportFactory
from tests.reporting.papers import received

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def draft(laos, focal_point):
    return ReportFactory(state=laos, original=received(laos, focal_point))


@pytest.fixture
def handed_in(draft, focal_point):
    return receipt.hand_in(draft, by=focal_point)


def deadline(state, year=2025):
    return Deadline.objects.get(obligation__state=state, obligation__kind="art7-annual", year=year)


def counts(which):
    with act(by=None, reason="the ISU has decided"):
        Practice.objects.update_or_create(key="receipt-that-counts", defaults={"value": which})


def test_handing_in_gives_reference_moment_and_day_of_receipt(draft, focal_point):
    report = receipt.hand_in(draft, by=focal_point)

    assert report.status == "handed-in"
    assert report.reference == "A7-2025-LAO-01"
    assert report.handed_in_by == focal_point
    assert report.received_by_isu == TODAY
    event = Event.objects.about(report).get(verb="hand-in")
    assert (event.was, event.now, event.actor) == ("draft", "handed-in", focal_point)


def test_a_drafter_cannot_hand_in(draft, drafter):
    with pytest.raises(Refused, match="no appointment for Lao"):
        receipt.hand_in(draft, by=drafter)


def test_the_focal_point_of_another_state_cannot_hand_in(draft, other_focal_point):
    with pytest.raises(Refused):
        receipt.hand_in(draft, by=other_focal_point)


def test_the_secretariat_cannot_hand_in_a_states_draft(draft, officer):
    with pytest.raises(Refused):
        receipt.hand_in(draft, by=officer)
    with pytest.raises(Refused, match="only the State hands it in"):
        REPORTS.take("file", draft, by=officer)


def test_a_refused_hand_in_takes_no_reference_and_writes_no_letter(laos, focal_point):
    empty = ReportFactory(state=laos)

    with pytest.raises(Refused, match="nothing in the report yet"):
        receipt.hand_in(empty, by=focal_point)

    empty.original = received(laos)
    empty.save()
    assert receipt.hand_in(empty, by=focal_point).reference == "A7-2025-LAO-01"
    assert Letter.objects.count() == 1


def test_what_was_handed_in_cannot_be_edited_or_deleted(handed_in):
    rows = Report.objects.filter(pk=handed_in.pk)

    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        rows.update(marks={"measures": {"mark": "changed"}})
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        rows.update(status="draft")
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        rows.delete()


def test_the_receipt_goes_to_who_handed_in_and_to_the_states_mailbox(laos, draft, focal_point):
    ContactFactory(state=laos, email="reports@lao.example", language="fr")

    receipt.hand_in(draft, by=focal_point)

    letters = {letter.to: letter for letter in Letter.objects.filter(kind="receipt")}
    assert set(letters) == {focal_point.email, "reports@lao.example"}
    body = letters[focal_point.email].body
    assert "A7-2025-LAO-01" in body
    assert "20 November 2026, 13:00 (Geneva)" in body
    assert "Secretary-General" in body
    assert draft.original.sha256 in body
    assert letters["reports@lao.example"].language == "fr"


def test_the_receipt_names_the_time_at_the_state_where_it_is_known(laos, handed_in):
    laos.time_zone = "Asia/Vientiane"

    geneva, there = receipt.clocks(handed_in.handed_in_at, laos)

    assert (geneva.time, geneva.where) == ("13:00", "Geneva")
    assert (there.time, there.where) == ("19:00", "Lao People's Democratic Republic")


def test_the_receipt_on_paper_carries_the_reference_and_is_for_the_state_only(
    handed_in, focal_point, other_focal_point, officer
):
    document = receipt.issue_paper(handed_in)

    assert document.reference == "A7-2025-LAO-01"
    assert "Secretary-General" in document.revisions.get().html
    assert document in documents.readable_by(focal_point)
    assert document in documents.readable_by(officer)
    assert document not in documents.readable_by(other_focal_point)
    assert receipt.issue_paper(handed_in) == document


def test_a_receipt_that_could_not_be_printed_is_printed_later(handed_in):
    assert receipt.issue_missing() == 1
    assert receipt.issue_missing() == 0
    handed_in.refresh_from_db()
    assert handed_in.receipt.reference == handed_in.reference


def test_by_default_the_day_of_unoda_meets_the_deadline(laos, handed_in, officer):
    assert deadline(laos).met_on is None

    days.record_receipt(handed_in, "received_by_unoda", dt.date(2026, 4, 30), by=officer)

    assert deadline(laos).met_on == dt.date(2026, 4, 30)
    assert deadline(laos, 2024).met_on is None


def test_where_the_day_of_the_isu_counts_hand_in_meets_the_deadline(laos, draft, focal_point):
    counts("received_by_isu")

    receipt.hand_in(draft, by=focal_point)

    assert deadline(laos).met_on == TODAY


def test_where_sending_counts_the_word_of_the_state_meets_the_deadline(
    laos, handed_in, focal_point
):
    counts("sent_to_unoda")

    days.say_sent(handed_in, dt.date(2026, 11, 19), by=focal_point)

    assert deadline(laos).met_on == dt.date(2026, 11, 19)


def test_a_change_of_practice_brings_every_deadline_in_line(laos, handed_in, officer):
    days.record_receipt(handed_in, "received_by_unoda", dt.date(2026, 11, 20), by=officer)
    days.record_receipt(handed_in, "received_by_isu", dt.date(2026, 4, 29), by=officer, reason="x")
    counts("received_by_isu")

    days.bring_deadlines_in_line(by=officer)

    assert deadline(laos).met_on == dt.date(2026, 4, 29)


def test_an_initial_report_meets_the_initial_deadline(laos, focal_point, officer):
    draft = ReportFactory(
        state=laos, kind="initial", year=2011, original=received(laos, focal_point)
    )
    report = receipt.hand_in(draft, by=focal_point)

    days.record_receipt(report, "received_by_unoda", dt.date(2026, 11, 1), by=officer)

    met = Deadline.objects.get(obligation__state=laos, obligation__kind="art7-initial")
    assert met.met_on == dt.date(2026, 11, 1)


def test_a_wrong_day_is_corrected_only_with_a_reason(laos, handed_in, officer):
    days.record_receipt(handed_in, "received_by_unoda", dt.date(2026, 4, 30), by=officer)

    with pytest.raises(Refused, match="say why it is to be corrected"):
        days.record_receipt(handed_in, "received_by_unoda", dt.date(2026, 5, 3), by=officer)
    days.record_receipt(
        handed_in, "received_by_unoda", dt.date(2026, 5, 3), by=officer, reason="stamp misread"
    )

    assert deadline(laos).met_on == dt.date(2026, 5, 3)
    event = Event.objects.about(handed_in).filter(verb="received-by-unoda").first()
    assert (event.was, event.now, event.note) == ("2026-04-30", "2026-05-03", "stamp misread")


def test_a_day_recorded_by_mistake_can_be_taken_back(laos, handed_in, officer):
    days.record_receipt(handed_in, "received_by_unoda", dt.date(2026, 4, 30), by=officer)

    days.record_receipt(
        handed_in, "received_by_unoda", None, by=officer, reason="it was Peru's report"
    )

    assert deadline(laos).met_on is None


@pytest.mark.parametrize(
    ("which", "on", "sentence"),
    [
        ("received_by_unoda", dt.date(2026, 11, 21), "has not come yet"),
        ("received_by_unoda", dt.date(2006, 4, 30), "before the time that the report covers"),
        ("received_by_isu", None, "has a day of receipt"),
    ],
)
def test_impossible_days_are_refused(handed_in, officer, which, on, sentence):
    with pytest.raises(Refused, match=sentence):
        days.record_receipt(handed_in, which, on, by=officer, reason="because")


def test_unoda_cannot_receive_before_it_was_sent(handed_in, officer):
    days.record_receipt(handed_in, "sent_to_unoda", dt.date(2026, 11, 10), by=officer)

    with pytest.raises(Refused, match="cannot receive on 9 November 2026"):
        days.record_receipt(handed_in, "received_by_unoda", dt.date(2026, 11, 9), by=officer)


def test_a_state_does_not_record_receipt(handed_in, focal_point):
    with pytest.raises(Refused):
        days.record_receipt(handed_in, "received_by_unoda", TODAY, by=focal_point)


def test_the_state_does_not_overwrite_what_the_isu_recorded(handed_in, officer, focal_point):
    days.record_receipt(handed_in, "sent_to_unoda", dt.date(2026, 11, 10), by=officer)

    with pytest.raises(Refused, match="10 November 2026"):
        days.say_sent(handed_in, TODAY, by=focal_point)


def test_the_states_word_gives_way_to_what_the_isu_has_found_out(handed_in, officer, focal_point):
    days.say_sent(handed_in, dt.date(2026, 11, 2), by=focal_point)
    days.record_receipt(
        handed_in, "sent_to_unoda", dt.date(2026, 11, 12), by=officer, reason="UNODA's mail log"
    )

    with pytest.raises(Refused, match="12 November 2026"):
        days.say_sent(handed_in, dt.date(2026, 11, 2), by=focal_point)

    handed_in.refresh_from_db()
    assert handed_in.sent_to_unoda == dt.date(2026, 11, 12)


def test_what_is_published_was_received_by_then(handed_in, officer):
    days.record_receipt(
        handed_in, "received_by_isu", dt.date(2026, 11, 2), by=officer, reason="e-mail of that day"
    )
    report = REPORTS.take("publish", handed_in, by=officer, on=dt.date(2026, 11, 5))

    with pytest.raises(Refused, match="was published on 5 November 2026"):
        days.record_receipt(
            report, "received_by_isu", dt.date(2026, 11, 9), by=officer, reason="a slip"
        )


def test_publication_has_a_chosen_day_that_is_not_before_receipt(handed_in, officer):
    with pytest.raises(Refused, match="it was received on"):
        REPORTS.take("publish", handed_in, by=officer, on=dt.date(2026, 11, 19))
    with pytest.raises(Refused, match="has not come yet"):
        REPORTS.take("publish", handed_in, by=officer, on=dt.date(2026, 11, 21))

    report = REPORTS.take("publish", handed_in, by=officer, on=TODAY)

    assert (report.status, report.published_on) == ("published", TODAY)


def test_the_deadline_is_met_whether_or_not_the_report_is_published(laos, handed_in, officer):
    days.record_receipt(handed_in, "received_by_unoda", TODAY, by=officer)
    handed_in.refresh_from_db()

    assert (handed_in.status, deadline(laos).met_on) == ("handed-in", TODAY)


def test_a_state_does_not_publish(handed_in, focal_point):
    with pytest.raises(Refused):
        REPORTS.take("publish", handed_in, by=focal_point)
    assert REPORTS.open_to(focal_point, handed_in) == []


def test_an_answer_does_not_make_the_report_later(laos, handed_in, officer, focal_point):
    days.record_receipt(handed_in, "received_by_unoda", dt.date(2026, 4, 30), by=officer)
    second = filing.amend(handed_in, by=focal_point)
    second.original = received(laos, focal_point, words="second")
    second.save()

    second = receipt.hand_in(second, by=focal_point)
    days.record_receipt(second, "received_by_unoda", dt.date(2026, 11, 18), by=officer)

    assert deadline(laos).met_on == dt.date(2026, 4, 30)
    assert second.reference == "A7-2025-LAO-02"
