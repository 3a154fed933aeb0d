"""Ask the ISU: from every page, read by the ISU alone, answered, and forgotten in time."""

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ccm_portal.tasks import nightly
from records import enquiries
from records.models import Enquiry, Event, Letter
from records.workflow import Refused
from states.models import State, User
from tests.conftest import SignedIn


def asked(by: User, words: str = "By when?", **facts: Any) -> Enquiry:
    given = {"state": None, "mailbox": "", "language": "en"} | facts
    return enquiries.ask(words, "/reports/", by=by, **given)


def test_every_page_leads_to_it_and_says_where_one_was(focal_point: User) -> None:
    for client, page in ((Client(), "/reports/"), (SignedIn(focal_point), "/what-we-owe/")):
        assert f'href="/ask/?about={page}"' in client.get(page).text
        form = client.get(f"/ask/?about={page}").text
        assert f'name="about" value="{page}"' in form


def test_a_cached_page_stays_one_for_everybody(db: None) -> None:
    answer = Client().get("/contact/")

    assert answer["Cache-Control"] == "public, no-cache"
    assert not answer.cookies


def test_a_stranger_asks_and_leaves_a_mailbox(db: None) -> None:
    sent = {"question": "Where is the report?", "mailbox": "ngo@example.org", "about": "/reports/"}

    answer = Client().post("/ask/", sent, follow=True)

    assert "Your question is with the ISU" in answer.text
    row = Enquiry.objects.get()
    assert (row.mailbox, row.about, row.asked_by) == ("ngo@example.org", "/reports/", None)
    letter = Letter.objects.get(kind="enquiry")
    assert letter.to == settings.ISU_ADDRESS
    assert "ngo@example.org" not in letter.body
    assert "Where is the report?" not in letter.body


def test_a_focal_point_asks_for_the_state_and_reads_the_answer(
    focal_point: User, officer: User, laos: State
) -> None:
    client = SignedIn(focal_point)
    client.post("/ask/", {"question": "May Form C stay empty?", "about": "/what-we-owe/"})
    row = Enquiry.objects.get()
    assert (row.asked_by, row.state, row.mailbox) == (focal_point, laos, "")
    assert "with the ISU" in client.get("/ask/mine/").text

    enquiries.answer(row, "Yes.", by=officer)

    page = client.get("/ask/mine/").text
    assert "May Form C stay empty?" in page
    assert "Yes." in page
    letter = Letter.objects.get(kind="enquiry-answer")
    assert letter.to == focal_point.email
    assert "Yes." in letter.body
    with pytest.raises(Refused):
        enquiries.answer(row, "No.", by=officer)


def test_nobody_else_reads_it(
    focal_point: User, drafter: User, other_focal_point: User, laos: State, officer: User
) -> None:
    row = asked(focal_point, "A word in confidence", state=laos)

    for other in (drafter, other_focal_point):
        assert "in confidence" not in SignedIn(other).get("/ask/mine/").text
        assert not Enquiry.objects.visible_to(other).exists()
    assert list(Enquiry.objects.visible_to(officer)) == [row]
    assert "in confidence" in SignedIn(officer).get("/admin/").text


def test_a_second_press_is_one_question(focal_point: User) -> None:
    assert asked(focal_point) == asked(focal_point)


def test_a_program_that_fills_in_everything_asks_nothing(db: None) -> None:
    answer = Client().post("/ask/", {"question": "Buy", "website": "http://spam.example"})

    assert answer.status_code == 302
    assert not Enquiry.objects.exists()


def test_who_asks_without_end_is_asked_to_wait(db: None) -> None:
    client = Client()
    codes = [client.post("/ask/", {"question": f"Question {n}"}).status_code for n in range(21)]

    assert codes == [302] * 20 + [429]


@pytest.mark.parametrize(
    "sent",
    [
        {"question": "  "},
        {"question": "x" * 5001},
        {"question": "When?", "mailbox": "nobody"},
        {"question": "a\0b"},
    ],
)
def test_what_cannot_be_sent_is_said_and_given_back(db: None, sent: dict[str, str]) -> None:
    answer = Client().post("/ask/", sent)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/reports/?year=2025", "/reports/"),
        ("https://elsewhere.example/reports/", "/reports/"),
        ("//elsewhere.example", ""),
        ("javascript:alert(1)", ""),
        ("/nowhere/", "/nowhere/"),
        ("/" + "a" * 400, "/" + "a" * 299),
        ("/a\0b", "/ab"),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_only_an_address_of_ours_is_kept(given: str, kept: str) -> None:
    assert enquiries.page(given) == kept


def test_a_secret_in_an_address_is_never_kept(db: None) -> None:
    address = reverse("invitation", args=["s" * 43])

    assert enquiries.page(address) == ""
    assert "sss" not in Client().get(address).text.partition("<footer")[2]


def test_staff_answer_settle_and_erase_in_the_admin(focal_point: User, assistant: User) -> None:
    row = asked(focal_point)
    client = SignedIn(assistant)
    address = f"/admin/records/enquiry/{row.pk}"

    client.post(f"{address}/act/answer/", {"text": "By 30 April."})
    row.refresh_from_db()
    assert (row.answer, row.answered_by) == ("By 30 April.", assistant)

    client.post(f"{address}/act/erase/", {"reason": "The person asked for it."})
    row.refresh_from_db()
    assert (row.question, row.answer, row.asked_by) == ("", "", None)
    assert client.get(f"{address}/change/").status_code == 200


def test_without_a_mailbox_it_can_only_be_settled(db: None, officer: User) -> None:
    row = enquiries.ask("Hello?", "", by=None, state=None, mailbox="", language="fr")

    with pytest.raises(Refused, match="Nobody left a mailbox"):
        enquiries.answer(row, "Hello.", by=officer)
    enquiries.settle(row, by=officer)
    assert not Enquiry.objects.open().exists()


def test_others_do_not_answer_for_the_isu(focal_point: User) -> None:
    with pytest.raises(Refused):
        enquiries.answer(asked(focal_point), "Yes.", by=focal_point)


def test_what_was_settled_long_ago_is_forgotten_at_night(focal_point: User, officer: User) -> None:
    old, young = asked(focal_point, "Old"), asked(focal_point, "Young")
    waiting = asked(focal_point, "Waiting")
    for row in (old, young):
        enquiries.settle(row, by=officer)
    long_ago = timezone.now() - dt.timedelta(days=740)
    Enquiry.objects.filter(pk=old.pk).update(settled_at=long_ago)
    Enquiry.objects.filter(pk=waiting.pk).update(asked_at=long_ago)

    nightly()

    words = dict(Enquiry.objects.values_list("pk", "question"))
    assert words == {old.pk: "", young.pk: "Young", waiting.pk: "Waiting"}
    assert not Event.objects.filter(label__contains="Old").exists()


def test_the_list_of_ones_questions_costs_the_same_for_three(
    focal_point: User,
) -> None:
    client = SignedIn(focal_point)
    asked(focal_point, "One")
    with CaptureQueriesContext(connection) as one:
        client.get("/ask/mine/")
    asked(focal_point, "Two")
    asked(focal_point, "Three")
    with CaptureQueriesContext(connection) as three:
        client.get("/ask/mine/")

    assert len(three) == len(one)
