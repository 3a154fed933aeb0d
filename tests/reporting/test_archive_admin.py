"""Past reports in the admin: sent, read in the background, answered, confirmed, complete."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from records.models import Event
from reporting.archive import complete, running
from reporting.models import Archive, NotFound, Report
from states.history import act
from states.models import Deadline, RecordsKept, State, User
from tests import factories
from tests.conftest import SignedIn
from tests.reporting import zips
from tests.reporting.zips import line

pytestmark = pytest.mark.usefixtures("today", "laos", "peru")
SEND = "/admin/reporting/archive/act/send/"
LINES = "/admin/reporting/archiveline/"
COMPLETE = "/admin/reporting/archive/complete/"


@pytest.fixture(autouse=True)
def an_act() -> Iterator[ExitStack]:
    """Rows are arranged with a reason; a test closes it before it posts, as no request has one."""
    with ExitStack() as stack:
        stack.enter_context(act(by=None, reason="arranged by a test"))
        yield stack


def chosen(file: io.BytesIO, name: str = "past.zip") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, file.getvalue(), "application/zip")


def change(archive: Archive) -> str:
    return reverse("admin:reporting_archive_change", args=[archive.pk])


def act_on(row: Any, slug: str) -> str:
    return reverse(f"admin:reporting_{row._meta.model_name}_act", args=[row.pk, slug])


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def read(assistant: User, *lines: dict[str, str]) -> Archive:
    archive = running.receive(zips.archive(*lines), by=assistant)
    running.advance(archive.pk)
    archive.refresh_from_db()
    return archive


def test_an_archive_goes_its_way_through_the_admin(assistant: User, an_act: ExitStack) -> None:
    client = SignedIn(assistant)
    an_act.close()
    file = zips.archive(
        line("PER", 2015, published_on="2016-05-01"),
        line("LAO", 2011, received_by_unoda="03/04/2012"),
        line("PER", 2016) | {"state": "Atlantis"},
    )

    sent = client.post(SEND, {"file": chosen(file)})
    archive = Archive.objects.get()
    waiting = client.get(change(archive))
    assert sent.status_code == 302
    assert sent["Location"] == change(archive)
    assert waiting["Refresh"] == "4"
    assert "you may close this page" in waiting.text

    running.advance(archive.pk)
    page = client.get(change(archive))
    assert "Refresh" not in page
    assert "new report 2 1" in words(page.text)  # one of two in doubt
    assert "cannot be taken 1" in words(page.text)
    doubtful = client.get(f"{LINES}?archive__id__exact={archive.pk}&waits=yes")
    assert "which can be 4 March 2012 or 3 April 2012" in doubtful.text
    assert "PER-2015.pdf" not in doubtful.text

    odd = archive.lines.get(number=3)
    form = client.get(act_on(odd, "answer"))
    assert "which can be 4 March 2012" in form.text
    given = {
        name: "" if (value := form.context["form"][name].value()) is None else value
        for name in form.context["form"].fields
    }
    answered = client.post(act_on(odd, "answer"), given | {"received_by_unoda": "2012-04-03"})
    assert answered.status_code == 302

    asked = client.get(act_on(archive, "confirm"))
    assert "2 new reports come in" in asked.text
    assert "1 of them is public" in asked.text
    assert "No letter goes out" in asked.text
    client.post(act_on(archive, "confirm"))
    assert client.get(change(archive))["Refresh"] == "4"
    running.advance(archive.pk)

    done = client.get(change(archive))
    assert "taken in 2" in words(done.text)
    assert "was not taken 1" in words(done.text)
    report = Report.objects.get(state="LAO")
    assert report.received_by_unoda == dt.date(2012, 4, 3)
    assert report.as_published == {"received_by_unoda": "03/04/2012"}
    verbs = list(Event.objects.about(odd).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["correct", "answer"]


def test_the_file_of_a_line_is_opened_by_those_who_answer_about_it(
    assistant: User, focal_point: User, an_act: ExitStack
) -> None:
    archive = read(assistant, line("PER", 2015), line("PER", 2016) | {"state": "Atlantis"})
    an_act.close()
    one = archive.lines.order_by("number").last()
    assert one is not None
    address = reverse("admin:reporting_archiveline_paper", args=[one.pk])
    client = SignedIn(assistant)

    for page in (f"{LINES}{one.pk}/change/", act_on(one, "answer")):
        assert f'href="{address}"' in client.get(page).text
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'attachment; filename="PER-2016.pdf"'
    assert b"".join(answer.streaming_content).startswith(b"%PDF")

    assert Client().get(address).status_code == 302
    assert SignedIn(focal_point).get(address).status_code in {403, 404}
    running.close(archive, by=assistant)
    assert address not in client.get(f"{LINES}{one.pk}/change/").text


def test_what_is_said_before_and_after_a_confirmation_agrees(
    assistant: User, an_act: ExitStack
) -> None:
    archive = read(
        assistant,
        line("PER", 2015),
        line("LAO", 2011, received_by_unoda="03/04/2012"),
        line("PER", 2016) | {"state": "Atlantis"},
    )
    an_act.close()
    client = SignedIn(assistant)

    asked = client.get(act_on(archive, "confirm")).text
    assert "1 new report comes in" in asked
    assert "Line 4 is not taken in: “Atlantis” is no State" in asked
    done = client.post(act_on(archive, "confirm"), follow=True)
    assert "1 report is being taken in." in done.text
    running.advance(archive.pk)
    assert "taken in; 1 line waits for your answer" in client.get(change(archive)).text


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "Choose the archive."),
        (SimpleUploadedFile("a.zip", b""), "The file is empty."),
        (SimpleUploadedFile("a.zip", b"no archive"), "no .zip archive"),
        (chosen(zips.archive(line("PER", 2015)), "a\0.zip"), ""),
    ],
)
def test_a_file_that_is_no_archive_gets_a_sentence(
    file: Any, sentence: str, assistant: User, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    answer = client.post(SEND, {"file": file} if file else {})

    assert answer.status_code == (422 if sentence else 302)
    assert sentence in answer.text


def test_an_archive_above_the_limit_is_refused(
    assistant: User, an_act: ExitStack, settings: Any
) -> None:
    settings.ARCHIVE_MAX_BYTES = 100
    client = SignedIn(assistant)
    an_act.close()

    answer = client.post(SEND, {"file": chosen(zips.archive(line("PER", 2015)))})

    assert "larger than 0 MB" in answer.text
    assert not Archive.objects.exists()


def test_the_same_archive_sent_again_is_named(assistant: User, an_act: ExitStack) -> None:
    read(assistant, line("PER", 2015))
    client = SignedIn(assistant)
    an_act.close()

    answer = client.post(SEND, {"file": chosen(zips.archive(line("PER", 2015)))}, follow=True)

    assert "The same archive was sent on 20 November 2026" in answer.text


def test_an_archive_that_cannot_be_read_says_why_on_its_page(
    assistant: User, an_act: ExitStack
) -> None:
    archive = running.receive(zips.packed({"a.pdf": b"x"}), by=assistant)
    running.advance(archive.pk)
    client = SignedIn(assistant)
    an_act.close()

    page = client.get(change(archive))

    assert "There is no index in the archive" in page.text
    assert act_on(archive, "confirm") not in page.text


def test_many_lines_are_taken_or_left_out_at_once(assistant: User, an_act: ExitStack) -> None:
    archive = read(assistant, *(line("PER", year, kind="") for year in range(2014, 2018)))
    client = SignedIn(assistant)
    an_act.close()
    pks = list(archive.lines.order_by("number").values_list("pk", flat=True))

    for slug, some in (("take", pks[:2]), ("leave-out", pks[2:])):
        client.post(LINES, {"action": slug, "_selected_action": some, "confirmed": "yes"})

    assert running.ready(archive).count() == 4
    assert archive.lines.filter(left_out=True).count() == 2
    assert archive.lines.filter(answered_by=assistant).count() == 4


def test_an_answer_that_cannot_be_is_refused_and_changes_nothing(
    assistant: User, an_act: ExitStack
) -> None:
    archive = read(assistant, line("PER", 2015, kind=""))
    one = archive.lines.get()
    client = SignedIn(assistant)
    an_act.close()
    given = {"state": "PER", "kind": "annual", "year": "2015", "language": "en"}

    answer = client.post(
        act_on(one, "answer"),
        given | {"covers_from": "2013-01-01", "covers_to": "2013-12-31"},
    )

    assert answer.status_code == 422
    assert "lies outside of 2015" in answer.text
    one.refresh_from_db()
    assert one.answer == {}
    assert one.waits


def test_the_findings_are_a_file(assistant: User, an_act: ExitStack) -> None:
    archive = read(assistant, line("PER", 2015, note="=1+1"), line("PER", 2015, file="=x.pdf"))
    client = SignedIn(assistant)
    an_act.close()

    file = client.get(f"{LINES}export/csv/?archive__id__exact={archive.pk}")
    text = file.content.decode("utf-8-sig")

    assert "PER-2015.pdf" in text
    assert "Line 2 is about the same report" in text
    assert not re.search(r"(^|,)=", text)


def test_the_empty_index_has_every_column_and_is_read_as_it_is(
    assistant: User, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    content = client.get("/admin/reporting/archive/index.csv").content

    archive = running.receive(zips.packed({"index.csv": content}), by=assistant)
    running.advance(archive.pk)
    archive.refresh_from_db()
    assert archive.stage == "read"
    assert archive.notes["unknown"] == []


def test_the_list_of_lines_asks_the_same_questions_for_one_and_three(
    assistant: User, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)

    def asked(number: int) -> int:
        archive = read(
            assistant, *(line("PER", year, kind="") for year in range(2014, 2014 + number))
        )
        client.get(f"{LINES}?archive__id__exact={archive.pk}")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page = client.get(f"{LINES}?archive__id__exact={archive.pk}")
        assert page.text.count("PER-20") >= number
        return len(captured)

    assert asked(3) == asked(1)


def test_the_records_are_complete_from_the_year_since_which_nothing_is_open(
    assistant: User, an_act: ExitStack, laos: State
) -> None:
    # Peru's first annual report is on 2013, Lao PDR's on 2010.
    lines = [line("PER", year) for year in range(2013, 2026)]
    lines += [line("LAO", year) for year in range(2012, 2026) if year != 2017]
    archive = read(assistant, *lines)
    running.confirm(archive, by=assistant)
    running.advance(archive.pk)
    client = SignedIn(assistant)
    an_act.close()

    page = client.get(COMPLETE)
    assert "From 2019 on every report that fell due is here" in words(page.text)
    assert "nothing is called late" in page.text

    early = client.post(COMPLETE, {"move": "1", "year": "2013", "reason": "The archive"})
    assert early.status_code == 422
    assert not RecordsKept.objects.exists()
    silent = client.post(COMPLETE, {"move": "1", "year": "2019", "reason": ""})
    assert silent.status_code == 422
    assert "Say why." in silent.text

    marked = {"mark": "1", "year": "2018", "states": ["LAO"], "reason": "Not at UNODA either"}
    client.post(COMPLETE, marked)
    assert NotFound.objects.get().reason == "Not at UNODA either"
    assert "From 2013 on every report" in words(client.get(COMPLETE).text)

    client.post(COMPLETE, {"move": "1", "year": "2013", "reason": "The archive of UNODA"})
    row = RecordsKept.objects.get()
    assert (row.kind, row.complete_from) == ("art7-annual", dt.date(2013, 1, 1))
    kept = row.history.order_by("-pgh_id").first()
    assert kept.pgh_context["reason"] == "The archive of UNODA"
    assert kept.pgh_context["user"] == assistant.pk

    client.post(COMPLETE, {"take-back": str(NotFound.objects.get().pk)})
    assert not NotFound.objects.exists()
    # The row stands: only a person moves it.
    assert RecordsKept.objects.get().complete_from == dt.date(2013, 1, 1)


@pytest.mark.parametrize(
    "data",
    [
        {"move": "1", "year": "", "reason": "x"},
        {"move": "1", "year": "99999999999", "reason": "x"},
        {"move": "1", "year": "0000", "reason": "x"},
        {"mark": "1", "year": "2018", "reason": "x"},
        {"mark": "1", "year": "2018", "states": ["XXX", "\0"], "reason": "x"},
        {"mark": "1", "year": "2018", "states": ["LAO"], "reason": "\0"},
        {"take-back": "x"},
        {"take-back": "9" * 30},
        {},
    ],
)
def test_odd_answers_about_completeness_get_a_sentence(
    data: dict[str, Any], assistant: User, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    assert client.post(COMPLETE, data).status_code == 422
    assert not RecordsKept.objects.exists()


def test_completeness_asks_the_same_questions_however_much_is_here(
    assistant: User, laos: State
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            found = complete.years("art7-annual", dt.date(2026, 11, 20))
            assert [one.open and one.open[0].obligation.state.name() for one in found]
        return len(captured)

    few = asked()
    archive = read(assistant, *(line("LAO", year) for year in range(2012, 2020)))
    running.confirm(archive, by=assistant)
    running.advance(archive.pk)

    assert asked() == few <= 4


def test_a_deadline_met_without_a_report_here_is_not_open(laos: State) -> None:
    Deadline.objects.filter(obligation__state=laos, year=2024).update(met_on=dt.date(2025, 4, 1))

    found = {one.year: one for one in complete.years("art7-annual", dt.date(2026, 11, 20))}

    assert found[2025].here == 1


def test_what_is_fictional_counts_nowhere(laos: State) -> None:
    before = complete.years("art7-annual", dt.date(2026, 11, 20))
    factories.party("XAA", "Arvalia", "2009-03-18", demo=True)

    assert complete.years("art7-annual", dt.date(2026, 11, 20)) == before
