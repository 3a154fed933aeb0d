"""Rights hang on States, follow the dates of appointments, and are never personal."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from states import access
from states.models import Appointment, StateUserPermission, User
from tests import factories
from tests.conftest import appointed


def test_a_focal_point_may_hand_in_for_the_own_state_and_no_other(focal_point, laos, peru):
    assert access.may(focal_point, "hand_in_report", laos)

    answer = access.may(focal_point, "hand_in_report", peru)

    assert not answer
    assert "Peru" in answer.reason


def test_rights_end_with_the_last_day_of_the_term_without_any_job(focal_point, laos):
    appointment = Appointment.objects.get(user=focal_point)
    access.end_appointment(appointment, on=dt.date(2026, 11, 20), by=None, reason="note 7/2026")

    person = User.objects.get(pk=focal_point.pk)
    with time_machine.travel("2026-11-20 22:30:00+00:00"):
        last_day = bool(access.may(person, "view_drafts", laos))
    with time_machine.travel("2026-11-20 23:30:00+00:00"):
        day_after = bool(access.may(person, "view_drafts", laos))

    assert last_day
    assert not day_after


def test_an_appointment_ended_at_once_takes_the_rights_away_that_moment(focal_point, laos, today):
    access.end_at_once(Appointment.objects.get(user=focal_point), by=None, reason="note 7/2026")

    person = User.objects.get(pk=focal_point.pk)
    assert not access.may(person, "view_drafts", laos)
    assert not person.groups.exists()
    assert access.rights(person, dt.date(2026, 11, 19)).of_states


@pytest.mark.parametrize("from_on", [dt.date(2026, 11, 20), dt.date(2026, 12, 1)])
def test_an_appointment_that_began_today_or_is_yet_to_begin_can_be_ended_at_once(
    stranger, laos, today, from_on
):
    row = access.appoint(stranger, "drafter", laos, from_on=from_on, reference="note 8", by=None)

    access.end_at_once(row, by=None, reason="the wrong person")

    for days in range(14):
        assert not access.rights(
            User.objects.get(pk=stranger.pk), today + dt.timedelta(days)
        ).of_states


def test_whose_term_was_ended_at_once_may_act_for_another_the_same_day(
    focal_point, director, today
):
    access.end_at_once(focal_point.appointments.get(), by=director, reason="note 5")

    access.appoint(focal_point, "officer", None, from_on=today, reference="c", by=director)

    assert access.is_secretariat(User.objects.get(pk=focal_point.pk))


@pytest.mark.parametrize("states", [1, 3])
def test_one_question_tells_what_a_person_may_do_and_reads(
    stranger, laos, states, django_assert_num_queries
):
    codes = ["QZZ", "RZZ", "SZZ"][:states]
    for code in codes:
        of = factories.party(code, f"State {code}", "2012-09-26")
        for role in ("focal-point", "coordinator"):
            access.appoint(
                stranger, role, of, from_on=dt.date(2026, 1, 1), reference="note 9", by=None
            )
    person = User.objects.get(pk=stranger.pk)

    with django_assert_num_queries(1):
        held = access.rights(person)
        read = access.audiences(person)

    assert ("hand_in_report", "QZZ") in held.of_states
    assert ("hold_office", "QZZ") in held.of_states
    assert read >= {("state", code) for code in codes}
    assert not access.may(person, "hand_in_report", laos)


def test_nobody_can_be_granted_anything_personally(focal_point, laos):
    permission = Permission.objects.get(codename="view_drafts")

    with pytest.raises(IntegrityError, match="no_personal_permission"):
        StateUserPermission.objects.create(
            user=focal_point, permission=permission, content_object=laos
        )


def test_the_secretariat_reads_no_drafts(officer, laos):
    assert not access.may(officer, "view_drafts", laos)
    assert access.may(officer, "publish_report", laos)


def test_an_assistant_cannot_make_a_director(assistant, director, stranger):
    def appoint(by):
        access.appoint(
            stranger, "director", None, from_on=dt.date(2026, 11, 1), reference="12MSP", by=by
        )

    with pytest.raises(ValidationError, match="does not allow this"):
        appoint(assistant)

    appoint(director)
    assert access.may(User.objects.get(pk=stranger.pk), "change_practice")


def test_nobody_of_the_secretariat_makes_themselves_a_reader_of_drafts(assistant, laos):
    with pytest.raises(ValidationError, match="at the same time"):
        access.appoint(
            assistant,
            "focal-point",
            laos,
            from_on=dt.date(2026, 11, 1),
            reference="note 4",
            by=assistant,
        )

    assert not access.may(User.objects.get(pk=assistant.pk), "view_drafts", laos)


def test_a_delegate_joins_the_secretariat_when_the_other_term_is_over(focal_point, director):
    def appoint():
        access.appoint(
            focal_point, "officer", None, from_on=dt.date(2026, 12, 1), reference="c", by=director
        )

    with pytest.raises(ValidationError, match="at the same time"):
        appoint()

    access.end_appointment(
        focal_point.appointments.get(), on=dt.date(2026, 11, 30), by=director, reason="note 5"
    )
    appoint()
    assert focal_point.appointments.count() == 2


def test_a_focal_point_cannot_appoint_anybody(focal_point, stranger, laos):
    with pytest.raises(ValidationError, match="does not allow this"):
        access.appoint(
            stranger,
            "drafter",
            laos,
            from_on=dt.date(2026, 11, 1),
            reference="note 3",
            by=focal_point,
        )


@pytest.mark.parametrize("role", access.STATE_ROLES)
def test_a_role_gives_exactly_its_rights_and_only_for_its_state(laos, peru, role):
    person = appointed(role, laos, "person@example.org", "Somebody")

    assert access.rights(person).of_states == {(right, "LAO") for right in access.STATE_ROLES[role]}
