"""A file in pieces: what arrived before a cut is kept, and the whole is judged as any file."""

import base64
import datetime as dt
import itertools
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ccm_portal.tasks import nightly
from records import resumable
from records.models import Arrival, Upload
from records.uploads import FileRefused
from states.models import State, User
from tests.browser.papers import pdf
from tests.conftest import SignedIn

BYTES = "application/offset+octet-stream"
TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}
PAPER = pdf("Annual report", weight=400_000)


def announce(client: Client, size: int, name: str = "report.pdf", state: str = "LAO") -> Any:
    facts = f"filename {encoded(name)},state {encoded(state)}"
    head = {"HTTP_UPLOAD_LENGTH": str(size), "HTTP_UPLOAD_METADATA": facts}
    return client.post(reverse("upload-begin"), **head, **TUS)


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def send(client: Client, where: str, offset: int, piece: bytes) -> Any:
    return client.patch(where, piece, content_type=BYTES, HTTP_UPLOAD_OFFSET=str(offset), **TUS)


@pytest.fixture
def client(focal_point: User) -> Client:
    return SignedIn(focal_point)


def test_a_file_in_three_pieces_is_the_file(client: Client, focal_point: User, laos: State) -> None:
    begun = announce(client, len(PAPER))
    where = begun["Location"]
    cuts = [0, 100_000, 100_001, len(PAPER)]

    for first, last in itertools.pairwise(cuts):
        answer = send(client, where, first, PAPER[first:last])
        assert (answer.status_code, answer["Upload-Offset"]) == (204, str(last))

    row = Arrival.objects.get()
    upload = resumable.taken(str(row.pk), laos, focal_point)
    assert upload is not None
    with default_storage.open(upload.path) as kept:
        assert kept.read() == PAPER
    assert (upload.name, upload.state, upload.received_by) == ("report.pdf", laos, focal_point)


def test_the_pieces_are_gone_once_the_file_is_whole(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    where = announce(client, len(PAPER))["Location"]
    send(client, where, 0, PAPER[:50_000])
    row = Arrival.objects.get()
    assert default_storage.listdir(f"parts/{row.pk}")[1] == ["0"]

    with django_capture_on_commit_callbacks(execute=True):
        send(client, where, 50_000, PAPER[50_000:])

    assert not default_storage.exists(f"parts/{row.pk}")


def test_the_portal_says_where_to_go_on(client: Client) -> None:
    where = announce(client, len(PAPER))["Location"]
    send(client, where, 0, PAPER[:70_000])

    answer = client.head(where, **TUS)

    assert answer.status_code == 200
    assert (answer["Upload-Offset"], answer["Upload-Length"]) == ("70000", str(len(PAPER)))
    assert answer["CSRF-Token"]
    assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.parametrize("offset", [0, 69_999, 70_001, 10**14])
def test_a_piece_that_does_not_fit_is_not_taken(client: Client, offset: int) -> None:
    where = announce(client, len(PAPER))["Location"]
    send(client, where, 0, PAPER[:70_000])

    answer = send(client, where, offset, PAPER[70_000:])

    assert (answer.status_code, answer["Upload-Offset"]) == (409, "70000")
    assert Arrival.objects.get().received == 70_000


def test_what_arrived_before_the_line_was_cut_is_kept(focal_point: User, laos: State) -> None:
    row = resumable.begin("report.pdf", len(PAPER), laos, focal_point)

    class Cut:
        """Brings one piece, then the line is dead."""

        left = [PAPER[: resumable.PIECE]]

        def read(self, size: int) -> bytes:
            if not self.left:
                raise OSError("connection reset")
            return self.left.pop()

    row = resumable.go_on(row, 0, Cut())  # type: ignore[arg-type]

    assert row.received == resumable.PIECE
    assert Arrival.objects.get().received == resumable.PIECE


def test_of_two_who_send_the_same_piece_one_is_told_to_look_again(
    focal_point: User, laos: State
) -> None:
    seen = resumable.begin("report.pdf", len(PAPER), laos, focal_point)
    resumable._append(seen, PAPER[:10])

    with pytest.raises(resumable.OutOfStep):
        resumable._append(seen, PAPER[:10])


def test_more_than_was_announced_is_left_unread(client: Client) -> None:
    where = announce(client, 1000)["Location"]

    answer = send(client, where, 0, PAPER)

    assert Arrival.objects.get().received == 1000
    assert answer.status_code in (204, 422)


def test_a_refused_file_is_said_at_once_and_again(client: Client) -> None:
    program = b"MZ" + b"\0" * 60_000
    where = announce(client, len(program), "report.exe")["Location"]

    answer = send(client, where, 0, program)

    assert answer.status_code == 422
    assert "report.exe" in answer.json()["words"] or "PDF" in answer.json()["words"]
    assert client.head(where, **TUS).status_code == 410
    assert client.get(where).json() == {"whole": True, "words": answer.json()["words"]}
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("size", "status"), [("0", 413), ("52428801", 413), ("", 400), ("-1", 400), ("9" * 40, 400)]
)
def test_a_size_that_cannot_be_is_refused_before_anything_is_sent(
    client: Client, size: str, status: int
) -> None:
    facts = f"filename {encoded('a.pdf')},state {encoded('LAO')}"
    head = {"HTTP_UPLOAD_LENGTH": size, "HTTP_UPLOAD_METADATA": facts}

    answer = client.post(reverse("upload-begin"), **head, **TUS)

    assert answer.status_code == status
    assert answer.json()["words"]


@pytest.mark.parametrize(
    "facts", ["", "filename", "filename ?,state ?", "\x00", "state " + "A" * 3000]
)
def test_facts_that_nobody_can_read_are_no_error_of_the_portal(client: Client, facts: str) -> None:
    head = {"HTTP_UPLOAD_LENGTH": "10", "HTTP_UPLOAD_METADATA": facts}

    assert client.post(reverse("upload-begin"), **head, **TUS).status_code == 404


def test_another_version_of_the_protocol_is_not_spoken(client: Client) -> None:
    answer = client.post(reverse("upload-begin"), HTTP_TUS_RESUMABLE="0.2.2")

    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


def test_the_portal_says_what_it_takes(client: Client) -> None:
    answer = client.options(reverse("upload-begin"))

    assert answer.status_code == 204
    assert answer["Tus-Extension"] == "creation,expiration,termination"
    assert answer["Tus-Max-Size"] == "52428800"


def test_nobody_else_goes_on_with_it_or_names_it(
    client: Client, focal_point: User, other_focal_point: User, laos: State
) -> None:
    where = announce(client, len(PAPER))["Location"]
    row = Arrival.objects.get()
    other = SignedIn(other_focal_point)

    assert other.head(where, **TUS).status_code == 404
    assert send(other, where, 0, PAPER).status_code == 404
    assert other.delete(where, **TUS).status_code == 404
    assert announce(other, 10).status_code == 404
    send(client, where, 0, PAPER)
    with pytest.raises(FileRefused):
        resumable.taken(str(row.pk), laos, other_focal_point)


@pytest.mark.parametrize("named", ["x", "0", "\0", "00000000-0000-4000-8000-000000000000"])
def test_a_form_that_names_no_file_of_ours_is_told_so(
    focal_point: User, laos: State, named: str
) -> None:
    with pytest.raises(FileRefused, match="Choose the file again"):
        resumable.taken(named, laos, focal_point)


def test_a_form_cannot_name_a_file_that_is_not_whole(
    client: Client, focal_point: User, laos: State
) -> None:
    where = announce(client, len(PAPER))["Location"]
    send(client, where, 0, PAPER[:-1])

    with pytest.raises(FileRefused, match="it goes on from where it was"):
        resumable.taken(str(Arrival.objects.get().pk), laos, focal_point)


def test_it_can_be_given_up(client: Client) -> None:
    where = announce(client, len(PAPER))["Location"]

    assert client.delete(where, **TUS).status_code == 204
    assert client.head(where, **TUS).status_code == 404


def test_who_begins_too_much_loses_what_rested_longest(
    focal_point: User, laos: State, settings: Any
) -> None:
    settings.PARTS_MOST_EACH = 250
    first, second, third = (resumable.begin(f"{n}.pdf", 100, laos, focal_point) for n in range(3))

    assert set(Arrival.objects.all()) == {second, third}
    assert first not in Arrival.objects.all()


def test_without_room_it_is_said_what_to_do(client: Client, settings: Any) -> None:
    settings.PARTS_MOST_IN_ALL = 50

    answer = announce(client, 100)

    assert answer.status_code == 507
    assert "e-mail" in answer.json()["words"]


def test_the_night_forgets_what_nobody_went_on_with(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    kept, old = (announce(client, len(PAPER))["Location"] for _ in range(2))
    for where in (kept, old):
        send(client, where, 0, PAPER[:1000])
    row = Arrival.objects.get(pk=old.split("/")[-2])
    Arrival.objects.filter(pk=row.pk).update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    assert client.head(old, **TUS).status_code == 404

    with django_capture_on_commit_callbacks(execute=True):
        nightly()

    assert not default_storage.exists(f"parts/{row.pk}")
    assert client.head(kept, **TUS)["Upload-Offset"] == "1000"


def test_without_a_session_one_is_sent_to_sign_in(client: Client) -> None:
    where = announce(client, len(PAPER))["Location"]

    assert Client().head(where, **TUS).status_code == 302
    assert send(Client(), where, 0, PAPER).status_code == 302


def test_a_page_elsewhere_cannot_send(focal_point: User) -> None:
    strict = SignedIn(focal_point)
    strict.handler.enforce_csrf_checks = True

    assert announce(strict, len(PAPER)).status_code == 403
