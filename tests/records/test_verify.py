"""A hash or a file is known to whom may read it, and unknown to all others alike."""

import hashlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.safestring import mark_safe

from records import documents
from records.models import Upload
from tests.factories import ReportFactory
from tests.matrix import World
from tests.reporting.papers import received


@pytest.fixture
def issued(laos):
    def issue(audience):
        drafted = documents.draft(
            series="T",
            year=2026,
            kind="paper",
            family="state",
            title="A paper",
            body=mark_safe("<p>Words.</p>"),
            by=None,
            state=laos,
            audience=audience,
        )
        return documents.issue(drafted, by=None)

    return issue


def answer(client, sha256):
    return client.get(reverse("verify"), {"sha256": sha256}).content.decode()


def test_the_hash_of_the_words_and_that_of_the_file_are_both_known(client, issued):
    revision = issued("public")

    assert "hash of the words of" in answer(client, revision.text_sha256)
    assert "to the last byte, the file of" in answer(client, revision.sha256)


def test_a_hash_may_be_copied_with_spaces_and_capitals(client, issued):
    sha256 = issued("public").text_sha256.upper()

    assert "Issued here" in answer(client, f" {sha256[:32]} {sha256[32:]}\n")


def test_what_is_for_others_is_as_unknown_as_what_does_not_exist(
    client, issued, focal_point, other_focal_point, signed_in
):
    revision = issued("state:LAO")

    hidden = answer(client, revision.sha256).replace(revision.sha256, "")
    unknown = answer(client, "0" * 64).replace("0" * 64, "")

    assert hidden == unknown
    assert "Not known here" in answer(signed_in(other_focal_point), revision.sha256)
    assert "Issued here" in answer(signed_in(focal_point), revision.sha256)


def test_a_withdrawn_text_is_known_as_such(client, issued, officer):
    revision = issued("public")
    documents.withdraw(revision, by=officer, note="wrong table")

    assert "withdrawn since" in answer(client, revision.sha256)


def test_the_file_of_a_report_is_known_with_the_report(laos, focal_point, signed_in, client):
    report = ReportFactory(state=laos, original=received(laos))
    sha256 = report.original.sha256

    words = answer(signed_in(focal_point), sha256)

    assert report.get_absolute_url() in words
    assert "Not known here" in answer(client, sha256)


def test_no_day_of_receipt_is_told_of_a_file(client, db):
    """The day on which we got the file may be long after that on which we got the report."""
    report = World().published

    words = answer(client, report.original.sha256)

    told = words.partition("Kept here")[2].partition("<form")[0]
    assert report.get_absolute_url() in told
    assert str(report.original.received_at.year) not in told
    assert "received on" not in told


def test_a_file_that_is_sent_is_hashed_and_not_kept(client, issued):
    revision = issued("public")
    with default_storage.open(revision.pdf) as stored:
        content = stored.read()
    sent = SimpleUploadedFile("copy.pdf", content)

    response = client.post(reverse("verify"), {"file": sent}, follow=True)

    assert response.redirect_chain[-1][0].endswith(hashlib.sha256(content).hexdigest())
    assert "Issued here" in response.content.decode()
    assert not Upload.objects.exists()


def test_a_file_that_is_too_large_gets_a_sentence(client, db, settings):
    settings.UPLOAD_MAX_BYTES = 10

    response = client.post(reverse("verify"), {"file": SimpleUploadedFile("a", b"x" * 100_000)})

    assert response.status_code == 413
    assert "The file is larger than" in response.content.decode()


@pytest.mark.parametrize("given", ["hello", "0" * 63, "g" * 64, "<script>"])
def test_what_is_not_a_hash_gets_a_sentence(client, db, given):
    response = client.get(reverse("verify"), {"sha256": given})

    assert response.status_code == 400
    assert "is not a SHA-256" in response.content.decode()
    assert "<script>" not in response.content.decode().split("<main")[1].split("</main")[0]


def test_nothing_given_is_no_mistake(client, db):
    assert client.post(reverse("verify"), {}, follow=True).status_code == 200


def test_the_page_sets_no_cookie_and_carries_no_token(client, db):
    response = client.get(reverse("verify"))

    assert "Set-Cookie" not in response.headers
    assert "csrfmiddlewaretoken" not in response.content.decode()
