"""Real oddities of real reports are accepted, with a doubt where there is one.

Days and periods are typed from article7.md, sections 3, 5 and 7; none is computed here.
"""

import datetime as dt
import io

import pypdfium2
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse
from openpyxl import load_workbook

from reporting import days, doubts, filing, receipt
from reporting.archive import running
from reporting.models import Report
from reporting.workflow import REPORTS
from states.covered import lateness_of
from states.deadlines import Lateness
from states.models import Deadline, Practice, RecordsKept, State
from tests.conftest import appointed
from tests.reporting import papers, zips

pytestmark = pytest.mark.usefixtures("today", "treaty", "db")


def party(iso3: str) -> State:
    return State.objects.get(pk=iso3)


def texts(report: Report) -> list[str]:
    return [doubt.text for doubt in doubts.doubts(report)]


def filed(iso3, kind, year, assistant, received_on, period, **facts):
    first, last = (dt.date.fromisoformat(day) for day in period)
    state = party(iso3)
    return filing.file_for_state(
        state,
        kind,
        year,
        papers.received(state, words=f"{iso3} {year} {kind}"),
        by=assistant,
        channel="e-mail",
        received_on=dt.date.fromisoformat(received_on),
        covers_from=first,
        covers_to=last,
        **facts,
    )


def test_belize_covers_two_years_and_eight_months_with_a_cover_page(assistant) -> None:
    # Section 5: deposit 2 September 2014, in force 1 March 2015, due 28 August 2015; section 7(3)
    # and (4): one initial report on 1 March 2015 to 31 October 2017, with the cover page.
    report = filed(
        "BLZ",
        "initial",
        2017,
        assistant,
        "2017-11-20",
        ("2015-03-01", "2017-10-31"),
        marks={"measures": {"mark": "changed"}, "stockpiles": {"mark": "not-applicable"}},
    )

    assert report.status == "handed-in"
    assert (report.covers_from, report.covers_to) == (dt.date(2015, 3, 1), dt.date(2017, 10, 31))
    assert any("The cover page is made for annual reports" in text for text in texts(report))
    deadline = days.deadline_of(report)
    assert deadline.due_on == dt.date(2015, 8, 28)
    # Of the years 2016 alone lies wholly in it; a later report may point to that, or to 2017.
    year = filing.begin(
        party("BLZ"), "annual", 2018, by=appointed("focal-point", party("BLZ"), "b@x.org", "FP")
    )
    year.marks = {"clearance": {"mark": "unchanged", "year": 2016}}
    year.save()
    assert doubts.sources_of_unchanged(year) == {"clearance": report.reference}


@pytest.fixture
def of_mauritania(signed_in):
    person = appointed("focal-point", party("MRT"), "fp.mrt@example.org", "Focal point")
    filing.begin(party("MRT"), "annual", 2012, by=person)
    return signed_in(person)


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_mauritanias_day_in_the_box_is_offered_as_what_it_can_mean(of_mauritania, language) -> None:
    # Section 7(2): "01/12/2012 to 01/31/2012".
    url = reverse("report-draft", args=["MRT", "annual", 2012])
    draft = Report.objects.get(state="MRT")
    typed = {
        "covers_from": "2012-01-01",
        "covers_to": "01/31/2012",
        "language": "fr",
        "note": "Kept.",
        "touched": draft.touched_at.isoformat(),
    }

    page = of_mauritania.post(f"{url}?lang={language}", typed)

    assert page.status_code == 200
    assert "2012-01-31" in page.text
    meant = {"en": "31 January 2012", "fr": "31 janvier 2012", "es": "31 de enero de 2012"}
    assert meant[language] in page.text
    # What was typed stands in a box that shows it.
    assert 'type="text" name="covers_to" value="01/31/2012"' in page.text
    draft.refresh_from_db()
    assert (draft.covers_to, draft.note) == (dt.date(2012, 12, 31), "Kept.")


def test_a_day_with_two_readings_is_offered_with_both(of_mauritania) -> None:
    url = reverse("report-draft", args=["MRT", "annual", 2012])
    typed = {"covers_from": "01/12/2012", "covers_to": "2012-12-31", "language": "fr"}

    page = of_mauritania.post(url, typed).text

    assert "can be 12 January 2012 or 1 December 2012: write 2012-01-12 or 2012-12-01" in page


def test_mauritanias_day_in_an_index_is_kept_as_published(assistant) -> None:
    odd = zips.line("MRT", 2012, covers_from="01/12/2012", covers_to="01/31/2012")
    archive = running.receive(zips.archive(odd), by=assistant)

    running.advance(archive.pk)

    line = archive.lines.get()
    assert line.as_published == {"covers_from": "01/12/2012", "covers_to": "01/31/2012"}
    assert "The period is not clear: “01/12/2012” to “01/31/2012”" in line.doubts[0]


def test_mauritanias_unchanged_without_a_year_is_handed_in_with_a_doubt(of_mauritania) -> None:
    # Section 7(1), the report of 2015: the year of "unchanged" is left empty.
    url = reverse("report-draft", args=["MRT", "annual", 2012])
    draft = Report.objects.get(state="MRT")
    typed = {
        "covers_from": "2012-01-01",
        "covers_to": "2012-12-31",
        "language": "fr",
        "stockpiles_mark": "unchanged",
        "touched": draft.touched_at.isoformat(),
    }
    of_mauritania.post(url, typed)
    draft.refresh_from_db()

    check = of_mauritania.get(reverse("report-check", args=["MRT", "annual", 2012]) + "?lang=en")
    of_mauritania.post(
        reverse("report-hand-in", args=["MRT", "annual", 2012]),
        {"touched": draft.touched_at.isoformat()},
    )

    assert "Form B is unchanged, but since which year is not said." in check.text
    draft.refresh_from_db()
    assert draft.status == "handed-in"
    assert draft.marks["stockpiles"] == {"mark": "unchanged"}


def test_colombia_is_in_time_on_the_last_day(assistant) -> None:
    # Section 5: deposit 10 September 2015, in force 1 March 2016, due and submitted 28 August 2016.
    report = filed("COL", "initial", 2016, assistant, "2016-08-28", ("2016-03-01", "2016-08-28"))
    days.record_receipt(report, "received_by_unoda", dt.date(2016, 8, 28), by=assistant)

    deadline = days.deadline_of(report)
    assert deadline.due_on == deadline.met_on == dt.date(2016, 8, 28)
    kept = RecordsKept(kind="art7-initial", complete_from=dt.date(2010, 1, 1))
    for on, said in (
        (dt.date(2016, 8, 28), Lateness.MET),
        (dt.date(2016, 8, 29), Lateness.MET),
    ):
        assert lateness_of(party("COL"), deadline.due_on, on, kept, met_on=deadline.met_on) is said
    # Its period is that of an initial report, from entry into force: nothing is odd about it.
    assert texts(report) == []


def test_lebanons_second_report_covers_half_a_year_over_two(assistant) -> None:
    # Section 7(3): 27 October 2011 to 9 April 2012; the first was submitted on 27 October 2011.
    report = filed("LBN", "annual", 2011, assistant, "2012-04-30", ("2011-10-27", "2012-04-09"))

    assert report.status == "handed-in"
    assert any(
        "27 October 2011 to 9 April 2012, does not cover the whole of 2011" in text
        for text in texts(report)
    )
    days.record_receipt(report, "received_by_unoda", dt.date(2012, 4, 30), by=assistant)
    assert Deadline.objects.get(obligation__state="LBN", year=2011).met_on == dt.date(2012, 4, 30)


def test_lithuania_owes_nothing_on_2024_and_its_reports_stay_public(assistant, client) -> None:
    # Section 5: it left on 6 March 2025, so that no report on 2024 is owed; 2023 was owed.
    standing = Deadline.objects.standing(dt.date(2026, 11, 20)).filter(
        obligation__state="LTU", obligation__kind="art7-annual"
    )
    assert not standing.filter(year__gte=2024).exists()
    assert standing.filter(year=2023).exists()
    report = filed("LTU", "annual", 2022, assistant, "2023-04-20", ("2022-01-01", "2022-12-31"))

    REPORTS.take("publish", report, by=assistant, on=dt.date(2023, 5, 1))

    assert client.get(report.get_absolute_url()).status_code == 200
    late = filed("LTU", "annual", 2024, assistant, "2025-04-20", ("2024-01-01", "2024-12-31"))
    assert late.status == "handed-in"  # nobody is refused who reports all the same
    assert not standing.filter(year__gte=2024).exists()


def words_of(upload) -> str:
    with default_storage.open(upload.path) as file:
        paper = pypdfium2.PdfDocument(io.BytesIO(file.read()))
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in paper)
    finally:
        paper.close()


@pytest.mark.parametrize(
    ("language", "letters"),
    [("fr", {"technical": "D", "retained": "C"}), ("en", {"technical": "C", "retained": "D"})],
)
def test_the_french_cover_page_has_c_and_d_the_other_way_on_page_paper_and_workbook(
    language, letters, signed_in
) -> None:
    # Section 3.1, "language trap": in French C is retained and transferred, D technical.
    person = appointed("focal-point", party("MRT"), "fp.mrt@example.org", "Focal point")
    report = filing.begin(party("MRT"), "annual", 2025, by=person)
    report.language = language
    report.marks = {
        "technical-characteristics": {"mark": "changed"},
        "retained-transferred": {"mark": "not-applicable", "sentence": "None."},
    }
    report.save()
    at = signed_in(person)
    titles = {
        "fr": {"technical": "Caractéristiques techniques", "retained": "conservées"},
        "en": {"technical": "Technical characteristics", "retained": "retained"},
    }[language]

    page = at.get(reverse("report-draft", args=["MRT", "annual", 2025]) + f"?lang={language}")
    cover = page.context["form"]
    for question in cover.questions():
        for key, letter in letters.items():
            if question.form.key.startswith(key):
                assert question.letter == letter
    book = load_workbook(
        io.BytesIO(at.get(reverse("report-workbook", args=["MRT", "annual", 2025])).content)
    )
    sheets = {one["A1"].value.rpartition("/")[2]: one.title for one in book if one["A1"].value}
    assert sheets["technical-characteristics"].startswith(letters["technical"])
    assert sheets["retained-transferred"].startswith(letters["retained"])
    handed = receipt.hand_in(report, by=person)
    paper = " ".join(words_of(handed.original).split())
    for key, letter in letters.items():
        title = titles[key]
        place = paper.lower().index(title.lower())
        assert f"{letter}" in paper[max(0, place - 60) : place], (title, paper[place - 60 : place])


LAST_MINUTE = dt.datetime(2026, 4, 30, 21, 59, 30, tzinfo=dt.UTC)  # 23:59:30 in Geneva


@pytest.mark.parametrize(
    ("moment", "received"),
    [
        (LAST_MINUTE, dt.date(2026, 4, 30)),
        (LAST_MINUTE + dt.timedelta(minutes=1), dt.date(2026, 5, 1)),
    ],
)
def test_the_last_minute_in_geneva_is_in_time_in_vientiane_on_the_first_of_may(
    moment, received, signed_in
) -> None:
    laos = party("LAO")
    assert laos.time_zone == "Asia/Vientiane"
    Practice.objects.create(key=Practice.Key.RECEIPT_THAT_COUNTS, value="received_by_isu")
    with time_machine.travel(moment, tick=False):
        person = appointed("focal-point", laos, "fp.lao@example.org", "Focal point")
        draft = filing.begin(laos, "annual", 2025, by=person)
        draft.original = papers.received(laos)
        draft.save()
        at = signed_in(person)
        year = ["LAO", "annual", 2025]

        check = at.get(reverse("report-check", args=year) + "?lang=en").text
        at.post(reverse("report-hand-in", args=year), {"touched": draft.touched_at.isoformat()})
        page = at.get(reverse("report-receipt", args=[*year, 1]) + "?lang=en").text

    # Once the day is over nobody is told again when it was.
    said = "until the end of 30 April 2026 in Geneva" in " ".join(check.split())
    assert said == (moment == LAST_MINUTE)
    draft.refresh_from_db()
    assert draft.received_by_isu == received
    deadline = Deadline.objects.get(obligation__state=laos, year=2025)
    assert deadline.met_on == received
    assert (deadline.met_on <= deadline.due_on) == (moment == LAST_MINUTE)
    if moment == LAST_MINUTE:
        assert "30 April 2026, 23:59 in Geneva" in check
        assert "30 April 2026, 23:59" in page  # in Geneva
        assert "1 May 2026, 04:59" in page  # in Vientiane
