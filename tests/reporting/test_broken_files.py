"""Broken files at every door: a sentence, never an error of ours, and nothing of a draft moves."""

import io
import random
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reporting import filing
from reporting.archive import running
from reporting.models import Archive, FormAnswers, Report
from tests.reporting import papers, zips
from tests.reporting.pages import sent_as_it_stands

pytestmark = pytest.mark.usefixtures("today", "laos", "peru")
DRAFT = ["LAO", "annual", 2025]
LAW = [{"id": "aaaa", "title": "Act 12"}]
SEEDS = st.integers(0, 2**32)
QUICK = settings(
    max_examples=15,
    phases=[Phase.generate],  # a seed is not made simpler by being made smaller
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LONG = settings(QUICK, max_examples=2_000, derandomize=False)
KINDS = ("docx", "xlsx", "pdf", "zip", "png", "csv")


@pytest.fixture
def draft(laos, focal_point):
    draft = filing.begin(laos, "annual", 2025, by=focal_point)
    draft.marks = {"measures": {"mark": "changed"}}  # as saving the form marks it
    draft.save()
    FormAnswers.objects.create(report=draft, form="measures", said={"measures": LAW})
    FormAnswers.objects.create(report=draft, form="clearance", said={"programme": "Two teams."})
    return draft


class Files(dict[str, bytes]):
    """Whole files by kind; what is told of a failing example is its seed."""

    def __repr__(self) -> str:
        return "the good files"


@pytest.fixture
def good(draft, focal_point, signed_in) -> Files:
    """Whole files of each kind."""
    word = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("A report")
    document.save(word)
    workbook = signed_in(focal_point).get(reverse("report-workbook", args=DRAFT))
    return Files(
        docx=word.getvalue(),
        xlsx=b"".join(workbook),
        pdf=papers.pdf(),
        zip=zips.archive(zips.line("PER", 2015), zips.line("PER", 2016)).getvalue(),
        png=papers.picture().read(),
        csv=zips.table([zips.line("PER", 2015)]).encode(),
    )


@pytest.fixture
def doors(focal_point, assistant, signed_in) -> dict[str, Callable[[Any], Any]]:
    """Every place where a file comes in, as the page sends it."""
    state, desk = signed_in(focal_point), signed_in(assistant)
    draft_page = reverse("report-draft", args=DRAFT)
    form_page = reverse("report-form", args=[*DRAFT, "measures"])
    excel = reverse("report-excel", args=DRAFT)
    filing_page = "/admin/reporting/report/act/file/"
    filed = {
        "state": "PER",
        "kind": "annual",
        "year": "2020",
        "channel": "e-mail",
        "received_on": "2021-04-01",
        "language": "en",
    }

    def as_it_stands(address: str, name: str) -> Callable[[Any], Any]:
        def send(file: Any) -> Any:
            sent = sent_as_it_stands(state.get(address).text)
            return state.post(address, {**sent, name: file})

        return send

    return {
        "draft": as_it_stands(draft_page, "file"),
        "form": as_it_stands(form_page, "measures.aaaa.text"),
        "excel": lambda file: state.post(excel, {"file": file}),
        "filing": lambda file: desk.post(filing_page, filed | {"file": file}),
        "archive": lambda file: desk.post("/admin/reporting/archive/act/send/", {"file": file}),
        "contacts": lambda file: desk.post("/admin/states/contact/import/", {"file": file}),
    }


def broken(by: random.Random, content: bytes) -> bytes:
    """Bytes changed, cut out or put in; of an archive sometimes within its parts."""
    if zipfile.is_zipfile(io.BytesIO(content)) and by.random() < 0.5:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = by.choice(sorted(parts))
        parts[name] = _changed(by, parts[name])
        return zips.packed(parts).getvalue()
    return _changed(by, content)


def _changed(by: random.Random, content: bytes) -> bytes:
    part = bytearray(content)
    for _number in range(by.randint(1, 5)):
        place = by.randrange(len(part) or 1)
        part[place : place + by.choice([0, 1, 8, 200])] = by.randbytes(by.randrange(12))
    if by.random() < 0.3:
        del part[by.randrange(len(part) or 1) :]
    return bytes(part)


def as_it_stands() -> dict[str, Any]:
    """What the State has said in its draft, but for which file stands where."""
    row = Report.objects.get(state="LAO")
    said = {
        one.form: (one.said, one.unread)
        for one in FormAnswers.objects.filter(report=row)
        if one.said or one.unread
    }
    for form, (found, _unread) in said.items():
        if form == "measures":
            found["measures"] = [
                {key: value for key, value in line.items() if key != "text"}
                for line in found.get("measures", [])
            ]
    return {
        "status": row.status,
        "period": (row.covers_from, row.covers_to),
        "marks": row.marks,
        "note": row.note,
        "said": said,
    }


def try_one(seed: int, good: dict[str, bytes], doors: dict[str, Any]) -> None:
    """One file at one door; whatever it did is taken back, so that each stands for itself."""
    with transaction.atomic():
        _try_one(random.Random(seed), good, doors)
        transaction.set_rollback(True)


def _try_one(by: random.Random, good: dict[str, bytes], doors: dict[str, Any]) -> None:
    kind, door = by.choice(KINDS), by.choice(sorted(doors))
    content = broken(by, good[kind])
    suffix = by.choice([kind, "pdf", "xlsx", ""])
    before, original = as_it_stands(), Report.objects.get(state="LAO").original_id

    answer = doors[door](SimpleUploadedFile(f"file.{suffix}", content))

    assert answer.status_code < 500, (door, kind, answer.status_code)
    assert as_it_stands() == before, (door, kind)
    if door != "draft":
        assert Report.objects.get(state="LAO").original_id == original
    if door == "archive" and answer.status_code == 302:
        archive = Archive.objects.latest("pk")
        running.advance(archive.pk)
        archive.refresh_from_db()
        assert archive.stage in {"read", "refused"}


@QUICK
@given(seed=SEEDS)
def test_a_broken_file_at_any_door_is_a_sentence_and_moves_nothing(
    draft, good, doors, seed
) -> None:
    try_one(seed, good, doors)


@pytest.mark.soak
@LONG
@given(seed=SEEDS)
def test_broken_files_at_length(draft, good, doors, seed) -> None:
    try_one(seed, good, doors)
