"""What a State is given when it hands in: the letter to the Secretary-General says what is true."""

import pytest

from records import uploads
from reporting import filing, receipt
from reporting.models import Attachment, Report
from reporting.workflow import REPORTS
from states.models.rights import Role
from tests.conftest import appointed
from tests.reporting.papers import chosen, received

pytestmark = pytest.mark.usefixtures("today")


def handed_in(draft, by):
    draft.original = received(draft.state, words=f"version {draft.number}")
    draft.save()
    return REPORTS.take("hand-in", draft, by=by)


@pytest.mark.parametrize("sent", [True, False])
def test_a_version_replaces_only_what_was_sent(laos, focal_point, sent):
    first = handed_in(filing.begin(laos, "annual", 2025, by=focal_point), focal_point)
    if sent:
        Report.objects.filter(pk=first.pk).update(sent_to_unoda="2026-04-20")
    second = handed_in(filing.amend(first, by=focal_point), focal_point)

    said = receipt.to_unoda(Report.objects.get(pk=second.pk)).body

    assert ("replaces the version sent before" in said) == sent


def test_a_receipt_is_read_by_the_state_and_by_those_who_keep_reports(
    laos, focal_point, officer, signed_in, stranger
):
    finances = appointed(Role.FINANCE_OFFICER, None, "fo@example.org", "Finance officer")
    row = handed_in(filing.begin(laos, "annual", 2025, by=focal_point), focal_point)
    receipt.issue_paper(row)

    address = f"/documents/{row.reference}/"
    read = {user: signed_in(user).get(address).status_code for user in (focal_point, officer)}
    assert set(read.values()) == {200}
    for user in (finances, stranger):
        assert signed_in(user).get(address).status_code == 404
        assert signed_in(user).get(f"{address}en.pdf").status_code == 404


def test_the_letter_and_its_page_name_every_annex(laos, focal_point, signed_in):
    draft = filing.begin(laos, "annual", 2025, by=focal_point)
    for name in ("law.pdf", "photograph.pdf"):
        upload = uploads.receive(chosen(name, words=name), laos, focal_point)
        Attachment.objects.create(report=draft, form="measures", upload=upload)
    row = handed_in(draft, focal_point)

    assert "With it go its annexes: law.pdf, photograph.pdf." in receipt.to_unoda(row).body
    page = signed_in(focal_point).get(
        f"/what-we-owe/LAO/annual/2025/{row.number}/send/"
    ).content.decode()  # fmt: skip
    assert "law.pdf</a>" in page
    assert "photograph.pdf</a>" in page
