"""Whether the stored files still are what was stored: each is read and compared with its hash."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import structlog
from django.core.files.storage import default_storage
from django.db import models

from records.models import Revision, Upload
from records.models.events import record

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Broken:
    """A stored file that is missing or no longer has its hash."""

    row: models.Model
    path: str
    finding: str


def check() -> list[Broken]:
    """Reads every stored file once; what is wrong leaves an event and a line in the log.

    Findings: "missing", or "changed" with the hash that was found. Nothing is repaired: the
    backup is, by a person (docs/runbook.md).
    """
    broken = []
    for row, path, expected in _stored():
        found = _hash(path)
        if found == expected:
            continue
        finding = f"changed: {found}" if found else "missing"
        broken.append(Broken(row, path, finding))
        record("archive-check", row, by=None, was=expected, now=found, note=f"{path}: {finding}")
        log.error("stored file is not what was stored", path=path, finding=finding)
    return broken


def _stored() -> Iterator[tuple[models.Model, str, str]]:
    seen: set[str] = set()
    for upload in Upload.objects.order_by("pk").iterator():
        if upload.path not in seen:
            seen.add(upload.path)
            yield upload, upload.path, upload.sha256
    for revision in Revision.objects.exclude(pdf="").order_by("pk").iterator():
        if revision.pdf not in seen:
            seen.add(revision.pdf)
            yield revision, revision.pdf, revision.sha256


def _hash(path: str) -> str:
    """The SHA-256 of a stored file; empty where there is none."""
    if not default_storage.exists(path):
        return ""
    digest = hashlib.sha256()
    with default_storage.open(path) as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            digest.update(chunk)
    return digest.hexdigest()
