"""Two of the secretariat at once, or one who presses twice: done once, and nobody sees an error."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from states import access, invitations, recovery
from states.models import Appointment, Contact, DecisionDay, Pass, RecoveryRequest, State, User
from states.models.rights import Role
from tests.conftest import SignedIn
from tests.factories import StateFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What became of each act; all begin together, each on a connection of its own."""
    start = Barrier(len(acts))

    def run(doing: Callable[[], object]) -> str:
        start.wait()
        try:
            doing()
        except ValidationError as refused:
            return str(refused)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as each:
        return list(each.map(run, acts))


def invite(laos: State, officer: User) -> invitations.Invited:
    """The same person for the same State."""
    return invitations.invite(
        email="new@example.org",
        name="New Person",
        role=Role.FOCAL_POINT,
        of=laos,
        from_on=dt.date(2026, 11, 20),
        reference="Note verbale 17/2026",
        by=officer,
    )


def test_of_two_who_invite_a_person_at_once_neither_meets_an_error(
    laos: State, officer: User
) -> None:
    answers = at_once(*[lambda: invite(laos, officer)] * 3)

    assert answers == ["done"] * 3
    assert Appointment.objects.filter(user__email="new@example.org").count() == 1
    # Each wrote a letter, and the link of the last one works.
    assert Pass.objects.filter(revoked_at__isnull=True).count() == 1


def test_nobody_comes_to_stand_on_both_sides_by_two_appointments_at_once(
    laos: State, director: User
) -> None:
    user = UserFactory()

    def appoint(role: Role, of: State | None) -> Callable[[], object]:
        return lambda: access.appoint(
            User.objects.get(pk=user.pk),
            role,
            of,
            from_on=dt.date(2026, 11, 20),
            reference="Note verbale 17/2026",
            by=director,
        )

    answers = at_once(
        appoint(Role.OFFICER, None),
        *[
            appoint(Role.FOCAL_POINT, of)
            for of in (laos, StateFactory(iso3="PER"), StateFactory(iso3="TCD"))
        ],
    )

    of_state = set(user.appointments.values_list("secretariat", flat=True))
    assert len(of_state) == 1
    assert any("at the same time" in answer for answer in answers)


def test_of_two_who_ask_for_a_recovery_at_once_the_second_is_told_of_the_first(
    focal_point: User, officer: User, assistant: User
) -> None:
    def ask(by: User) -> Callable[[], object]:
        return lambda: recovery.ask(focal_point, by=by, reason="Rang the mission")

    answers = at_once(ask(officer), ask(assistant), ask(officer))

    assert answers.count("done") == 1
    assert sum("is waiting already" in answer for answer in answers) == 2
    assert RecoveryRequest.objects.count() == 1


def test_a_row_that_is_added_twice_at_once_is_added_once_and_the_second_form_says_so(
    assistant: User,
) -> None:
    client = SignedIn(assistant)
    row = {"code": "14MSP", "decided_on": "2026-11-20", "source": "Report", "reason": "Found"}
    pages: list[str] = []

    def add() -> None:
        answer = client.post("/admin/states/decisionday/add/", row)
        pages.append("saved" if answer.status_code == 302 else answer.content.decode())

    assert at_once(*[add] * 3) == ["done"] * 3

    assert DecisionDay.objects.filter(code="14MSP").count() == 1
    assert pages.count("saved") == 1
    assert all("already exists" in page for page in pages if page != "saved")


@pytest.mark.parametrize("by", ["the State", "the secretariat"])
def test_a_contact_that_is_named_by_two_presses_at_once_is_one_and_the_second_form_says_so(
    laos: State, focal_point: User, assistant: User, by: str
) -> None:
    row = {"purpose": "clearance", "place": "capital", "language": "fr", "email": "a@mfa.example"}
    if by == "the State":
        client, url = SignedIn(focal_point), reverse("own-contacts")
        sent = {f"new-{name}": value for name, value in row.items()}
    else:
        client, url = SignedIn(assistant), "/admin/states/contact/add/"
        sent = row | {"state": laos.pk, "reason": "Note 3"}
    pages: list[str] = []

    def add() -> None:
        answer = client.post(url, sent)
        pages.append("saved" if answer.status_code == 302 else answer.content.decode())

    assert at_once(*[add] * 3) == ["done"] * 3

    assert Contact.objects.count() == 1
    assert pages.count("saved") == 1
    assert all("is recorded already" in page for page in pages if page != "saved")
