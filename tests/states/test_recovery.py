"""A lost second factor: two of the secretariat, or whoever answers for the server."""

import io
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from states import demo_people, passes, recovery
from states.models import Appointment, Pass, RecoveryRequest, User
from tests.factories import StateFactory, UserFactory
from tests.states.test_sign_in import BACKEND, with_app, with_password

REASON = "Rang the mission at the number that we hold"


@pytest.fixture
def lost(focal_point):
    """A person whose telephone is gone."""
    with_password(focal_point)
    with_app(focal_point)
    return focal_point


def test_a_recovery_takes_two_people(lost, officer, assistant, django_capture_on_commit_callbacks):
    row = recovery.ask(lost, by=officer, reason=REASON)
    assert Authenticator.objects.filter(user=lost).exists()

    with django_capture_on_commit_callbacks(execute=True):
        recovery.approve(row, by=assistant)

    row.refresh_from_db()
    assert (row.asked_by, row.approved_by) == (officer, assistant)
    assert not Authenticator.objects.filter(user=lost).exists()
    assert "let you in anew" in mail.outbox[0].body
    assert mail.outbox[0].to == [lost.email]


def test_nobody_agrees_with_themselves(lost, officer):
    row = recovery.ask(lost, by=officer, reason=REASON)

    with pytest.raises(ValidationError, match="takes two"):
        recovery.approve(row, by=officer)

    assert Authenticator.objects.filter(user=lost).exists()


def test_the_database_itself_refuses_one_person_twice(lost, officer):
    with pytest.raises(IntegrityError, match="recovery_takes_two"), transaction.atomic():
        RecoveryRequest.objects.create(
            user=lost, reason=REASON, asked_by=officer, approved_by=officer
        )


def test_nobody_recovers_the_own_account(officer, assistant):
    with pytest.raises(ValidationError, match="own account"):
        recovery.ask(officer, by=officer, reason=REASON)
    row = recovery.ask(officer, by=assistant, reason=REASON)

    with pytest.raises(ValidationError, match="own account"):
        recovery.approve(row, by=officer)


def test_a_recovery_ends_sessions_and_the_former_password(lost, officer, assistant):
    session = Client()
    session.force_login(lost, backend=BACKEND)

    recovery.approve(recovery.ask(lost, by=officer, reason=REASON), by=assistant)

    assert session.get(reverse("account_email")).status_code == 302
    assert not User.objects.get(pk=lost.pk).has_usable_password()


def test_the_link_of_a_recovery_lets_the_person_in(lost, officer, assistant, client):
    invited = recovery.approve(recovery.ask(lost, by=officer, reason=REASON), by=assistant)

    client.post(
        reverse("invitation", args=[invited.secret]),
        {"password": "five new calm words here", "again": "five new calm words here"},
    )

    assert client.session["_auth_user_id"] == str(lost.pk)


def test_each_step_stands_in_the_history_with_its_person(lost, officer, assistant):
    row = recovery.ask(lost, by=officer, reason=REASON)
    recovery.approve(row, by=assistant)

    steps = [
        (one.pgh_context["actor"], one.pgh_context["reason"])
        for one in row.history.order_by("pgh_id")
    ]

    assert steps == [
        (officer.name, f"Recovery asked for: {REASON}"),
        (assistant.name, f"Recovery agreed to: {REASON}"),
    ]


def test_one_recovery_at_a_time(lost, officer, assistant):
    recovery.ask(lost, by=officer, reason=REASON)

    with pytest.raises(ValidationError, match="waiting already"):
        recovery.ask(lost, by=assistant, reason=REASON)


def test_a_settled_recovery_is_settled(lost, officer, assistant, director):
    row = recovery.ask(lost, by=officer, reason=REASON)
    recovery.refuse(row, by=assistant)

    with pytest.raises(ValidationError, match="settled already"):
        recovery.approve(row, by=director)

    assert Authenticator.objects.filter(user=lost).exists()


def test_a_state_cannot_ask_for_a_recovery(lost, other_focal_point):
    with pytest.raises(PermissionDenied):
        recovery.ask(lost, by=other_focal_point, reason=REASON)


def test_the_page_offers_agreement_to_the_second_person_only(lost, officer, assistant, signed_in):
    first, second = signed_in(officer), signed_in(assistant)
    first.post(reverse("recovery"), {"email": lost.email, "reason": REASON})
    row = RecoveryRequest.objects.get()
    settle = reverse("recovery-settle", args=[row.pk])

    own = first.get(reverse("recovery")).content.decode()
    others = second.get(reverse("recovery")).content.decode()
    first.post(settle, {"answer": "approve"})
    assert Authenticator.objects.filter(user=lost).exists()
    second.post(settle, {"answer": "approve"})

    assert 'value="approve"' not in own
    assert 'value="approve"' in others
    assert not Authenticator.objects.filter(user=lost).exists()


def test_the_command_lets_the_last_person_in_anew_and_says_why(lost):
    out = io.StringIO()

    call_command("recover", lost.email, reason="The Director's telephone is lost", stdout=out)

    row = RecoveryRequest.objects.get()
    assert row.asked_by is None
    assert row.history.get().pgh_context["reason"].endswith("The Director's telephone is lost")
    secret = re.search(r"/pass/invitation/([^/]+)/", out.getvalue()).group(1)
    assert passes.find(secret, "invitation").subject == f"user/{lost.pk}"


def test_the_command_refuses_an_address_that_nobody_has(db):
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("recover", "nobody@example.org", reason="x")


def test_the_first_director_is_invited_from_the_server(db):
    out = io.StringIO()

    call_command(
        "appoint_director", "Director@isu.example", "Director", reference="Decision 1", stdout=out
    )

    appointment = Appointment.objects.get()
    assert appointment.role == "director"
    assert appointment.user.email == "director@isu.example"
    assert "/pass/invitation/" in out.getvalue()
    assert Pass.objects.get().mailbox == "director@isu.example"


def test_a_second_director_is_not_invited_from_the_server(director):
    with pytest.raises(CommandError, match="is Director already"):
        call_command("appoint_director", "other@isu.example", "Other", reference="Decision 2")


@pytest.fixture
def demo(settings):
    """The demonstration is allowed on this site."""
    settings.DEMO_IS_ALLOWED = True


def test_a_demo_person_signs_in_with_the_printed_password_and_code(db, demo, client):
    person = demo_people.make("officer", "Officer (demo)", "officer", None)
    out = io.StringIO()
    call_command("code", person.email, stdout=out)
    _email, password, code, *_rest = out.getvalue().split()

    stage = client.post(reverse("account_login"), {"login": person.email, "password": password})
    client.post(stage.url, {"code": code})

    assert client.session["_auth_user_id"] == str(person.pk)


def test_making_a_demo_person_twice_changes_nothing(db, demo):
    first = demo_people.make("officer", "Officer (demo)", "officer", None)

    second = demo_people.make("officer", "Officer (demo)", "officer", None)

    assert first == second
    assert Appointment.objects.count() == 1


def test_demo_secrets_follow_from_the_sites_secret(db, demo, settings):
    person = demo_people.make("officer", "Officer (demo)", "officer", None)
    here = (demo_people.password(), demo_people.totp_secret(person))

    settings.SECRET_KEY = "another site"

    assert not set(here) & {demo_people.password(), demo_people.totp_secret(person)}


def test_codes_are_printed_for_the_demonstration_only(db, demo, settings, officer):
    with_app(officer)
    with pytest.raises(CommandError, match="Nobody of the demonstration"):
        call_command("code", officer.email)
    with pytest.raises(ValueError, match="does not belong"):
        demo_people.code(officer)

    settings.DEMO_IS_ALLOWED = False

    with pytest.raises(CommandError, match="not allowed here"):
        call_command("code")


def test_codes_of_a_folder_on_which_no_portal_began_are_refused_in_a_sentence(db, demo):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE states_user RENAME TO states_user_elsewhere")

    with pytest.raises(CommandError, match="start one with `make run`"):
        call_command("code")


def test_demo_people_act_for_fictional_states_only(demo, laos):
    aldovia = StateFactory(iso3="XAA", demo=True)

    demo_people.make("focal", "Focal point (demo)", "focal-point", aldovia)

    with pytest.raises(ValueError, match="real State"):
        demo_people.make("laos", "Focal point (demo)", "focal-point", laos)


def test_nobody_is_recovered_without_a_reason(lost, officer):
    with pytest.raises(ValidationError):
        recovery.ask(lost, by=officer, reason="  ")
    with pytest.raises(ValidationError):
        recovery.from_the_machine(UserFactory(), reason="")
