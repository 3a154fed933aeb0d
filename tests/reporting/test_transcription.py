"""What came as a file is typed by the ISU, confirmed by the State, and then counts as reported."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from records.models import Event, Letter
from records.workflow import Refused
from reporting import completing, counted, earlier, filing, last_year, receipt
from reporting.answering import FormOvertaken
from reporting.art7_2010 import ART7_2010
from reporting.measures import drawing, standing
from reporting.models import (
    Correction,
    Figure,
    FormAnswers,
    Measure,
    Report,
    TranscribedForm,
    Transcription,
)
from reporting.transcription import keeping, steps
from reporting.transcription.steps import TRANSCRIPTIONS
from reporting.workflow import REPORTS
from states import access, passes
from states.models.generation import generations
from tests.conftest import TODAY
from tests.factories import ContactFactory
from tests.reporting.publishing import drafted, handed_in, published

pytestmark = pytest.mark.usefixtures("today")
CLEARANCE = ART7_2010.form("clearance")
AREAS = [
    {"id": "aaaa", "area": "Ban Phonsavan", "size": "1,250,000"},
    {"id": "bbbb", "area": "منطقة الشمال", "size": "800"},
]
GIVEN = {"areas": AREAS, "programme": "Two teams."}
YEAR = ["LAO", "annual", 2025]


@pytest.fixture
def report(laos, focal_point):
    """A report that Lao PDR handed in as a file alone."""
    return handed_in(laos, focal_point, 2025)


@pytest.fixture
def mailbox(laos):
    return ContactFactory(state=laos, email="art7@mofa.example.org")


@pytest.fixture
def typed(report, assistant):
    row = keeping.begin(report, by=assistant)
    keeping.save(row, CLEARANCE, GIVEN, by=assistant, seen="")
    return row


@pytest.fixture
def sent(typed, assistant, mailbox):
    return TRANSCRIPTIONS.take("send-figures", typed, by=assistant)


def link(row):
    """The address in the letter, as the mail host would get it."""
    letter = Letter.objects.filter(key__startswith=steps.key(row)).latest("pk")
    _pass, secret = passes.renew(
        letter.key, "figures", steps.subject(row), letter.to, by=None, days=30
    )
    return reverse("confirm-figures", args=[secret])


def seen(row):
    row.refresh_from_db()
    return str(row.times_sent)


def confirmed(row, **facts):
    said = {"said_as": "Desk officer", "seen": seen(row), "mailbox": "art7@mofa.example.org"}
    with transaction.atomic():
        return steps.confirm(row, by=None, note="By pass", **said | facts)


def later(**time):
    return time_machine.travel(TODAY + dt.timedelta(**time), tick=False)


def public(report):
    return Client().get(report.get_absolute_url()).content.decode()


def publish(report, officer):
    return Report.objects.get(pk=REPORTS.take("publish", report, by=officer).pk)


# --- Typing ---------------------------------------------------------------------------------------


def test_only_a_report_that_came_as_a_file_alone_is_transcribed(laos, focal_point, assistant):
    draft = filing.begin(laos, "annual", 2023, by=focal_point)
    with pytest.raises(Refused, match="has not been handed in"):
        keeping.begin(draft, by=assistant)
    answered = handed_in(laos, focal_point, 2024, clearance={"programme": "Ours."})
    with pytest.raises(Refused, match="has answered the forms itself"):
        keeping.begin(answered, by=assistant)
    with pytest.raises(Refused, match="no appointment"):
        keeping.begin(handed_in(laos, focal_point, 2025), by=focal_point)
    assert not Transcription.objects.exists()


def test_two_who_begin_at_once_type_in_one_transcription_and_it_leaves_a_row(
    report, assistant, officer
):
    assert keeping.begin(report, by=assistant) == keeping.begin(report, by=officer)
    assert Event.objects.filter(verb="transcribe").count() == 1


def test_the_answers_of_the_state_stay_as_they_are(report, typed):
    assert not report.forms.exists()
    row = TranscribedForm.objects.get()
    assert row.said["areas"][0] == {"id": "aaaa", "area": "Ban Phonsavan", "size": 1_250_000}
    assert row.touched_by.name == "ISU assistant"


def test_what_is_no_answer_is_kept_as_typed_and_must_be_mended_before_the_state_is_asked(
    typed, assistant
):
    row = keeping.row_of(typed, CLEARANCE)
    given = {"areas": [{"id": "aaaa", "size": "about 3"}]}
    kept = keeping.save(typed, CLEARANCE, given, by=assistant, seen=keeping.token(row))

    assert kept.unread == {"areas.aaaa.size": "about 3"}
    with pytest.raises(Refused) as refused:
        TRANSCRIPTIONS.take("send-figures", typed, by=assistant)
    assert "1 answer is no answer yet" in str(refused.value)


def test_a_stale_save_loses_neither_text(typed, assistant, officer):
    row = keeping.row_of(typed, CLEARANCE)
    before = keeping.token(row)
    with later(minutes=1):
        keeping.save(typed, CLEARANCE, {"programme": "Theirs."}, by=officer, seen=before)

    with pytest.raises(FormOvertaken) as overtaken:
        keeping.save(typed, CLEARANCE, {"programme": "Mine."}, by=assistant, seen=before)

    assert overtaken.value.row.said == {"programme": "Theirs."}
    assert keeping.row_of(typed, CLEARANCE).said == {"programme": "Theirs."}


def test_the_page_saves_by_itself_shows_the_file_and_both_texts(typed, assistant, signed_in):
    client = signed_in(assistant)
    url = keeping.address(typed, CLEARANCE)
    token = keeping.token(keeping.row_of(typed, CLEARANCE))

    words = client.get(url).content.decode()
    assert "article-7.pdf" in words
    assert 'target="_blank"' in words
    assert "Ban Phonsavan" in words
    with later(minutes=1):
        quiet = client.post(url, {"programme": "Three.", "seen": token, "quietly": "1"})
    assert quiet.json()["seen"] != token
    stale = client.post(url, {"programme": "Four.", "seen": token, "quietly": "1"})
    assert stale.status_code == 409
    beside = client.post(url, {"programme": "Four.", "seen": token})
    assert beside.status_code == 409
    assert "Three." in beside.content.decode()
    assert ">Four.</textarea>" in beside.content.decode()


@pytest.mark.parametrize(
    "bad", [{"programme": "a\0b"}, {"areas.rows": ["x\0"]}, {"areas.rows": ["aaaa"],
            "areas.aaaa.size": "9" * 400}, {"add": "areas"}, {"areas.paste": "a\tb\nc"}],
)  # fmt: skip
def test_whatever_is_typed_is_answered_with_a_page(typed, assistant, signed_in, bad):
    token = keeping.token(keeping.row_of(typed, CLEARANCE))

    answer = signed_in(assistant).post(
        keeping.address(typed, CLEARANCE), {**bad, "seen": token}, follow=True
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queries_of_its_pages_do_not_grow_with_the_rows(
    report, assistant, rows, signed_in, django_assert_max_num_queries
):
    row = keeping.begin(report, by=assistant)
    areas = [{"id": f"row{n:05d}", "area": f"Area {n}"} for n in range(rows)]
    for form in ("clearance", "other")[: 1 + (rows > 1)]:
        given = {"areas": areas} if form == "clearance" else {"other": "x"}
        keeping.save(row, ART7_2010.form(form), given, by=assistant, seen="")
    client = signed_in(assistant)
    client.get(keeping.address(row, CLEARANCE))

    with django_assert_max_num_queries(16):
        client.get(keeping.address(row, CLEARANCE))
    with django_assert_max_num_queries(30):
        client.get(row.desk_url())


# --- Asking the State -----------------------------------------------------------------------------


def test_the_state_gets_a_letter_that_is_held_and_carries_a_pass_but_no_link(sent, mailbox):
    letter = Letter.objects.get(kind="figures")

    assert (letter.status, letter.to) == ("held", mailbox.email)
    assert letter.opens["purpose"] == "figures"
    assert letter.opens["subject"] == f"transcription/{sent.pk}"
    assert "/pass/figures/" not in letter.body
    assert "article-7.pdf" in letter.body
    assert "[The link is put in here when the letter leaves.]" in letter.body


def test_the_letter_speaks_the_language_of_its_mailbox(typed, assistant, mailbox):
    mailbox.language = "fr"
    mailbox.save()

    TRANSCRIPTIONS.take("send-figures", typed, by=assistant)

    assert Letter.objects.get(kind="figures").language == "fr"


def test_while_the_state_has_it_nothing_of_it_can_be_changed(sent, assistant, signed_in):
    row = TranscribedForm.objects.get()
    with pytest.raises(Refused, match="take it back"):
        keeping.save(sent, CLEARANCE, {}, by=assistant, seen=keeping.token(row))
    for change in (
        lambda: TranscribedForm.objects.update(said={}),
        lambda: TranscribedForm.objects.all().delete(),
        lambda: TranscribedForm.objects.create(transcription=sent, form="other"),
    ):
        with pytest.raises(ProgrammingError, match="that the State has"), transaction.atomic():
            change()
    answer = signed_in(assistant).post(
        keeping.address(sent, CLEARANCE), {"programme": "Too late.", "seen": ""}
    )
    assert answer.status_code == 409
    assert "Too late." in answer.content.decode()
    assert "Nothing was saved" in answer.content.decode()


def test_before_it_is_confirmed_only_the_isu_and_that_state_read_it(
    sent, report, officer, focal_point, other_focal_point, stranger, signed_in, api_answers
):
    page = reverse("report-figures", args=[*YEAR, 1])
    assert "Ban Phonsavan" in signed_in(focal_point).get(page).content.decode()
    for person in (other_focal_point, stranger, officer):
        assert signed_in(person).get(page).status_code == 404
    report = publish(report, officer)
    assert "Ban Phonsavan" not in public(report)
    assert "transcribed" not in public(report)
    assert not Figure.objects.exists()
    assert "Ban Phonsavan" not in api_answers(report)
    for person in (focal_point, other_focal_point):
        assert (
            "Ban Phonsavan" not in signed_in(person).get(report.get_absolute_url()).content.decode()
        )


@pytest.fixture
def api_answers():
    def ask(report):
        client = Client()
        return "".join(
            client.get(address).content.decode()
            for address in (
                f"/api/v1/reports/{report.reference}",
                "/api/v1/figures",
                f"/api/v1/figures?state={report.state_id}",
            )
        )

    return ask


def test_while_it_is_typed_the_state_reads_nothing_of_it(typed, focal_point, signed_in):
    client = signed_in(focal_point)

    assert client.get(reverse("report-figures", args=[*YEAR, 1])).status_code == 404
    receipt = client.get(reverse("report-receipt", args=[*YEAR, 1])).content.decode()
    assert "Figures that the ISU typed" not in receipt


def test_taken_back_it_can_be_typed_again_and_the_letter_does_not_go_out(
    sent, assistant, signed_in, focal_point
):
    TRANSCRIPTIONS.take("take-back-figures", sent, by=assistant, note="A slip in form F")

    assert Letter.objects.get(kind="figures").status == "overtaken"
    row = TranscribedForm.objects.get()
    keeping.save(sent, CLEARANCE, {"programme": "One."}, by=assistant, seen=keeping.token(row))
    words = signed_in(focal_point).get(reverse("report-figures", args=[*YEAR, 1]))
    assert "has taken these figures back" in words.content.decode()
    assert "One." not in words.content.decode()
    assert Event.objects.filter(verb="take-back-figures", note="A slip in form F").exists()


# --- The State answers ----------------------------------------------------------------------------


def test_by_the_link_the_state_confirms_with_one_press(sent, report, officer, mailbox):
    client, url = Client(), link(sent)
    words = client.get(url).content.decode()
    assert "Ban Phonsavan" in words
    assert "article-7.pdf" in words
    answer = client.post(
        url, {"confirm": "1", "function": "Desk officer", "word": "Thank you", "seen": seen(sent)}
    )

    assert "stand as you confirmed them" in answer.content.decode()
    sent.refresh_from_db()
    assert (sent.status, sent.answered_as, sent.mailbox) == (
        "confirmed",
        "Desk officer",
        mailbox.email,
    )
    assert sent.word == "Thank you"
    event = Event.objects.get(verb="confirm-figures")
    assert mailbox.email in event.note
    assert (event.was, event.now) == ("sent", "confirmed")
    assert client.get(url).status_code == 404
    assert client.post(url, {"confirm": "1"}).status_code == 404


def test_the_file_is_opened_behind_the_pass_and_only_while_it_works(sent, report):
    client, url = Client(), link(sent)
    address = f"{url}file/"
    assert f'href="{address}"' in client.get(url).text

    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    with later(days=31):
        assert client.get(address).status_code == 404
    confirmed(sent)
    assert client.get(url.replace("figures/", "figures/x")).status_code == 404


def test_it_is_said_whether_confirmed_figures_are_public_already(sent, report, officer):
    said = {"confirm": "1", "function": "Desk officer", "seen": seen(sent)}
    thanks = Client().post(link(sent), said).text

    assert "They will be public when the report is published." in thanks
    assert "They are public" not in thanks


def test_a_mark_without_its_year_is_no_dead_end(laos, focal_point, assistant):
    draft = drafted(laos, focal_point, 2025)
    draft.marks = {"clearance": {"mark": "unchanged"}}
    draft.save()
    row = keeping.begin(receipt.hand_in(draft, by=focal_point), by=assistant)

    (said,) = [one for one in keeping.tasks(row) if "/clearance/" in one["url"]]

    assert (said["words"], said["tone"]) == ("unchanged", "settled")


def test_what_was_not_typed_is_not_said_to_be_nothing_reported(sent, report, officer):
    asked = Client().get(link(sent)).text
    confirmed(sent)
    publish(report, officer)
    of_all = Client().get("/reports/forms/clearance/?year=2025").text

    for page in (asked, public(report), of_all):
        assert "not transcribed; see the file" in page
        assert "nothing reported" not in page


def test_a_function_is_asked_and_a_confirmation_beside_a_correction_is_not_taken(sent):
    client, url = Client(), link(sent)
    common = {"seen": seen(sent), "wrong-clearance": "It is 1,300,000"}

    nameless = client.post(url, {**common, "wrong": "1"})
    both = client.post(url, {**common, "confirm": "1", "function": "Desk"})
    neither = client.post(url, {"wrong": "1", "function": "Desk", "seen": seen(sent)})

    for answer, said in (
        (nameless, "in which function you answer"),
        (both, "Take it out to confirm"),
        (neither, "Write beside a form what is wrong"),
    ):
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert "It is 1,300,000" in both.content.decode()
    sent.refresh_from_db()
    assert sent.status == "sent"
    assert client.get(url).status_code == 200


def test_what_is_wrong_goes_back_to_the_isu_form_by_form_and_the_state_is_asked_anew(
    sent, assistant, signed_in
):
    url = link(sent)
    Client().post(
        url, {"wrong": "1", "wrong-clearance": "Three teams <b>.", "function": "Desk",
              "seen": seen(sent)},
    )  # fmt: skip

    sent.refresh_from_db()
    assert sent.status == "corrected"
    correction = Correction.objects.get()
    assert (correction.form, correction.text, correction.said_as) == (
        "clearance", "Three teams <b>.", "Desk",
    )  # fmt: skip
    client = signed_in(assistant)
    words = client.get(keeping.address(sent, CLEARANCE)).content.decode()
    assert "Three teams &lt;b&gt;." in words
    token = keeping.token(keeping.row_of(sent, CLEARANCE))
    client.post(keeping.address(sent, CLEARANCE), {"programme": "Three teams.", "seen": token})
    TRANSCRIPTIONS.take("send-figures", sent, by=assistant)
    letters = Letter.objects.filter(kind="figures").order_by("pk")
    assert [one.status for one in letters] == ["overtaken", "held"]
    assert "thanks" in letters[1].body
    assert "for its corrections" in letters[1].body
    correction.refresh_from_db()
    assert correction.settled_at is not None
    assert Client().get(link(sent)).status_code == 200


def test_the_state_answers_on_what_it_has_read(sent, assistant):
    url, before = link(sent), seen(sent)
    TRANSCRIPTIONS.take("take-back-figures", sent, by=assistant, note="A slip")
    sent.refresh_from_db()
    TRANSCRIPTIONS.take("send-figures", sent, by=assistant)

    answer = Client().post(url, {"confirm": "1", "function": "Desk", "seen": before})

    assert answer.status_code == 409
    assert "has sent other figures meanwhile" in answer.content.decode()
    sent.refresh_from_db()
    assert sent.status == "sent"


def test_words_written_while_the_isu_takes_it_back_are_shown_once_more(sent, assistant):
    url, before = link(sent), seen(sent)
    TRANSCRIPTIONS.take("take-back-figures", sent, by=assistant, note="A slip")

    answer = Client().post(
        url, {"wrong": "1", "wrong-clearance": "Half a page.", "function": "Desk", "seen": before}
    )

    assert answer.status_code == 409
    assert "What you wrote" in answer.content.decode()
    assert "Half a page." in answer.content.decode()
    assert not Correction.objects.exists()


def test_a_link_to_a_mailbox_that_is_no_contact_any_more_opens_nothing(sent, mailbox):
    url = link(sent)
    mailbox.until_on = dt.date(2026, 11, 1)
    mailbox.save()

    assert Client().get(url).status_code == 404


def test_a_withdrawn_transcription_opens_nothing_and_a_new_one_may_be_begun(
    sent, report, assistant, focal_point, signed_in
):
    url = link(sent)
    TRANSCRIPTIONS.take("withdraw-figures", sent, by=assistant, note="The wrong file")

    assert Client().get(url).status_code == 404
    page = reverse("report-figures", args=[*YEAR, 1])
    assert signed_in(focal_point).get(page).status_code == 404
    assert keeping.begin(report, by=assistant) != sent


def test_the_focal_point_confirms_from_the_receipt_and_the_drafter_only_reads(
    sent, focal_point, drafter, signed_in
):
    page = reverse("report-figures", args=[*YEAR, 1])
    client = signed_in(focal_point)
    assert page in client.get(reverse("report-receipt", args=[*YEAR, 1])).content.decode()
    reads = signed_in(drafter)
    assert "Confirm these figures" not in reads.get(page).content.decode()
    refused = reads.post(page, {"confirm": "1", "seen": seen(sent)})
    assert refused.status_code == 409

    answer = client.post(page, {"confirm": "1", "seen": seen(sent)}, follow=True)

    assert "stand as you confirmed them" in answer.content.decode()
    sent.refresh_from_db()
    assert (sent.status, sent.answered_by, sent.answered_as) == (
        "confirmed", focal_point, "Focal point, Lao PDR",
    )  # fmt: skip
    assert Letter.objects.get(kind="figures").status == "overtaken"


@pytest.mark.parametrize("text", ["\0", "x" * 5000, "\u202e", "<script>"])
def test_odd_words_of_the_state_get_a_page(sent, text):
    answer = Client().post(
        link(sent), {"wrong": "1", "wrong-clearance": text, "function": text, "seen": seen(sent)}
    )

    assert answer.status_code in (200, 422)


# --- Once confirmed -------------------------------------------------------------------------------


def test_a_confirmed_transcription_is_final_in_the_database(sent):
    confirmed(sent)

    for change in (
        lambda: Transcription.objects.update(word="other"),
        lambda: Transcription.objects.all()._raw_delete("default"),
        lambda: TranscribedForm.objects.update(said={}),
        lambda: Transcription.objects.update(status="typing"),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()


@pytest.mark.parametrize("first", ["confirm", "publish"])
def test_whichever_comes_first_the_figures_of_a_public_report_are_there_and_marked(
    sent, report, officer, first, api_answers
):
    if first == "confirm":
        confirmed(sent)
        assert not Figure.objects.exists()
        report = publish(report, officer)
    else:
        report = publish(report, officer)
        before = generations().get("LAO", 0)
        confirmed(sent)
        assert generations()["LAO"] > before

    figures = Figure.objects.order_by("position", "pk")
    assert [(one.row_label, int(one.number), one.transcribed) for one in figures] == [
        ("Ban Phonsavan", 1_250_000, True),
        ("منطقة الشمال", 800, True),
    ]
    words = public(report)
    assert "Ban Phonsavan" in words
    assert "was transcribed by the ISU from the file" in words
    assert "20 November 2026" in words
    said = api_answers(report)
    assert "transcribed by the ISU, confirmed by the State" in said
    assert '"transcribed": "2026-11-20"' in said


def test_making_the_figures_anew_gives_the_same(sent, report, officer):
    confirmed(sent)
    publish(report, officer)
    made = list(Figure.objects.values_list("number", "transcribed"))

    assert counted.rebuild() == 0
    Figure.objects.all().delete()
    call_command("rebuild_figures")

    assert sorted(Figure.objects.values_list("number", "transcribed")) == sorted(made)


def test_what_is_not_confirmed_counts_in_no_figure_made_anew(sent, report, officer):
    publish(report, officer)

    assert counted.rebuild() == 0
    assert not Figure.objects.exists()


def test_the_next_report_starts_from_what_was_confirmed(sent, laos, focal_point, signed_in):
    confirmed(sent)
    draft = filing.begin(laos, "annual", 2026, by=focal_point)

    source = earlier.source_of(draft, CLEARANCE)
    assert source.report.year == 2025
    address = reverse("report-form", args=["LAO", "annual", 2026, "clearance"])
    page = signed_in(focal_point).get(address)
    assert "Ban Phonsavan" in page.content.decode()
    last_year.take_over(draft, CLEARANCE, source, {}, by=focal_point, seen="")
    assert FormAnswers.objects.get(report=draft).said["programme"] == "Two teams."


def test_an_unconfirmed_one_stands_behind_no_form(sent, laos, focal_point):
    draft = filing.begin(laos, "annual", 2026, by=focal_point)

    assert earlier.source_of(draft, CLEARANCE) is None
    assert earlier.answers_before(draft) == {}


def test_of_answers_and_transcriptions_the_later_year_stands_behind_a_form(
    laos, focal_point, officer, assistant, mailbox
):
    published(laos, focal_point, officer, 2023, clearance={"programme": "Of 2023."},
              other={"other": "x"})  # fmt: skip
    report = handed_in(laos, focal_point, 2024)
    row = keeping.begin(report, by=assistant)
    keeping.save(row, CLEARANCE, GIVEN, by=assistant, seen="")
    TRANSCRIPTIONS.take("send-figures", row, by=assistant)
    confirmed(row)
    draft = filing.begin(laos, "annual", 2025, by=focal_point)

    before = earlier.answers_before(draft)

    assert {form: one.report.year for form, one in before.items()} == {
        "clearance": 2024,
        "other": 2023,
    }


def test_a_form_marked_unchanged_is_copied_from_what_was_confirmed(sent, report, laos, focal_point):
    confirmed(sent)
    draft = filing.begin(laos, "annual", 2026, by=focal_point)
    draft.marks = {"clearance": {"mark": "unchanged", "year": 2025}}
    draft.save()
    completing.settle_answers(draft, {"clearance": report.reference})

    assert FormAnswers.objects.get(report=draft).said["areas"][0]["size"] == 1_250_000


# --- At the desk ----------------------------------------------------------------------------------


def test_from_the_report_to_the_letter_at_the_desk(report, assistant, mailbox, signed_in):
    client = signed_in(assistant)
    act = reverse("admin:reporting_report_act", args=[report.pk, "transcribe"])
    at_the_desk = reverse("admin:reporting_report_change", args=[report.pk])
    assert act in client.get(at_the_desk).content.decode()
    page = client.post(act, follow=True)
    row = Transcription.objects.get()
    assert page.redirect_chain[-1][0] == row.desk_url()
    assert keeping.address(row, CLEARANCE) in page.content.decode()
    client.post(keeping.address(row, CLEARANCE), {"programme": "Two teams.", "seen": ""})
    send = reverse("admin:reporting_transcription_act", args=[row.pk, "send"])
    assert mailbox.email in client.get(send).content.decode()

    done = client.post(send, follow=True).content.decode()

    assert "It is held until somebody releases it" in done
    row.refresh_from_db()
    assert (row.status, row.sent_by, row.times_sent) == ("sent", assistant, 1)
    register = client.get(reverse("admin:reporting_transcription_changelist")).content.decode()
    assert "with the State" in register


def test_without_a_mailbox_the_desk_is_told_so(report, typed, assistant, signed_in, laos):
    focal = report.handed_in_by
    access.end_at_once(focal.appointments.get(), by=None, reason="left")
    send = reverse("admin:reporting_transcription_act", args=[typed.pk, "send"])

    done = signed_in(assistant).post(send, follow=True).content.decode()

    assert "No mailbox for the letter" in done
    assert not Letter.objects.filter(kind="figures").exists()


def test_a_report_with_answers_offers_no_transcription(laos, focal_point, assistant, signed_in):
    report = handed_in(laos, focal_point, 2024, clearance={"programme": "Ours."})

    words = signed_in(assistant).get(reverse("admin:reporting_report_change", args=[report.pk]))

    assert "/act/transcribe/" not in words.content.decode()


def test_confirmed_figures_stand_in_all_that_is_read_and_taken_home_in_public(
    sent, report, officer, laos, focal_point
):
    publish(report, officer)
    published(laos, focal_point, officer, 2024, clearance={"programme": "One team."})
    reader = Client()

    def everything() -> list[str]:
        answers = reader.get("/reports/answers.csv?from=2025&to=2025").getvalue().decode()
        return [
            answers,
            reader.get("/reports/forms/clearance/?year=2025").text,
            reader.get("/reports/LAO/compare/?from=2024&to=2025").text,
        ]

    assert not any("Ban Phonsavan" in said for said in everything())

    confirmed(sent)

    table, form, compared = everything()
    assert ["Ban Phonsavan" in said for said in (table, form, compared)] == [True] * 3
    assert "transcribed by the ISU, confirmed by the State" in table


LAW = {"id": "law00001", "kind": "law", "title": "Decree on munitions"}


def whole_of_measures(reader=None):
    reader = reader or Client()
    pages = (
        "/measures/",
        "/measures.csv",
        "/api/v1/measures",
        "/search/?q=decree",
        "/states/LAO/",
    )
    answers = [reader.get(page) for page in pages]
    return [
        "Decree on munitions"
        in (answer.getvalue() if answer.streaming else answer.content)
        .decode()
        .replace("<mark>", "")
        .replace("</mark>", "")
        for answer in answers
    ]


@pytest.mark.parametrize("first", ["publish", "confirm"])
def test_the_measures_of_a_confirmed_one_are_drawn_whichever_comes_first(
    report, assistant, officer, mailbox, today, first
):
    row = keeping.begin(report, by=assistant)
    keeping.save(row, ART7_2010.form("measures"), {"measures": [LAW]}, by=assistant, seen="")
    TRANSCRIPTIONS.take("send-figures", row, by=assistant)
    if first == "publish":
        publish(report, officer)
        assert (drawing.rebuild(), drawing.draw_missing()) == (0, 0)
        assert whole_of_measures() == [False] * 5
        confirmed(row)
    else:
        confirmed(row)
        assert whole_of_measures() == [False] * 5
        publish(report, officer)

    assert whole_of_measures() == [True] * 5
    (line,) = standing.lines(today)["LAO"]
    assert line.in_latest
    assert "transcribed by the ISU, confirmed by the State" in Client().get("/measures/").text
    assert drawing.rebuild() == 0
    Measure.objects.all().delete()
    assert drawing.draw_missing() == 1
