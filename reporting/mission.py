"""A draft goes to the mission and comes back with its word; the letters that tell of it."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from records import letters
from records.models.events import record
from records.workflow import Refused
from reporting import certifying
from reporting import seen as seen_of
from reporting.filing import HandedIn
from reporting.models import DRAFT, Certification, Report
from states.models import Appointment, State, User
from states.models.rights import Role

KIND = "certification"


def _people(state: State, role: str) -> list[User]:
    rows = Appointment.objects.in_force(timezone.localdate()).filter(state=state, role=role)
    return list(User.objects.filter(pk__in=rows.values("user"), is_active=True).order_by("pk"))


def _locked(report: Report) -> Report:
    held = Report.objects.select_for_update(of=("self",)).select_related("state").get(pk=report.pk)
    if held.status != DRAFT:
        raise HandedIn(held)
    return held


@transaction.atomic
def ask(report: Report, *, by: User) -> int:
    """Tells those who certify that the draft waits; returns how many there are.

    The same draft once more tells nobody twice. Raises `Refused`, also where nobody certifies.
    """
    held = _locked(report)
    certifying.must(by, "draft_report", held.state)
    people = _people(held.state, Role.CERTIFIER)
    if not people:
        raise Refused(
            _("Nobody of your mission is appointed to certify: the ISU appoints whom you name.")
        )
    for user in people:
        _write(held, user, "certification-asked", f"asked/{seen_of.token(held)}", by)
    record("ask-certification", held, by=by, state=held.state)
    return len(people)


@transaction.atomic
def say(report: Report, *, certified: bool, word: str, seen: str, by: User) -> Certification:
    """The mission's word on the draft as it stands; the focal points are told. Raises `Refused`.

    `seen` is the `token` of the draft that was read: what was saved since was not.
    """
    held = _locked(report)
    certifying.must(by, "certify_report", held.state)
    if not certified and not word.strip():
        raise Refused(_("Say what is to be changed: the focal point reads it."))
    if seen != seen_of.token(held):
        raise Refused(
            _("The draft was saved while you were reading. It is below as it stands now.")
        )
    row = Certification.objects.create(
        report=held, certified=certified, by=by, word=word.strip(), stood=seen_of.stands_as(held)
    )
    # The word itself is about a draft, and stands in no event and no letter.
    record("certify" if certified else "send-back", held, by=by, state=held.state)
    template = "certification-given" if certified else "certification-sent-back"
    for user in _people(held.state, Role.FOCAL_POINT):
        _write(held, user, template, f"said/{row.pk}", by)
    return row


def _write(report: Report, to: User, template: str, what: str, by: User) -> None:
    page = "report-certify" if template == "certification-asked" else "report-check"
    address = reverse(page, args=[report.state_id, report.kind, report.year])
    letters.write(
        key=f"certification/{report.pk}/{what}/{to.pk}",
        kind=KIND,
        to=to.email,
        template=template,
        context={
            "report": report,
            "state_name": report.state.name(language=to.language),
            "who": by,
            "address": settings.SITE_URL + address,
        },
        language=to.language,
        state=report.state,
        resend=True,
        by=by,
        of_state_itself=True,
    )
