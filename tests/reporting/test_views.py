"""The journey as a browser walks it: begin, answer, check, hand in, send."""

import datetime as dt
import html
import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from records.models import Event, Letter, Upload
from reporting import clarification, days, filing, receipt
from reporting.models import Report
from reporting.workflow import REPORTS
from states.models import Practice
from tests.conftest import appointed
from tests.factories import ReportFactory, StateFactory
from tests.reporting.papers import chosen, received

pytestmark = pytest.mark.usefixtures("today")
YEAR = ["LAO", "annual", 2025]
ANSWERS = {
    "covers_from": "2025-01-01",
    "covers_to": "2025-12-31",
    "language": "en",
    "measures_mark": "changed",
    "stockpiles_mark": "unchanged",
    "stockpiles_year": "2022",
    "conversion_mark": "not-applicable",
    "conversion_sentence": "Never produced any.",
    "note": "For the desk.",
}


@pytest.fixture
def at(focal_point, signed_in):
    return signed_in(focal_point)


@pytest.fixture
def draft(laos, focal_point):
    return filing.begin(laos, "annual", 2025, by=focal_point)


def test_the_whole_way_from_what_we_owe_to_unoda(at, laos):
    owed = at.get(reverse("owe")).content.decode()
    assert "Annual transparency report on 2025" in owed
    assert owed.count('class="act"') + owed.count('class="button act"') == 1

    begun = at.post(
        reverse("report-begin"), {"state": "LAO", "kind": "annual", "year": "2025"}, follow=True
    )
    assert begun.redirect_chain[-1][0] == reverse("report-draft", args=YEAR)
    checked = at.post(
        reverse("report-draft", args=YEAR), ANSWERS | {"file": chosen(), "check": "1"}, follow=True
    )
    assert "Never produced any." in checked.content.decode()
    [seen] = re.findall(r'name="touched"\s+value="([^"]+)"', checked.text)
    receipt_page = at.post(reverse("report-hand-in", args=YEAR), {"touched": seen}, follow=True)

    words = receipt_page.content.decode()
    assert "A7-2025-LAO-01" in words
    assert "20 November 2026, 13:00" in words
    assert "Secretary-General" in words
    assert "This receipt as a PDF" in words
    send = at.get(reverse("report-send", args=[*YEAR, 1])).content.decode()
    assert "mailto:ccm@un.org?cc=info%40cmconvention.org" in send
    assert "transmits to the Secretary-General" in send
    owed = at.get(reverse("owe")).content.decode()
    assert "Send to UNODA" in owed


def test_a_refused_file_loses_nothing_of_what_was_typed(at, draft):
    broken = chosen("report.pdf")
    broken.file.seek(0)
    broken.file.truncate(40)

    response = at.post(reverse("report-draft", args=YEAR), ANSWERS | {"file": broken})

    words = response.content.decode()
    assert "damaged or was cut off" in words
    assert "choose the file again" in words
    assert 'value="Never produced any."' in words
    draft.refresh_from_db()
    assert draft.marks["conversion"]["sentence"] == "Never produced any."
    assert draft.original is None
    assert not Upload.objects.exists()


@pytest.mark.parametrize("content", [b"", b"not a paper", b"MZ program"])
def test_one_bad_file_is_one_thing_to_mend(at, draft, content):
    file = SimpleUploadedFile("report.pdf", content, "application/pdf")

    words = at.post(reverse("report-draft", args=YEAR), ANSWERS | {"file": file}).text

    assert "One thing to mend" in words
    assert "Everything else is kept; choose the file again." in words


def test_an_initial_report_does_not_lay_out_marks_that_it_does_not_need(at, laos, focal_point):
    draft = filing.begin(laos, "initial", 2025, by=focal_point)
    url = reverse("report-draft", args=["LAO", "initial", 2025])
    before = at.get(url).text
    draft.marks = {"measures": {"mark": "changed"}}
    draft.save()

    after = at.get(url).text

    assert "<details >" in before or "<details>\n          <summary>Mark forms" in before
    assert "<details open>" in after


def test_words_for_a_voluntary_report_do_not_speak_of_a_duty(
    usa, today, signed_in, mailoutbox, focal_point_of_usa
):
    draft = filing.begin(usa, "voluntary", 2025, by=focal_point_of_usa)
    draft.original = received(usa)
    draft.save()
    report = receipt.hand_in(draft, by=focal_point_of_usa)
    client = signed_in(focal_point_of_usa)
    year = ["USA", "voluntary", 2025]

    pages = [
        client.get(reverse("owe")).text,
        client.get(reverse("report-receipt", args=[*year, 1])).text,
        client.get(reverse("report-send", args=[*year, 1])).text,
        Letter.objects.get(kind="receipt").body,
        receipt.issue_paper(report).revisions.get().body,
    ]

    assert not [words for words in pages if "Article 7" in words.replace("Article 7(", "")]
    assert "On a voluntary basis, United States of America transmits" in pages[2]


@pytest.fixture
def usa(db):
    return StateFactory(iso3="USA", name_en="United States of America")


@pytest.fixture
def focal_point_of_usa(usa):
    return appointed("focal-point", usa, "fp.usa@example.org", "Focal point, USA")


def test_a_file_that_is_too_large_loses_nothing_either(at, draft, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    large = chosen()
    large.file.seek(0, 2)
    large.file.write(b"%" * 200_000)
    large.file.seek(0)
    large.size = 200_000 + large.size

    response = at.post(reverse("report-draft", args=YEAR), {"file": large, **ANSWERS})

    assert "The file is larger than" in response.content.decode()
    draft.refresh_from_db()
    assert draft.note == "For the desk."


def test_a_period_that_ends_before_it_begins_keeps_file_and_marks(at, draft):
    answers = ANSWERS | {"covers_to": "2024-01-01", "file": chosen()}

    response = at.post(reverse("report-draft", args=YEAR), answers)

    words = response.content.decode()
    assert "The period ends before it begins." in words
    assert 'value="2024-01-01"' in words
    draft.refresh_from_db()
    assert draft.original is not None
    assert draft.marks["measures"] == {"mark": "changed"}
    assert draft.covers_to == dt.date(2025, 12, 31)


def test_a_file_once_kept_need_not_be_chosen_again(at, draft):
    at.post(reverse("report-draft", args=YEAR), ANSWERS | {"file": chosen()})

    at.post(reverse("report-draft", args=YEAR), ANSWERS | {"note": "Another word."})

    draft.refresh_from_db()
    assert draft.original.name == "article-7.pdf"
    assert draft.note == "Another word."


def test_the_second_of_two_writers_is_told_and_overwrites_nothing(at, draft, drafter, signed_in):
    seen = "2026-11-20T11:00:00+00:00"
    Report.objects.update(touched_at=seen)
    signed_in(drafter).post(
        reverse("report-draft", args=YEAR), ANSWERS | {"note": "Theirs.", "touched": seen}
    )

    response = at.post(
        reverse("report-draft", args=YEAR), ANSWERS | {"note": "Mine.", "touched": seen}
    )

    words = response.content.decode()
    assert "Drafter, Lao PDR saved this draft" in words
    assert "Mine." in words
    draft.refresh_from_db()
    assert draft.note == "Theirs."


def test_what_stands_is_shown_beside_what_was_typed(at, draft, drafter, signed_in):
    seen = draft.touched_at.isoformat()
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, 5, tzinfo=dt.UTC), tick=False):
        filing.save(
            draft, {"note": "Theirs.", "covers_from": dt.date(2025, 2, 1)}, by=drafter, seen=""
        )

        words = at.post(
            reverse("report-draft", args=YEAR), ANSWERS | {"note": "Mine.", "touched": seen}
        ).text

    apart = words[words.index('id="apart"') : words.index("</table>")]
    assert "Theirs." in apart
    assert "Mine." in apart
    assert "1 February 2025" in apart
    assert "A. National implementation measures" in apart
    assert "changed" in apart


def test_what_stands_beside_is_named_as_the_language_writes_it(at, draft, drafter):
    seen = draft.touched_at.isoformat()
    marks = {"measures": {"mark": "unchanged", "year": 2023}}
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, 5, tzinfo=dt.UTC), tick=False):
        filing.save(draft, {"marks": marks}, by=drafter, seen="")

        words = at.post(
            reverse("report-draft", args=YEAR) + "?lang=fr",
            ANSWERS | {"measures_mark": "unchanged", "measures_year": "2024", "touched": seen},
        ).text

    assert "application nationales\N{NO-BREAK SPACE}: " in html.unescape(words)


def test_an_older_tab_of_the_same_person_overwrites_nothing_silently(at, draft):
    url = reverse("report-draft", args=YEAR)
    seen = draft.touched_at.isoformat()
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, 5, tzinfo=dt.UTC), tick=False):
        at.post(url, ANSWERS | {"note": "Newer.", "touched": seen})

        told = at.post(url, ANSWERS | {"note": "Older.", "touched": seen})
        draft.refresh_from_db()
        stood = draft.note
        [now] = set(re.findall(r'name="touched"\s+value="([^"]+)"', told.text))
        at.post(url, ANSWERS | {"note": "Older.", "touched": now})

    assert "You saved this draft at 13:05 (Geneva) in another tab" in told.text
    assert stood == "Newer."
    draft.refresh_from_db()
    assert draft.note == "Older."


def test_the_same_answers_pressed_twice_are_saved_once_and_nobody_is_warned(at, draft):
    url = reverse("report-draft", args=YEAR)
    answers = ANSWERS | {"touched": draft.touched_at.isoformat()}
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, 5, tzinfo=dt.UTC), tick=False):
        at.post(url, answers | {"file": chosen()})

        second = at.post(url, answers | {"file": chosen()})

    assert second.url == url


@pytest.mark.parametrize("name", ["report-draft", "report-check"])
def test_going_back_after_handing_in_leads_to_the_receipt(
    at, draft, name, signed_in, other_focal_point
):
    draft.original = received(draft.state)
    draft.save()
    at.post(reverse("report-hand-in", args=YEAR))
    url = reverse(name, args=YEAR)

    told = at.get(url)

    assert told.status_code == 200
    assert "This report was handed in" in told.text
    assert reverse("report-receipt", args=[*YEAR, 1]) in told.text
    assert signed_in(other_focal_point).get(url).status_code == 404


def test_an_old_form_of_a_report_that_was_handed_in_is_answered_with_what_it_held(at, draft):
    draft.original = received(draft.state)
    draft.save()
    at.post(reverse("report-hand-in", args=YEAR))

    told = at.post(reverse("report-draft", args=YEAR), ANSWERS | {"note": "An afterthought."})

    assert told.status_code == 409
    assert "This report was handed in" in told.text
    assert "An afterthought." in told.text
    assert Report.objects.get().note == ""
    assert at.post(reverse("report-discard", args=YEAR)).status_code == 409
    assert at.post(reverse("report-invite", args=YEAR)).status_code == 409


def test_the_second_of_two_who_press_is_told_who_was_first(
    at, draft, drafter, signed_in, focal_point
):
    draft.original = received(draft.state, focal_point)
    draft.save()
    receipt.hand_in(draft, by=focal_point)

    response = at.post(reverse("report-hand-in", args=YEAR), follow=True)

    assert (
        "Focal point, Lao PDR handed this report in on 20 November 2026 at 13:00"
        in response.content.decode()
    )
    assert Report.objects.count() == 1


def test_what_a_colleague_saved_meanwhile_is_not_thrown_away_unread(at, draft, drafter):
    discard = reverse("report-discard", args=YEAR)
    seen = draft.touched_at.isoformat()
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, 5, tzinfo=dt.UTC), tick=False):
        filing.save(draft, {"note": "Theirs."}, by=drafter, seen=seen)

        told = at.post(discard, {"touched": seen}, follow=True)
        silent = at.post(discard, follow=True)
        form = told.text[told.text.index(f'action="{discard}"') :]
        [now] = re.findall(r'name="touched"\s+value="([^"]+)"', form)
        stood = Report.objects.get().note
        at.post(discard, {"touched": now})

    for page in (told, silent):
        assert "Drafter, Lao PDR saved this draft at 13:05 (Geneva)" in page.text
        assert "read it before you throw it away" in page.text
    assert stood == "Theirs."
    assert not Report.objects.exists()


def test_a_form_that_does_not_say_what_it_showed_overwrites_no_save_and_hands_none_in(
    at, draft, drafter
):
    draft.original = received(draft.state)
    draft.save()
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, 5, tzinfo=dt.UTC), tick=False):
        filing.save(draft, {"note": "Theirs."}, by=drafter, seen="")

        saved = at.post(reverse("report-draft", args=YEAR), ANSWERS | {"note": "Mine."})
        handed_in = at.post(reverse("report-hand-in", args=YEAR), follow=True)

    for page in (saved, handed_in):
        assert "Drafter, Lao PDR saved this draft at 13:05 (Geneva)" in page.text
    assert "Mine." in saved.text
    row = Report.objects.get()
    assert (row.status, row.note) == ("draft", "Theirs.")


def test_what_was_saved_after_the_check_is_not_handed_in_unread(at, draft, drafter):
    draft.original = received(draft.state)
    draft.save()
    page = at.get(reverse("report-check", args=YEAR)).content.decode()
    [seen] = re.findall(r'name="touched"\s+value="([^"]+)"', page)
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, 5, tzinfo=dt.UTC), tick=False):
        filing.save(draft, {"note": "Not finished."}, by=drafter, seen="")

        told = at.post(reverse("report-hand-in", args=YEAR), {"touched": seen}, follow=True)

    words = told.content.decode()
    assert Report.objects.get().status == "draft"
    assert "Drafter, Lao PDR saved this draft at 13:05 (Geneva)" in words
    assert "Not finished." in words
    [now] = re.findall(r'name="touched"\s+value="([^"]+)"', words)
    at.post(reverse("report-hand-in", args=YEAR), {"touched": now})
    assert Report.objects.get().status == "handed-in"


def test_without_a_file_the_check_page_says_so_and_offers_no_hand_in(at, draft):
    words = at.get(reverse("report-check", args=YEAR)).content.decode()

    assert "There is nothing in the report yet" in words
    assert "Hand to the ISU" not in words


def test_a_drafter_is_told_that_the_focal_point_hands_in(draft, drafter, signed_in):
    draft.original = received(draft.state)
    draft.save()

    words = signed_in(drafter).get(reverse("report-check", args=YEAR)).content.decode()

    assert "The focal point of your State hands it in" in words
    assert "Hand to the ISU" not in words


def test_a_drafter_is_offered_nothing_that_the_focal_point_alone_may_do(
    draft, drafter, focal_point, signed_in
):
    def words(who):
        pages = [reverse("owe"), reverse("report-draft", args=YEAR)]
        return " ".join(signed_in(who).get(page).content.decode() for page in pages)

    offered = {"We have already sent it to UNODA", "Let the ISU read it"}

    assert {one for one in offered if one in words(focal_point)} == offered
    assert {one for one in offered if one in words(drafter)} == set()
    assert "Throw this draft away" in words(drafter)


def test_a_drafter_reads_the_question_and_is_not_sent_to_answer_it(
    draft, officer, drafter, focal_point, signed_in
):
    draft.original = received(draft.state)
    draft.save()
    report = receipt.hand_in(draft, by=focal_point)
    clarification.ask_clarification(report, "Which area?", by=officer)

    pages = {who: signed_in(who).get(reverse("owe")).text for who in (focal_point, drafter)}

    receipt_page = reverse("report-receipt", args=[*YEAR, 1])
    assert all("Which area?" in page for page in pages.values())
    assert all(receipt_page in page for page in pages.values())
    assert "Answer the question" in pages[focal_point]
    assert "Answer the question" not in pages[drafter]

    filing.amend(report, by=focal_point)

    page = signed_in(drafter).get(reverse("owe")).text
    assert f'href="{reverse("report-draft", args=YEAR)}">Continue the report' in page


def test_the_word_that_it_was_sent_pauses_reminders_even_without_a_report(at, laos):
    response = at.post(
        reverse("report-sent"),
        {"state": "LAO", "kind": "annual", "year": "2025", "sent_on": "2026-04-28"},
        follow=True,
    )

    assert "Reminders about this report have paused" in response.content.decode()
    report = Report.objects.get()
    assert (report.status, report.sent_to_unoda) == ("draft", dt.date(2026, 4, 28))
    assert report.sent_by_state_said
    assert "You told us that it was sent to UNODA on 28 April 2026." in response.text
    assert "The ISU has no copy yet" in response.text
    assert "Our records do not yet show this report" not in owed_on_2025(response.text)


def owed_on_2025(words):
    """The part of the page about the annual report on 2025."""
    start = words.index("Annual transparency report on 2025")
    return words[start : words.index('<div class="owed">', start)]


def test_the_day_that_a_state_told_can_be_corrected(at, laos):
    told = {"state": "LAO", "kind": "annual", "year": "2025"}
    at.post(reverse("report-sent"), told | {"sent_on": "2026-04-18"})
    words = owed_on_2025(at.get(reverse("owe")).text)

    assert "Correct the day on which it was sent" in words
    assert 'value="2026-04-18"' in words
    at.post(reverse("report-sent"), told | {"sent_on": "2026-04-28"})

    assert Report.objects.get().sent_to_unoda == dt.date(2026, 4, 28)


def test_the_day_can_still_be_corrected_from_the_receipt(at, draft):
    draft.original = received(draft.state)
    draft.save()
    at.post(reverse("report-hand-in", args=YEAR))
    told = {"state": "LAO", "kind": "annual", "year": "2025", "sent_on": "2026-04-18"}
    at.post(reverse("report-sent"), told)

    page = at.get(reverse("report-receipt", args=[*YEAR, 1])).text
    send = at.get(reverse("report-send", args=[*YEAR, 1])).text

    assert "Correct the day on which it was sent" in page
    assert 'value="2026-04-18"' in send


def test_a_day_that_is_refused_leaves_no_draft_behind(at, laos):
    at.post(
        reverse("report-sent"),
        {"state": "LAO", "kind": "annual", "year": "2025", "sent_on": "2026-11-21"},
    )

    assert not Report.objects.exists()
    assert not Event.objects.filter(verb="begin").exists()


@pytest.mark.parametrize(
    ("sent_on", "sentence"),
    [
        ("", "Name the day on which the report was sent to UNODA."),
        ("end of April", "“end of April” is not a day. Write it as year, month and day"),
        ("2026-11-21", "21 November 2026 has not come yet."),
    ],
)
def test_a_day_that_cannot_be_stays_to_be_mended(at, laos, sent_on, sentence):
    told = {"state": "LAO", "kind": "annual", "year": "2025"}

    response = at.post(reverse("report-sent"), told | {"sent_on": sent_on})

    assert sentence in response.text
    field = re.search(r'<input [^>]*name="sent_on"[^>]*>', response.text).group()
    assert f'value="{sent_on}"' in field or not sent_on
    assert ('type="date"' in field) == sent_on.startswith("2026")
    assert 'name="year" value="2025"' in response.text
    assert not Report.objects.exists()


def test_a_day_before_the_end_of_what_the_report_covers_is_asked_about_once(at, laos):
    told = {"state": "LAO", "kind": "annual", "year": "2025", "sent_on": "2025-04-28"}

    asked = at.post(reverse("report-sent"), told).text
    unknown = not Report.objects.exists()
    another = at.post(
        reverse("report-sent"), told | {"sent_on": "2025-04-27", "sure": "2025-04-28"}
    )
    tick = re.search(
        r'<input [^>]*name="sure"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="sure"', asked
    )
    done = at.post(reverse("report-sent"), told | {"sure": tick.group(1) or tick.group(2)})

    assert unknown
    assert "28 April 2025 is before the end of the time that the report covers" in asked
    assert 'value="2025-04-28"' in asked
    assert "27 April 2025 is before the end" in another.text
    assert done.url == reverse("owe")
    assert Report.objects.get().sent_to_unoda == dt.date(2025, 4, 28)


def test_an_initial_report_may_be_sent_on_any_day_of_the_past(at, laos):
    told = {"state": "LAO", "kind": "initial", "year": "2011", "sent_on": "2011-01-27"}

    assert at.post(reverse("report-sent"), told).url == reverse("owe")


@pytest.mark.parametrize("year", ["", "25", "twenty", "２０２５", "99999"])
def test_a_year_that_is_none_is_a_bad_request(at, laos, year):
    data = {"state": "LAO", "kind": "annual", "year": year}

    assert at.post(reverse("report-begin"), data).status_code == 400


def test_a_question_stands_on_what_we_owe_and_can_be_answered(at, draft, officer, focal_point):
    draft.original = received(draft.state, focal_point)
    draft.save()
    report = receipt.hand_in(draft, by=focal_point)
    clarification.ask_clarification(report, "Which areas <b>exactly</b>?", by=officer)

    owed = at.get(reverse("owe")).content.decode()
    assert "Which areas &lt;b&gt;exactly&lt;/b&gt;?" in owed
    assert "Answer the question" in owed
    at.post(reverse("report-answer", args=[*YEAR, 1]), {"text": "Those in the north."})

    assert "Answer the question" not in at.get(reverse("owe")).content.decode()


def test_an_answer_copied_with_a_null_character_is_kept_without_it(at, draft, officer, focal_point):
    draft.original = received(draft.state, focal_point)
    draft.save()
    report = receipt.hand_in(draft, by=focal_point)
    clarification.ask_clarification(report, "Which areas?", by=officer)

    at.post(reverse("report-answer", args=[*YEAR, 1]), {"text": "Those in\0 the north."})

    assert report.remarks.get(side="state").text == "Those in the north."


def test_the_public_learns_of_the_day_of_receipt_only_where_the_isu_says_so(
    client, draft, focal_point, officer, signed_in
):
    draft.original = received(draft.state, focal_point)
    draft.save()
    report = receipt.hand_in(draft, by=focal_point)
    days.record_receipt(report, "received_by_unoda", dt.date(2026, 5, 4), by=officer, reason="note")
    report = REPORTS.take("publish", report, by=officer)
    url = report.get_absolute_url()

    assert "Received by" not in client.get(url).text
    assert "Received by UNODA" in signed_in(focal_point).get(url).text
    assert "Received by UNODA" in signed_in(officer).get(url).text

    Practice.objects.create(key=Practice.Key.MET_IN_PUBLIC, value="yes")

    assert "4 May 2026" in client.get(url).text


def test_the_note_to_the_isu_is_never_public(client, draft, focal_point, officer):
    draft.original, draft.note = received(draft.state, focal_point), "Between us."
    draft.save()
    report = receipt.hand_in(draft, by=focal_point)
    REPORTS.take("publish", report, by=officer)

    public = client.get(report.get_absolute_url())

    assert public.status_code == 200
    assert "Between us." not in public.content.decode()
    assert "Set-Cookie" not in public.headers


def test_what_we_owe_leads_whoever_keeps_them_to_the_contacts(
    laos, signed_in, focal_point, drafter
):
    link = reverse("own-contacts") + "?state=LAO"

    pages = {who: signed_in(who).get(reverse("owe")).text for who in (focal_point, drafter)}

    assert f'href="{link}"' in pages[focal_point]
    assert signed_in(focal_point).get(link).status_code == 200
    assert link not in pages[drafter]


def test_what_was_handed_in_stays_in_sight_while_the_next_version_is_drafted(
    at, draft, focal_point
):
    draft.original = received(draft.state)
    draft.save()
    first = receipt.hand_in(draft, by=focal_point)
    days.say_sent(first, dt.date(2026, 11, 20), by=focal_point)
    filing.amend(first, by=focal_point)

    words = at.get(reverse("owe")).text

    assert reverse("report-receipt", args=[*YEAR, 1]) in words
    assert "Sent to UNODA on 20 November 2026." in words
    assert "A new version was begun" in words


def test_receipts_of_versions_lead_to_one_another(at, draft, focal_point):
    draft.original = received(draft.state)
    draft.save()
    first = receipt.hand_in(draft, by=focal_point)
    second = filing.amend(first, by=focal_point)
    second.original = received(draft.state, words="second")
    second.save()
    receipt.hand_in(second, by=focal_point)
    urls = [reverse("report-receipt", args=[*YEAR, number]) for number in (1, 2)]

    pages = [at.get(url).text for url in urls]

    assert "Version 2 (A7-2025-LAO-02) has replaced this one" in pages[0]
    assert urls[1] in pages[0]
    assert "It replaces version 1 (A7-2025-LAO-01)" in pages[1]
    assert urls[0] in pages[1]


def test_an_amended_report_leads_to_its_later_version(client, laos, focal_point, officer):
    first = receipt.hand_in(ReportFactory(state=laos, original=received(laos)), by=focal_point)
    REPORTS.take("publish", first, by=officer)
    second = filing.amend(first, by=focal_point)
    second.original = received(laos, words="second")
    second.save()
    second = receipt.hand_in(second, by=focal_point)

    assert "A later version" not in client.get(first.get_absolute_url()).content.decode()
    REPORTS.take("publish", second, by=officer)

    assert "Read the later version" in client.get(first.get_absolute_url()).content.decode()
    assert list(Report.objects.published()) == [second]


def test_a_drafts_file_is_read_by_nobody_once_it_is_replaced(at, draft):
    at.post(reverse("report-draft", args=YEAR), ANSWERS | {"file": chosen("first.pdf", "one")})
    first = Upload.objects.get()
    served = at.get(reverse("file", args=[first.pk, "first.pdf"]))
    assert b"".join(served.streaming_content).startswith(b"%PDF-")

    at.post(reverse("report-draft", args=YEAR), ANSWERS | {"file": chosen("next.pdf", "two")})

    assert at.get(reverse("file", args=[first.pk, "first.pdf"])).status_code == 404


def test_the_page_in_french_shows_the_letters_of_the_reports_language(at, draft):
    at.post(reverse("report-draft", args=YEAR), ANSWERS | {"language": "fr"})

    words = at.get(reverse("report-draft", args=YEAR)).content.decode()

    retained = words.index('id="id_retained-transferred_mark_group"')
    technical = words.index('id="id_technical-characteristics_mark_group"')
    assert retained < technical


def test_a_real_pdf_is_what_is_stored(at, draft):
    at.post(reverse("report-draft", args=YEAR), ANSWERS | {"file": chosen()})
    upload = Upload.objects.get()

    served = at.get(reverse("file", args=[upload.pk, upload.name]))

    content = b"".join(served.streaming_content)
    assert (content[:5], len(content)) == (b"%PDF-", upload.size)
