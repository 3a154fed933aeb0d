"""All that reports say, and their files: whole, sent while it is made, nothing unpublished."""

import csv
import gc
import io
import tracemalloc
import zipfile

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records.models import Upload
from reporting import export, language_versions
from reporting.models import Attachment, FormAnswers, Report
from tests import factories
from tests.conftest import appointed
from tests.reporting.papers import pdf, received
from tests.reporting.publishing import (
    CLEARANCE,
    drafted,
    handed_in,
    published,
    put_before_the_public,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
EVERYTHING = CLEARANCE | {
    "areas": [
        CLEARANCE["areas"][0] | {"position": {"latitude": 19.5, "longitude": 102.25}},
        CLEARANCE["areas"][1] | {"certainty": "confirmed"},
    ]
}
MONEY = {"national": [{"id": "dddd", "amount": {"amount": 12.5, "currency": "CHF"}}]}


def answers(client, **asked):
    text = client.get("/reports/answers.csv", asked).getvalue().decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_each_answer_is_a_row_that_stands_for_itself(client, laos, focal_point, officer):
    row = published(laos, focal_point, officer, clearance=EVERYTHING, resources=MONEY)

    rows = answers(client)

    said = [(one["question"], one["row"], one["column"], one["part"], one["value"]) for one in rows]
    assert said == [
        ("areas", "aaaa", "area", "", "Ban Phonsavan"),
        ("areas", "aaaa", "position", "latitude", "19.5"),
        ("areas", "aaaa", "position", "longitude", "102.25"),
        ("areas", "aaaa", "size", "", "1250000.5"),
        ("areas", "aaaa", "remnants", "", "BLU-26"),
        ("areas", "bbbb", "area", "", "منطقة الشمال"),
        ("areas", "bbbb", "size", "", "800"),
        ("areas", "bbbb", "certainty", "", "confirmed"),
        ("programme", "", "", "", "Two teams."),
        ("released", "cccc", "area", "", "Ban Phonsavan"),
        ("released", "cccc", "size", "", "300"),
        ("released", "cccc", "destroyed", "", "12"),
        ("national", "dddd", "amount", "amount", "12.5"),
        ("national", "dddd", "amount", "currency", "CHF"),
    ]
    size, certain, money = rows[3], rows[7], rows[12]
    assert {
        name: size[name]
        for name in ("iso3", "year", "kind", "version", "reference", "form", "letter", "unit")
    } == {
        "iso3": "LAO",
        "year": "2025",
        "kind": "annual",
        "version": "1",
        "reference": row.reference,
        "form": "clearance",
        "letter": "F",
        "unit": "m²",
    }
    assert size["label"] == "Areas known to be contaminated: Size"
    assert size["row_label"] == "Ban Phonsavan"
    assert size["said"] == "as reported by the State"
    assert (size["voluntary"], certain["voluntary"]) == ("false", "true")
    assert money["unit"] == "CHF"
    assert {one["published_on"] for one in rows} == {"2026-11-20"}
    assert {one["as_at"] for one in rows} == {"2026-11-20"}
    assert {one["page"].partition("/reports/")[2] for one in rows} == {"LAO/annual/2025/1/"}


def test_what_was_typed_and_is_no_answer_is_there_and_says_so(client, laos, focal_point, officer):
    draft = drafted(laos, focal_point)
    FormAnswers.objects.create(
        report=draft,
        form="clearance",
        said={"areas": [{"id": "aaaa", "area": "One"}]},
        unread={"areas.aaaa.size": "about 3"},
    )
    put_before_the_public(draft, draft.covers_to)

    [one] = [one for one in answers(client) if one["understood"] == "false"]

    assert (one["question"], one["row"], one["column"], one["value"]) == (
        "areas", "aaaa", "size", "about 3",
    )  # fmt: skip


def test_a_text_is_never_a_formula(client, laos, focal_point, officer):
    published(laos, focal_point, officer, clearance={"programme": '=HYPERLINK("x")'})

    assert answers(client)[0]["value"].startswith("'=")
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/reports/answers.xlsx", {"year": "2025"}).getvalue())
    )
    cells = [cell for line in book.active.iter_rows() for cell in line if cell.value]
    assert all(cell.data_type != "f" for cell in cells)


def test_the_same_filters_choose_the_same_reports(client, laos, focal_point, officer):
    published(laos, focal_point, officer, 2024, clearance=CLEARANCE)
    published(laos, focal_point, officer, 2025, resources=MONEY)

    assert {one["year"] for one in answers(client, year="2024")} == {"2024"}
    assert {one["form"] for one in answers(client, form="resources")} == {"resources"}
    assert {one["year"] for one in answers(client, q="phonsavan")} == {"2024"}
    assert answers(client, state="LAO", **{"from": "2025"})[0]["year"] == "2025"
    assert {one["question"] for one in answers(client, only="clearance", question="released")} == {
        "released"
    }
    assert client.get("/reports/answers.csv", {"only": "x"}).status_code == 400
    assert client.get("/reports/answers.csv", {"year": "1066"}).status_code == 400


def test_nothing_that_is_not_public_is_in_any_file(
    client, signed_in, laos, focal_point, officer, settings
):
    settings.DEMO = False
    handed_in(laos, focal_point, 2025, clearance={"programme": "Hidden."})
    drafted(laos, focal_point, 2024, clearance={"programme": "Hidden."})
    fiction = factories.party("XAA", "Arvalia", "2015-01-15", demo=True)
    person = appointed("focal-point", fiction, "fp.xaa@example.org", "Focal point, Arvalia")
    published(fiction, person, officer, 2025, clearance={"programme": "Hidden."})
    first = published(laos, focal_point, officer, 2023, clearance={"programme": "Seen."})

    for reader in (client, signed_in(focal_point), signed_in(officer)):
        rows = answers(reader)
        assert {one["reference"] for one in rows} == {first.reference}
        assert answers(reader, as_at="2026-11-19") == []
        for year in ("2024", "2025"):
            held = zipfile.ZipFile(
                io.BytesIO(reader.get("/reports/files.zip", {"year": year}).getvalue())
            )
            assert held.namelist() == ["index.csv"]
        book = openpyxl.load_workbook(
            io.BytesIO(reader.get("/reports/answers.xlsx", {"year": "2025"}).getvalue())
        )
        assert "Hidden." not in {cell.value for line in book.active.iter_rows() for cell in line}


def test_the_workbook_has_the_same_rows_with_numbers_as_numbers(client, laos, focal_point, officer):
    published(laos, focal_point, officer, clearance=EVERYTHING)

    answer = client.get("/reports/answers.xlsx", {"year": "2025"})

    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    lines = [[cell.value for cell in line] for line in book.active.iter_rows()]
    head = lines.index([*export.COLUMNS, "as_at"])
    rows = [dict(zip(lines[head], line, strict=True)) for line in lines[head + 1 :]]
    assert len(rows) == len(answers(client))
    assert rows[3]["value"] == 1250000.5
    assert rows[3]["year"] == 2025
    assert book.active.auto_filter.ref.startswith(f"A{head + 1}:")
    assert "article-7-answers-2025-as-at-2026-11-20.xlsx" in answer["Content-Disposition"]


def test_the_files_of_a_year_come_as_they_were_received_with_an_index(
    client, laos, focal_point, officer
):
    row = published(laos, focal_point, officer, 2025, clearance=CLEARANCE)
    published(laos, focal_point, officer, 2024, clearance=CLEARANCE)

    answer = client.get("/reports/files.zip", {"year": "2025"})

    held = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert held.testzip() is None
    assert held.namelist() == ["index.csv", "article-7_LAO_2025_en_v1.pdf"]
    assert held.read(held.namelist()[1]) == pdf("2025 1")
    [line] = csv.DictReader(io.StringIO(held.read("index.csv").decode()))
    assert line["file"] == "article-7_LAO_2025_en_v1.pdf"
    assert (line["reference"], line["sha256"]) == (row.reference, row.original.sha256)
    assert line["as_at"] == "2026-11-20"


def test_the_bundle_of_a_year_has_annexes_and_other_languages_under_clear_names(
    client, laos, focal_point, officer
):
    row = published(laos, focal_point, officer, 2025, clearance=CLEARANCE)
    gone, infected, annex = (received(laos, words=words) for words in ("gone", "bad", "map"))
    Upload.objects.filter(pk=infected.pk).update(
        verdict="infected", scanned_at=row.handed_in_at, finding="Eicar"
    )
    for upload in (infected, annex):
        attach_for_good(row, upload)
    language_versions.add(row, "fr", "courtesy", received(laos, words="fr"), by=officer)
    taken = language_versions.add(row, "es", "official", gone, by=officer)
    language_versions.take_away(row, taken.pk, "The wrong file.", by=officer)
    hidden = handed_in(laos, focal_point, 2024, clearance=CLEARANCE)
    attach_for_good(hidden, received(laos, words="hidden"))
    language_versions.add(hidden, "fr", "courtesy", received(laos, words="h"), by=officer)

    held = zipfile.ZipFile(
        io.BytesIO(client.get("/reports/files.zip", {"year": "2025"}).getvalue())
    )

    lines = list(csv.DictReader(io.StringIO(held.read("index.csv").decode())))
    assert [(line["file"], line["what"], line["language"]) for line in lines] == [
        ("article-7_LAO_2025_en_v1.pdf", "report", "en"),
        ("article-7_LAO_2025_fr_courtesy-translation_v1.pdf", "courtesy translation", "fr"),
        ("article-7_LAO_2025_v1_annex-2.pdf", "annex", ""),
    ]
    assert held.namelist() == ["index.csv", *(line["file"] for line in lines)]
    assert lines[2]["sha256"] == annex.sha256
    empty = zipfile.ZipFile(
        io.BytesIO(client.get("/reports/files.zip", {"year": "2024"}).getvalue())
    )
    assert empty.namelist() == ["index.csv"]


def attach_for_good(report, upload):
    """As if it had been named before hand-in: what was handed in is final."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    Attachment.objects.create(report=report, form="clearance", upload=upload)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_a_bundle_is_of_one_year(client, laos, focal_point, officer):
    published(laos, focal_point, officer, 2025)

    for asked in ({}, {"from": "2024", "to": "2025"}):
        refused = client.get("/reports/files.zip", asked)
        assert refused.status_code == 400
        assert "Choose the year" in refused.text
    assert client.get("/reports/files.zip", {"from": "2025", "to": "2025"}).status_code == 200


def test_a_file_in_which_something_was_found_is_not_in_the_bundle(
    client, laos, focal_point, officer
):
    row = published(laos, focal_point, officer, 2025)
    Upload.objects.filter(pk=row.original_id).update(
        verdict="infected", scanned_at=row.handed_in_at, finding="Eicar"
    )

    held = zipfile.ZipFile(
        io.BytesIO(client.get("/reports/files.zip", {"year": "2025"}).getvalue())
    )
    assert held.namelist() == ["index.csv"]


def test_a_lost_file_ends_the_bundle_before_its_end(client, laos, focal_point, officer):
    row = published(laos, focal_point, officer, 2025)
    default_storage.delete(row.original.path)

    answer = client.get("/reports/files.zip", {"year": "2025"})

    with pytest.raises(FileNotFoundError):
        answer.getvalue()


def many(laos, focal_point, number):
    """So many reports with two answers each, public at once."""
    for year in range(2025 - number, 2025):
        draft = factories.ReportFactory(state=laos, year=year, drafted_by=focal_point)
        FormAnswers.objects.create(
            report=draft, form="clearance", said=CLEARANCE, touched_by=focal_point
        )
        put_before_the_public(draft, draft.covers_to)


def test_the_first_bytes_come_before_the_last_row_is_read(client, laos, focal_point):
    many(laos, focal_point, 3 * export.AT_ONCE // 2)
    with CaptureQueriesContext(connection) as all_of_it:
        rows = len(answers(client))

    with CaptureQueriesContext(connection) as queries:
        pieces = iter(client.get("/reports/answers.csv").streaming_content)
        head = next(pieces)
        # The heads are there before any answer is read: those are asked for by groups of reports.
        before = [query["sql"] for query in queries if "reporting_formanswers" in query["sql"]]
        rest = b"".join(pieces)

    assert head.startswith(b"iso3,state,year,")
    assert head.count(b"\r\n") == 1
    assert before == []
    assert rest.count(b"\r\n") == rows
    assert len(queries) == len(all_of_it)
    read = [query["sql"] for query in all_of_it if 'FROM "reporting_formanswers"' in query["sql"]]
    assert len(read) == 2


@pytest.mark.parametrize("number", [1, 3])
def test_a_group_of_reports_costs_as_many_queries_for_any_number_of_rows(
    client, laos, focal_point, officer, number, django_assert_num_queries
):
    areas = [{"id": f"row{n}", "area": f"Area {n}", "size": n} for n in range(number)]
    published(laos, focal_point, officer, clearance={"areas": areas})

    with django_assert_num_queries(7):
        assert len(answers(client)) == 2 * number


def test_memory_does_not_grow_with_the_reports(laos, focal_point):
    """Of four times the reports the same is held at once."""
    many(laos, focal_point, 15)
    few = Report.objects.filter(year__gte=2022).order_by("pk")

    def read(reports):
        for group in export.answers(reports, {"LAO": "Laos"}):
            assert group
            # Reports and their forms know each other: such rings are what collecting is for.
            gc.collect()

    def peak(reports):
        read(reports)  # what is remembered for good is remembered now
        tracemalloc.start()
        read(reports)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    export_at_once, export.AT_ONCE = export.AT_ONCE, 2
    try:
        once, often = peak(few), peak(Report.objects.order_by("pk"))
    finally:
        export.AT_ONCE = export_at_once

    assert often < 1.5 * once


def test_it_speaks_the_language_of_the_reader_to_the_end(client, laos, focal_point, officer):
    published(laos, focal_point, officer, clearance=CLEARANCE)

    french = answers(client, lang="fr")
    english = answers(client)

    assert french[0]["label"] != english[0]["label"]
    assert [one["value"] for one in french] == [one["value"] for one in english]


def test_a_head_costs_nothing(client, laos, focal_point, officer):
    published(laos, focal_point, officer, clearance=CLEARANCE)

    with CaptureQueriesContext(connection) as queries:
        answer = client.head("/reports/answers.csv")

    assert (answer.status_code, answer.getvalue()) == (200, b"")
    assert not [query for query in queries if "formanswers" in query["sql"]]


class TestBehindThePageCache:
    """The cache neither keeps nor reads what is made while it is sent."""

    @pytest.fixture
    def kept(self, portal, lao_pdr, focal_point, officer):
        published(lao_pdr, focal_point, officer, clearance=CLEARANCE)
        return portal

    @pytest.mark.parametrize("path", ["/reports/answers.csv", "/api/v1/figures.csv"])
    def test_it_streams(self, kept, path):
        kept.until_sure()

        status, headers, pieces = kept.ask(path)

        assert status.startswith("200")
        assert "Content-Length" not in dict(headers)
        assert next(iter(pieces)).count(b"\r\n") == 1
        pieces.close()
        assert not kept.is_kept(path)

    @pytest.mark.parametrize("path", ["/reports/answers.csv", "/api/v1/figures.csv"])
    def test_a_head_reads_nothing(self, kept, path):
        kept.until_sure()

        status, headers, pieces = kept.ask(path, "HEAD")

        assert (status[:3], list(pieces)) == ("200", [])
        assert dict(headers)["Content-Type"].startswith("text/csv")

    def test_whoever_has_the_figures_already_reads_nothing(self, kept):
        kept.until_sure()
        _status, headers, pieces = kept.ask("/api/v1/figures.csv")
        pieces.close()
        tag = dict(headers)["ETag"]

        status, _headers, again = kept.ask("/api/v1/figures.csv", HTTP_IF_NONE_MATCH=tag)

        assert (status, list(again)) == ("304 Not Modified", [])
        assert tag.startswith('W/"')
