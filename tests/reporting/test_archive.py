"""Past reports come in from an archive: previewed, answered, confirmed, and never twice."""

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction, utils
from django.test import Client

from records.archive.container import Unreadable
from records.models import Event, Letter, Upload
from records.workflow import Refused
from reporting import comparing, filing, receipt
from reporting.archive import answers, columns, running
from reporting.models import Archive, ArchiveLine, Finding, Outcome, Report
from reporting.workflow import REPORTS
from states.models import Deadline, FormerName, State, User
from tests import factories
from tests.reporting import papers, zips
from tests.reporting.publishing import drafted, published
from tests.reporting.zips import line

pytestmark = pytest.mark.usefixtures("today", "laos", "peru")
DAYS = {"received_by_unoda": "2016-04-22", "published_on": "2016-05-10"}


def read(file: io.BytesIO, by: User) -> Archive:
    """The archive, read through as the background does."""
    archive = running.receive(file, by=by)
    running.advance(archive.pk)
    archive.refresh_from_db()
    return archive


def taken_in(file: io.BytesIO, by: User) -> Archive:
    """The archive, read through and confirmed."""
    archive = read(file, by)
    running.confirm(archive, by=by)
    running.advance(archive.pk)
    archive.refresh_from_db()
    return archive


def found(archive: Archive) -> list[tuple[str, str]]:
    """What each line would do, and why."""
    return [(one.finding, one.sentence) for one in archive.lines.order_by("number")]


def doubts(archive: Archive) -> list[list[str]]:
    return [one.doubts for one in archive.lines.order_by("number")]


def everything() -> dict[str, list[Any]]:
    """What an import may bring, as it stands."""
    return {
        model._meta.label: list(model.objects.order_by("pk").values())
        for model in (Report, Upload, Deadline)
    }


def test_a_line_brings_a_report_with_its_days_published_and_its_deadline_met(assistant) -> None:
    archive = taken_in(zips.archive(line("PER", 2015, **DAYS, note="From the site")), assistant)

    report = Report.objects.get()
    assert (report.state_id, report.kind, report.year) == ("PER", "annual", 2015)
    assert (report.status, report.channel) == ("published", "archive")
    assert report.reference == "A7-2015-PER-01"
    assert report.received_by_unoda == dt.date(2016, 4, 22)
    assert report.published_on == dt.date(2016, 5, 10)
    assert report.received_by_isu is None  # nobody knows it, and today is not it
    assert report.original.name == "PER-2015.pdf"
    assert "From the site" in report.note
    assert f"Archive {archive.pk}, line 2" in report.note
    deadline = Deadline.objects.get(obligation__state="PER", year=2015)
    assert deadline.met_on == dt.date(2016, 4, 22)
    verbs = set(Event.objects.about(report).values_list("verb", flat=True))
    assert verbs == {"file", "received-by-unoda", "publish"}
    assert archive.stage == "done"
    assert not Letter.objects.exists()


def test_nothing_comes_in_before_it_is_confirmed(assistant) -> None:
    archive = read(zips.archive(line("PER", 2015)), assistant)

    assert archive.stage == "read"
    assert found(archive) == [(Finding.NEW, "")]
    assert not Report.objects.exists()
    assert not Upload.objects.exists()


def test_the_same_archive_once_more_changes_nothing(assistant) -> None:
    lines = [line("PER", 2015, **DAYS), line("PER", 2016), line("LAO", 2015)]
    taken_in(zips.archive(*lines), assistant)
    before = everything()

    again = taken_in(zips.archive(*lines), assistant)

    assert everything() == before
    assert [one.outcome for one in again.lines.all()] == [Outcome.SAME] * 3
    assert {one.report.reference for one in again.lines.all()} == {
        "A7-2015-PER-01",
        "A7-2016-PER-01",
        "A7-2015-LAO-01",
    }


def test_an_import_that_was_cut_goes_on_where_it_was(assistant, monkeypatch) -> None:
    archive = read(zips.archive(*(line("PER", year) for year in range(2014, 2020))), assistant)
    running.confirm(archive, by=assistant)
    taken, real = [], running._file

    def dies(one: ArchiveLine, *args: Any, **facts: Any) -> Report:
        report = real(one, *args, **facts)
        taken.append(one.number)
        if len(taken) == 3:
            raise KeyboardInterrupt  # the worker is killed in the middle of a line
        return report

    monkeypatch.setattr(running, "_file", dies)
    with pytest.raises(KeyboardInterrupt):
        running.advance(archive.pk)
    assert Report.objects.count() == 2  # whole lines only
    assert archive.lines.filter(outcome=Outcome.TAKEN).count() == 2

    running.advance_all()

    assert Report.objects.count() == 6
    assert taken == [2, 3, 4, 4, 5, 6, 7]
    assert sorted(Report.objects.values_list("reference", flat=True)) == [
        f"A7-{year}-PER-01" for year in range(2014, 2020)
    ]


def test_reading_that_was_cut_goes_on_where_it_was(assistant, monkeypatch) -> None:
    archive = running.receive(
        zips.archive(*(line("PER", year) for year in range(2014, 2018)), extra_pdf=b"x"),
        by=assistant,
    )
    real, seen = running.judging.look, []

    def dies(one: ArchiveLine, *args: Any) -> None:
        seen.append(one.number)
        if len(seen) == 3:
            raise MemoryError
        real(one, *args)

    monkeypatch.setattr(running.judging, "look", dies)
    with pytest.raises(MemoryError):
        running.advance(archive.pk)

    running.advance(archive.pk)

    archive.refresh_from_db()
    assert archive.stage == "read"
    assert seen == [2, 3, 4, 4, 5]
    # What was judged before the cut is still spoken of.
    assert archive.notes["over"] == ["extra_pdf"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"state": "Atlantis"}, "“Atlantis” is no State that is known here"),
        ({"state": ""}, "names no State"),
        ({"year": "15"}, "“15” is not a year"),
        ({"year": ""}, "names no year"),
        ({"year": "1999"}, "from 2008 to 2026"),
        ({"year": "2027"}, "from 2008 to 2026"),
        ({"year": "99999999999999999999"}, "is not a year"),
        ({"file": "nowhere.pdf"}, "“nowhere.pdf” is not in the archive"),
        ({"file": ""}, "names no file"),
        ({"file": "../x.pdf"}, "leads out of the archive"),
        ({"covers_from": "2016-01-01", "covers_to": "2015-01-01"}, "ends before it begins"),
        ({"covers_from": "2013-01-01", "covers_to": "2013-12-31"}, "lies outside of 2015"),
    ],
)
def test_a_line_that_cannot_be_taken_says_why_and_stops_no_other(
    facts: dict[str, str], words: str, assistant
) -> None:
    bad = line("PER", 2015) | facts
    held = {"PER-2015.pdf": papers.pdf("2015"), "LAO-2015.pdf": papers.pdf("other")}
    file = zips.packed({"index.csv": zips.table([bad, line("LAO", 2015)]), **held})

    archive = taken_in(file, assistant)

    refused, other = archive.lines.order_by("number")
    assert (refused.outcome, other.outcome) == (Outcome.REFUSED, Outcome.TAKEN)
    assert words in refused.sentence
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (papers.pdf("cut")[:-200], "damaged or was cut off"),
        (b"MZ program", "a file of the kind EXE"),
        (zips.packed({"a.pdf": b"x"}).getvalue(), "This is a ZIP archive"),
    ],
)
def test_a_broken_file_is_refused_with_its_sentence(content: bytes, words: str, assistant) -> None:
    one = line("PER", 2015, file="paper")
    archive = read(zips.packed({"index.csv": zips.table([one]), "paper": content}), assistant)

    assert archive.lines.get().finding == Finding.REFUSED
    assert words in archive.lines.get().sentence


@pytest.mark.parametrize("name", ["PER", "per", "Peru", "PERU", "Pérou", "Perú", "Inca Empire"])
def test_a_state_is_known_by_code_and_by_every_name(name: str, assistant, peru) -> None:
    State.objects.filter(pk="PER").update(name_fr="Pérou", name_es="Perú")
    FormerName.objects.create(
        state=peru, name_en="Inca Empire", name_fr="i", name_es="i", until_on=dt.date(1821, 7, 28)
    )

    archive = read(zips.archive(line("PER", 2015) | {"state": name}), assistant)

    assert archive.lines.get().state_id == "PER"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Lao PDR", "LAO"),
        ("lao people's democratic republic", "LAO"),
        ("Moldova", "MDA"),
        ("The Republic of Moldova", "MDA"),
        ("United Kingdom", "GBR"),
        ("Korea", ""),
        ("Deutschland", ""),
        ("Republic", ""),
    ],
)
def test_a_state_is_known_by_the_name_that_people_use_where_it_is_one_states_alone(
    written: str, code: str
) -> None:
    State.objects.filter(pk="LAO").update(name_en="Lao People's Democratic Republic")
    for iso3, name in (
        ("MDA", "Republic of Moldova"),
        ("GBR", "United Kingdom of Great Britain and Northern Ireland"),
        ("KOR", "Republic of Korea"),
        ("PRK", "Democratic People's Republic of Korea"),
    ):
        factories.StateFactory(iso3=iso3, name_en=name, name_fr=name, name_es=name)

    found = [state.iso3 for state in columns.States().called(written)]

    assert found == [code] if code else len(found) != 1


def test_a_line_refused_for_its_state_keeps_what_else_was_read(assistant) -> None:
    written = line("PER", 2015, received_by_unoda="2016-04-22", published_on="2016-05-10")
    archive = read(zips.archive(written | {"state": "Atlantis", "language": "French"}), assistant)
    one = archive.lines.get()

    assert (one.finding, one.state, one.kind, one.year) == ("refused", None, "annual", 2015)
    assert (one.language, one.received_by_unoda) == ("fr", dt.date(2016, 4, 22))
    assert (one.publish, one.published_on) == (True, dt.date(2016, 5, 10))


def test_a_file_alone_for_a_report_that_has_answers_is_asked_about(
    assistant, officer, focal_point, laos
) -> None:
    before = published(laos, focal_point, officer, 2024, clearance={"programme": "Ours."})
    one = read(zips.archive(line("LAO", 2024)), assistant).lines.get()

    assert f"{before.reference} has answers to the forms, and this line brings a file alone" in (
        " ".join(one.doubts)
    )


def test_a_report_without_any_mark_shows_no_cover_page_and_differs_in_none(
    assistant, officer, focal_point, laos
) -> None:
    draft = drafted(laos, focal_point, 2025, clearance={"programme": "Ours."})
    draft.marks = {"clearance": {"mark": "changed"}}
    draft.save()
    marked = REPORTS.take("publish", receipt.hand_in(draft, by=focal_point), by=officer)
    taken_in(zips.archive(line("LAO", 2015, published_on="2016-05-10")), assistant)
    unmarked = Report.objects.get(year=2015)

    assert "not marked" not in Client().get(unmarked.get_absolute_url()).text
    assert "not marked" in Client().get(marked.get_absolute_url()).text
    compared = comparing.compare(unmarked, marked)
    assert not any(one.marked_anew for one in compared.forms)


def test_a_line_without_a_day_of_publication_says_that_it_will_not_be_public(assistant) -> None:
    archive = read(
        zips.archive(line("PER", 2015), line("PER", 2016, published_on="yes")), assistant
    )
    without, public = archive.lines.order_by("number")

    assert "is not public" in " ".join(without.notes)
    assert "is not public" not in " ".join(public.notes)


def test_an_odd_day_with_one_reading_is_read_and_kept_as_published(assistant) -> None:
    # article7.md section 7: "01/12/2012 to 01/31/2012" on a report of Mauritania.
    taken_in(zips.archive(line("LAO", 2011, received_by_unoda="01/31/2012")), assistant)

    report = Report.objects.get()
    assert report.received_by_unoda == dt.date(2012, 1, 31)
    assert report.as_published == {"received_by_unoda": "01/31/2012"}


def test_an_odd_day_with_two_readings_is_kept_as_published_and_no_day_is_made_of_it(
    assistant,
) -> None:
    archive = read(zips.archive(line("LAO", 2011, received_by_unoda="03/04/2012")), assistant)
    one = archive.lines.get()
    assert one.doubts == [
        "“received by UNODA” is written as “03/04/2012”, which can be 4 March 2012 or 3 April "
        "2012: kept as published."
    ]

    answers.take(one, by=assistant)
    running.confirm(archive, by=assistant)
    running.advance(archive.pk)

    report = Report.objects.get()
    assert report.received_by_unoda is None
    assert report.as_published == {"received_by_unoda": "03/04/2012"}
    assert Deadline.objects.get(obligation__state="LAO", year=2011).met_on is None


def test_what_was_published_of_a_day_is_final(assistant) -> None:
    taken_in(zips.archive(line("LAO", 2011, received_by_unoda="01/31/2012")), assistant)

    with pytest.raises(utils.ProgrammingError, match="Cannot update"), transaction.atomic():
        Report.objects.update(as_published={})


def test_a_line_in_doubt_waits_while_the_others_come_in(assistant) -> None:
    odd = line("PER", 2015, covers_from="01/12/2012", covers_to="01/31/2012")
    archive = taken_in(zips.archive(odd, line("LAO", 2015)), assistant)

    waits, taken = archive.lines.order_by("number")
    assert waits.waits
    assert taken.outcome == Outcome.TAKEN
    assert "The period is not clear" in waits.doubts[0]
    assert Report.objects.get().state_id == "LAO"


def test_an_answer_is_read_as_if_the_index_had_said_it(assistant) -> None:
    archive = read(
        zips.archive(line("PER", 2015, covers_from="01/12/2012", covers_to="?")), assistant
    )
    facts = {"covers_from": "2015-01-01", "covers_to": "2015-12-31"}

    answers.correct(archive.lines.get(), facts, by=assistant)
    running.confirm(archive, by=assistant)
    running.advance(archive.pk)

    report = Report.objects.get()
    assert (report.covers_from, report.covers_to) == (dt.date(2015, 1, 1), dt.date(2015, 12, 31))
    # What was published stays on the record, whatever was answered about it.
    assert report.as_published == {"covers_from": "01/12/2012", "covers_to": "?"}


def test_a_line_that_was_left_out_brings_nothing_and_says_so(assistant) -> None:
    archive = read(zips.archive(line("PER", 2015), line("LAO", 2015)), assistant)
    answers.leave_out(archive.lines.get(number=2), by=assistant)

    running.confirm(archive, by=assistant)
    running.advance(archive.pk)

    assert archive.lines.get(number=2).outcome == Outcome.LEFT_OUT
    assert Report.objects.get().state_id == "LAO"
    with pytest.raises(Refused, match="left out"):
        answers.take(archive.lines.get(number=2), by=assistant)


def test_another_file_for_a_report_that_is_here_is_asked_about(assistant, peru) -> None:
    before = filing.file_for_state(
        peru,
        "annual",
        2015,
        papers.received(peru),
        by=assistant,
        channel="e-mail",
        received_on=dt.date(2016, 4, 1),
    )
    archive = read(zips.archive(line("PER", 2015)), assistant)
    one = archive.lines.get()
    assert one.finding == Finding.VERSION
    assert f"is here as {before.reference}, with another file" in one.doubts[0]
    answers.take(one, by=assistant)

    running.confirm(archive, by=assistant)
    running.advance(archive.pk)

    report = Report.objects.get(number=2)
    assert report.amends == before


def test_a_report_that_came_in_meanwhile_is_asked_about_and_not_doubled(assistant, peru) -> None:
    archive = read(zips.archive(line("PER", 2015)), assistant)
    running.confirm(archive, by=assistant)
    filing.file_for_state(
        peru,
        "annual",
        2015,
        papers.received(peru),
        by=assistant,
        channel="post",
        received_on=dt.date(2016, 4, 1),
    )

    running.advance(archive.pk)

    one = archive.lines.get()
    assert one.waits
    assert Report.objects.count() == 1
    archive.refresh_from_db()
    assert archive.stage == "done"


def test_two_lines_about_one_report_are_asked_about(assistant) -> None:
    english = line("PER", 2015)
    french = line("PER", 2015, file="fr.pdf", language="français")
    archive = read(zips.archive(english, french, {**english}), assistant)

    first, second, third = archive.lines.order_by("number")
    assert first.doubts == []
    assert second.doubts == [
        "Line 2 is the same report in another language: a translation is left out, a new version "
        "is taken."
    ]
    assert (third.finding, third.sentence) == (Finding.SAME, "The same file as in line 2.")


def test_a_later_line_that_was_taken_becomes_the_next_version(assistant) -> None:
    archive = read(zips.archive(line("PER", 2015), line("PER", 2015, file="b.pdf")), assistant)
    answers.take(archive.lines.get(number=3), by=assistant)

    running.confirm(archive, by=assistant)
    running.advance(archive.pk)

    assert list(
        Report.objects.order_by("number", "pk").values_list("number", "original__name")
    ) == [
        (1, "PER-2015.pdf"),
        (2, "b.pdf"),
    ]


def test_several_years_in_one_report_are_asked_about(assistant) -> None:
    archive = read(zips.archive(line("PER", "2019-2021")), assistant)

    one = archive.lines.get()
    assert (one.year, one.covers_from, one.covers_to) == (
        2021,
        dt.date(2019, 1, 1),
        dt.date(2021, 12, 31),
    )
    assert "names several years, 2019 to 2021" in one.doubts[0]


def test_what_is_not_said_is_read_as_usual_and_asked_about(assistant) -> None:
    archive = read(zips.archive(line("PER", 2015, kind="", language="")), assistant)

    one = archive.lines.get()
    assert (one.kind, one.language) == ("annual", "en")
    assert one.doubts == ["The kind is not said: read as annual report."]


def test_a_day_that_cannot_be_is_kept_and_not_recorded(assistant) -> None:
    days = {"sent_to_unoda": "2016-05-01", "received_by_unoda": "2016-04-22"}
    archive = read(zips.archive(line("PER", 2015, **days)), assistant)

    one = archive.lines.get()
    assert one.received_by_unoda is None
    assert one.as_published == {"received_by_unoda": "2016-04-22"}
    assert "UNODA cannot receive on 22 April 2016" in one.doubts[0]


def test_published_without_a_day_is_public_from_today(assistant) -> None:
    taken_in(zips.archive(line("PER", 2015, published_on="yes")), assistant)

    assert Report.objects.get().published_on == dt.date(2026, 11, 20)


def test_a_draft_of_the_state_is_not_touched(assistant, focal_point, laos) -> None:
    draft = filing.begin(laos, "annual", 2015, by=focal_point)

    taken_in(zips.archive(line("LAO", 2015)), assistant)

    draft.refresh_from_db()
    assert (draft.status, draft.number) == ("draft", 2)


def test_files_of_which_the_index_does_not_speak_are_named(assistant) -> None:
    archive = read(
        zips.archive(line("PER", 2015), **{"spare.pdf": b"x", "__MACOSX/x": b"y"}), assistant
    )

    assert archive.notes["over"] == ["spare.pdf"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.pdf": b"x"}, "There is no index in the archive"),
        ({"index.csv": "colour\nred\n"}, "lacks: state, year, file"),
        ({"index.csv": ""}, "The index is empty"),
    ],
)
def test_an_archive_that_cannot_be_read_says_why(files, words: str, assistant) -> None:
    archive = read(zips.packed(files), assistant)

    assert archive.stage == "refused"
    assert words in archive.problem
    with pytest.raises(Refused):
        running.confirm(archive, by=assistant)


def test_what_is_no_archive_is_refused_at_once(assistant, settings) -> None:
    settings.ARCHIVE_MAX_BYTES = 1024 * 1024
    for content in (b"", b"no archive", b"PK\3\4" + b"x" * 2_000_000):
        with pytest.raises(Unreadable):
            running.receive(io.BytesIO(content), by=assistant)
    assert not Archive.objects.exists()


def test_only_staff_take_past_reports_in(focal_point, drafter, assistant) -> None:
    for person in (focal_point, drafter):
        with pytest.raises(Refused):
            running.receive(zips.archive(line("PER", 2015)), by=person)
    archive = read(zips.archive(line("PER", 2015)), assistant)
    for person in (focal_point, drafter):
        with pytest.raises(Refused):
            running.confirm(archive, by=person)
        with pytest.raises(Refused):
            answers.take(archive.lines.get(), by=person)


def test_a_line_that_is_done_is_final_and_archives_stay(assistant) -> None:
    taken_in(zips.archive(line("PER", 2015)), assistant)

    for act in (
        lambda: ArchiveLine.objects.update(sentence="other"),
        lambda: ArchiveLine.objects.all().delete(),
        lambda: Archive.objects.update(sha256="0" * 64),
        lambda: Archive.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(utils.ProgrammingError, match="Cannot"), transaction.atomic():
            act()


def test_a_closed_archive_is_no_longer_kept(assistant, django_capture_on_commit_callbacks) -> None:
    archive = taken_in(zips.archive(line("PER", 2015)), assistant)

    with django_capture_on_commit_callbacks(execute=True):
        running.close(archive, by=assistant)

    archive.refresh_from_db()
    assert archive.stage == "closed"
    with pytest.raises(Unreadable, match="no longer kept"), running.keeping.reading(archive.path):
        pass
    assert Report.objects.get().original.size > 0


def test_the_questions_to_the_database_do_not_grow_with_the_lines(
    assistant, django_assert_max_num_queries
) -> None:
    def asked(number: int) -> int:
        lines = (line("PER", year) for year in range(2014, 2014 + number))
        archive = running.receive(zips.archive(*lines), by=assistant)
        with django_assert_max_num_queries(1_000) as asked:
            running.advance(archive.pk)
        return len(asked)

    one, three, five = asked(1), asked(3), asked(5)

    # So many for a line, and no more the more there are.
    assert five - three == three - one
    assert three - one <= 2 * 16


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("import_archive", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_previews_and_takes_in_what_is_not_in_doubt(assistant, tmp_path) -> None:
    path = tmp_path / "past.zip"
    odd = line("PER", 2016, received_by_unoda="03/04/2017")
    path.write_bytes(zips.archive(line("PER", 2015, **DAYS), odd).getvalue())
    findings = tmp_path / "findings.csv"

    preview = run(str(path), "--by", assistant.email, "--preview", "--findings", str(findings))
    assert re.search(r"2 new report", preview)
    assert "line 3: “received by UNODA”" in preview
    assert not Report.objects.exists()
    assert "PER-2016.pdf" in findings.read_text(encoding="utf-8-sig")

    done = run(str(path), "--by", assistant.email, "--confirm")
    assert "taken in: 1" in done
    assert Report.objects.get().year == 2015
    assert Archive.objects.count() == 1  # it went on with the one that it had begun

    run(str(path), "--by", assistant.email, "--confirm")
    assert Report.objects.count() == 1


def test_the_command_says_what_is_wrong(assistant, tmp_path, focal_point) -> None:
    path = tmp_path / "past.zip"
    path.write_bytes(b"no archive")
    for arguments, words in (
        ((str(tmp_path / "nowhere.zip"), "--by", assistant.email), "No such file"),
        ((str(path), "--by", "nobody@example.org"), "Nobody here"),
        ((str(path), "--by", assistant.email), "no .zip archive"),
        ((str(path), "--by", focal_point.email), "does not allow"),
    ):
        with pytest.raises(CommandError, match=words):
            run(*arguments)


def test_a_fictional_state_brings_fictional_reports(assistant) -> None:
    factories.party("XAA", "Arlandia", "2012-01-01", demo=True)

    taken_in(zips.archive(line("XAA", 2015)), assistant)

    assert Report.objects.get().demo


def test_the_page_of_a_report_shows_what_was_published_and_whose_reading_the_period_is(
    assistant, client
) -> None:
    odd = line("LAO", 2012, covers_from="12/31/2011", covers_to="01/31/2012", published_on="yes")
    archive = read(zips.archive(odd), assistant)
    answers.take(archive.lines.get(), by=assistant)
    running.confirm(archive, by=assistant)
    running.advance(archive.pk)

    page = client.get(Report.objects.get().get_absolute_url())

    assert "31 December 2011 to 31 January 2012" in page.text
    assert "“12/31/2011” – “01/31/2012”" in " ".join(page.text.split())


def test_the_states_own_page_of_a_report_of_the_past_asks_for_nothing(
    assistant, focal_point, signed_in
) -> None:
    taken_in(zips.archive(line("LAO", 2015)), assistant)
    at = signed_in(focal_point)

    owed = at.get("/what-we-owe/")
    receipt = at.get("/what-we-owe/LAO/annual/2015/1/receipt/")

    assert receipt.status_code == 200
    assert "Send to UNODA" not in receipt.text
    assert "in the ISU's records" in owed.text.replace("&#x27;", "'").replace("’", "'")


def test_a_report_of_the_past_waits_for_nobody_at_the_desk(assistant, signed_in) -> None:
    taken_in(zips.archive(line("LAO", 2015, published_on="2016-05-01")), assistant)

    desk = signed_in(assistant).get("/admin/")

    assert "Record receipt by UNODA" not in desk.text
