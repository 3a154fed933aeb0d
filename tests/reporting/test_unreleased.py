"""What the queue, the desk and the review say of letters, transcriptions and replaced versions."""

import datetime as dt
from collections import Counter

import pytest
from django.urls import reverse

from records import letters
from records.models import Letter
from records.seams import DeskList
from records.workflow import Refused
from reporting import clarification, embargo, filing, receipt, sections, threads
from reporting.models import HANDED_IN, Report
from reporting.transcription import keeping, steps
from reporting.transcription.steps import TRANSCRIPTIONS
from reporting.waiting import waiting
from reporting.workflow import REPORTS
from tests.conftest import TODAY, SignedIn
from tests.factories import ContactFactory
from tests.reporting.papers import received
from tests.reporting.publishing import CLEARANCE, handed_in
from tests.reporting.test_transcription import CLEARANCE as FORM
from tests.reporting.test_transcription import GIVEN, confirmed

pytestmark = pytest.mark.usefixtures("today")
QUEUE = "/admin/reporting/report/queue/"
DAY = TODAY.date()


@pytest.fixture
def staff(assistant):
    return SignedIn(assistant)


@pytest.fixture
def mailbox(laos):
    return ContactFactory(state=laos, email="reports@lao.example", language="es")


@pytest.fixture
def report(laos, focal_point, mailbox):
    return handed_in(laos, focal_point, clearance=CLEARANCE)


@pytest.fixture
def question(report, officer):
    return clarification.ask_clarification(
        report, "Which area?", by=officer, form="clearance", place="areas.bbbb"
    )


@pytest.fixture
def typed(laos, focal_point, mailbox, assistant):
    row = keeping.begin(handed_in(laos, focal_point), by=assistant)
    keeping.save(row, FORM, GIVEN, by=assistant, seen="")
    return TRANSCRIPTIONS.take("send-figures", row, by=assistant)


def second_version(report, by):
    second = filing.amend(report, by=by)
    second.original = received(second.state, words="second")
    second.save()
    return receipt.hand_in(second, by=by)


def release(letter, by):
    Letter.objects.filter(pk=letter.pk).update(
        status="sent", sent_at=TODAY, released_at=TODAY, released_by=by
    )


def states():
    return [one.states for one in waiting(DAY)]


def desk(user):
    return [row for row in sections.desk(user, DAY) if row.on == DeskList.WAITING]


def review(staff, report):
    return staff.get(reverse("admin:reporting_report_review", args=[report.pk]))


def record(staff, report):
    return staff.get(reverse("admin:reporting_report_change", args=[report.pk]))


def test_a_report_of_the_archive_without_a_day_waits_too(staff, laos, assistant, officer):
    filed = filing.file_for_state(
        laos, "annual", 2014, received(laos), by=assistant, channel="archive", received_on=None
    )
    assert filed.received_by_isu is None

    page, listed = staff.get(QUEUE), staff.get("/admin/reporting/report/queue.csv")

    assert (page.status_code, listed.status_code) == (200, 200)
    assert "day not known" in page.text
    assert "received on" not in review(staff, filed).text


@pytest.mark.parametrize("how", ["answered", "settled", "version"])
def test_the_state_is_not_asked_by_letter_for_what_it_has_answered(
    report, question, how, officer, focal_point
):
    if how == "answered":
        clarification.answer_in_words(report, "The northern one.", by=focal_point)
    elif how == "settled":
        clarification.settle(report, question.pk, "Clear.", by=officer)
    else:
        second_version(report, focal_point)

    letter = Letter.objects.get(kind="report-question")
    done = letters.release([letter], by=officer, first_confirmed=True)

    letter.refresh_from_db()
    assert (done.done, letter.status) == (0, "overtaken")


def test_the_letter_says_what_the_question_is_about_in_its_own_language(question):
    body = Letter.objects.get(kind="report-question").body

    assert "Formulario" in body
    assert "row 2" not in body
    assert "Form F" not in body


def test_while_the_letter_is_held_nothing_waits_for_the_state(staff, report, question, officer):
    letter = Letter.objects.get(kind="report-question")
    link = reverse("admin:records_letter_change", args=[letter.pk])

    assert states() == [("letter",)]
    for page in (staff.get(QUEUE), review(staff, report)):
        assert "letter not released" in page.text.lower()
        assert link in page.text
    assert "letter not released" in record(staff, report).text
    assert link in [row.url for row in desk(officer)]

    release(letter, officer)

    assert states() == [("state",)]
    assert "letter not released" not in review(staff, report).text


def test_figures_whose_letter_is_held_are_not_with_the_state(staff, typed, officer):
    letter = Letter.objects.get(kind=steps.KIND)
    register = reverse("admin:reporting_transcription_change", args=[typed.pk])

    assert states() == [("letter",)]
    assert "letter not released" in review(staff, typed.report).text
    assert "Letter not released" in staff.get(register).text

    release(letter, officer)

    assert states() == [("state",)]
    assert "with the State" in review(staff, typed.report).text


def test_a_state_is_told_nothing_of_letters_that_are_held(report, question, focal_point):
    page = SignedIn(focal_point).get(reverse("report-receipt", args=["LAO", "annual", 2025, 1]))

    assert "Which area?" in page.text
    assert "released" not in page.text
    assert threads.of_report(report)[0].letter is None


def test_a_report_may_wait_for_an_answer_and_for_its_day(staff, report, question, officer):
    embargo.decide(report, dt.date(2027, 1, 1), asked_by="state", why="A debate", by=officer)

    assert states() == [("letter", "day")]
    for state in ("letter", "day"):
        assert len(staff.get(f"{QUEUE}?to_do={state}").context["found"]) == 1
    assert staff.get(f"{QUEUE}?to_do=state").context["found"] == []


def test_each_state_of_a_report_has_its_line_at_the_desk(
    staff, report, question, officer, focal_point
):
    def lines():
        found = [row for row in desk(officer) if row.act != "Record receipt by UNODA"]
        assert len(found) == len(waiting(DAY))
        return [(row.act, row.note) for row in found]

    release(Letter.objects.get(kind="report-question"), officer)
    assert lines() == [("Review", "a question waits for the State")]
    clarification.answer_in_words(report, "The northern one.", by=focal_point)
    assert lines() == [("Settle the question", "the State has answered a question")]
    clarification.settle(report, question.pk, "Clear.", by=officer)
    assert lines() == [("Review", "handed in, not yet published")]
    embargo.decide(report, dt.date(2027, 1, 1), asked_by="state", why="A debate", by=officer)
    assert lines() == [("Review", "published on 1 January 2027, and not before")]


def test_what_the_state_says_of_a_transcription_has_its_line_at_the_desk(staff, typed, officer):
    def lines():
        return [(row.act, row.note) for row in desk(officer) if "UNODA" not in row.act]

    confirmed(typed)
    assert lines() == [("Review", "the State has confirmed what was typed from its file")]
    REPORTS.take("publish", typed.report, by=officer)
    assert lines() == []


def test_corrections_by_the_state_lead_to_the_transcription(typed, officer):
    TRANSCRIPTIONS.take(
        "correct-figures",
        typed,
        by=None,
        note="By pass",
        said_as="Desk officer",
        seen="1",
        wrong={"clearance": "It is 900."},
    )

    [line] = [row for row in desk(officer) if "UNODA" not in row.act]

    assert line.act == "Correct what was typed"
    assert line.url == reverse("admin:reporting_transcription_change", args=[typed.pk])
    assert states() == [("correct",)]


def test_a_replaced_version_says_so_and_is_not_published(staff, report, focal_point, officer):
    embargo.decide(report, dt.date(2027, 1, 1), asked_by="state", why="A debate", by=officer)
    second = second_version(report, focal_point)

    for page in (review(staff, report), record(staff, report)):
        assert f"Version 2 ({second.reference}) has replaced this one." in page.text
        for act in ("publish", "lift-embargo", "transcribe"):
            assert reverse("admin:reporting_report_act", args=[report.pk, act]) not in page.text
    assert reverse("admin:reporting_report_review", args=[second.pk]) in review(staff, report).text
    embargo.lift(second, why="Over", by=officer)
    with pytest.raises(Refused, match="has replaced this one"):
        REPORTS.take("publish", report, by=officer)
    assert Report.objects.get(pk=report.pk).status == HANDED_IN


def test_a_confirmed_transcription_is_what_the_review_reads(staff, typed):
    confirmed(typed)

    page = review(staff, typed.report)

    [form] = [one for one in page.context["review"].forms if one.form.key == "clearance"]
    assert (form.answered, form.rows) == (2, 2)
    assert "It came as a file alone" not in page.text
    assert reverse("admin:reporting_transcription_change", args=[typed.pk]) in page.text
    transcribe = reverse("admin:reporting_report_act", args=[typed.report_id, "transcribe"])
    for read in (page, record(staff, typed.report)):
        assert transcribe not in read.text
    assert "confirmed by the State" in staff.get(QUEUE).text


def test_only_answers_of_the_state_are_counted_as_answers(
    staff, report, question, officer, focal_point
):
    clarification.answer_in_words(report, "The northern one.", by=focal_point)
    clarification.ask_again(report, question.pk, "And its size?", by=officer)

    [part] = [one for one in record(staff, report).context["parts"] if one.slug == "remarks"]

    assert part.lines[0].cells[3] == 1


def test_a_letter_that_was_sent_offers_no_release(staff, question, officer):
    letter = Letter.objects.get(kind="report-question")
    release(letter, officer)

    page = staff.get(reverse("admin:records_letter_act", args=[letter.pk, "release"]))

    assert "0 letters" not in page.text
    assert 'type="submit" class="default act"' not in page.text


def test_each_kind_of_waiting_is_counted_as_often_at_the_desk_as_in_the_queue(
    report, question, officer, peru, other_focal_point
):
    handed_in(peru, other_focal_point)

    at_the_desk = Counter(row.who for row in desk(officer) if "UNODA" not in row.act)

    assert at_the_desk == Counter(str(one.report.state) for one in waiting(DAY))


def test_who_publishes_from_the_review_reads_what_is_open_and_goes_on_to_the_queue(
    officer, report, question
):
    staff = SignedIn(officer)
    address = reverse("admin:reporting_report_act", args=[report.pk, "publish"])
    assert f"{address}?_from=review" in review(staff, report).text

    asked = staff.get(f"{address}?_from=review")
    done = staff.post(f"{address}?_from=review", {"on": "2026-11-20"})

    assert "1 question on it is not settled." in asked.text
    assert "no word of the State" in asked.text
    assert done.url == QUEUE


def test_the_box_of_a_question_says_which_language_is_read(staff, report):
    page = staff.get(reverse("admin:reporting_report_act", args=[report.pk, "ask"]))

    for read in (page, review(staff, report)):
        assert "goes to reports@lao.example, which reads Spanish" in read.text


def test_the_state_is_told_of_the_day_that_the_isu_decided(report, focal_point, officer):
    def told(number=1):
        address = reverse("report-receipt", args=["LAO", "annual", 2025, number])
        return SignedIn(focal_point).get(address).text

    assert "The ISU has decided" not in told()
    embargo.decide(report, dt.date(2027, 1, 1), asked_by="secretariat", why="Our own", by=officer)
    assert "2027" not in told()
    embargo.decide(report, dt.date(2027, 2, 1), asked_by="state", why="Words of ours", by=officer)
    assert "The ISU has decided: it is not published before 1 February 2027." in told()
    assert "Words of ours" not in told()

    filing.amend(report, by=focal_point)
    check = SignedIn(focal_point).get(reverse("report-check", args=["LAO", "annual", 2025]))
    assert "This version waits for that day too." in check.text


def test_the_draft_of_a_new_version_lists_what_it_is_to_answer(
    report, question, officer, focal_point
):
    draft = reverse("report-draft", args=["LAO", "annual", 2025])
    filing.amend(report, by=focal_point)
    assert "Which area?" in SignedIn(focal_point).get(draft).text

    clarification.settle(report, question.pk, "Clear.", by=officer)

    assert "Which area?" not in SignedIn(focal_point).get(draft).text


def test_a_settled_question_is_told_nothing_of_a_version(report, question, officer, focal_point):
    second = second_version(report, focal_point)
    assert threads.of_report(report)[0].version_since == second.reference

    clarification.settle(report, question.pk, "Clear.", by=officer)

    assert threads.of_report(report)[0].version_since == ""


def test_the_check_page_names_a_day_only_while_it_is_to_come(laos, focal_point):
    filing.begin(laos, "annual", 2025, by=focal_point)

    page = SignedIn(focal_point).get(reverse("report-check", args=["LAO", "annual", 2025]))

    # It was due on 30 April 2026, and now it is November.
    assert "falls due" not in page.text
    assert "There is nothing in the report yet" in page.text
    assert "can be handed in as it is" not in page.text


def test_a_receipt_of_what_the_isu_filed_promises_no_mail(laos, assistant, focal_point):
    filed = filing.file_for_state(
        laos, "annual", 2025, received(laos), by=assistant, channel="post", received_on=DAY
    )
    Report.objects.filter(pk=filed.pk).update(received_by_unoda=DAY)

    page = SignedIn(focal_point).get(reverse("report-receipt", args=["LAO", "annual", 2025, 1]))

    assert "goes to you by e-mail" not in page.text
    assert "asks for the report to reach" not in page.text


def test_a_doubt_that_another_report_has_answered_since_is_marked_so(staff, laos, focal_point):
    handed_in(laos, focal_point, 2023)
    report = handed_in(laos, focal_point, 2025)

    def gap():
        found = review(staff, report).context["review"].doubts
        return [one.stands for one in found if "2024" in one.text]

    assert gap() == [True]
    handed_in(laos, focal_point, 2024)

    assert gap() == [False]
    assert "it would not be asked." in review(staff, report).text
