"""Passes and invitations: shown as often as one likes, used once, and silent about the rest."""

import datetime as dt
import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from records.models import Letter
from states import access, invitations, passes
from states.forms import InvitationForm
from states.models import Appointment, Pass, PassUse, User
from states.models.rights import Role
from tests import factories
from tests.states.test_sign_in import with_app

PASSWORD = "four calm words together"
DAY = dt.date(2026, 11, 20)


@pytest.fixture
def invited(db, officer, laos):
    return invitations.invite(
        email="New.Person@mfa.example",
        name="Treaty section",
        role=Role.FOCAL_POINT,
        of=laos,
        from_on=DAY,
        reference="Note verbale 12/2026",
        by=officer,
        language="fr",
    )


def page_of(invited):
    return reverse("invitation", args=[invited.secret])


def accept(client, invited, password=PASSWORD):
    return client.post(page_of(invited), {"password": password, "again": password})


def test_an_invitation_makes_a_user_an_appointment_and_a_pass(invited, laos, officer):
    appointment = Appointment.objects.get(user=invited.user)

    assert invited.user.email == "new.person@mfa.example"
    assert not invited.user.has_usable_password()
    assert access.may(invited.user, "hand_in_report", laos)
    assert appointment.appointed_by == officer
    assert invited.row.made_by == officer
    assert invited.secret not in {invited.row.digest, invited.row.subject}
    reason = invited.user.history.latest("pgh_id").pgh_context["reason"]
    assert "Note verbale 12/2026" in reason


def test_whom_a_person_may_act_for_stands_in_the_order_of_the_alphabet(officer):
    for iso3, name in (("CZE", "Czechia"), ("CIV", "Côte d’Ivoire"), ("CUB", "Cuba")):
        factories.StateFactory(iso3=iso3, name_en=name)

    groups = dict(InvitationForm(by=officer).fields["of"].choices)

    assert [code for code, _name in groups["States"]] == ["CIV", "CUB", "CZE"]


def test_looking_at_an_invitation_does_not_use_it_up(invited, client):
    first = client.get(page_of(invited))
    second = client.get(page_of(invited))

    assert first.status_code == second.status_code == 200
    assert "new.person@mfa.example" in first.content.decode()
    assert not PassUse.objects.exists()


def test_accepting_sets_the_password_signs_in_and_leaves_a_row(invited, client):
    response = accept(client, invited)

    user = User.objects.get(pk=invited.user.pk)
    assert response.url == reverse("mfa_index")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=user).verified
    assert PassUse.objects.get().used_pass == invited.row


def test_the_portal_goes_on_in_the_language_of_the_account(invited, client):
    english = {"accept-language": "en"}
    fields = {"password": PASSWORD, "again": PASSWORD}
    client.post(page_of(invited), fields, headers=english)

    account = client.get(reverse("mfa_index"), headers=english)

    assert account.headers["Content-Language"] == "fr"
    assert " de passe est défini." in account.text


def test_a_weak_password_is_named_and_uses_nothing_up(invited, client):
    response = accept(client, invited, "short")

    assert "too short" in response.content.decode()
    assert not PassUse.objects.exists()
    assert client.get(page_of(invited)).status_code == 200


def test_unknown_used_expired_and_revoked_look_alike(invited, client, officer):
    user = invited.user
    _used, used_secret = passes.make("invitation", f"user/{user.pk}", user.email, by=None)
    passes.use(used_secret, "invitation", act="tried")
    revoked, revoked_secret = passes.make("invitation", f"user/{user.pk}", user.email, by=None)
    passes.revoke(revoked, by=officer)
    _row, expired = passes.make("invitation", f"user/{user.pk}", user.email, by=None, days=-1)
    _row, other = passes.make("contacts", "state/LAO", user.email, by=None)

    answers = [
        client.get(reverse("invitation", args=[secret]))
        for secret in ("unknown", used_secret, revoked_secret, expired, other)
    ]

    assert {answer.status_code for answer in answers} == {404}
    pages = {re.sub(r"/pass/\S+?\"", "", answer.content.decode()) for answer in answers}
    assert len(pages) == 1
    assert "does not work any more" in pages.pop()


def test_a_used_invitation_sets_no_second_password(invited, client):
    accept(client, invited)
    client.logout()

    response = accept(client, invited, "another password of mine")

    assert response.status_code == 404
    assert User.objects.get(pk=invited.user.pk).check_password(PASSWORD)


def test_an_invitation_runs_out_after_fourteen_days(invited, client):
    with time_machine.travel(timezone.now() + dt.timedelta(days=15)):
        assert client.get(page_of(invited)).status_code == 404


def test_the_address_of_a_pass_is_never_cached_nor_passed_on(invited, client):
    response = client.get(page_of(invited))

    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in response.headers["Cache-Control"]


def test_guessing_is_slowed_down(db, client):
    answers = [client.get(reverse("invitation", args=[f"guess{n}"])) for n in range(31)]

    assert [answer.status_code for answer in answers] == [404] * 30 + [429]
    assert answers[-1].headers["Referrer-Policy"] == "strict-origin"


def test_a_pass_opens_no_account_that_holds_a_second_factor(invited, client):
    with_app(invited.user)

    response = accept(client, invited)

    assert response.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session


def test_an_invited_member_of_the_secretariat_sets_up_a_second_factor_first(director, client):
    invited = invitations.invite(
        email="officer.two@example.org",
        name="Officer",
        role=Role.OFFICER,
        of=None,
        from_on=DAY,
        reference="Decision 3/2026",
        by=director,
    )

    with time_machine.travel("2026-11-20 12:00:00+00:00"):
        accept(client, invited)

        assert client.get(reverse("mfa_index")).url == reverse("mfa_activate_totp")
        assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_the_letter_names_the_appointment_and_is_not_kept(
    invited, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        invitations.send(invited)

    letter = mail.outbox[0]
    assert letter.to == ["new.person@mfa.example"]
    assert settings.SITE_URL + page_of(invited) in letter.body
    assert "Note verbale 12/2026" in letter.body
    assert not Letter.objects.exists()


def test_inviting_once_more_appoints_once_and_ends_the_earlier_link(invited, client, officer, laos):
    again = invitations.invite(
        email="new.person@mfa.example",
        name="Treaty section",
        role=Role.FOCAL_POINT,
        of=laos,
        from_on=DAY,
        reference="Note verbale 12/2026",
        by=officer,
    )

    assert Appointment.objects.filter(user=invited.user).count() == 1
    assert client.get(page_of(invited)).status_code == 404
    assert client.get(page_of(again)).status_code == 200


def test_whoever_has_an_account_gets_the_appointment_and_no_pass(focal_point, officer, peru):
    focal_point.set_password(PASSWORD)
    focal_point.save()

    invited = invitations.invite(
        email=focal_point.email,
        name="ignored",
        role=Role.DRAFTER,
        of=peru,
        from_on=DAY,
        reference="Note verbale 13/2026",
        by=officer,
    )

    assert invited.row is None
    assert focal_point.appointments.count() == 2
    assert not Pass.objects.exists()


def test_the_secretariat_invites_from_its_page(
    officer, signed_in, laos, django_capture_on_commit_callbacks
):
    client = signed_in(officer)

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            reverse("invite"),
            {
                "name": "Mission of Lao PDR",
                "email": "mission@lao.example",
                "language": "en",
                "role": "focal-point",
                "of": "LAO",
                "from_on": "2026-11-20",
                "reference": "Note verbale 12/2026",
            },
        )

    assert response.status_code == 302
    assert Appointment.objects.get(user__email="mission@lao.example").appointed_by == officer
    assert mail.outbox[-1].to == ["mission@lao.example"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"role": "officer"}, "is no role there"),
        ({"until_on": "2026-01-01"}, "ends before it begins"),
        ({"role": "director", "of": "ISU"}, "not one of the available choices"),
    ],
)
def test_a_wrong_invitation_is_refused_with_a_sentence(
    assistant, signed_in, laos, change, sentence
):
    client = signed_in(assistant)
    data = {
        "name": "Mission",
        "email": "mission@lao.example",
        "language": "en",
        "role": "focal-point",
        "of": "LAO",
        "from_on": "2026-11-20",
        "reference": "Note 12",
    }

    response = client.post(reverse("invite"), data | change)

    assert sentence in response.content.decode()
    assert not User.objects.filter(email="mission@lao.example").exists()


def test_a_letter_that_cannot_be_sent_is_said_so(
    officer, signed_in, laos, settings, django_capture_on_commit_callbacks
):
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 1},
        }
    }
    invited = invitations.invite(
        email="x@lao.example",
        name="X",
        role=Role.DRAFTER,
        of=laos,
        from_on=DAY,
        reference="Note 14",
        by=officer,
    )

    with pytest.raises(OSError), django_capture_on_commit_callbacks(execute=True):
        invitations.send(invited)

    assert Appointment.objects.filter(user__email="x@lao.example").exists()
