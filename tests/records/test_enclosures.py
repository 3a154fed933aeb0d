"""Files that travel with a letter, copies of it, and what keeps it from being composed."""

import hashlib
import smtplib
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from django.utils.safestring import mark_safe

from records import documents, letters
from records.models import Event, Letter, Revision, Upload
from states.models import State, User

S = Letter.Status


@pytest.fixture(autouse=True)
def surroundings(settings: Any, tmp_path: Path) -> None:
    settings.LETTERS_START_ON = timezone.localdate()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }


@pytest.fixture
def upload(laos: State) -> Upload:
    content = b"%PDF-1.7 the report"
    digest = hashlib.sha256(content).hexdigest()
    return Upload.objects.create(
        path=default_storage.save(f"files/{digest}", ContentFile(content)),
        sha256=digest,
        size=len(content),
        media_type="application/pdf",
        name="Rapport 2025.pdf",
        state=laos,
    )


def a_letter(*enclosures: Upload | Revision, **facts: Any) -> Letter:
    return letters.write(
        key="one",
        kind="test",
        to="a@example.org",
        template="_greeting",
        enclosures=enclosures,
        **facts,
    )


def test_enclosures_are_attached_byte_for_byte(upload: Upload, officer: User) -> None:
    draft = documents.draft(
        series="ISU",
        year=2026,
        kind="note",
        family="secretariat",
        title="Receipt",
        body=mark_safe("<p>Received.</p>"),
        by=officer,
    )
    revision = documents.issue(draft, by=officer)
    a_letter(upload, revision)

    letters.drain()

    first, second = mail.outbox[0].attachments
    assert tuple(first) == ("Rapport 2025.pdf", b"%PDF-1.7 the report", "application/pdf")
    assert second.filename == "ISU-2026-01-en.pdf"
    assert hashlib.sha256(second.content).hexdigest() == revision.sha256


def test_an_infected_file_does_not_leave(upload: Upload) -> None:
    a_letter(upload)
    Upload.objects.update(verdict="infected", scanned_at=timezone.now())

    letters.drain()

    letter = Letter.objects.get()
    assert letter.status == S.FAILED
    assert "Rapport 2025.pdf" in letter.last_error
    assert mail.outbox == []


def test_a_draft_does_not_leave(officer: User) -> None:
    draft = documents.draft(
        series="ISU",
        year=2026,
        kind="note",
        family="secretariat",
        title="Receipt",
        body=mark_safe("<p>Received.</p>"),
        by=officer,
    )
    a_letter(draft)

    letters.drain()

    assert Letter.objects.get().status == S.FAILED
    assert mail.outbox == []


def test_a_file_that_cannot_be_read_now_keeps_the_letter_in_the_queue(
    upload: Upload, tmp_path: Path
) -> None:
    a_letter(upload)
    (tmp_path / upload.path).rename(tmp_path / "away")

    letters.drain()
    letter = Letter.objects.get()
    assert letter.status == S.QUEUED
    assert "FileNotFoundError" in letter.last_error
    (tmp_path / "away").rename(tmp_path / upload.path)
    Letter.objects.update(queued_at=timezone.now())
    letters.drain()

    assert Letter.objects.get().status == S.SENT


def test_a_refused_copy_leaves_an_event_and_does_not_send_the_letter_again(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:

    plain = EmailBackend.send_messages

    def refuses_copies(self: Any, messages: list[Any]) -> int:
        if messages[0].recipients() == ["copy@example.org"]:
            raise smtplib.SMTPRecipientsRefused({"copy@example.org": (550, b"5.1.1 unknown")})
        return plain(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuses_copies)
    a_letter(cc="copy@example.org, isu@example.org")

    letters.drain()
    letters.drain()

    letter = Letter.objects.get()
    assert letter.status == S.SENT
    assert [message.recipients() for message in mail.outbox] == [
        ["a@example.org"],
        ["isu@example.org"],
    ]
    assert mail.outbox[0].cc == ["copy@example.org", "isu@example.org"]
    event = Event.objects.about(letter).get()
    assert event.verb == "copy-refused"
    assert event.note.startswith("copy@example.org:")


def test_answers_go_to_whom_the_letter_names(db: None) -> None:
    a_letter(reply_to="fp.lao@example.org")

    letters.drain()

    assert mail.outbox[0].reply_to == ["fp.lao@example.org"]
