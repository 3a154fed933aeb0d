"""One form in the hands of a colleague: seen and written by whoever has its link, and no more."""

import datetime as dt
import re

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from ccm_portal.log import SECRETS
from records import letters
from records.models import Event, Letter, Upload
from records.workflow import Refused
from reporting import answering, delegating, doubts, filing, receipt
from reporting.answering import FormOvertaken
from reporting.art7_2010 import ART7_2010
from reporting.models import Attachment, Delegation, FormAnswers, Report
from states import access, passes
from states.models import Appointment, Pass, PassUse, State
from states.models.rights import Role
from tests.conftest import appointed
from tests.reporting.colleagues import MAILBOX, handed_out, link_to
from tests.reporting.papers import picture, received
from tests.reporting.publishing import handed_in

pytestmark = pytest.mark.usefixtures("today")
CLEARANCE = ART7_2010.form("clearance")
YEAR = ["LAO", "annual", 2025]


@pytest.fixture
def draft(laos, focal_point):
    row = filing.begin(laos, "annual", 2025, by=focal_point)
    row.original = received(laos, words="the whole report")
    row.note = "Between us and the ISU"
    row.save()
    FormAnswers.objects.create(report=row, form="clearance", said={"programme": "Two teams."})
    FormAnswers.objects.create(report=row, form="victims", said={})
    return row


@pytest.fixture
def out(draft, focal_point):
    return handed_out(draft, focal_point)


@pytest.fixture
def link(out, focal_point):
    return link_to(out, focal_point)


@pytest.fixture(autouse=True)
def the_site_has_started(settings):
    settings.LETTERS_START_ON = dt.date(2026, 1, 1)


@pytest.fixture
def colleague():
    return Client()


@pytest.fixture
def at(focal_point, signed_in):
    return signed_in(focal_point)


def own_page(form="clearance"):
    return reverse("report-delegate", args=["LAO", "annual", 2025, form])


def written(colleague, link, **boxes):
    """What the colleague's page sends once somebody typed into it."""
    seen = colleague.get(link).context["seen"]
    return colleague.post(link, {"seen": seen, "programme": "Two teams."} | boxes)


def _some_seconds_pass(model):
    """The clock of these tests stands still."""
    model.objects.update(touched_at=F("touched_at") + dt.timedelta(seconds=5))


def says_nothing_of_the_report(answer):
    return answer.status_code == 404 and "does not work any more" in answer.text


def test_a_colleague_writes_in_a_copy_and_the_draft_stays_as_it_is(colleague, link, draft):
    page = colleague.get(link)
    assert "Two teams.</textarea>" in page.text
    assert "The areas of last autumn, please." in page.text

    written(colleague, link, programme="Three teams.", **{"mark.asked": "1", "mark": "changed"})

    assert Delegation.objects.get().said == {"programme": "Three teams."}
    assert Delegation.objects.get().mark == {"mark": "changed"}
    assert FormAnswers.objects.get(form="clearance").said == {"programme": "Two teams."}
    assert Report.objects.get().marks == {}
    assert "Three teams.</textarea>" in colleague.get(link).text


def test_the_page_holds_nothing_of_the_report_but_the_form(colleague, link, draft, laos):
    page = colleague.get(link)

    for kept_back in (
        "the whole report",
        draft.original.name,
        draft.note,
        "/what-we-owe/LAO",
        f"/files/{draft.original.pk}",
        "Stockpiles and destruction",
        "Victim assistance",
    ):
        assert kept_back not in page.text
    assert page["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page["Cache-Control"]


def test_the_page_saves_by_itself_and_a_stale_save_shows_both(colleague, link):
    seen = colleague.get(link).context["seen"]
    kept = colleague.post(link, {"seen": seen, "programme": "Three teams.", "quietly": "1"})
    assert kept.status_code == 200
    assert "saved at" in kept.json()["words"]
    _some_seconds_pass(Delegation)

    quiet = colleague.post(link, {"seen": seen, "programme": "Four teams.", "quietly": "1"})
    loud = colleague.post(link, {"seen": seen, "programme": "Four teams."})

    assert quiet.status_code == 409
    assert loud.status_code == 409
    assert "Three teams." in loud.text
    assert "Four teams.</textarea>" in loud.text
    assert Delegation.objects.get().said == {"programme": "Three teams."}


def test_what_is_no_answer_stays_as_typed_and_may_be_handed_back(colleague, link):
    boxes = {"areas.rows": ["aaaa"], "areas.aaaa.size": "about 800"}
    answer = written(colleague, link, **boxes)
    assert "“about 800” is not a number" in colleague.get(link).text

    answer = written(colleague, link, go="1", **boxes)

    assert "Thank you" in answer.text
    assert Delegation.objects.get().unread == {"areas.aaaa.size": "about 800"}


@pytest.mark.parametrize("text", ["\0null", "9" * 4000, "x" * 100_000])
def test_whatever_is_sent_is_no_fault_of_the_server(colleague, link, text):
    broken = text
    answer = written(
        colleague,
        link,
        programme=broken,
        **{"mark": text[:5], "mark.asked": "1", "mark.year": broken[:9], "add": "nothing"},
    )

    assert answer.status_code in (200, 302)
    assert colleague.get(link).status_code == 200


def test_handing_back_uses_the_link_up_and_tells_who_handed_it_out(colleague, link, out):
    answer = written(colleague, link, programme="Three teams.", go="1")

    assert "Thank you" in answer.text
    row = Delegation.objects.get()
    assert row.status == "back"
    assert row.handed_back_at is not None
    again = colleague.get(link)
    assert "Thank you" in again.text
    assert "Three teams." not in again.text
    assert "Thank you" in colleague.post(link, {"seen": "", "programme": "Four.", "go": "1"}).text
    assert Delegation.objects.get().said == {"programme": "Three teams."}
    letter = Letter.objects.get(to="fp.lao@example.org", kind="delegated-form")
    assert "Mine action centre" in letter.body
    assert "Three teams." not in letter.body


def test_the_state_compares_and_takes_over_all_of_it(colleague, link, draft, at):
    seen = colleague.get(link).context["seen"]
    colleague.post(
        link,
        {
            "seen": seen,
            "programme": "Three teams.",
            "mark.asked": "1",
            "mark": "changed",
            "areas.rows": ["aaaa"],
            "areas.aaaa.area": "North",
            "areas.aaaa.size": "1250",
            "go": "1",
        },
    )

    page = at.get(own_page())
    assert "Two teams." in page.text
    assert "Three teams." in page.text
    answer = at.post(own_page(), {"act": "take-over", "seen": page.context["seen"]})

    assert answer.url == reverse("report-form", args=["LAO", "annual", 2025, "clearance"])
    stands = FormAnswers.objects.get(form="clearance")
    assert stands.said["programme"] == "Three teams."
    assert stands.said["areas"][0]["size"] == 1250
    assert stands.touched_by.email == "fp.lao@example.org"
    assert Report.objects.get().marks == {"clearance": {"mark": "changed"}}
    assert Delegation.objects.get().status == "taken"
    assert says_nothing_of_the_report(colleague.get(link))


def test_what_was_saved_in_the_draft_meanwhile_is_not_overwritten_unseen(
    colleague, link, draft, at, focal_point
):
    written(colleague, link, programme="Three teams.")
    seen = at.get(own_page()).context["seen"]
    row = FormAnswers.objects.get(form="clearance")
    answering.save(
        draft,
        CLEARANCE,
        {"programme": "Five teams."},
        None,
        by=focal_point,
        seen=answering.token(row),
    )
    _some_seconds_pass(FormAnswers)

    answer = at.post(own_page(), {"act": "take-over", "seen": seen})

    assert answer.status_code == 409
    assert "Five teams." in answer.text
    assert "Three teams." in answer.text
    assert FormAnswers.objects.get(form="clearance").said == {"programme": "Five teams."}
    assert Delegation.objects.get().status == "out"
    with pytest.raises(FormOvertaken):
        delegating.take_over(Delegation.objects.get(), by=focal_point, seen=seen)


def test_a_mark_that_the_colleague_left_alone_stays_as_the_state_set_it(
    colleague, link, draft, at, out
):
    Report.objects.update(marks={"clearance": {"mark": "unchanged", "year": 2024}})
    seen = at.get(own_page()).context["seen"]

    at.post(own_page(), {"act": "take-over", "seen": seen})

    assert Report.objects.get().marks == {"clearance": {"mark": "unchanged", "year": 2024}}


def test_files_go_along_and_are_opened_behind_the_same_link(draft, focal_point, colleague, at):
    out = handed_out(draft, focal_point, "technical-characteristics")
    link = link_to(out, focal_point)
    table = next(
        one for one in ART7_2010.form("technical-characteristics").fields if one.kind == "table"
    )
    photograph = next(one for one in table.columns if one.kind == "photograph")
    name = f"{table.key}.aaaa.{photograph.key}"
    sent = {f"{table.key}.rows": ["aaaa"], f"{name}.file": picture("shell.png")}
    written(colleague, link, **sent)

    kept = Upload.objects.get(name="shell.png")
    opened = colleague.get(f"{link}files/{kept.pk}/")
    assert b"".join(opened.streaming_content).startswith(b"\x89PNG")
    assert opened["Referrer-Policy"] == "strict-origin"
    assert colleague.get(reverse("file", args=[kept.pk, kept.name])).status_code == 302
    assert b"".join(at.get(reverse("file", args=[kept.pk, kept.name])).streaming_content)
    assert not Attachment.objects.exists()
    at.post(
        own_page("technical-characteristics"),
        {
            "act": "take-over",
            "seen": at.get(own_page("technical-characteristics")).context["seen"],
        },
    )
    assert Attachment.objects.get().upload == kept
    assert says_nothing_of_the_report(colleague.get(f"{link}files/{kept.pk}/"))


def test_a_colleague_reaches_no_file_of_another_form_by_its_number(
    draft, focal_point, laos, colleague
):
    secret = received(laos, words="a law under discussion")
    Attachment.objects.create(report=draft, form="measures", upload=secret)
    out = handed_out(draft, focal_point, "technical-characteristics")
    link = link_to(out, focal_point)
    table = next(
        one for one in ART7_2010.form("technical-characteristics").fields if one.kind == "table"
    )
    photograph = next(one for one in table.columns if one.kind == "photograph")

    for number in (secret.pk, draft.original_id):
        answer = written(
            colleague,
            link,
            **{
                f"{table.key}.rows": ["aaaa"],
                f"{table.key}.aaaa.{photograph.key}": str(number),
            },
        )
        assert answer.status_code == 302
        assert colleague.get(f"{link}files/{number}/").status_code == 404
        assert secret.name not in colleague.get(link).text
        assert str(number) not in str(Delegation.objects.get(pk=out.pk).said)


def test_every_other_page_and_file_of_the_report_is_closed_to_whoever_has_a_link(
    colleague, link, draft, laos, focal_point
):
    before = handed_in(laos, focal_point, 2024)
    other = handed_out(draft, focal_point, "measures")
    colleague.get(link)
    year = ["LAO", "annual", 2025]
    closed = [
        reverse(name, args=year)
        for name in (
            "report-draft",
            "report-check",
            "report-preview",
            "report-workbook",
            "report-excel",
        )
    ]
    closed += [
        reverse(name, args=[*year, form.key])
        for name in ("report-form", "report-form-open", "report-delegate")
        for form in ART7_2010.forms
    ]
    closed.append(reverse("report", args=[*year, draft.number]))
    closed.append(reverse("report-receipt", args=["LAO", "annual", 2024, before.number]))
    closed += [
        reverse("file", args=[one.pk, one.name]) for one in (draft.original, before.original)
    ]
    closed.append(reverse("own-contacts"))

    for address in closed:
        answer = colleague.get(address)
        assert answer.status_code == 302, address
        assert "/account/login/" in answer.url, address
    secret = link.rstrip("/").rpartition("/")[2]
    for address in (f"/pass/contacts/{secret}/", f"/pass/invitation/{secret}/"):
        assert colleague.get(address).status_code == 404
    # The other form is out too, and this link is not its link.
    assert Delegation.objects.get(pk=other.pk).opened_at is None
    assert says_nothing_of_the_report(colleague.get(f"{link[:-6]}aaaaa/"))


def _withdrawn(out, focal_point, **_):
    delegating.withdraw(out, by=focal_point)


def _expired(out, **_):
    Pass.objects.update(expires_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))


def _day_past(out, **_):
    Delegation.objects.update(until_on=dt.date(2026, 11, 19))


def _used_up(out, **_):
    Delegation.objects.update(status="taken")
    for _number in range(2):
        PassUse.objects.create(used_pass=Pass.objects.get(), act="open")


def _handed_in(draft, focal_point, **_):
    receipt.hand_in(draft, by=focal_point)


def _discarded(draft, focal_point, **_):
    filing.discard(draft, by=focal_point)


def _person_left(focal_point, **_):
    for term in Appointment.objects.filter(user=focal_point):
        access.end_appointment(term, on=dt.date(2026, 11, 19), by=None, reason="Posted elsewhere")


@pytest.mark.parametrize(
    "ends", [_withdrawn, _expired, _day_past, _used_up, _handed_in, _discarded, _person_left]
)
def test_a_link_that_has_ended_shows_and_keeps_nothing(
    colleague, link, out, draft, focal_point, ends
):
    kept = received(draft.state, words="of the form")
    out.files.add(kept)
    seen = colleague.get(link).context["seen"]

    ends(out=out, draft=draft, focal_point=focal_point)

    assert says_nothing_of_the_report(colleague.get(link))
    assert says_nothing_of_the_report(colleague.get(f"{link}files/{kept.pk}/"))
    quiet = colleague.post(link, {"seen": seen, "programme": "Late words.", "quietly": "1"})
    assert quiet.status_code == 409
    loud = colleague.post(link, {"seen": seen, "programme": "Late words.", "go": "1"})
    assert says_nothing_of_the_report(loud)
    assert "Late words." in loud.text, "what was typed is given back to be copied"
    assert "Two teams." not in loud.text
    assert not Delegation.objects.filter(said__programme="Late words.").exists()


def test_when_who_handed_it_out_has_left_another_of_the_state_takes_it_on(
    colleague, link, laos, focal_point, signed_in
):
    written(colleague, link, programme="Three teams.")
    drafter = signed_in(appointed(Role.DRAFTER, laos, "drafter@example.org", "Drafter, Lao PDR"))
    _person_left(focal_point)

    ended = "no longer acts for your State"
    assert ended in drafter.get(own_page()).text
    assert ended in drafter.get(reverse("report-form", args=[*YEAR, "clearance"])).text
    assert "the link has ended" in drafter.get(reverse("report-draft", args=YEAR)).text
    answer = drafter.post(
        own_page(), {"act": "again", "until_on": "2026-12-20", "word": "", "way": "link"}
    )

    new = re.search(r"/pass/form/[\w-]+/", answer.text).group()
    assert ended not in drafter.get(own_page()).text
    assert "Three teams.</textarea>" in colleague.get(new).text
    assert "drafter@example.org" in colleague.get(new).text
    assert says_nothing_of_the_report(colleague.get(link))
    written(colleague, new, programme="Four teams.", go="1")
    told = Letter.objects.filter(kind="delegated-form").values_list("to", flat=True)
    assert list(told) == ["drafter@example.org"], "and not whoever left"


def test_asking_again_ends_the_link_before_there_is_a_new_one(colleague, link, out, focal_point):
    delegating.ask_again(out, word="", until_on=dt.date(2026, 12, 20), by=focal_point)

    assert says_nothing_of_the_report(colleague.get(link))


def test_asking_again_brings_a_new_link_with_all_that_was_written(colleague, link, at, out):
    written(colleague, link, programme="Three teams.", go="1")

    answer = at.post(
        own_page(),
        {"act": "again", "until_on": "2026-12-20", "word": "And the north?", "way": "link"},
    )

    new = re.search(r"/pass/form/[\w-]+/", answer.text).group()
    assert new != link
    page = colleague.get(new)
    assert "Three teams.</textarea>" in page.text
    assert "And the north?" in page.text
    assert says_nothing_of_the_report(colleague.get(link))
    assert "/pass/form/" not in at.get(own_page()).text, "a link is shown once"


def test_of_one_form_one_link_works_and_one_colleague_has_it(draft, out, focal_point, colleague):
    first = link_to(out, focal_point)
    second = link_to(out, focal_point)

    assert says_nothing_of_the_report(colleague.get(first))
    assert colleague.get(second).status_code == 200
    with pytest.raises(Refused, match="with a colleague already"):
        handed_out(draft, focal_point)


def test_handing_in_with_a_form_still_out_is_a_doubt_and_no_obstacle(draft, out, focal_point):
    texts = [one.text for one in doubts.doubts(draft)]
    assert "Form F is still with Mine action centre, until 4 December 2026." in texts
    assert MAILBOX not in "".join(texts)

    row = receipt.hand_in(draft, by=focal_point)

    assert row.status == "handed-in"
    assert Delegation.objects.get().status == "ended"
    assert not [one for one in doubts.doubts(row) if "still with" in one.text]


def test_the_letter_carries_the_link_and_leaves_without_a_release(
    out, focal_point, mailoutbox, colleague
):
    letter = delegating.send(out, by=focal_point)
    assert letter.status == "queued"
    assert "/pass/form/" not in letter.body

    letters.drain()

    mail = mailoutbox[0]
    assert mail.to == [MAILBOX]
    assert mail.reply_to == ["fp.lao@example.org"]
    link = re.search(r"/pass/form/[\w-]+/", mail.body).group()
    assert colleague.get(link).status_code == 200
    assert "The areas of last autumn" not in mail.body


def test_the_secret_stands_in_no_row_and_no_log(out, focal_point, mailoutbox, colleague):
    delegating.send(out, by=focal_point)
    letters.drain()
    link = re.search(r"/pass/form/([\w-]+)/", mailoutbox[0].body)
    colleague.get(link.group())
    written(colleague, link.group(), programme="Three teams.", go="1")

    secret = link.group(1)
    kept = [
        str(row.__dict__)
        for model in (Letter, Event, Pass, PassUse, Delegation)
        for row in model.objects.all()
    ]
    assert not [text for text in kept if secret in text]
    for address in (link.group(), f"{link.group()}files/7/", f"{link.group()}?lang=fr"):
        assert secret not in SECRETS.sub(r"\1…", address)


def test_every_act_leaves_a_row(colleague, link, out, at, focal_point):
    written(colleague, link, go="1")
    delegating.ask_again(out, word="", until_on=dt.date(2026, 12, 1), by=focal_point)
    delegating.take_over(
        Delegation.objects.get(), by=focal_point, seen=at.get(own_page()).context["seen"]
    )

    verbs = Event.objects.about(out).order_by("pk").values_list("verb", "actor_name")
    assert [verb for verb, _who in verbs] == [
        "hand-out",
        "show-link",
        "open",
        "hand-back",
        "ask-again",
        "take-over",
    ]
    assert dict(verbs)["hand-back"] == "portal"


def test_the_outlook_of_letters_names_no_colleague(out, focal_point, officer, signed_in):
    delegating.send(out, by=focal_point)

    page = signed_in(officer).get(reverse("admin:outlook"))

    assert page.status_code == 200
    assert MAILBOX not in page.text
    assert "Form F" not in page.text


def test_staff_read_neither_the_copy_nor_to_whom_it_went(
    draft, out, colleague, link, focal_point, officer, signed_in, mailoutbox
):
    written(colleague, link, programme="Three teams.")
    letter = delegating.send(Delegation.objects.get(), by=focal_point)
    Letter.objects.filter(pk=letter.pk).update(status="failed", last_error=f"{MAILBOX} refused")
    staff = signed_in(officer)
    held = Pass.objects.latest("pk")

    pages = [
        reverse("admin:index"),
        reverse("admin:records_letter_changelist"),
        reverse("admin:records_letter_changelist") + f"?q={MAILBOX}",
        reverse("admin:states_pass_changelist"),
        reverse("admin:states_pass_changelist") + f"?q={MAILBOX}",
        reverse("admin:states_passuse_changelist"),
        reverse("admin:records_event_changelist"),
        reverse("admin:records_upload_changelist"),
        reverse("admin:states_state_change", args=["LAO"]),
        reverse("admin:digest"),
        reverse("admin:outlook"),
    ]
    for address in pages:
        answer = staff.get(address)
        assert answer.status_code == 200, address
        shown = answer.text.replace(f"q={MAILBOX}", "").replace(f'value="{MAILBOX}"', "")
        for kept_back in (MAILBOX, "Three teams.", "Mine action centre", "mac@"):
            assert kept_back not in shown, (address, kept_back)
    for name, pk in (("records_letter", letter.pk), ("states_pass", held.pk)):
        assert staff.get(reverse(f"admin:{name}_change", args=[pk])).status_code in (302, 404)
    assert staff.get(own_page()).status_code == 404


def test_an_invitation_of_the_isu_to_the_draft_shows_no_copy(
    draft, out, colleague, link, focal_point, officer, signed_in
):
    written(colleague, link, programme="Three teams.")
    filing.invite(draft, dt.date(2026, 12, 24), by=focal_point)

    page = signed_in(officer).get(draft.get_absolute_url())

    assert "Two teams." in page.text
    assert "Three teams." not in page.text


@pytest.mark.parametrize(
    "given",
    [
        {"mailbox": "no mailbox"},
        {"mailbox": ""},
        {"function": ""},
        {"until_on": "2026-11-19"},
        {"until_on": "9999-12-31"},
        {"until_on": "soon"},
        {"function": "x" * 900},
        {"word": "\0"},
    ],
)
def test_what_cannot_be_is_said_beside_its_question_and_nothing_is_handed_out(draft, at, given):
    sent = {
        "mailbox": MAILBOX,
        "function": "Mine action centre",
        "until_on": "2026-12-01",
        "word": "Please",
        "language": "en",
        "way": "letter",
    }
    answer = at.post(own_page(), sent | given)

    assert answer.status_code == 200
    assert 'class="errors"' in answer.text
    assert not Delegation.objects.exists()
    assert not Letter.objects.exists()


def test_last_years_answers_stand_behind_the_form_without_a_way_to_their_report(
    laos, focal_point, colleague
):
    handed_in(laos, focal_point, 2024, clearance={"programme": "One team."})
    draft = filing.begin(laos, "annual", 2025, by=focal_point)
    link = link_to(handed_out(draft, focal_point), focal_point)

    page = colleague.get(link)
    assert "One team." in page.text
    assert "A7-2024-LAO" not in page.text

    colleague.post(link, {"seen": page.context["seen"], "take": "1"})
    assert Delegation.objects.get().said == {"programme": "One team."}
    assert not FormAnswers.objects.filter(report=draft).exists()


def test_the_link_of_a_state_is_told_nothing_of_another(colleague, link):
    assert State.objects.count() >= 1
    assert passes.find(link.rstrip("/").rpartition("/")[2], Pass.Purpose.CONTACTS) is None


def test_many_tries_from_one_address_are_slowed_down(colleague, db):
    answers = {colleague.get(f"/pass/form/{n}/").status_code for n in range(245)}

    assert answers == {404, 429}


@pytest.mark.parametrize("number", [1, 3])
def test_the_draft_page_takes_the_same_queries_for_many_forms_with_colleagues(
    draft, focal_point, at, number, django_assert_num_queries
):
    for form in ART7_2010.forms[:number]:
        handed_out(draft, focal_point, form.key)
    address = reverse("report-draft", args=["LAO", "annual", 2025])
    at.get(address)

    with django_assert_num_queries(QUERIES):
        page = at.get(address)

    assert page.text.count("Mine action centre") == number


QUERIES = 12
