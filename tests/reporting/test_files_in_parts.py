"""A form names the file that came in parts, and everything follows as if it had carried it."""

from typing import Any

import pytest

from records import resumable
from records.models import Arrival
from reporting import filing
from reporting.models import Attachment, FormAnswers, Report
from states.models import State, User
from tests.browser.papers import pdf
from tests.conftest import SignedIn
from tests.records.test_resumable import announce, send
from tests.reporting.papers import picture

PAPER = pdf("Annual report", weight=60_000)
PERIOD = {"covers_from": "2025-01-01", "covers_to": "2025-12-31", "language": "en"}


@pytest.fixture
def draft(laos: State, focal_point: User) -> Report:
    return filing.begin(laos, "annual", 2025, by=focal_point)


def in_parts(by: User, content: bytes = PAPER, name: str = "report.pdf") -> str:
    client = SignedIn(by)
    send(client, announce(client, len(content), name)["Location"], 0, content)
    return str(Arrival.objects.get().pk)


def saved(by: User, draft: Report, **answers: str) -> Any:
    address = f"/what-we-owe/LAO/annual/{draft.year}/"
    facts = PERIOD | {"touched": draft.touched_at.isoformat()} | answers
    return SignedIn(by).post(address, facts)


def test_the_draft_takes_the_file_that_it_names(draft: Report, focal_point: User) -> None:
    saved(focal_point, draft, **{"file.sent": in_parts(focal_point)})

    draft.refresh_from_db()
    assert draft.original is not None
    assert (draft.original.name, draft.original.size) == ("report.pdf", len(PAPER))


def test_a_file_that_is_not_whole_is_said_and_nothing_else_is_lost(
    draft: Report, focal_point: User, laos: State
) -> None:
    row = resumable.begin("report.pdf", 100, laos, focal_point)

    answer = saved(focal_point, draft, note="Annex follows.", **{"file.sent": str(row.pk)})

    assert "It did not arrive whole." in answer.content.decode()
    draft.refresh_from_db()
    assert (draft.original, draft.note) == (None, "Annex follows.")


def of_a_type(named: str, seen: str = "") -> dict[str, str]:
    return {
        "types.rows": "aaaa",
        "types.aaaa.type": "BLU-26",
        "types.aaaa.photograph": "",
        "types.aaaa.photograph.file.sent": named,
        "seen": seen,
    }


def form_saved(by: User, **facts: str) -> Any:
    address = "/what-we-owe/LAO/annual/2025/forms/technical-characteristics/"
    return SignedIn(by).post(address, facts, follow=True)


def test_a_form_takes_the_photograph_that_it_names(draft: Report, focal_point: User) -> None:
    named = in_parts(focal_point, picture().read(), "type.png")

    answer = form_saved(focal_point, **of_a_type(named))

    upload = Attachment.objects.get(report=draft).upload
    assert FormAnswers.objects.get().said["types"][0]["photograph"] == upload.pk
    assert "type.png" in answer.content.decode()


def test_a_paper_is_no_photograph_whichever_way_it_came(draft: Report, focal_point: User) -> None:
    answer = form_saved(focal_point, **of_a_type(in_parts(focal_point)))

    assert "report.pdf is no picture" in answer.content.decode()
    assert not Attachment.objects.exists()
    assert FormAnswers.objects.get().said["types"][0]["type"] == "BLU-26"


def test_the_page_saves_the_file_by_itself_too(draft: Report, focal_point: User) -> None:
    named = in_parts(focal_point, picture().read(), "type.png")

    form_saved(focal_point, quietly="1", **of_a_type(named))

    assert Attachment.objects.filter(report=draft).count() == 1
