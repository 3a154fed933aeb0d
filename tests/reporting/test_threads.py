"""Questions and answers stand in pairs: asked of a form, answered, settled, opened again."""

import pytest
from django.test import Client
from django.urls import reverse

from records.models import Event, Letter
from records.workflow import Refused
from reporting import clarification, filing, receipt, threads
from reporting.models import Remark
from reporting.owing import owed_by
from reporting.workflow import REPORTS
from states.models import User
from tests.conftest import TODAY, SignedIn
from tests.factories import ContactFactory
from tests.reporting.papers import received
from tests.reporting.publishing import CLEARANCE, handed_in

pytestmark = pytest.mark.usefixtures("today")
RECEIPT = ["LAO", "annual", 2025, 1]


@pytest.fixture
def report(laos, focal_point):
    ContactFactory(state=laos, email="reports@lao.example")
    return handed_in(laos, focal_point, clearance=CLEARANCE)


def ask(report, officer, text="Which area is meant?", form="clearance", place="areas.bbbb"):
    return clarification.ask_clarification(report, text, by=officer, form=form, place=place)


def stands(report):
    return [one.stands for one in threads.of_report(report)]


def owes(person):
    """What the State is asked to do about its report."""
    [owed] = owed_by(User.objects.get(pk=person.pk), TODAY.date())
    return {item.act for item in (*owed.open, *owed.past) if item.year == 2025}


def test_a_question_says_what_it_is_about_beside_the_report_and_in_its_letter(report, officer):
    ask(report, officer)
    ask(report, officer, "And in general?", form="", place="")

    row, whole = threads.of_report(report)

    about = "Form F: Contaminated areas and clearance, Areas known to be contaminated, row 2"
    assert (row.about, whole.about) == (about, "")
    assert about in Letter.objects.get(body__contains="Which area is meant?").body
    assert about not in Letter.objects.get(body__contains="And in general?").body


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ("nonsense", ""),
        ("", "areas"),
        ("clearance", "nonsense"),
        ("clearance", "areas.zzzz"),
        ("clearance", "programme.aaaa"),
    ],
)
def test_a_question_about_what_the_report_does_not_have_is_refused(report, officer, form, place):
    with pytest.raises(Refused, match="no such form, question or row"):
        ask(report, officer, form=form, place=place)


def test_each_question_is_answered_by_itself_and_settled_by_the_secretariat(
    report, officer, focal_point
):
    first, second = ask(report, officer), ask(report, officer, "And the size?")
    page = SignedIn(focal_point)
    address = reverse("report-answer", args=RECEIPT)
    assert stands(report) == ["open", "open"]
    assert owes(focal_point) == {"answer"}

    for _press in range(2):
        page.post(address, {"question": second.pk, "text": "Eight hundred."})

    assert stands(report) == ["open", "answered"]
    assert Remark.objects.filter(question=second).count() == 1
    assert owes(focal_point) == {"answer"}
    page.post(address, {"question": first.pk, "text": "The northern one."})
    # The State has answered everything: the next word is the secretariat's.
    assert owes(focal_point) == {"send"}

    clarification.settle(report, second.pk, "Thank you: the figure stands.", by=officer)

    assert stands(report) == ["answered", "settled"]
    text = page.get(reverse("report-receipt", args=RECEIPT)).text
    assert "Thank you: the figure stands." in text
    [event] = Event.objects.filter(verb="settle-question")
    assert (event.actor, event.note) == (officer, "Thank you: the figure stands.")


def test_a_question_that_was_settled_may_be_opened_again(report, officer, focal_point):
    question = ask(report, officer)
    clarification.answer_in_words(report, "The northern one.", by=focal_point)
    clarification.settle(report, question.pk, "Clear.", by=officer)
    assert stands(report) == ["settled"]

    for _press in range(2):
        clarification.ask_again(report, question.pk, "And how large is it?", by=officer)

    [thread] = threads.of_report(report)
    assert thread.stands == "open"
    assert [one.text for one in thread.said] == ["The northern one.", "And how large is it?"]
    assert owes(focal_point) == {"answer"}
    # The first was answered before it left: only the second is still to go out.
    statuses = Letter.objects.filter(kind="report-question").order_by("pk")
    assert [one.status for one in statuses] == ["overtaken", "held"]
    assert Event.objects.filter(verb="reopen-question").count() == 1
    # How it was settled first stays on the record.
    assert Event.objects.get(verb="settle-question").note == "Clear."


def test_the_answer_may_be_a_new_version_and_what_was_handed_in_stands(
    report, officer, focal_point
):
    before = list(report.forms.values("form", "said"))
    ask(report, officer)
    second = filing.amend(report, by=focal_point)
    second.original = received(second.state, words="second")
    second.save()
    second = receipt.hand_in(second, by=focal_point)

    [thread] = threads.of_report(second)

    assert (thread.stands, thread.version_since) == ("answered", second.reference)
    assert list(report.forms.values("form", "said")) == before
    assert (
        second.reference
        in SignedIn(focal_point).get(reverse("report-receipt", args=[*RECEIPT[:3], 2])).text
    )


def test_what_was_typed_is_shown_again_where_an_answer_is_refused(report, officer, focal_point):
    question = ask(report, officer)
    page = SignedIn(focal_point)
    address = reverse("report-answer", args=RECEIPT)
    clarification.settle(report, question.pk, "Clear from the annex.", by=officer)

    late = page.post(address, {"question": question.pk, "text": "The northern one."})
    strange = page.post(address, {"question": "99999999999999", "text": "Which one?"})
    none = page.post(address, {"question": str(question.pk + 1), "text": "None of them."})

    assert [one.status_code for one in (late, strange, none)] == [422, 422, 422]
    assert "has settled this question meanwhile" in late.text
    assert "The northern one." in late.text
    assert "Which one?" in strange.text
    assert "None of them." in none.text
    assert not Remark.objects.filter(side="state").exists()


def test_words_of_the_time_before_threads_keep_their_meaning(report, officer, focal_point):
    old = Remark.objects.create(report=report, side="secretariat", text="Old?", made_by=officer)
    Remark.objects.create(report=report, side="state", text="Old answer.", made_by=focal_point)
    Remark.objects.filter(pk=old.pk).update(settled_at=TODAY)

    page = SignedIn(focal_point).get(reverse("report-receipt", args=RECEIPT))

    assert stands(report) == ["settled"]
    assert "Old?" in page.text
    assert "Old answer." in page.text


def test_only_the_state_and_the_isu_read_what_is_asked(
    report, officer, focal_point, other_focal_point, stranger
):
    ask(report, officer)
    clarification.answer_in_words(report, "The northern one.", by=focal_point)
    REPORTS.take("publish", report, by=officer)

    for reader in (Client(), SignedIn(other_focal_point), SignedIn(stranger)):
        for address in (
            report.get_absolute_url(),
            f"/api/v1/reports/{report.reference}",
            "/search/?q=northern",
            "/states/LAO/",
        ):
            text = reader.get(address).content.decode()
            assert "Which area is meant?" not in text, address
            assert "The northern one." not in text, address
        closed = reader.get(reverse("report-receipt", args=RECEIPT))
        assert closed.status_code in {302, 404}


def test_a_state_settles_nothing_and_a_stranger_answers_nothing(
    report, officer, focal_point, stranger, other_focal_point
):
    question = ask(report, officer)

    with pytest.raises(Refused):
        clarification.settle(report, question.pk, "Enough.", by=focal_point)
    with pytest.raises(Refused):
        clarification.ask_again(report, question.pk, "More?", by=focal_point)
    for person in (stranger, other_focal_point, officer):
        with pytest.raises(Refused):
            clarification.answer_in_words(report, "Because.", by=person)


@pytest.mark.parametrize("number", [1, 3])
def test_more_questions_take_no_more_queries(
    report, officer, focal_point, number, django_assert_num_queries
):
    for one in range(number):
        ask(report, officer, f"Question {one}?")

    with django_assert_num_queries(3):
        threads.of_report(report)
