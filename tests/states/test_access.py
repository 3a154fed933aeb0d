"""Rights hang on States, follow the dates of appointments, and are never personal."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from states import access
from states.models import Appointment, StateUserPermission, User


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
