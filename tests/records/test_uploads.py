"""Files as received: judged by content, stored once, never overwritten, handed out to whom may."""

import io
import socketserver
import struct
import threading

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from records import uploads
from records.models import Upload
from tests.factories import ReportFactory
from tests.reporting.papers import pdf, received


class Scanner(socketserver.ThreadingUnixStreamServer):
    """Speaks clamd's INSTREAM and finds one word of our own."""

    def __init__(self, address: str, word: bytes) -> None:
        self.word = word
        super().__init__(address, Answer)


class Answer(socketserver.StreamRequestHandler):
    """Reads the pieces and answers."""

    def handle(self) -> None:
        """One file."""
        self.rfile.read(len(b"zINSTREAM\0"))
        seen = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            seen += self.rfile.read(length)
        found = self.server.word in seen
        self.wfile.write(b"stream: Test.Word FOUND\0" if found else b"stream: OK\0")


@pytest.fixture
def scanner(tmp_path, settings):
    address = str(tmp_path / "clamd")
    with Scanner(address, b"our own signature") as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD_SOCKET = address
        yield server
        server.shutdown()


def test_a_file_is_stored_once_by_its_hash(laos, focal_point):
    content = pdf()
    first = uploads.receive(io.BytesIO(content), laos, focal_point, name="first.pdf")

    second = uploads.receive(io.BytesIO(content), laos, focal_point, name="again.pdf")

    assert second.path == first.path == f"uploads/{first.sha256[:2]}/{first.sha256}"
    assert len(default_storage.listdir(f"uploads/{first.sha256[:2]}")[1]) == 1
    assert (first.verdict, first.size) == ("not-scanned", len(content))


def test_a_stored_file_that_was_cut_off_is_left_alone(laos):
    content = pdf()
    whole = uploads.receive(io.BytesIO(content), laos, None, name="a.pdf")
    (default_storage.open(whole.path, "wb")).close()

    again = uploads.receive(io.BytesIO(content), laos, None, name="a.pdf")

    assert again.path != whole.path
    with default_storage.open(again.path) as stored:
        assert stored.read() == content


def test_what_is_not_a_document_is_refused_and_nothing_is_kept(laos):
    with pytest.raises(uploads.FileRefused, match="HTML"):
        uploads.receive(io.BytesIO(b"<html>"), laos, None, name="report.pdf")

    assert not Upload.objects.exists()


def test_a_clean_file_says_so(laos, scanner):
    upload = received(laos)

    assert (upload.verdict, upload.scanned_at is not None) == ("clean", True)


def test_an_infected_file_is_refused_by_name_and_not_kept(laos, scanner):
    with pytest.raises(uploads.FileRefused, match=r"Test\.Word"):
        received(laos, words="our own signature")

    assert not Upload.objects.exists()
    assert not default_storage.exists("uploads")


def test_a_scanner_that_does_not_answer_leaves_it_visibly_unscanned(laos, settings, tmp_path):
    settings.CLAMD_SOCKET = str(tmp_path / "nobody")

    upload = received(laos)

    assert upload.verdict == "not-scanned"
    assert upload.finding


def test_what_was_not_scanned_is_scanned_later(laos, settings, scanner):
    address, settings.CLAMD_SOCKET = settings.CLAMD_SOCKET, ""
    clean, bad = received(laos), received(laos, words="our own signature")
    assert uploads.scan_waiting() == 0
    settings.CLAMD_SOCKET = address

    assert uploads.scan_waiting() == 2

    clean.refresh_from_db()
    bad.refresh_from_db()
    assert (clean.verdict, bad.verdict, bad.finding) == ("clean", "infected", "Test.Word")


def test_an_infected_file_is_not_handed_out_and_the_page_says_why(
    laos, focal_point, signed_in, scanner, settings
):
    address, settings.CLAMD_SOCKET = settings.CLAMD_SOCKET, ""
    report = ReportFactory(state=laos, original=received(laos, words="our own signature"))
    settings.CLAMD_SOCKET = address
    uploads.scan_waiting()
    upload = report.original

    response = signed_in(focal_point).get(reverse("file", args=[upload.pk, upload.name]))

    assert response.status_code == 403
    assert "Test.Word" in response.content.decode()


def test_a_file_is_an_attachment_that_no_browser_guesses_about(laos, focal_point, signed_in):
    upload = ReportFactory(state=laos, original=received(laos)).original
    at = signed_in(focal_point)

    response = at.get(reverse("file", args=[upload.pk, upload.name]))

    assert response.headers["Content-Disposition"] == 'attachment; filename="article-7.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["ETag"] == f'"{upload.sha256}"'
    assert response.streaming
    assert len(b"".join(response.streaming_content)) == upload.size
    seen = {"if-none-match": f'"{upload.sha256}"'}
    again = at.get(reverse("file", args=[upload.pk, upload.name]), headers=seen)
    assert again.status_code == 304


def test_a_file_under_another_name_does_not_exist(laos, focal_point, signed_in):
    upload = ReportFactory(state=laos, original=received(laos)).original

    response = signed_in(focal_point).get(reverse("file", args=[upload.pk, "other.pdf"]))

    assert response.status_code == 404
