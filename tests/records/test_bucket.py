"""Documents in an S3 bucket, where a setting asks for it: what a folder does, a bucket does."""

import hashlib
import io
import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.safestring import mark_safe
from moto.server import ThreadedMotoServer

from records import archive, documents, uploads
from records.models import Event, Revision
from states.models import State, User
from tests.factories import ReportFactory
from tests.reporting.papers import pdf

ROOT = Path(__file__).resolve().parents[2]
BUCKET = "documents-of-the-portal"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server that speaks S3."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Any]:
    """An empty bucket, used as the environment says."""
    given = {
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT_URL": server,
        "AWS_ACCESS_KEY_ID": "the key",
        "AWS_SECRET_ACCESS_KEY": "the secret",
        "AWS_DEFAULT_REGION": "eu-central-2",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    asked = runpy.run_path(str(ROOT / "ccm_portal" / "settings.py"))["STORAGES"]["default"]
    settings.STORAGES = settings.STORAGES | {"default": asked}
    made = boto3.resource("s3", endpoint_url=server).Bucket(BUCKET)
    made.create(CreateBucketConfiguration={"LocationConstraint": given["AWS_DEFAULT_REGION"]})
    yield made
    made.objects.all().delete()
    made.delete()
    made.meta.client.close()


def keys(bucket: Any) -> list[str]:
    return sorted(found.key for found in bucket.objects.all())


def issued(by: User, audience: str = "public") -> Revision:
    draft = documents.draft(
        series="ISU",
        year=2026,
        kind="note",
        family="secretariat",
        title="Status of contributions",
        body=mark_safe("<p>Ten States have contributed.</p>"),
        by=by,
        audience=audience,
    )
    return documents.issue(draft, by=by)


def test_an_upload_is_kept_in_the_bucket_once_and_read_back_whole(
    bucket: Any, laos: State, focal_point: User
) -> None:
    content = pdf()

    first = uploads.receive(io.BytesIO(content), laos, focal_point, name="first.pdf")
    second = uploads.receive(io.BytesIO(content), laos, focal_point, name="again.pdf")

    assert first.path == second.path
    assert keys(bucket) == [f"uploads/{first.sha256[:2]}/{first.sha256}"]
    with default_storage.open(first.path) as stored:
        assert stored.read() == content


def test_a_stored_object_is_never_written_again(
    bucket: Any, laos: State, focal_point: User
) -> None:
    content = pdf()
    sha256 = hashlib.sha256(content).hexdigest()
    bucket.put_object(Key=f"uploads/{sha256[:2]}/{sha256}", Body=b"cut o")

    row = uploads.receive(io.BytesIO(content), laos, focal_point, name="whole.pdf")

    with default_storage.open(row.path) as stored:
        assert stored.read() == content
    assert bucket.Object(f"uploads/{sha256[:2]}/{sha256}").get()["Body"].read() == b"cut o"


def test_an_issued_document_is_handed_out_by_the_portal_and_known_by_its_hash(
    bucket: Any, officer: User, client: Client
) -> None:
    row = issued(officer)

    answer = client.get(reverse("document-pdf", args=[row.document.reference, "en"]))
    content = answer.getvalue()
    sent = SimpleUploadedFile("copy.pdf", content)
    known = client.post(reverse("verify"), {"file": sent}, follow=True)

    assert keys(bucket) == [row.pdf]
    assert answer.status_code == 200
    assert hashlib.sha256(content).hexdigest() == row.sha256
    assert int(answer["Content-Length"]) == len(content)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "Issued here" in known.content.decode()


def test_what_is_closed_in_a_folder_is_closed_in_a_bucket(
    bucket: Any, laos: State, focal_point: User, other_focal_point: User, signed_in: Any
) -> None:
    upload = uploads.receive(io.BytesIO(pdf()), laos, focal_point, name="report.pdf")
    ReportFactory(state=laos, original=upload)
    address = reverse("file", args=[upload.pk, upload.name])

    read = signed_in(focal_point).get(address)
    refused = signed_in(other_focal_point).get(address)

    assert hashlib.sha256(read.getvalue()).hexdigest() == upload.sha256
    assert refused.status_code == 404
    # Nor does the bucket hand it to whoever knows its name.
    grants = bucket.Object(upload.path).Acl().grants
    assert all(grant["Grantee"].get("Type") == "CanonicalUser" for grant in grants)


def test_the_nightly_reading_finds_what_was_changed_and_what_is_missing(
    bucket: Any, laos: State, officer: User
) -> None:
    row = issued(officer)
    changed = uploads.receive(io.BytesIO(pdf("One")), laos, officer, name="one.pdf")
    missing = uploads.receive(io.BytesIO(pdf("Two")), laos, officer, name="two.pdf")

    whole = archive.check()
    bucket.put_object(Key=changed.path, Body=b"another")
    bucket.Object(missing.path).delete()
    broken = archive.check()

    assert whole == []
    assert [(each.row, each.finding.partition(":")[0]) for each in broken] == [
        (changed, "changed"),
        (missing, "missing"),
    ]
    assert not Event.objects.about(row).filter(verb="archive-check").exists()


def test_the_restore_drill_says_that_it_does_not_reach_a_bucket(
    bucket: Any, tmp_path: Path, transactional_db: None
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.restore_drill"],
        cwd=ROOT,
        env=os.environ | {"DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Documents are in an S3 bucket, which this drill does not copy" in done.stdout
