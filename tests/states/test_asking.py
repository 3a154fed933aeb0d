"""The day on which a State is asked about its contacts, and the mailbox that is asked."""

import datetime as dt

import pytest
import time_machine

from states import asking
from states.asking import Asked
from states.models import Contact

D = dt.date


def contact(
    confirmed: str = "", begun: str = "", recorded: str = "2026-01-10", **facts: object
) -> Contact:
    return Contact(
        confirmed_on=D.fromisoformat(confirmed) if confirmed else None,
        from_on=D.fromisoformat(begun) if begun else None,
        recorded_on=D.fromisoformat(recorded),
        **{"email": "a@example.org", "purpose": "general"} | facts,
    )


@pytest.mark.parametrize(
    ("contacts", "due"),
    [
        ([contact("2026-03-01")], "2027-03-01"),
        ([contact("2026-03-01"), contact("2026-02-01")], "2027-02-01"),
        ([contact()], "2027-01-10"),
        ([contact(begun="2026-06-01")], "2027-06-01"),
        # What began long ago and was recorded now has been named now.
        ([contact(begun="2015-06-01")], "2027-01-10"),
        # Nobody is asked about a contact that the portal does not know yet.
        ([contact("2019-06-01")], "2026-01-10"),
        ([contact("2028-02-29", recorded="2028-02-29")], "2029-02-28"),
    ],
)
def test_the_oldest_confirmation_is_a_year_old(contacts: list[Contact], due: str) -> None:
    assert asking.due_on(contacts, None, D(2026, 1, 20)) == D.fromisoformat(due)


@pytest.mark.parametrize(
    ("today", "due"),
    [
        ("2027-02-28", "2027-03-01"),
        ("2027-03-01", "2027-03-01"),
        ("2028-02-29", "2027-03-01"),
        ("2028-03-01", "2028-03-01"),
        ("2030-05-01", "2030-03-01"),
    ],
)
def test_a_state_that_does_not_answer_is_asked_again_each_year(today: str, due: str) -> None:
    found = asking.due_on([contact("2026-03-01")], None, D.fromisoformat(today))

    assert found == D.fromisoformat(due)


@pytest.mark.parametrize(
    ("asked", "today", "due"),
    [
        # By a person, long before the year is over: it stands until the year is.
        (Asked(D(2026, 6, 1), True), "2026-08-01", "2026-06-01"),
        (Asked(D(2026, 6, 1), True), "2027-03-01", "2027-03-01"),
        # Shortly before: it is the question of the year.
        (Asked(D(2027, 2, 1), True), "2027-03-01", "2027-02-01"),
        # By the clock, for a confirmation that is no longer the oldest.
        (Asked(D(2027, 2, 1), False), "2027-03-05", "2027-02-01"),
        # Asked before the last confirmation: answered.
        (Asked(D(2026, 2, 1), True), "2026-08-01", "2027-03-01"),
        # A year without an answer.
        (Asked(D(2027, 3, 1), False), "2028-03-01", "2028-03-01"),
    ],
)
def test_an_open_question_is_not_put_twice(asked: Asked, today: str, due: str) -> None:
    found = asking.due_on([contact("2026-03-01")], asked, D.fromisoformat(today))

    assert found == D.fromisoformat(due)


def test_a_contact_that_was_named_after_the_question_is_not_part_of_it() -> None:
    asked = Asked(D(2026, 6, 1), True)

    assert asking.answered([contact("2026-06-03"), contact(recorded="2026-06-04")], asked)
    assert not asking.answered([contact("2026-06-03"), contact(recorded="2026-05-04")], asked)


def test_the_mailbox_of_a_function_is_asked_before_a_persons() -> None:
    person = contact(purpose="article-7", pk=1)
    function = contact(purpose="clearance", role_mailbox=True, pk=2)
    bounced = contact(role_mailbox=True, bounced_on=D(2026, 2, 1), pk=3)
    ended = contact(role_mailbox=True, until_on=D(2026, 2, 1), pk=4)
    none = contact(role_mailbox=True, email="", pk=5)
    today = D(2026, 3, 1)

    assert asking.addressee([person, function, bounced, ended, none], today) is function
    assert asking.addressee([bounced, person], today) is person
    assert asking.addressee([bounced, ended, none], today) is None


@pytest.mark.django_db
def test_the_day_of_recording_is_kept_and_is_no_part_of_the_history(laos: object) -> None:
    with time_machine.travel("2026-11-20T12:00:00+00:00", tick=False):
        row = Contact.objects.create(state=laos, purpose="general", email="a@example.org")

    assert row.recorded_on == D(2026, 11, 20)
    assert not hasattr(row.history.get(), "recorded_on")
