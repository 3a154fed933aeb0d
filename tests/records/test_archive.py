"""The nightly reading of stored files: what is missing or changed is found and written down."""

import hashlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from records import archive
from records.models import Event, Upload
from states.models import State


@pytest.fixture(autouse=True)
def storage(settings: object, tmp_path: Path) -> None:
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }


def stored(content: bytes, state: State) -> Upload:
    digest = hashlib.sha256(content).hexdigest()
    path = default_storage.save(f"files/{digest}", ContentFile(content))
    return Upload.objects.create(
        path=path, sha256=digest, size=len(content), media_type="text/plain", name="a", state=state
    )


def test_a_whole_archive_has_no_findings(laos: State) -> None:
    stored(b"one", laos)
    stored(b"two", laos)

    assert archive.check() == []
    assert not Event.objects.filter(verb="archive-check").exists()


def test_a_changed_file_and_a_missing_one_are_found(laos: State, tmp_path: Path) -> None:
    whole, changed, missing = (stored(text, laos) for text in (b"one", b"two", b"three"))
    (tmp_path / changed.path).write_bytes(b"TWO")
    (tmp_path / missing.path).unlink()

    broken = archive.check()

    assert [(each.row, each.finding.partition(":")[0]) for each in broken] == [
        (changed, "changed"),
        (missing, "missing"),
    ]
    assert not Event.objects.about(whole).exists()
    event = Event.objects.about(changed).get()
    assert (event.was, event.now) == (changed.sha256, hashlib.sha256(b"TWO").hexdigest())
