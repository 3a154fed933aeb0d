"""A State confirms what may be doubted, with a word; nobody but the State and the ISU reads it."""

import datetime as dt

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from records.workflow import Refused
from reporting import confirming, doubting, filing, receipt
from reporting.models import ConfirmedDoubt, FormAnswers, KeptDoubts, PublicationWish, Report
from reporting.workflow import REPORTS
from tests.conftest import SignedIn
from tests.reporting.publishing import drafted

pytestmark = pytest.mark.usefixtures("today")
# Destroyed on a day outside of the period: one rule asks.
STOCKPILES = {"destroyed": [{"id": "bbbb", "type": "BL-755", "completed_on": "2024-12-31"}]}
WORD = "Recount of March, kept in the ministry."
CHECK = ["LAO", "annual", 2025]


@pytest.fixture
def draft(laos, focal_point):
    return drafted(laos, focal_point, stockpiles=STOCKPILES)


def doubted(report, rule="days_lie_in_the_period"):
    [found] = [one for one in doubting.of_report(report) if one.doubt.rule == rule]
    return found


def test_a_confirmed_doubt_is_shown_with_its_word_to_the_state_and_the_isu(
    draft, focal_point, drafter, assistant, laos
):
    page = SignedIn(drafter)
    address = reverse("report-check", args=CHECK)
    one = doubted(draft)
    assert one.text in page.get(address).text

    answer = page.post(
        reverse("report-doubt", args=CHECK), {"facts": one.facts, "word": WORD}, follow=True
    )

    assert WORD in answer.text
    assert doubted(draft).confirmed.confirmed_by == drafter
    report = receipt.hand_in(draft, by=focal_point)
    assert WORD in SignedIn(focal_point).get(reverse("report-receipt", args=[*CHECK, 1])).text
    staff = SignedIn(assistant)
    for name in ("review", "change"):
        assert WORD in staff.get(reverse(f"admin:reporting_report_{name}", args=[report.pk])).text


def test_the_secretariat_reads_no_word_before_hand_in(draft, focal_point, assistant, laos):
    one = doubted(draft)
    confirming.confirm(draft, one.facts, WORD, by=focal_point)
    confirming.wish(draft, dt.date(2027, 5, 1), "A debate in parliament.", by=focal_point)
    staff = SignedIn(assistant)

    for address in (
        reverse("admin:index"),
        reverse("admin:reporting_report_queue"),
        reverse("admin:reporting_report_changelist"),
        reverse("admin:records_event_changelist"),
        reverse("admin:states_state_change", args=["LAO"]),
    ):
        text = staff.get(address).text
        assert WORD not in text, address
        assert "parliament" not in text, address
    review = reverse("admin:reporting_report_review", args=[draft.pk])
    assert staff.get(review).status_code == 404


def test_where_the_answers_change_the_word_no_longer_counts(draft, focal_point):
    confirming.confirm(draft, doubted(draft).facts, WORD, by=focal_point)

    row = STOCKPILES["destroyed"][0] | {"completed_on": "2024-12-30"}
    FormAnswers.objects.filter(report=draft).update(said={"destroyed": [row]})

    assert doubted(draft).confirmed is None


def test_a_word_counts_whatever_language_the_reader_reads(draft, focal_point):
    with translation.override("fr"):
        confirming.confirm(draft, doubted(draft).facts, WORD, by=focal_point)

    with translation.override("es"):
        assert doubted(draft).confirmed.word == WORD
    assert doubted(draft).confirmed.word == WORD


def test_what_was_typed_is_not_lost_when_a_word_is_refused(draft, focal_point):
    page = SignedIn(focal_point)
    address = reverse("report-doubt", args=CHECK)

    gone = page.post(address, {"facts": "0" * 64, "word": WORD})
    empty = page.post(address, {"facts": doubted(draft).facts, "word": " \0 "})
    long = page.post(address, {"facts": doubted(draft).facts, "word": "x" * 2_001})

    assert [one.status_code for one in (gone, empty, long)] == [422, 422, 422]
    assert "have changed since you opened this page" in gone.text
    assert WORD in gone.text
    assert "Say in a word why it is right" in empty.text
    assert "x" * 2_001 in long.text
    assert not ConfirmedDoubt.objects.exists()


def test_a_word_is_taken_back_while_it_is_a_draft(draft, focal_point):
    facts = doubted(draft).facts
    confirming.confirm(draft, facts, WORD, by=focal_point)

    SignedIn(focal_point).post(
        reverse("report-doubt", args=CHECK), {"facts": facts, "take-back": "1"}
    )

    assert doubted(draft).confirmed is None


def test_what_was_doubted_at_hand_in_is_kept_with_its_words_and_is_final(draft, focal_point):
    confirming.confirm(draft, doubted(draft).facts, WORD, by=focal_point)

    report = receipt.hand_in(draft, by=focal_point)

    kept = KeptDoubts.objects.get(report=report)
    assert (kept.number, kept.confirmed) == (len(kept.doubts), 1)
    assert kept.number > 1
    with translation.override("fr"):
        assert "formulaire" in doubted(report).text.lower()
    word = ConfirmedDoubt.objects.get()
    for change in (
        lambda: ConfirmedDoubt.objects.update(word="Otherwise"),
        lambda: ConfirmedDoubt.objects.all().delete(),
        lambda: KeptDoubts.objects.update(number=0, confirmed=0),
        lambda: KeptDoubts.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
            change()
    with pytest.raises(filing.HandedIn):
        confirming.confirm(report, word.facts, "Later", by=focal_point)


def test_a_new_version_starts_with_the_words_on_what_is_unchanged(draft, focal_point):
    confirming.confirm(draft, doubted(draft).facts, WORD, by=focal_point)
    report = receipt.hand_in(draft, by=focal_point)

    second = filing.amend(report, by=focal_point)

    assert doubted(second).confirmed.word == WORD
    confirming.take_back(second, doubted(second).facts, by=focal_point)
    assert doubted(report).confirmed.word == WORD


def test_doubts_of_reports_that_were_handed_in_before_are_kept_by_night(draft, focal_point):
    report = receipt.hand_in(draft, by=focal_point)
    # As before doubts were kept: no trigger lets a row go.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM reporting_keptdoubts")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    assert doubting.keep_missing() == 1
    assert doubting.keep_missing() == 0
    assert KeptDoubts.objects.get(report=report).number > 0


def test_nothing_public_tells_of_doubts_words_or_wishes(draft, focal_point, officer):
    confirming.confirm(draft, doubted(draft).facts, WORD, by=focal_point)
    confirming.wish(draft, dt.date(2027, 5, 1), "A debate in parliament.", by=focal_point)
    one = doubted(draft)
    report = receipt.hand_in(draft, by=focal_point)
    REPORTS.take("publish", report, by=officer)
    public = Client()

    for address in (
        report.get_absolute_url(),
        f"/api/v1/reports/{report.reference}",
        "/api/v1/figures?state=LAO",
        "/reports/",
        "/reports.csv",
        "/reports.json",
        "/search/?q=LAO",
        "/states/LAO/",
        "/states/LAO.json",
        "/calendar/all.ics",
        "/sitemap.xml",
    ):
        answer = public.get(address)
        assert answer.status_code == 200, address
        text = answer.content.decode()
        for secret in (WORD, one.text, "parliament", "2027-05-01", "1 May 2027"):
            assert secret not in text, (address, secret)


def test_who_does_not_draft_for_the_state_confirms_nothing(
    draft, other_focal_point, assistant, stranger
):
    facts = doubted(draft).facts

    for person in (other_focal_point, assistant, stranger):
        with pytest.raises(Refused):
            confirming.confirm(draft, facts, WORD, by=person)
        with pytest.raises(Refused):
            confirming.wish(draft, dt.date(2027, 5, 1), "", by=person)


def test_a_wish_is_made_changed_and_taken_back_before_hand_in(draft, focal_point, assistant):
    page = SignedIn(focal_point)
    address = reverse("report-wish", args=CHECK)

    for day, words in (
        ("2026-11-20", "is past or today"),
        ("0001-01-01", "Choose a day from"),
        ("9999-12-31", "Choose a day from"),
        ("soon", "Enter a valid date"),
        ("", "Name the day"),
    ):
        refused = page.post(address, {"not_before": day, "why": "A debate."})
        assert refused.status_code == 422, day
        assert words in refused.text, day
        assert "A debate." in refused.text
    page.post(address, {"not_before": "2027-05-01", "why": "A debate in parliament."})
    assert PublicationWish.objects.get().not_before == dt.date(2027, 5, 1)
    page.post(address, {"take-back": "1"})
    assert not PublicationWish.objects.exists()
    page.post(address, {"not_before": "2027-06-01"})

    report = receipt.hand_in(Report.objects.get(pk=draft.pk), by=focal_point)

    review = SignedIn(assistant).get(reverse("admin:reporting_report_review", args=[report.pk]))
    assert "1 June 2027" in review.text
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        PublicationWish.objects.update(why="Otherwise")
