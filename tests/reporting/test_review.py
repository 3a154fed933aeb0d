"""The queue and the review: what waits, for whom, and one report form by form."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting import clarification, confirming, embargo, filing, receipt
from reporting.models import Embargo, LanguageVersion, Remark, Report
from reporting.workflow import REPORTS
from states import access
from tests import factories
from tests.conftest import SignedIn
from tests.reporting.papers import chosen, received
from tests.reporting.publishing import CLEARANCE, drafted, handed_in
from tests.reporting.test_weighing import reported

pytestmark = pytest.mark.usefixtures("today")
QUEUE = "/admin/reporting/report/queue/"


def queued(client, query=""):
    return [
        (one.report.state_id, one.report.year, one.to_do)
        for one in client.get(f"{QUEUE}{query}").context["found"]
    ]


@pytest.fixture
def staff(assistant):
    return SignedIn(assistant)


@pytest.fixture
def report(laos, focal_point):
    return handed_in(laos, focal_point, clearance=CLEARANCE)


def review(staff, report, query=""):
    return staff.get(reverse("admin:reporting_report_review", args=[report.pk]) + query)


def act(staff, report, slug, **data):
    return staff.post(reverse("admin:reporting_report_act", args=[report.pk, slug]), data)


def test_an_empty_queue_says_what_to_do(staff):
    page = staff.get(QUEUE)

    assert "No report waits for the secretariat." in page.text
    assert reverse("admin:reporting_report_act_list", args=["file"]) in page.text


def test_each_report_says_what_is_to_be_done_next(
    staff, report, laos, peru, focal_point, other_focal_point, officer
):
    assert queued(staff) == [("LAO", 2025, "publish")]
    question = clarification.ask_clarification(report, "Which areas?", by=officer)
    assert queued(staff) == [("LAO", 2025, "letter")]
    clarification.answer_in_words(report, "Those in the north.", by=focal_point)
    assert queued(staff) == [("LAO", 2025, "settle")]
    clarification.settle(report, question.pk, "Clear.", by=officer)
    embargo.decide(report, dt.date(2027, 1, 1), asked_by="state", why="A debate", by=officer)
    assert queued(staff) == [("LAO", 2025, "day")]
    handed_in(peru, other_focal_point)

    page = staff.get(f"{QUEUE}?sort=next")

    assert [one.to_do for one in page.context["found"]] == ["publish", "day"]
    assert "not before 1 January 2027" in page.text
    assert "1 of 10 forms" in page.text
    assert "a file alone" in page.text


def test_a_published_report_waits_only_for_its_questions(staff, report, officer, focal_point):
    REPORTS.take("publish", report, by=officer)
    assert queued(staff) == []
    clarification.ask_clarification(report, "Which areas?", by=officer)
    assert queued(staff) == [("LAO", 2025, "letter")]


def test_of_two_versions_the_newer_waits(staff, report, focal_point):
    second = filing.amend(report, by=focal_point)
    assert queued(staff) == [("LAO", 2025, "publish")]
    second.original = received(second.state, words="second")
    second.save()
    receipt.hand_in(second, by=focal_point)

    [one] = staff.get(QUEUE).context["found"]

    assert one.report.number == 2


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ("?q=lao", {"LAO"}),
        ("?year=2024", {"PER"}),
        ("?year=2024&q=lao", set()),
        ("?to_do=publish", {"LAO", "PER"}),
        ("?kind=initial", set()),
        ("?doubts=none", set()),
        ("?year=99999999999", {"LAO", "PER"}),
        ("?to_do=nonsense&sort=x", {"LAO", "PER"}),
    ],
)
def test_filters_stand_in_the_address_and_what_is_none_says_so(
    staff, report, peru, other_focal_point, query, states
):
    reported(peru, other_focal_point, 2024)

    page = staff.get(QUEUE + query)

    assert page.status_code == 200
    assert {one.report.state_id for one in page.context["found"]} == states
    if not states:
        assert "No report passes these filters." in page.text
    assert bool(page.context["form"].errors) == ("9999" in query or "nonsense" in query)


def test_the_same_list_is_a_file(staff, report):
    answer = staff.get("/admin/reporting/report/queue.csv?q=lao")

    [row] = csv.DictReader(io.StringIO(answer.content.decode()))
    assert (row["state_code"], row["reference"], row["to_do"]) == (
        "LAO",
        report.reference,
        "publish",
    )
    assert row["forms_answered"] == "1"


def test_the_queue_asks_the_same_number_of_questions_for_more_reports(
    staff, laos, peru, report, other_focal_point, focal_point, officer
):
    clarification.ask_clarification(report, "Which areas?", by=officer)
    staff.get(QUEUE)
    with CaptureQueriesContext(connection) as one:
        staff.get(QUEUE)
    for year in (2023, 2024):
        other = handed_in(peru, other_focal_point, year, clearance=CLEARANCE)
        clarification.ask_clarification(other, "And here?", by=officer)
        embargo.decide(other, dt.date(2027, 1, 1), asked_by="state", why="x", by=officer)
    with CaptureQueriesContext(connection) as three:
        page = staff.get(QUEUE)

    assert len(page.context["found"]) == 3
    assert len(three) == len(one)


def test_the_desk_and_the_register_lead_to_the_queue_and_the_review(staff, report):
    desk, listed = staff.get(reverse("admin:index")), staff.get("/admin/reporting/report/")
    record = staff.get(reverse("admin:reporting_report_change", args=[report.pk]))

    assert QUEUE in desk.text
    assert QUEUE in listed.text
    address = reverse("admin:reporting_report_review", args=[report.pk])
    assert address in desk.text
    assert address in record.text


def test_a_review_stands_beside_last_year_and_each_earlier_version(
    staff, laos, focal_point, report
):
    last = reported(laos, focal_point, 2024, clearance={"programme": "One team."})
    older = reported(laos, focal_point, 2023, other={"matters": "x"})
    second = filing.amend(report, by=focal_point)
    second.original = received(laos, words="second")
    second.save()
    second.forms.update(said=CLEARANCE | {"programme": "Three teams."})
    second = receipt.hand_in(second, by=focal_point)

    page = review(staff, second)
    of_last_year = review(staff, second, f"?with={last.pk}")
    strange = review(staff, second, "?with=9999999999999999")

    found = page.context["review"]
    assert [one.pk for one in found.others] == [report.pk, last.pk, older.pk]
    assert (found.compared.then, found.compared.number) == (report, 1)
    assert "Three teams." in page.text
    assert "Two teams." in page.text
    assert "One team." in of_last_year.text
    assert strange.context["review"].compared.then == report


def test_a_report_that_came_as_a_file_alone_is_reviewed_too(staff, laos, assistant):
    filed = filing.file_for_state(
        laos,
        "annual",
        2025,
        received(laos),
        by=assistant,
        channel="e-mail",
        received_on=dt.date(2026, 11, 19),
        marks={"measures": {"mark": "changed"}},
    )

    page = review(staff, filed)

    assert "It came as a file alone" in page.text
    assert filed.original.name in page.text
    assert "No earlier report of this State is recorded here." in page.text
    assert "changed" in page.text


def test_acts_are_done_in_place_and_lead_back(staff, report, focal_point, assistant):
    asked = act(staff, report, "ask", form="clearance", place="areas.aaaa", text="Which one?")
    question = Remark.objects.get()
    address = reverse("admin:reporting_report_review", args=[report.pk])
    assert asked.url == f"{address}#question-{question.pk}"
    assert "Form F: Contaminated areas and clearance" in review(staff, report).text
    clarification.answer_in_words(report, "That of the north.", by=focal_point)

    settled = act(staff, report, "settle", question=question.pk, why="Clear.")
    again = act(staff, report, "ask-again", question=question.pk, text="And its size?")
    waits = act(
        staff,
        report,
        "embargo",
        not_before="2027-01-01",
        asked_by="state",
        reason="A debate in parliament",
    )
    published = act(staff, report, "publish", on="2026-11-20")

    assert {one.status_code for one in (settled, again, waits)} == {302}
    assert published.status_code == 422
    assert "Not before 1 January 2027" in published.text
    text = review(staff, report).text
    assert "A debate in parliament" in text
    assert "And its size?" in text
    lifted = act(staff, report, "lift-embargo", reason="The debate is over")
    assert (lifted.status_code, embargo.standing(report)) == (302, None)
    act(staff, report, "add-language", language="fr", sort="courtesy", file=chosen())
    version = LanguageVersion.objects.get()
    assert version.side == "secretariat"
    act(staff, report, "take-language-away", version=version.pk, reason="It was another report")
    assert not LanguageVersion.objects.standing().exists()


def test_what_is_wrong_in_an_act_is_said_with_what_was_typed(staff, report):
    strange = act(staff, report, "ask", form="clearance", place="zzzz", text="Which one?")
    nothing = act(staff, report, "settle", question="99", why="Clear.")
    early = act(staff, report, "embargo", not_before="2026-11-20", asked_by="state", reason="x")
    far = act(staff, report, "embargo", not_before="9999-12-31", asked_by="state", reason="x")

    assert {one.status_code for one in (strange, nothing, early, far)} == {422}
    assert "no such form, question or row" in strange.text
    assert "Which one?" in strange.text
    assert "is past or today" in early.text
    assert not Embargo.objects.exists()
    assert not Remark.objects.exists()


def test_the_wish_of_the_state_stands_ready_in_the_act(staff, laos, focal_point):
    draft = drafted(laos, focal_point)
    confirming.wish(draft, dt.date(2027, 2, 1), "A debate.", by=focal_point)
    report = receipt.hand_in(draft, by=focal_point)

    form = staff.get(reverse("admin:reporting_report_act", args=[report.pk, "embargo"])).context[
        "form"
    ]

    assert form["not_before"].value() == dt.date(2027, 2, 1)
    assert (form["asked_by"].value(), form["reason"].value()) == ("state", "A debate.")


def test_a_draft_has_no_review_and_the_finance_officer_no_queue(staff, laos, focal_point, director):
    draft = filing.begin(laos, "annual", 2025, by=focal_point)
    person = factories.UserFactory()
    access.appoint(
        person, "finance-officer", None, from_on=dt.date(2026, 1, 1), reference="x", by=None
    )
    finance = SignedIn(type(person).objects.get(pk=person.pk))

    assert review(staff, draft).status_code == 404
    assert finance.get(QUEUE).status_code == 403
    assert finance.get("/admin/reporting/report/queue.csv").status_code == 403


@pytest.mark.parametrize("number", [3, 300])
def test_a_review_takes_the_same_queries_for_many_rows(staff, laos, focal_point, number):
    rows = [{"id": f"r{n:05d}", "area": f"Area {n}", "size": n} for n in range(number)]
    reported(laos, focal_point, 2024, clearance={"areas": rows[:2]})
    report = handed_in(laos, focal_point, 2025, clearance={"areas": rows})
    report = Report.objects.get(pk=report.pk)
    review(staff, report)

    with CaptureQueriesContext(connection) as asked:
        page = review(staff, report)

    assert page.status_code == 200
    assert len(asked) <= 40
