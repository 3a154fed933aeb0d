"""Documents: references without gaps, issued once, found by hash by those who may read them."""

import hashlib
import threading
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.safestring import mark_safe

from records import documents
from records.models import Document, Event, Reference, Revision
from records.text import text_sha256
from records.workflow import Refused
from states.models import User
from tests import factories

BODY = mark_safe("<h2>Introduction</h2><p>Ten States have contributed.</p>")


@pytest.fixture(autouse=True)
def storage(settings: object, tmp_path: Path) -> None:
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }


def a_draft(by: User | None = None, **facts: object) -> Revision:
    return documents.draft(
        **{
            "series": "ISU",
            "year": 2026,
            "kind": "note",
            "family": "secretariat",
            "title": "Status of contributions",
            "body": BODY,
            "by": by,
            "audience": "public",
            **facts,
        }
    )


def test_a_draft_takes_the_next_reference(db: None) -> None:
    first, second = a_draft(), a_draft()
    of_peru = a_draft(series="A7", of="PER")

    assert [each.document.reference for each in (first, second, of_peru)] == [
        "ISU-2026-01",
        "ISU-2026-02",
        "A7-2026-PER-01",
    ]


def test_a_reference_is_given_back_when_nothing_came_of_it(db: None) -> None:
    with transaction.atomic():
        a_draft()
        transaction.set_rollback(True)

    assert a_draft().document.reference == "ISU-2026-01"


def test_issuing_stores_page_file_and_hashes_together(officer: User) -> None:
    row = documents.issue(a_draft(), by=officer)

    with default_storage.open(row.pdf) as file:
        stored = file.read()
    assert stored.startswith(b"%PDF-")
    assert hashlib.sha256(stored).hexdigest() == row.sha256
    assert row.pdf == f"documents/{row.sha256}.pdf"
    assert row.text_sha256 == text_sha256(row.html)
    assert "Ten States have contributed." in row.html
    assert (row.status, row.issued_by) == ("issued", officer)
    event = Event.objects.about(row).first()
    assert event is not None
    assert (event.verb, event.note) == ("issue", row.sha256)


def test_what_was_issued_is_not_issued_again(officer: User) -> None:
    row = documents.issue(a_draft(), by=officer)

    with pytest.raises(Refused, match="a correction is a new revision"):
        documents.issue(row, by=officer)


def test_the_portal_issues_a_receipt_by_itself(db: None) -> None:
    row = documents.issue(a_draft(), by=None)

    assert row.issued_by is None
    assert row.issued_by_portal


def test_a_preview_stores_nothing(db: None, tmp_path: Path) -> None:
    row = a_draft()

    made = documents.preview(row)

    assert made.content.startswith(b"%PDF-")
    assert list(tmp_path.iterdir()) == []
    row.refresh_from_db()
    assert (row.status, row.pdf) == ("draft", "")


def test_a_correction_is_a_new_revision_and_the_old_one_stays(officer: User) -> None:
    first = documents.issue(a_draft(), by=officer)

    second = documents.correct(
        first, by=officer, note="Eleven States", body=mark_safe("<p>Eleven States.</p>")
    )
    with pytest.raises(Refused, match="has a draft already"):
        documents.correct(first, by=officer, note="Twelve States")
    second = documents.issue(second, by=officer)

    first.refresh_from_db()
    assert (first.status, second.number) == ("issued", 2)
    assert "Rev.1" in second.html
    assert documents.find_by_hash(first.sha256, officer) == first
    assert documents.find_by_hash(second.text_sha256, officer) == second


def test_plain_text_is_not_taken_for_html(db: None) -> None:
    with pytest.raises(TypeError):
        a_draft(body="<script>alert(1)</script>")

    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("family", "audience", "readers"),
    [
        ("secretariat", "public", {"stranger", "focal_point", "other_focal_point", "officer"}),
        ("secretariat", "states", {"focal_point", "other_focal_point", "officer"}),
        ("secretariat", "state:LAO", {"focal_point", "officer"}),
        ("secretariat", "secretariat", {"officer"}),
        ("state", "state:LAO", {"focal_point"}),
    ],
)
def test_a_hash_is_answered_to_those_who_may_read(
    family: str,
    audience: str,
    readers: set[str],
    officer: User,
    stranger: User,
    focal_point: User,
    other_focal_point: User,
) -> None:
    people = {
        "stranger": stranger,
        "focal_point": focal_point,
        "other_focal_point": other_focal_point,
        "officer": officer,
    }
    row = documents.issue(a_draft(family=family, audience=audience), by=officer)

    found = {name for name, who in people.items() if documents.find_by_hash(row.sha256, who)}

    assert found == readers


def test_a_draft_and_an_unknown_hash_are_answered_alike(officer: User) -> None:
    a_draft()

    assert documents.find_by_hash("", officer) is None
    assert documents.find_by_hash("0" * 64, officer) is None


def test_a_paper_of_a_fictional_state_says_so(officer: User) -> None:
    state = factories.StateFactory(iso3="XAA", name_en="Aldovia", demo=True)

    row = documents.issue(a_draft(family="state", state=state, of="XAA"), by=officer)

    assert "As submitted by Aldovia" in row.html
    assert "fictional State" in row.html


@pytest.mark.django_db(transaction=True)
def test_references_taken_at_once_have_no_gap_and_no_double() -> None:
    barrier = threading.Barrier(8)
    taken: list[str] = []

    def work() -> None:
        try:
            barrier.wait()
            with transaction.atomic():
                taken.append(Reference.take("A7", 2025, "PER"))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == [f"A7-2025-PER-{number:02d}" for number in range(1, 9)]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_issue_at_once_one_is_refused(tmp_path: Path) -> None:
    row = a_draft()
    barrier = threading.Barrier(2)
    answers: list[str] = []

    def work() -> None:
        try:
            barrier.wait()
            documents.issue(row, by=None)
            answers.append("issued")
        except Refused:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["issued", "refused"]
    assert len(list((tmp_path / "documents").iterdir())) == 1
