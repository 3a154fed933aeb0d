"""Beginning, amending, inviting, filing for a State, asking and answering."""

import datetime as dt

import pytest
import time_machine

from records.models import Event, Letter
from records.workflow import Refused
from reporting import clarification, days, filing, receipt
from reporting.models import Remark, Report
from states import access
from tests.factories import ContactFactory, ReportFactory
from tests.reporting.papers import received

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 11, 20)
WHOLE_2024 = {
    "year": 2024,
    "covers_from": dt.date(2024, 1, 1),
    "covers_to": dt.date(2024, 12, 31),
}


@pytest.fixture
def draft(laos, focal_point):
    return ReportFactory(state=laos, original=received(laos, focal_point))


@pytest.fixture
def handed_in(draft, focal_point):
    return receipt.hand_in(draft, by=focal_point)


def test_a_report_begins_with_the_calendar_year(laos, drafter):
    report = filing.begin(laos, "annual", 2025, by=drafter)

    assert (report.covers_from, report.covers_to) == (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert (report.drafted_by, report.number, report.status) == (drafter, 1, "draft")


def test_beginning_twice_gives_the_same_draft(laos, drafter, focal_point):
    first = filing.begin(laos, "annual", 2025, by=drafter)

    assert filing.begin(laos, "annual", 2025, by=focal_point) == first


def test_what_last_changed_when_stands_ready_and_nothing_is_marked(laos, focal_point):
    marks = {
        "measures": {"mark": "changed"},
        "stockpiles": {"mark": "unchanged", "year": 2021},
        "conversion": {"mark": "not-applicable", "sentence": "Never produced any."},
    }
    last = ReportFactory(
        state=laos, language="fr", marks=marks, original=received(laos), **WHOLE_2024
    )
    receipt.hand_in(last, by=focal_point)

    report = filing.begin(laos, "annual", 2025, by=focal_point)

    assert report.marks == {
        "measures": {"year": 2024},
        "stockpiles": {"year": 2021},
        "conversion": {"sentence": "Never produced any."},
    }
    assert report.language == "fr"


@pytest.mark.parametrize("year", [2007, 2027])
def test_a_year_that_cannot_be_reported_on_is_refused(laos, focal_point, year):
    with pytest.raises(Refused, match="from 2008 to 2026"):
        filing.begin(laos, "annual", year, by=focal_point)


def test_nobody_begins_a_report_for_another_state(laos, other_focal_point, officer):
    for person in (other_focal_point, officer):
        with pytest.raises(Refused):
            filing.begin(laos, "annual", 2025, by=person)


def test_what_was_handed_in_is_followed_by_a_version_and_not_begun_again(
    laos, handed_in, focal_point
):
    with pytest.raises(Refused, match="a correction is a new version"):
        filing.begin(laos, "annual", 2025, by=focal_point)

    second = filing.amend(handed_in, by=focal_point)

    assert (second.number, second.amends, second.original) == (2, handed_in, None)
    assert filing.amend(handed_in, by=focal_point) == second
    handed_in.refresh_from_db()
    assert handed_in.status == "handed-in"


def test_a_version_names_the_sources_of_its_own_marks_only(laos, focal_point):
    filled = ReportFactory(
        state=laos,
        marks={"stockpiles": {"mark": "changed"}},
        original=received(laos),
        **WHOLE_2024,
    )
    receipt.hand_in(filled, by=focal_point)
    report = ReportFactory(
        state=laos,
        marks={"stockpiles": {"mark": "unchanged", "year": 2024}},
        original=received(laos, words="other"),
    )

    report = receipt.hand_in(report, by=focal_point)

    assert report.marks["stockpiles"]["reference"] == "A7-2024-LAO-01"
    assert "reference" not in filing.amend(report, by=focal_point).marks["stockpiles"]


def test_a_draft_can_be_thrown_away_and_a_report_cannot(laos, drafter, handed_in, focal_point):
    other = filing.begin(laos, "annual", 2024, by=drafter)
    filing.discard(other, by=drafter)

    assert not Report.objects.filter(pk=other.pk).exists()
    with pytest.raises(Refused, match="it stays"):
        filing.discard(handed_in, by=focal_point)


def test_a_draft_that_keeps_the_word_of_the_state_is_not_thrown_away(draft, focal_point):
    days.say_sent(draft, TODAY, by=focal_point)

    with pytest.raises(Refused, match="keeps that word"):
        filing.discard(draft, by=focal_point)


def test_the_isu_reads_a_draft_only_while_the_state_invites_it(draft, focal_point, officer):
    def reads():
        return Report.objects.visible_to(officer).filter(pk=draft.pk).exists()

    assert not reads()
    filing.invite(draft, dt.date(2026, 11, 30), by=focal_point)
    assert reads()
    filing.take_back(draft, by=focal_point)
    assert not reads()


def test_an_invitation_ends_with_its_day(draft, focal_point, officer):
    filing.invite(draft, TODAY, by=focal_point)

    with time_machine.travel("2026-11-21 09:00:00+00:00"):
        later = Report.objects.visible_to(type(officer).objects.get(pk=officer.pk))
        assert not later.filter(pk=draft.pk).exists()


def test_a_drafter_does_not_invite(draft, drafter):
    with pytest.raises(Refused):
        filing.invite(draft, TODAY, by=drafter)


def test_the_isu_files_what_came_by_post(laos, officer):
    report = filing.file_for_state(
        laos,
        "annual",
        2025,
        received(laos, officer),
        by=officer,
        channel="post",
        received_on=dt.date(2026, 4, 28),
        language="fr",
    )

    assert (report.status, report.channel) == ("handed-in", "post")
    assert report.received_by_isu == dt.date(2026, 4, 28)
    assert report.reference == "A7-2025-LAO-01"
    assert Event.objects.about(report).filter(verb="file", actor=officer).exists()


def test_filing_for_a_state_leaves_its_draft_which_becomes_the_next_version(
    laos, draft, officer, focal_point
):
    filed = filing.file_for_state(
        laos,
        "annual",
        2025,
        received(laos, officer, words="by e-mail"),
        by=officer,
        channel="e-mail",
        received_on=TODAY,
    )

    draft.refresh_from_db()
    assert (filed.number, draft.number, draft.amends) == (1, 2, filed)
    assert receipt.hand_in(draft, by=focal_point).reference == "A7-2025-LAO-02"


def test_a_paper_is_not_filed_under_a_day_before_the_time_that_it_covers(laos, officer):
    with pytest.raises(Refused, match="30 April 2006 is before the time that the report covers"):
        filing.file_for_state(
            laos,
            "annual",
            2025,
            received(laos),
            by=officer,
            channel="e-mail",
            received_on=dt.date(2006, 4, 30),
        )
    assert not Report.objects.exists()


def test_a_state_does_not_file_as_the_isu(laos, focal_point):
    with pytest.raises(Refused):
        filing.file_for_state(
            laos,
            "annual",
            2025,
            received(laos),
            by=focal_point,
            channel="e-mail",
            received_on=TODAY,
        )
    assert not Report.objects.exists()


def test_a_question_is_a_remark_and_a_held_letter_and_withdraws_nothing(laos, handed_in, officer):
    ContactFactory(state=laos, email="reports@lao.example")

    clarification.ask_clarification(handed_in, "Which areas are meant in Form F?", by=officer)

    letter = Letter.objects.get(kind="report-question")
    assert (letter.to, letter.status) == ("reports@lao.example", "held")
    assert "Which areas are meant in Form F?" in letter.body
    assert "/what-we-owe/LAO/annual/2025/1/receipt/#questions" in letter.body
    handed_in.refresh_from_db()
    assert handed_in.status == "handed-in"


def test_a_question_that_is_sent_twice_while_it_is_open_is_one(
    laos, handed_in, officer, focal_point
):
    ContactFactory(state=laos, email="reports@lao.example")
    for _press in range(2):
        clarification.ask_clarification(handed_in, "Which areas are meant?", by=officer)

    assert Remark.objects.filter(side="secretariat").count() == 1
    assert Letter.objects.filter(kind="report-question").count() == 1

    clarification.answer_in_words(handed_in, "Those in the north.", by=focal_point)
    clarification.ask_clarification(handed_in, "Which areas are meant?", by=officer)
    assert Remark.objects.filter(side="secretariat").count() == 2


def test_a_question_without_a_mailbox_goes_to_who_handed_in(handed_in, officer, focal_point):
    clarification.ask_clarification(handed_in, "Which areas?", by=officer)

    assert Letter.objects.get(kind="report-question").to == focal_point.email


def test_a_question_does_not_go_to_who_acts_for_the_state_no_more(
    handed_in, officer, focal_point, director
):
    access.end_appointment(
        focal_point.appointments.get(), on=dt.date(2026, 11, 19), by=director, reason="left"
    )
    handed_in.refresh_from_db()

    clarification.ask_clarification(handed_in, "Which areas?", by=officer)

    assert Remark.objects.get().text == "Which areas?"
    assert not Letter.objects.filter(kind="report-question").exists()


def test_an_answer_in_words_passes_the_turn_to_the_secretariat(handed_in, officer, focal_point):
    clarification.ask_clarification(handed_in, "Which areas?", by=officer)

    clarification.answer_in_words(handed_in, "Those in the north.", by=focal_point)

    [question] = Remark.objects.open().with_turn()
    assert question.turn == "secretariat"


def test_an_answer_that_is_pressed_twice_is_recorded_once(handed_in, officer, focal_point):
    clarification.ask_clarification(handed_in, "Which areas?", by=officer)
    for _press in range(2):
        clarification.answer_in_words(handed_in, "Those in the north.", by=focal_point)

    assert Remark.objects.filter(side="state").count() == 1

    clarification.ask_clarification(handed_in, "All of them?", by=officer)
    clarification.answer_in_words(handed_in, "Those in the north.", by=focal_point)
    assert Remark.objects.filter(side="state").count() == 2


def test_a_new_version_passes_the_turn_to_the_secretariat(laos, handed_in, officer, focal_point):
    clarification.ask_clarification(handed_in, "Which areas?", by=officer)
    second = filing.amend(handed_in, by=focal_point)
    second.original = received(laos, focal_point, words="second")
    second.save()

    receipt.hand_in(second, by=focal_point)

    [question] = Remark.objects.open().with_turn()
    assert question.turn == "secretariat"


def test_a_state_does_not_ask_and_a_stranger_does_not_answer(handed_in, focal_point, stranger):
    with pytest.raises(Refused):
        clarification.ask_clarification(handed_in, "Why?", by=focal_point)
    with pytest.raises(Refused):
        clarification.answer_in_words(handed_in, "Because.", by=stranger)
