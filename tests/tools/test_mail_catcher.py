"""Letters sent on a developer's machine are kept and shown, as text and nothing else."""

import http.client
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from tools.processes import free_port


@dataclass
class Catcher:
    """A running mail catcher."""

    smtp: int
    page: int
    folder: Path

    def send(self, letter: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=10) as server:
            server.send_message(letter)

    def get(self, path: str, host: str = "localhost") -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.page, timeout=10)
        connection.request("GET", path, headers={"Host": f"{host}:{self.page}"})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, dict(answer.getheaders()), body


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[Catcher]:
    found = Catcher(free_port("127.0.0.1"), free_port("127.0.0.1"), tmp_path / "mail")
    ports = ["--smtp-port", str(found.smtp), "--page-port", str(found.page)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.mail_catcher", "--folder", str(found.folder), *ports]
    )
    for _ in range(200):
        try:
            found.get("/")
            break
        except OSError:
            time.sleep(0.05)
    yield found
    process.terminate()
    assert process.wait(10) == 0


def letter(subject: str = "Report of Lao PDR", text: str = "Dear colleague,") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "portal@localhost"
    message["To"] = "focal@example.org"
    message["Subject"] = subject
    message.set_content(text)
    return message


def address_of(catcher: Catcher) -> str:
    return f"/letter/{next(catcher.folder.glob('*.eml')).name}"


def test_an_empty_page_says_that_nothing_has_been_sent(catcher: Catcher) -> None:
    status, _, page = catcher.get("/")

    assert status == 200
    assert "<title>Sent letters</title>" in page
    assert "Nothing has been sent yet" in page


def test_a_letter_is_listed_and_read(catcher: Catcher) -> None:
    catcher.send(letter(text="La République démocratique populaire lao, et l’Égypte."))

    listed = catcher.get("/")[2]
    shown = catcher.get(address_of(catcher))[2]

    assert "Report of Lao PDR" in listed
    assert "focal@example.org" in listed
    assert "La République démocratique populaire lao, et l’Égypte." in shown


def test_the_newest_letter_stands_first(catcher: Catcher) -> None:
    catcher.send(letter("The first"))
    time.sleep(1.1)
    catcher.send(letter("The second"))

    page = catcher.get("/")[2]

    assert page.index("The second") < page.index("The first")


def test_markup_in_a_letter_stays_text(catcher: Catcher) -> None:
    catcher.send(letter("<script>alert(1)</script>", "<img src=x onerror=alert(1)>"))

    pages = catcher.get("/")[2] + catcher.get(address_of(catcher))[2]

    assert "<script" not in pages
    assert "<img" not in pages
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages


def test_a_link_in_a_letter_can_be_followed_and_cannot_break_out(catcher: Catcher) -> None:
    catcher.send(
        letter(text='Open http://localhost:8000/pass/abc?x=1&y=2"onclick=alert(1). Thanks')
    )

    page = catcher.get(address_of(catcher))[2]

    assert '<a href="http://localhost:8000/pass/abc?x=1&amp;y=2">' in page
    assert 'onclick="' not in page
    assert "&quot;onclick" in page


def test_an_enclosure_is_downloaded_under_a_harmless_name(catcher: Catcher) -> None:
    message = letter()
    message.add_attachment(
        b"%PDF-1.7", maintype="application", subtype="pdf", filename='a"\u2028b.pdf'
    )
    catcher.send(message)

    status, headers, body = catcher.get(f"{address_of(catcher)}/0")

    assert (status, body) == (200, "%PDF-1.7")
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''a%22")
    assert catcher.get(f"{address_of(catcher)}/1")[0] == 404


@pytest.mark.parametrize(
    "path", ["/letter/../lock", "/letter/..%2flock", "/letter/x.eml", "/etc/passwd", "/letter/"]
)
def test_only_letters_are_served(catcher: Catcher, path: str) -> None:
    (catcher.folder.parent / "lock").write_text("secret", encoding="ascii")

    status, _, body = catcher.get(path)

    assert status == 404
    assert "secret" not in body


def test_no_page_elsewhere_reads_letters_by_a_name_of_its_own(catcher: Catcher) -> None:
    status, _, _ = catcher.get("/", host="attacker.example")

    assert status == 403


def test_every_answer_forbids_scripts_and_frames(catcher: Catcher) -> None:
    _, headers, _ = catcher.get("/")

    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_letter_without_sense_is_shown_all_the_same(catcher: Catcher) -> None:
    with smtplib.SMTP("127.0.0.1", catcher.smtp, timeout=10) as server:
        server.sendmail(
            "a@example.org",
            ["b@example.org"],
            b"Subject: =?no-such-set?Q?x?=\r\n"
            b"Content-Type: text/plain; charset=no-such-set\r\n\r\nWords \xff",
        )

    assert catcher.get("/")[0] == 200
    assert "Words" in catcher.get(address_of(catcher))[2]
