"""Letters on their way: the gate, release, sending, refusal, doubt, races for one letter."""

import datetime as dt
import smtplib
import threading

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connection
from django.utils import timezone

from records import letters
from records.letters.delivery import Verdict, judge
from records.models import Letter, Stage
from records.workflow import Refused
from states.history import act
from states.models import Contact, Practice, State, User
from tests import factories
from tests.records.planning import plan_on, stages_of

S = Letter.Status


@pytest.fixture(autouse=True)
def the_site_has_started(settings: object) -> None:
    settings.LETTERS_START_ON = dt.date(2026, 1, 1)  # type: ignore[attr-defined]


def deliver() -> int:
    return letters.drain()


# --- the gate ---------------------------------------------------------------------------------


def test_nothing_leaves_a_site_without_a_first_day(
    free: None, mailbox: Contact, settings: object
) -> None:
    settings.LETTERS_START_ON = None  # type: ignore[attr-defined]
    letters.write(key="free", kind="test", to="a@example.org", template="_greeting")

    planned = plan_on("2027-03-01")
    tried = deliver()

    assert stages_of(S.HELD) == ["annual-1-march"]
    assert tried == 0
    assert mail.outbox == []
    assert "LETTERS_START_ON" in planned.note


def test_nothing_is_planned_before_the_first_day(
    free: None, mailbox: Contact, settings: object
) -> None:
    settings.LETTERS_START_ON = dt.date(2027, 3, 5)  # type: ignore[attr-defined]

    planned = plan_on("2027-03-01")

    assert not Letter.objects.exists()
    assert "5 March 2027" in planned.note


def test_until_the_first_release_is_confirmed_every_letter_is_held(
    stages: None, mailbox: Contact
) -> None:
    Stage.objects.update(held=False)

    plan_on("2027-03-01")

    assert stages_of(S.HELD) == ["annual-1-march"]


def test_one_switch_stops_all_letters(free: None, mailbox: Contact) -> None:
    with act(by=None, reason="Stop"):
        Practice.objects.create(key=Practice.Key.LETTERS_STOPPED, value="yes")

    plan_on("2027-03-01")
    deliver()

    assert stages_of(S.QUEUED) == ["annual-1-march"]
    assert mail.outbox == []


# --- release ----------------------------------------------------------------------------------


def test_the_first_release_shows_count_and_recipients_and_asks(
    stages: None, mailbox: Contact, assistant: User
) -> None:
    plan_on("2027-03-01")

    with pytest.raises(letters.FirstRelease) as asked:
        letters.release(Letter.objects.all(), by=assistant)
    assert asked.value.recipients == ("art7@mofa.example.org",)
    assert "1 letter to art7@mofa.example.org" in asked.value.reasons[0]

    outcome = letters.release(Letter.objects.all(), by=assistant, first_confirmed=True)

    assert outcome.done == 1
    assert Practice.on(Practice.Key.FIRST_RELEASE)
    letter = Letter.objects.get()
    assert (letter.status, letter.released_by) == (S.QUEUED, assistant)


def test_only_the_secretariat_releases(
    stages: None, mailbox: Contact, focal_point: User, released_before: None
) -> None:
    plan_on("2027-03-01")

    with pytest.raises(Refused):
        letters.release(Letter.objects.all(), by=focal_point)

    assert Letter.objects.get().status == S.HELD


def test_a_released_letter_is_sent_once_with_a_message_id_from_its_key(
    stages: None, mailbox: Contact, assistant: User, released_before: None
) -> None:
    plan_on("2027-03-01")
    letters.release(Letter.objects.all(), by=assistant)

    deliver()
    deliver()

    letter = Letter.objects.get()
    message, copy = mail.outbox
    assert letter.status == S.SENT
    assert message.recipients() == ["art7@mofa.example.org"]
    assert copy.recipients() == ["info@cmconvention.org"]
    assert message.extra_headers["Message-ID"] == letter.message_id
    assert copy.extra_headers["Message-ID"] == letter.message_id
    assert message.reply_to == ["info@cmconvention.org"]


def test_a_released_letter_that_events_overtake_is_not_sent(
    stages: None, mailbox: Contact, assistant: User, released_before: None
) -> None:
    plan_on("2027-03-01")
    letters.release(Letter.objects.all(), by=assistant)

    letters.overtake("art7-annual/LAO/2026", why="Handed in")
    deliver()

    assert Letter.objects.get().status == S.OVERTAKEN
    assert mail.outbox == []


# --- single letters ---------------------------------------------------------------------------


def test_a_subject_of_two_lines_is_sent_as_one_and_stops_no_other_letter(
    free: None, mailbox: Contact
) -> None:
    for number, subject in enumerate(["Reports due\r\nBcc: other@example.org", "Second"]):
        letters.write(key=str(number), kind="test", to=mailbox.email, template="_greeting")
        Letter.objects.filter(key=str(number)).update(subject=subject)

    deliver()

    assert [(one.subject, one.recipients()) for one in mail.outbox] == [
        ("Reports due Bcc: other@example.org", [mailbox.email]),
        ("Second", [mailbox.email]),
    ]
    assert set(Letter.objects.values_list("status", flat=True)) == {S.SENT}


def test_a_single_letter_asked_for_twice_is_written_once(db: None) -> None:
    for _ in range(2):
        letters.write(key="receipt/A7-1", kind="receipt", to="a@example.org", template="_greeting")

    deliver()

    assert Letter.objects.get().status == S.SENT
    assert len(mail.outbox) == 1


# --- failures ---------------------------------------------------------------------------------


class Host(locmem.EmailBackend):
    """A mail host that answers as told; the door is the real one."""

    at_open: list[OSError] = []
    at_send: list[OSError] = []

    def open(self) -> None:
        if self.at_open:
            raise self.at_open.pop(0)

    def send_messages(self, messages: list) -> int:
        if self.at_send:
            raise self.at_send.pop(0)
        return super().send_messages(messages)


@pytest.fixture
def host(settings: object) -> type[Host]:
    settings.MAILERS = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "tests.records.test_delivery.Host", "OPTIONS": {}}
    }
    Host.at_open, Host.at_send = [], []
    return Host


def a_letter(resend: bool = False, **facts: object) -> Letter:
    return letters.write(
        key="one", kind="test", to="a@example.org", template="_greeting", resend=resend, **facts
    )


def test_a_refused_connection_returns_the_letter_to_the_queue_with_patience(
    host: type[Host], db: None
) -> None:
    a_letter()
    host.at_open.append(ConnectionRefusedError("refused"))

    deliver()

    letter = Letter.objects.get()
    assert (letter.status, letter.attempts) == (S.QUEUED, 1)
    assert "refused" in letter.last_error
    assert deliver() == 0
    with time_machine.travel(letter.queued_at, tick=False):
        assert deliver() == 1
    assert Letter.objects.get().status == S.SENT


def test_a_temporary_refusal_returns_the_letter_to_the_queue(host: type[Host], db: None) -> None:
    a_letter()
    host.at_send.append(smtplib.SMTPRecipientsRefused({"a@example.org": (450, b"greylisted")}))

    deliver()

    assert Letter.objects.get().status == S.QUEUED


def test_a_mailbox_that_does_not_exist_is_marked_and_the_next_contact_hears(
    host: type[Host], free: None, mailbox: Contact, laos: State
) -> None:
    factories.ContactFactory(state=laos, purpose="general", email="mission@example.org")
    plan_on("2027-03-01")
    host.at_send.append(smtplib.SMTPRecipientsRefused({mailbox.email: (550, b"5.1.1 unknown")}))
    with time_machine.travel("2027-03-01T13:00:00+00:00", tick=False):
        deliver()

    plan_on("2027-03-02")

    mailbox.refresh_from_db()
    assert mailbox.bounced_on == dt.date(2027, 3, 1)
    assert Letter.objects.get(contact=mailbox).status == S.FAILED
    assert Letter.objects.get(status=S.QUEUED).to == "mission@example.org"


def test_a_refusal_by_policy_does_not_blame_the_mailbox(
    host: type[Host], free: None, mailbox: Contact
) -> None:
    plan_on("2027-03-01")
    host.at_send.append(
        smtplib.SMTPRecipientsRefused({mailbox.email: (554, b"5.7.1 relaying denied")})
    )
    with time_machine.travel("2027-03-01T13:00:00+00:00", tick=False):
        deliver()

    mailbox.refresh_from_db()
    assert mailbox.bounced_on is None
    assert Letter.objects.get().status == S.FAILED


def test_a_connection_that_breaks_half_way_leaves_a_doubt_for_a_person(
    host: type[Host], assistant: User
) -> None:
    a_letter()
    host.at_send.append(smtplib.SMTPServerDisconnected("closed"))

    deliver()
    letter = Letter.objects.get()
    assert letter.status == S.DOUBTFUL
    letters.settle(letter, by=assistant, sent=False, note="The mail log has no such Message-ID")
    deliver()

    assert Letter.objects.get().status == S.SENT
    assert len(mail.outbox) == 1


def test_a_doubt_settled_as_sent_sends_nothing(host: type[Host], assistant: User) -> None:
    a_letter()
    host.at_send.append(smtplib.SMTPServerDisconnected("closed"))
    deliver()

    letters.settle(Letter.objects.get(), by=assistant, sent=True, note="Seen in the mail log")
    deliver()

    assert Letter.objects.get().status == S.SENT
    assert mail.outbox == []


def test_a_kind_that_resends_goes_again_after_a_broken_connection(
    host: type[Host], db: None
) -> None:
    letter = a_letter(resend=True)
    host.at_send.append(smtplib.SMTPServerDisconnected("closed"))

    deliver()
    letter.refresh_from_db()
    assert letter.status == S.QUEUED
    with time_machine.travel(letter.queued_at, tick=False):
        deliver()

    assert Letter.objects.get().status == S.SENT


@pytest.mark.parametrize(("resend", "status"), [(False, S.DOUBTFUL), (True, S.SENT)])
def test_a_send_that_dies_half_way_waits_for_its_lease(resend: bool, status: str, db: None) -> None:
    a_letter(resend=resend)
    now = timezone.now()
    Letter.objects.update(status=S.SENDING, lease_until=now + letters.LEASE, attempts=1)

    deliver()
    assert Letter.objects.get().status == S.SENDING
    with time_machine.travel(now + letters.LEASE + dt.timedelta(seconds=1), tick=False):
        deliver()

    assert Letter.objects.get().status == status


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), Verdict.BOUNCED),
        (smtplib.SMTPRecipientsRefused({"a": (421, b"busy")}), Verdict.LATER),
        (smtplib.SMTPSenderRefused(550, b"who are you", "x"), Verdict.HOST),
        (smtplib.SMTPSenderRefused(552, b"too large", "x"), Verdict.FAILED),
        (smtplib.SMTPDataError(451, b"later"), Verdict.LATER),
        (smtplib.SMTPDataError(554, b"refused"), Verdict.FAILED),
        (smtplib.SMTPServerDisconnected("gone"), Verdict.DOUBT),
        (TimeoutError("timed out"), Verdict.DOUBT),
    ],
)
def test_each_answer_of_a_mail_host_proves_something(error: OSError, verdict: Verdict) -> None:
    assert judge(error) is verdict


@pytest.mark.django_db(transaction=True)
def test_of_eight_threads_on_one_letter_seven_give_way() -> None:
    a_letter()
    barrier = threading.Barrier(8)
    took: list[bool] = []

    def work() -> None:
        try:
            barrier.wait()
            took.append(letters.deliver_next())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(took) == [False] * 7 + [True]
    assert len(mail.outbox) == 1
    assert Letter.objects.get().status == S.SENT
