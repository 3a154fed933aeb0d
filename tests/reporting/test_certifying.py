"""The mission's word before hand-in: the State's own rule, of the draft exactly as it stands."""

import datetime as dt
import re

import pytest
from django.db import ProgrammingError, transaction
from django.db.models import F
from django.urls import reverse

from records.models import Event, Letter
from records.workflow import Refused
from reporting import answering, certifying, filing, mission, receipt
from reporting import seen as shown
from reporting.art7_2010 import ART7_2010
from reporting.models import Certification, CertifiedFirst, FormAnswers, Report
from states import access
from states.models import User
from states.models.rights import Role
from tests import factories
from tests.conftest import appointed

pytestmark = pytest.mark.usefixtures("today")
CLEARANCE = ART7_2010.form("clearance")
YEAR = ["LAO", "annual", 2025]


@pytest.fixture
def draft(laos, focal_point):
    row = filing.begin(laos, "annual", 2025, by=focal_point)
    FormAnswers.objects.create(
        report=row, form="clearance", said={"programme": "Two teams."}, touched_by=focal_point
    )
    return row


@pytest.fixture
def certifier(laos, db):
    user = factories.UserFactory(email="mission.lao@example.org", name="Mission, Lao PDR")
    access.appoint(
        user, Role.CERTIFIER, laos, from_on=dt.date(2020, 1, 1), reference="note 7", by=None
    )
    return User.objects.get(pk=user.pk)


@pytest.fixture
def rule(laos, focal_point):
    return certifying.switch_on(laos, reason="Our ministry's order 12.", by=focal_point)


def certify(draft, by):
    return mission.say(draft, certified=True, word="", seen=shown.token(draft), by=by)


def test_without_the_switch_nobody_is_asked(draft, focal_point):
    assert receipt.hand_in(draft, by=focal_point).certified_at is None


def test_with_the_switch_a_report_is_handed_in_once_it_is_certified(
    draft, rule, focal_point, certifier
):
    with pytest.raises(Refused, match="not certified as it stands"):
        receipt.hand_in(draft, by=focal_point)

    certify(draft, certifier)
    row = receipt.hand_in(draft, by=focal_point)

    assert row.certified_by == certifier
    assert row.certified_at is not None


def test_the_receipt_says_who_certified_and_when(
    draft, rule, focal_point, certifier, signed_in, laos
):
    certify(draft, certifier)
    row = receipt.hand_in(draft, by=focal_point)
    paper = receipt.issue_paper(row)

    page = signed_in(focal_point).get(reverse("report-receipt", args=[*YEAR, 1]))
    assert "Certified by" in page.text
    assert "Mission, Lao PDR" in page.text
    assert "Mission, Lao PDR on 20 November 2026" in paper.revisions.get().body
    letter = Letter.objects.filter(kind="receipt").first()
    assert "Certified by Mission, Lao PDR on 20 November 2026" in letter.body


def test_whatever_is_saved_afterwards_voids_it_and_is_named(
    draft, rule, focal_point, certifier, signed_in
):
    certify(draft, certifier)
    row = answering.row_of(draft, CLEARANCE)
    answering.save(
        draft,
        CLEARANCE,
        {"programme": "Three teams."},
        None,
        by=focal_point,
        seen=answering.token(row),
    )
    FormAnswers.objects.update(touched_at=F("touched_at") + dt.timedelta(seconds=90))

    draft.refresh_from_db()
    assert certifying.standing(draft) is None
    with pytest.raises(Refused):
        receipt.hand_in(draft, by=focal_point)
    page = signed_in(focal_point).get(reverse("report-check", args=YEAR)).text
    assert "That counts no more" in page
    assert "Focal point, Lao PDR saved Form F on 20 November 2026" in page


def test_a_change_of_the_cover_page_or_the_contacts_voids_it_too(
    draft, rule, focal_point, certifier
):
    word = certify(draft, certifier)
    Report.objects.update(touched_at=F("touched_at") + dt.timedelta(minutes=2))
    draft.refresh_from_db()

    assert certifying.standing(draft) is None
    assert "saved the draft (cover page" in certifying.changes_since(draft, word)[0]


def test_what_was_not_read_is_not_certified(draft, rule, certifier, signed_in):
    at = signed_in(certifier)
    address = reverse("report-certify", args=YEAR)
    seen = at.get(address).context["seen"]
    FormAnswers.objects.update(
        said={"programme": "Nine teams."}, touched_at=F("touched_at") + dt.timedelta(seconds=9)
    )

    answer = at.post(address, {"act": "certify", "seen": seen, "word": "Well done"})

    assert answer.status_code == 409
    assert "was saved while you were reading" in answer.text
    assert "Nine teams." in answer.text
    assert "Well done</textarea>" in answer.text
    assert not Certification.objects.exists()


def test_a_draft_is_sent_back_with_a_word_that_stays_in_the_state(
    draft, rule, focal_point, certifier, signed_in, officer
):
    at = signed_in(certifier)
    address = reverse("report-certify", args=YEAR)
    seen = at.get(address).context["seen"]
    none = at.post(address, {"act": "back", "seen": seen, "word": " "})
    assert none.status_code == 409
    at.post(address, {"act": "back", "seen": seen, "word": "The size of the north is old."})

    assert (
        "The size of the north is old."
        in signed_in(focal_point).get(reverse("report-check", args=YEAR)).text
    )
    letter = Letter.objects.get(kind="certification")
    assert letter.to == "fp.lao@example.org"
    assert letter.status == "queued"
    assert "north" not in letter.body
    assert not Event.objects.filter(note__contains="north").exists()
    with pytest.raises(Refused):
        receipt.hand_in(draft, by=focal_point)


def test_the_mission_is_told_once_of_the_same_draft(draft, rule, focal_point, certifier):
    assert mission.ask(draft, by=focal_point) == 1
    mission.ask(draft, by=focal_point)

    letter = Letter.objects.get(kind="certification")
    assert letter.to == "mission.lao@example.org"
    assert letter.status == "queued", "it is not held for the ISU"
    assert re.search(r"/what-we-owe/LAO/annual/2025/certify/", letter.body)


def test_many_presses_do_not_flood_the_mission(draft, rule, focal_point, certifier, signed_in):
    at = signed_in(focal_point)
    for _one in range(25):
        Report.objects.update(touched_at=F("touched_at") + dt.timedelta(seconds=5))
        answer = at.post(reverse("report-certify-ask", args=YEAR), follow=True)

    assert "Too many letters within an hour" in answer.text
    assert Letter.objects.filter(kind="certification").count() == 20


def test_the_desk_reads_no_letter_between_the_state_and_its_mission(
    draft, rule, focal_point, certifier, officer, signed_in
):
    mission.ask(draft, by=focal_point)
    mission.say(draft, certified=False, word="Old.", seen=shown.token(draft), by=certifier)
    at = signed_in(officer)

    letters = Letter.objects.filter(kind="certification")
    assert {one.to for one in letters} == {"mission.lao@example.org", "fp.lao@example.org"}
    assert not letters.of_desk()
    for one in letters:
        assert one.subject not in at.get(reverse("admin:outlook")).text
        page = at.get(reverse("admin:records_letter_change", args=[one.pk]), follow=True)
        assert one.to not in page.text


def test_where_nobody_certifies_the_state_is_told_so(draft, rule, focal_point):
    with pytest.raises(Refused, match="Nobody of your mission is appointed"):
        mission.ask(draft, by=focal_point)


def test_the_law_wins_the_focal_point_switches_it_off_with_a_reason(
    draft, rule, focal_point, laos, certifier
):
    with pytest.raises(Refused, match="Say why"):
        certifying.switch_off(laos, reason=" ", by=focal_point)

    certifying.switch_off(laos, reason="The mission is closed today.", by=focal_point)

    assert receipt.hand_in(draft, by=focal_point).status == "handed-in"
    row = CertifiedFirst.objects.get()
    assert (row.ended_by, row.end_reason) == (focal_point, "The mission is closed today.")
    verbs = Event.objects.about(laos).order_by("pk").values_list("verb", "note")
    assert list(verbs) == [
        ("certification-on", ""),
        ("certification-off", ""),
    ], "why is in the row alone"


def test_only_the_focal_point_switches_and_only_the_mission_certifies(
    draft, laos, certifier, focal_point
):
    drafter = appointed(Role.DRAFTER, laos, "drafter@example.org", "Drafter")
    for by in (drafter, certifier):
        with pytest.raises(Refused):
            certifying.switch_on(laos, reason="Because", by=by)
    for by in (drafter, focal_point):
        with pytest.raises(Refused):
            certify(draft, by)
    for by in (drafter, certifier):
        with pytest.raises(Refused):
            receipt.hand_in(draft, by=by)


def test_whoever_certifies_reads_the_draft_and_writes_nothing_in_it(
    draft, rule, certifier, signed_in
):
    at = signed_in(certifier)

    assert "Two teams." in at.get(reverse("report-certify", args=YEAR)).text
    assert at.get(reverse("report-preview", args=YEAR))["Content-Type"] == "application/pdf"
    assert "For the mission to certify" in at.get(reverse("owe")).text
    for address in (
        reverse("report-form", args=[*YEAR, "clearance"]),
        reverse("report-draft", args=YEAR),
        reverse("report-contacts", args=YEAR),
    ):
        assert at.get(address).status_code == 404
        assert at.post(address, {"programme": "Nine."}).status_code == 404


def test_the_isu_sees_the_rule_and_not_the_word(draft, rule, certifier, officer, signed_in, laos):
    mission.say(draft, certified=False, word="Old.", seen=shown.token(draft), by=certifier)
    page = signed_in(officer).get(reverse("admin:states_state_change", args=["LAO"])).text

    assert "has its mission certify reports first" in page
    assert "Our ministry&#x27;s order 12." in page
    assert "Old." not in page

    finances = signed_in(appointed(Role.FINANCE_OFFICER, None, "fo@example.org", "Finance officer"))
    for address in (
        reverse("admin:states_state_change", args=["LAO"]),
        reverse("admin:records_event_changelist"),
        reverse("admin:states_state_history", args=["LAO"]),
    ):
        answer = finances.get(address)
        assert answer.status_code == 200
        assert "order 12" not in answer.text


def test_a_word_of_the_mission_is_written_once(draft, rule, certifier):
    row = certify(draft, certifier)

    with pytest.raises(ProgrammingError), transaction.atomic():
        Certification.objects.filter(pk=row.pk).update(certified=False)


@pytest.mark.parametrize("number", [1, 3])
def test_the_check_page_takes_the_same_queries_for_many_words(
    draft, rule, certifier, focal_point, signed_in, number, django_assert_num_queries
):
    for _one in range(number):
        certify(draft, certifier)
    at, address = signed_in(focal_point), reverse("report-check", args=YEAR)
    at.get(address)

    with django_assert_num_queries(QUERIES):
        at.get(address)


QUERIES = 28
