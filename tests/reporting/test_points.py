"""Points of contact: the State and the ISU read them, the public only where the State agrees."""

import datetime as dt

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.db import ProgrammingError, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

from records.models import Letter, Revision
from records.workflow import Refused
from reporting import doubts, filing, points, points_page, receipt
from reporting.models import FormAnswers, PointOfContact, Report
from reporting.workflow import REPORTS
from states.models import Organisation
from states.models.rights import Role
from tests import factories
from tests.conftest import appointed
from tests.reporting.publishing import CLEARANCE

pytestmark = pytest.mark.usefixtures("today")
YEAR = ["LAO", "annual", 2025]
SECRETS = ("desk officer", "+856 21 000 000", "desk@mfa.example", "+856 21 111 111")
ROW = {
    "institution": "Ministry of Foreign Affairs",
    "name": "desk officer",
    "telephone": "+856 21 000 000",
    "email": "desk@mfa.example",
    "fax": "+856 21 111 111",
}


@pytest.fixture
def draft(laos, focal_point):
    row = filing.begin(laos, "annual", 2025, by=focal_point)
    FormAnswers.objects.create(report=row, form="clearance", said=CLEARANCE)
    return row


@pytest.fixture
def at(focal_point, signed_in):
    return signed_in(focal_point)


def named(draft, by, *, public):
    return points_page.save(draft, [ROW], public, by=by, seen=draft.touched_at.isoformat())


def published(draft, by, officer, *, public):
    row = receipt.hand_in(named(draft, by, public=public), by=by)
    receipt.issue_paper(row)
    REPORTS.take("publish", Report.objects.get(pk=row.pk), by=officer)
    return Report.objects.get(pk=row.pk)


def words_of(content):
    paper = pypdfium2.PdfDocument(content)
    text = "\n".join(page.get_textpage().get_text_range() for page in paper)
    paper.close()
    return text


def text_of(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return words_of(content) if content.startswith(b"%PDF") else content.decode(errors="replace")


def sent(draft, **given):
    """What the page sends with one row."""
    row = {f"form-0-{key}": value for key, value in ROW.items()}
    return (
        {
            "form-TOTAL_FORMS": "1",
            "form-INITIAL_FORMS": "0",
            "touched": draft.touched_at.isoformat(),
            "public": "",
        }
        | row
        | given
    )


def public_addresses(report):
    """Every way on which the public, signed in or not, reads something of a report."""
    yield report.get_absolute_url()
    yield reverse("file", args=[report.original.pk, report.original.name])
    yield "/api/v1/reports"
    yield f"/api/v1/reports/{report.reference}"
    yield "/api/v1/figures"
    yield reverse("state", args=["LAO"])
    for words in ("desk officer", "desk@mfa.example", "Foreign Affairs"):
        yield f"/search/?q={words}"


@pytest.mark.parametrize("public", [None, False])
def test_without_a_yes_nothing_public_holds_them(
    draft, focal_point, officer, finance_reader, observer_of, public, laos, signed_in
):
    report = published(draft, focal_point, officer, public=public)

    for client in (Client(), signed_in(finance_reader), signed_in(observer_of)):
        for address in public_addresses(report):
            answer = client.get(address)
            assert answer.status_code == 200, address
            text = text_of(answer).replace("desk@mfa.example&quot;", "")
            for secret in SECRETS:
                if f"q={secret}" not in address:
                    assert secret not in text, (address, secret)
    admin = signed_in(finance_reader).get(
        reverse("admin:reporting_report_change", args=[report.pk])
    )
    assert not [secret for secret in SECRETS if secret in admin.text]
    kept = [*Revision.objects.values_list("body", flat=True)]
    kept += Letter.objects.values_list("body", flat=True)
    assert not [text for text in kept for secret in SECRETS if secret in text]
    # Whoever reads the receipt's paper reads none of them either.
    for revision in Revision.objects.all():
        with default_storage.open(revision.pdf, "rb") as file:
            text = words_of(file.read())
        assert not [secret for secret in SECRETS if secret in text]


def test_the_state_and_the_isu_read_them_all_the_same(draft, focal_point, officer, signed_in, at):
    report = published(draft, focal_point, officer, public=False)

    for client in (at, signed_in(officer)):
        for address in (
            report.get_absolute_url(),
            reverse("report-receipt", args=[*YEAR, 1]),
            reverse("report-contacts-sheet", args=[*YEAR, 1]),
        ):
            text = text_of(client.get(address))
            assert "desk@mfa.example" in text, address
    admin = signed_in(officer).get(reverse("admin:reporting_report_change", args=[report.pk]))
    assert "desk@mfa.example" in admin.text
    sheet = text_of(at.get(reverse("report-contacts-sheet", args=[*YEAR, 1])))
    assert "not for publication" in sheet
    assert "DRAFT" not in sheet.upper()


def test_where_nobody_is_named_there_is_no_sheet(draft, focal_point, at):
    receipt.hand_in(draft, by=focal_point)

    assert at.get(reverse("report-contacts-sheet", args=[*YEAR, 1])).status_code == 404


def test_with_a_yes_they_are_printed_on_the_cover_page(draft, focal_point, officer):
    report = published(draft, focal_point, officer, public=True)

    page = Client().get(report.get_absolute_url()).text
    paper = text_of(Client().get(reverse("file", args=[report.original.pk, report.original.name])))
    for secret in SECRETS:
        assert secret in page
        assert secret in paper
    assert paper.index("desk officer") < paper.index("Ban Phonsavan")


def test_the_state_names_them_and_says_whether_they_may_be_published(at, draft):
    address = reverse("report-contacts", args=YEAR)
    answer = at.post(address, sent(draft, public="yes"))

    assert answer.url == reverse("report-draft", args=YEAR)
    assert PointOfContact.objects.get().email == "desk@mfa.example"
    assert Report.objects.get().contacts_public is True
    page = at.get(answer.url).text
    assert "Ministry of Foreign Affairs." in page
    assert "They are published with the report." in page


def test_not_answered_is_a_doubt_and_no_obstacle(draft, focal_point):
    none = [one.text for one in doubts.doubts(draft)]
    assert "No national point of contact is named: Article 7(1)(l) asks for them." in none
    row = named(draft, focal_point, public=None)
    texts = [one.text for one in doubts.doubts(row)]
    assert "It is not said whether the points of contact may be published: they will not be." in (
        texts
    )

    assert receipt.hand_in(row, by=focal_point).contacts_public is None


@pytest.mark.parametrize(
    "given",
    [
        {"form-0-email": "no mailbox"},
        {"form-0-institution": ""},
        {"form-0-institution": "x" * 400},
        {"form-0-name": "\0"},
        {"public": "perhaps"},
        {"form-TOTAL_FORMS": "9999999"},
        {"form-TOTAL_FORMS": "many"},
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(at, draft, given):
    answer = at.post(reverse("report-contacts", args=YEAR), sent(draft, **given))

    assert answer.status_code == 200
    assert 'class="errors"' in answer.text
    assert not PointOfContact.objects.exists()


def test_a_stale_save_overwrites_nothing_and_loses_nothing(at, draft, focal_point):
    old = sent(draft)
    named(draft, focal_point, public=False)
    Report.objects.update(touched_at=F("touched_at") + dt.timedelta(seconds=5))

    answer = at.post(
        reverse("report-contacts", args=YEAR), old | {"form-0-institution": "Ministry of Defence"}
    )

    assert answer.status_code == 409
    assert "Ministry of Foreign Affairs" in answer.text
    assert 'value="Ministry of Defence"' in answer.text
    assert PointOfContact.objects.get().institution == "Ministry of Foreign Affairs"


def test_they_are_taken_over_from_the_last_report_and_asked_about_anew(draft, focal_point, laos):
    receipt.hand_in(named(draft, focal_point, public=True), by=focal_point)

    new = filing.begin(laos, "annual", 2026, by=focal_point)
    assert [one.email for one in points.of(new)] == ["desk@mfa.example"]
    assert new.contacts_public is None
    amended = filing.amend(Report.objects.get(year=2025), by=focal_point)
    assert [one.email for one in points.of(amended)] == ["desk@mfa.example"]
    assert amended.contacts_public is None


def test_a_first_report_is_offered_the_contacts_that_the_portal_knows(at, draft, laos):
    factories.ContactFactory(
        state=laos, institution="Ministry of Foreign Affairs", email="known@mfa.example"
    )
    page = at.get(reverse("report-contacts", args=YEAR)).text

    assert 'value="known@mfa.example"' in page
    assert "Nothing is kept until you save." in page
    assert not PointOfContact.objects.exists()


def test_what_was_handed_in_is_final_and_can_be_erased(draft, focal_point, officer, stranger):
    receipt.hand_in(named(draft, focal_point, public=False), by=focal_point)
    row = PointOfContact.objects.get()
    with pytest.raises(ProgrammingError), transaction.atomic():
        PointOfContact.objects.update(email="other@mfa.example")
    with pytest.raises(ProgrammingError), transaction.atomic():
        row.delete()
    with pytest.raises(ProgrammingError), transaction.atomic():
        Report.objects.update(contacts_public=True)
    with pytest.raises(Refused):
        points.erase(row, by=focal_point, reason="asked")

    points.erase(row, by=officer, reason="The person asked for it.")

    row.refresh_from_db()
    assert (row.name, row.telephone, row.email, row.fax) == ("", "", "", "")
    assert row.institution == "Ministry of Foreign Affairs"


@pytest.fixture
def finance_reader(db):
    return appointed(Role.FINANCE_OFFICER, None, "finance@example.org", "Finance officer")


@pytest.fixture
def observer_of(icrc):
    return appointed(Role.OBSERVER, icrc, "observer@example.org", "Observer")


@pytest.fixture
def stranger(db):
    return factories.UserFactory()


@pytest.fixture
def icrc(db):

    return Organisation.objects.create(code="icrc", name_en="ICRC")
