"""What is handed in, thrown away or certified is what was read: of the draft, and of each form."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from records.models import Upload
from records.workflow import Refused
from reporting import answering, certifying, confirming, embargo, filing, mission, receipt, seen
from reporting.art7_2010 import ART7_2010
from reporting.models import Attachment, PublicationWish, Report
from states.models.rights import Role
from tests.conftest import SignedIn, appointed
from tests.reporting.papers import received
from tests.reporting.publishing import drafted, handed_in, published

YEAR = ["LAO", "annual", 2025]
CLEARANCE = ART7_2010.form("clearance")


@pytest.fixture(autouse=True)
def ticking() -> Iterator[None]:
    """What is saved later is saved at another moment."""
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC), tick=True):
        yield


@pytest.fixture
def draft(laos, focal_point):
    made = drafted(laos, focal_point, clearance={"programme": "Two teams."})
    made.marks = {"clearance": {"mark": "changed"}}
    made.save()
    return made


def saved(draft, by, words):
    row = answering.row_of(draft, CLEARANCE)
    answering.save(draft, CLEARANCE, {"programme": words}, None, by=by, seen=answering.token(row))


def on_the_page(client: Client, name: str) -> str:
    [found] = set(
        re.findall(
            r'name="touched"\s+value="([^"|]+[^"]*)"', client.get(reverse(name, args=YEAR)).text
        )
    ) - {""}
    return found


def test_a_form_that_was_saved_after_the_check_is_not_handed_in_unread(draft, focal_point, drafter):
    state = SignedIn(focal_point)
    checked = on_the_page(state, "report-check")
    saved(draft, drafter, "Never checked.")

    told = state.post(reverse("report-hand-in", args=YEAR), {"touched": checked}, follow=True)

    assert Report.objects.get().status == "draft"
    assert f"{drafter} saved this draft at" in told.text
    state.post(
        reverse("report-hand-in", args=YEAR), {"touched": on_the_page(state, "report-check")}
    )
    assert Report.objects.get().status == "handed-in"


def test_a_form_that_was_saved_meanwhile_is_not_thrown_away_unread(draft, focal_point, drafter):
    before = seen.token(draft)
    saved(draft, drafter, "A week of work.")

    with pytest.raises(Refused, match="saved this draft at"):
        filing.discard(draft, by=focal_point, seen=before)

    filing.discard(draft, by=focal_point, seen=seen.token(Report.objects.get()))
    assert not Report.objects.exists()


def test_a_certification_is_of_what_unchanged_forms_stand_for(laos, focal_point, officer):
    certifier = appointed(Role.CERTIFIER, laos, "mission@example.org", "Mission")
    published(laos, focal_point, officer, 2024, clearance={"programme": "Two teams."})
    draft = filing.begin(laos, "annual", 2025, by=focal_point)
    draft.marks = {"clearance": {"mark": "unchanged", "year": 2024}}
    draft.original = received(laos, words="on 2025")
    draft.save()
    corrected = drafted(laos, focal_point, 2024, clearance={"programme": "Never certified."})
    certifying.switch_on(laos, reason="The mission asks for it.", by=focal_point)
    mission.say(draft, certified=True, word="", seen=seen.token(draft), by=certifier)
    assert certifying.standing(draft) is not None

    mission.say(corrected, certified=True, word="", seen=seen.token(corrected), by=certifier)
    receipt.hand_in(corrected, by=focal_point)

    assert certifying.standing(draft) is None
    word = certifying.last_word(draft)
    assert "is another report now" in certifying.changes_since(draft, word)[0]


def test_a_draft_that_became_another_version_is_certified_anew(laos, focal_point, officer):
    certifier = appointed(Role.CERTIFIER, laos, "mission@example.org", "Mission")
    draft = drafted(laos, focal_point, clearance={"programme": "Two teams."})
    certifying.switch_on(laos, reason="The mission asks for it.", by=focal_point)
    mission.say(draft, certified=True, word="", seen=seen.token(draft), by=certifier)

    filing.file_for_state(
        laos, "annual", 2025, received(laos, words="by e-mail"), by=officer,
        channel="e-mail", received_on=dt.date(2026, 11, 19),
    )  # fmt: skip
    draft.refresh_from_db()

    assert draft.number == 2
    assert certifying.standing(draft) is None


def test_a_drafter_attaches_no_file_that_the_isu_filed_under_the_state(
    draft, drafter, focal_point, officer
):
    filed = received(draft.state, officer, "a note verbale")
    own = received(draft.state, drafter, "the law")
    measures = ART7_2010.form("measures")
    given = {
        "measures": [
            {"id": "aaaa", "title": "A", "text": filed.pk},
            {"id": "bbbb", "title": "B", "text": own.pk},
        ]
    }

    answering.save(draft, measures, given, None, by=drafter, seen="")

    assert list(Attachment.objects.values_list("upload", flat=True)) == [own.pk]
    assert SignedIn(drafter).get(reverse("file", args=[filed.pk, filed.name])).status_code == 404
    # What stands in the draft already stays, whoever saves the form.
    row = answering.row_of(draft, measures)
    given["measures"][1]["title"] = "C"
    answering.save(draft, measures, given, None, by=focal_point, seen=answering.token(row))
    assert Upload.objects.get(attachments__report=draft) == own


def test_a_new_version_keeps_the_wish_and_asks_for_consent_anew(laos, focal_point):
    first = drafted(laos, focal_point, clearance={"programme": "One."})
    confirming.wish(first, dt.date(2027, 5, 1), "Parliament first.", by=focal_point)
    Report.objects.filter(pk=first.pk).update(contacts_public=True)
    first = receipt.hand_in(Report.objects.get(), by=focal_point)

    second = filing.amend(first, by=focal_point)

    assert second.contacts_public is None
    assert PublicationWish.objects.get(report=second).why == "Parliament first."
    assert embargo.standing(first) is None


@pytest.mark.parametrize("text", ["a\rb", "x" * 140_000, 'a\t"b\nc'], ids=["line", "long", "mark"])
def test_whatever_is_pasted_is_rows_or_a_sentence(draft, focal_point, text):
    answer = SignedIn(focal_point).post(
        reverse("report-form", args=[*YEAR, "clearance"]),
        {"areas.paste": text, "seen": answering.token(answering.row_of(draft, CLEARANCE))},
    )

    assert answer.status_code in {302, 422}


def test_a_character_that_nothing_can_hold_is_left_out_of_the_cover_page(draft, focal_point):
    SignedIn(focal_point).post(
        reverse("report-form", args=[*YEAR, "conversion"]),
        {"mark.asked": "1", "mark": "not-applicable", "mark.sentence": "a\x00b", "seen": ""},
    )

    assert Report.objects.get().marks["conversion"]["sentence"] == "ab"


def test_a_stranger_learns_nothing_of_what_is_transcribed(laos, focal_point, officer):
    from reporting.transcription.desk_page import _saves  # noqa: PLC0415

    handed_in(laos, focal_point, 2025)

    assert _saves(1, "clearance") == _saves(99, "clearance")
