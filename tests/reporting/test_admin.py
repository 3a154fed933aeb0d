"""Transparency reports in the admin: receipt for many, publication, questions, filing."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from records.models import Letter
from reporting import doubts, filing, receipt
from reporting.admin import ReportAdmin
from reporting.models import FormAnswers, Remark, Report
from states import access
from states.history import act
from states.models import Deadline, State, User
from tests import factories
from tests.conftest import SignedIn
from tests.matrix import World
from tests.reporting import papers

REPORTS = "/admin/reporting/report/"


@pytest.fixture(autouse=True)
def an_act() -> Iterator[ExitStack]:
    """Rows are arranged with a reason; a test closes it before it posts, as no request has one."""
    with ExitStack() as stack:
        stack.enter_context(act(by=None, reason="arranged by a test"))
        yield stack


def page(row: Report, name: str = "change", *args: object) -> str:
    """An address of the report in the admin."""
    return reverse(f"admin:reporting_report_{name}", args=[row.pk, *args])


def handed_in(state: State, year: int, by: User) -> Report:
    """A report that waits for the secretariat."""
    upload = World.stored(f"%PDF-1.7\n% {state.pk} {year}\n".encode(), "report.pdf", state)
    return factories.ReportFactory(
        state=state,
        year=year,
        covers_from=dt.date(year, 1, 1),
        covers_to=dt.date(year, 12, 31),
        original=upload,
        status="handed-in",
        reference=f"A7-{year}-{state.pk}-01",
        handed_in_at=timezone.now(),
        handed_in_by=by,
        received_by_isu=dt.date(year + 1, 4, 20),
    )


def test_receipt_is_recorded_for_twenty_at_once_and_the_deadlines_follow(
    assistant: User, focal_point: User, laos: State, peru: State, today: dt.date, an_act: ExitStack
) -> None:
    rows = [
        handed_in(state, year, focal_point) for state in (laos, peru) for year in range(2015, 2025)
    ]
    client = SignedIn(assistant)
    an_act.close()
    chosen = {"action": "receipt", "_selected_action": [row.pk for row in rows]}

    asked = client.post(REPORTS, chosen)
    done = client.post(
        REPORTS,
        chosen | {"confirmed": "yes", "which": "received_by_unoda", "on": "2026-11-19"},
    )

    assert "20 rows" in asked.text
    assert done.status_code == 302
    assert Report.objects.filter(received_by_unoda=dt.date(2026, 11, 19)).count() == 20
    assert Deadline.objects.filter(met_on=dt.date(2026, 11, 19)).count() == 20


def test_a_day_that_a_colleague_recorded_meanwhile_is_not_replaced_unseen(
    assistant: User,
    officer: User,
    focal_point: User,
    laos: State,
    today: dt.date,
    an_act: ExitStack,
) -> None:
    row = handed_in(laos, 2024, focal_point)
    mine, theirs = SignedIn(assistant), SignedIn(officer)
    address = page(row, "act", "receipt")
    opened = {
        client: {
            "which": "received_by_unoda",
            "seen": client.get(address).context["form"]["seen"].value(),
        }
        for client in (mine, theirs)
    }
    an_act.close()
    theirs.post(address, opened[theirs] | {"on": "2026-11-18"})
    answer = opened[mine] | {"on": "2026-11-19", "reason": "The note verbale says so"}

    asked = mine.post(address, answer)
    row.refresh_from_db()
    between = row.received_by_unoda
    meant = mine.post(address, answer | {"seen": asked.context["form"]["seen"].value()})

    row.refresh_from_db()
    assert (asked.status_code, between) == (422, dt.date(2026, 11, 18))
    assert "was recorded as 18 November 2026 while you had the page open" in asked.text
    assert "you wrote 19 November 2026" in asked.text
    assert (meant.status_code, row.received_by_unoda) == (302, dt.date(2026, 11, 19))


@pytest.mark.parametrize("seen", ["", "[1]", "7", '{"1": 2}', "null"])
def test_a_page_that_does_not_say_which_days_it_showed_is_taken_at_its_word(
    seen: str,
    assistant: User,
    focal_point: User,
    laos: State,
    today: dt.date,
    an_act: ExitStack,
) -> None:
    row = handed_in(laos, 2024, focal_point)
    an_act.close()

    SignedIn(assistant).post(
        page(row, "act", "receipt"),
        {"which": "received_by_unoda", "on": "2026-11-19", "seen": seen},
    )

    row.refresh_from_db()
    assert row.received_by_unoda == dt.date(2026, 11, 19)


def test_a_day_recorded_by_mistake_is_taken_back_with_a_reason(
    assistant: User, focal_point: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    row = handed_in(laos, 2024, focal_point)
    client = SignedIn(assistant)
    an_act.close()
    client.post(page(row, "act", "receipt"), {"which": "received_by_unoda", "on": "2026-11-19"})
    deadline = Deadline.objects.get(obligation__state=laos, year=2024)
    met = deadline.met_on
    answer = {"which": "received_by_unoda", "reason": "It was Peru's report"}

    silent = client.post(page(row, "act", "take-back"), answer | {"reason": ""})
    done = client.post(page(row, "act", "take-back"), answer)
    said = client.get(done.url).text
    again = client.post(page(row, "act", "take-back"), answer)

    row.refresh_from_db()
    deadline.refresh_from_db()
    assert (silent.status_code, done.status_code, again.status_code) == (422, 302, 422)
    assert (met, deadline.met_on) == (dt.date(2026, 11, 19), None)
    assert (row.received_by_unoda, row.received_by_isu) == (None, dt.date(2025, 4, 20))
    assert "Taken back: “received by UNODA” on 19 November 2026." in said
    for address in (page(row, "history"), "/admin/records/event/"):
        assert "Received by UNODA: day taken back" in client.get(address).text
    assert "Take a day back" not in client.get(page(row)).text


def test_a_day_that_cannot_be_is_refused_row_by_row(
    assistant: User, focal_point: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    row = handed_in(laos, 2024, focal_point)
    client = SignedIn(assistant)
    an_act.close()

    answer = client.post(
        page(row, "act", "receipt"), {"which": "received_by_unoda", "on": "2026-12-01"}
    )

    assert answer.status_code == 422
    assert "1 December 2026 has not come yet." in answer.text
    row.refresh_from_db()
    assert row.received_by_unoda is None


def test_a_report_is_published_on_a_chosen_day(
    assistant: User, focal_point: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    row = handed_in(laos, 2024, focal_point)
    client = SignedIn(assistant)
    an_act.close()

    early = client.post(page(row, "act", "publish"), {"on": "2025-04-01"})
    done = client.post(page(row, "act", "publish"), {"on": "2025-05-02"})
    after = client.get(page(row))

    row.refresh_from_db()
    assert early.status_code == 422
    assert done.status_code == 302
    assert (row.status, row.published_on) == ("published", dt.date(2025, 5, 2))
    assert "Publish" not in [str(one["label"]) for one in after.context["open_acts"]]


def test_a_question_is_a_remark_and_a_letter_that_is_held(
    assistant: User, focal_point: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    row = handed_in(laos, 2024, focal_point)
    factories.ContactFactory(state=laos)
    client = SignedIn(assistant)
    an_act.close()

    client.post(page(row, "act", "ask"), {"text": "Is form F complete?"})

    assert Remark.objects.get().text == "Is form F complete?"
    assert Letter.objects.get().status == "held"
    assert Report.objects.get(pk=row.pk).status == "handed-in"
    assert "Is form F complete?" in client.get(page(row)).text


def test_what_came_by_post_is_filed_for_the_state(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    own = factories.ReportFactory(state=laos, year=2025)
    client = SignedIn(assistant)
    an_act.close()
    url = reverse("admin:reporting_report_act_list", args=["file"])
    answers = {
        "state": "LAO",
        "kind": "annual",
        "year": "2025",
        "channel": "post",
        "received_on": "2026-04-28",
        "language": "fr",
        "mark_clearance": "unchanged",
        "year_clearance": "2023",
        "mark_retained-transferred": "unchanged",
        "mark_stockpiles": "not-applicable",
        "sentence_stockpiles": "We hold none.",
    }

    broken = client.post(
        url, answers | {"file": SimpleUploadedFile("report.pdf", b"not a PDF at all")}
    )
    lost = client.post(url, answers | {"file": papers.chosen(), "year_victim-assistance": "2023"})
    done = client.post(url, answers | {"file": papers.chosen()})

    assert broken.status_code == 422
    assert lost.status_code == 422
    assert "as “unchanged”, or leave this empty" in lost.text
    assert done.status_code == 302, done.context and done.context["wrong"]
    filed = Report.objects.exclude(pk=own.pk).get()
    assert (filed.status, filed.channel) == ("handed-in", "post")
    assert filed.received_by_isu == dt.date(2026, 4, 28)
    assert filed.marks == {
        "clearance": {"mark": "unchanged", "year": 2023},
        "retained-transferred": {"mark": "unchanged"},
        "stockpiles": {"mark": "not-applicable", "sentence": "We hold none."},
    }
    # The State is not asked for what staff did not take down of its file.
    assert "since which year is not said" not in " ".join(one.text for one in doubts.doubts(filed))
    assert Report.objects.get(pk=own.pk).status == "draft"


FILING = reverse_lazy("admin:reporting_report_act_list", args=["file"])


def by_post(**answers: str) -> dict[str, str]:
    """What the assistant fills in for a report that came by post."""
    return {
        "state": "LAO",
        "kind": "annual",
        "year": "2025",
        "channel": "post",
        "received_on": "2026-04-28",
        "language": "en",
    } | answers


def hidden(page: str, name: str) -> str:
    """The value of a field of the page."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert tag, f"no field {name}"
    value = re.search(r'value="([^"]*)"', tag.group())
    return value.group(1) if value else ""


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"year": "2030"}, "A report covers a calendar year from 2008 to 2026."),
        (
            {"covers_from": "2024-01-01", "covers_to": "2024-12-31"},
            "The period, 1 January 2024 to 31 December 2024, lies outside of 2025.",
        ),
    ],
)
def test_what_arithmetic_forbids_is_not_filed_and_the_file_stays_chosen(
    assistant: User,
    laos: State,
    today: dt.date,
    an_act: ExitStack,
    answers: dict[str, str],
    sentence: str,
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    refused = client.post(FILING, by_post(**answers) | {"file": papers.chosen()})
    mended = client.post(FILING, by_post(kept=hidden(refused.text, "kept")))

    assert refused.status_code == 422
    assert sentence in refused.text
    assert "“article-7.pdf” is kept" in refused.text
    assert mended.status_code == 302
    filed = Report.objects.get()
    assert filed.year == 2025
    assert filed.original is not None
    assert filed.original.name == "article-7.pdf"


def test_an_annual_report_of_a_state_that_is_not_bound_is_asked_about_once(
    assistant: User, today: dt.date, an_act: ExitStack
) -> None:
    factories.StateFactory(iso3="USA", name_en="United States of America")
    client = SignedIn(assistant)
    an_act.close()
    answers = by_post(state="USA", note="From the mission.")

    asked = client.post(FILING, answers | {"file": papers.chosen()})
    filed_yet = Report.objects.exists()
    kept = {name: hidden(asked.text, name) for name in ("kept", "sure")}
    done = client.post(FILING, answers | kept)

    assert asked.status_code == 422
    assert "a report on that year is a voluntary report." in asked.text
    assert "confirm it if it is right" in asked.text
    assert "From the mission." in asked.text
    assert "checked" not in asked.text
    assert not filed_yet
    assert done.status_code == 302
    assert Report.objects.get().kind == "annual"


def test_the_same_file_twice_is_asked_about(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    client.post(FILING, by_post() | {"file": papers.chosen()})
    asked = client.post(FILING, by_post() | {"file": papers.chosen("again.pdf")})

    assert asked.status_code == 422
    assert "This is the same file, byte for byte, as" in asked.text
    assert Report.objects.count() == 1


def test_a_tick_for_one_doubt_is_none_for_another(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    client.post(FILING, by_post() | {"file": papers.chosen()})

    asked = client.post(FILING, by_post(sure="on") | {"file": papers.chosen()})

    assert asked.status_code == 422


def test_a_file_kept_for_one_state_is_not_filed_for_another(
    assistant: User, laos: State, peru: State, today: dt.date, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    refused = client.post(FILING, by_post(year="2030") | {"file": papers.chosen()})

    other = client.post(FILING, by_post(state="PER", kept=hidden(refused.text, "kept")))

    assert other.status_code == 422
    assert "Choose the report." in other.text


def test_the_kind_that_is_usual_for_the_state_stands_ready(
    assistant: User, laos: State, today: dt.date
) -> None:
    factories.StateFactory(iso3="USA", name_en="United States of America")
    client = SignedIn(assistant)

    ready = {
        state: re.findall(
            r'<option value="(\w+)" selected', client.get(f"{FILING}?state={state}").text
        )
        for state in ("LAO", "USA")
    }

    assert "annual" in ready["LAO"]
    assert "voluntary" in ready["USA"]


def test_since_when_stands_only_beside_a_form_that_is_unchanged(
    assistant: User, laos: State, today: dt.date, focal_point: User, an_act: ExitStack
) -> None:
    row = handed_in(laos, 2025, focal_point)
    client = SignedIn(assistant)
    marks = {
        "measures": {"mark": "changed", "year": 2019},
        "stockpiles": {"mark": "unchanged", "year": 2020},
        "conversion": {"year": 2021},
    }
    row.marks = marks
    shown = ReportAdmin(Report, admin.site).parts(client.get(page(row)).wsgi_request, row)[0]

    assert [line.cells[2] for line in shown.lines] == ["", 2020]


def test_a_states_page_never_says_that_there_is_no_report_to_whom_it_is_not_shown(
    assistant: User, focal_point: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    handed_in(laos, 2025, focal_point)
    person = factories.UserFactory(email="finance@isu.example.org")
    access.appoint(
        person, "finance-officer", None, from_on=dt.date(2026, 1, 1), reference="x", by=None
    )
    finance = User.objects.get(pk=person.pk)
    an_act.close()

    address = reverse("admin:states_state_change", args=["LAO"])
    waits, read = SignedIn(assistant).get(address).text, SignedIn(finance).get(address).text

    assert "A7-2025-LAO-01" in waits
    assert "A7-2025-LAO-01" not in read
    assert "No report is recorded here." not in read
    assert "No published report is recorded here." in read


def test_that_a_state_has_not_said_something_is_no_fault_in_red(
    assistant: User, focal_point: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    row = handed_in(laos, 2025, focal_point)
    an_act.close()

    text = SignedIn(assistant).get(page(row)).text

    assert "The State says that it has sent the report to UNODA" in text
    assert "icon-no" not in text


def test_staff_read_the_answers_and_what_a_reader_may_ask_about(
    officer, laos, focal_point, signed_in
):
    draft = filing.begin(laos, "annual", 2025, by=focal_point)
    draft.marks = {"clearance": {"mark": "changed"}, "measures": {"mark": "changed"}}
    draft.save()
    FormAnswers.objects.create(report=draft, form="clearance", said={"programme": "Two teams."})
    report = receipt.hand_in(draft, by=focal_point)

    page = signed_in(officer).get(reverse("admin:reporting_report_change", args=[report.pk])).text

    assert f'<a href="{report.get_absolute_url()}">read them form by form</a>' in page
    assert "What a reader may ask about" in page
    assert "No mark on the cover page for" in page
    assert "Two teams." in signed_in(officer).get(report.get_absolute_url()).text
