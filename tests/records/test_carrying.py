"""A letter that carries a pass: one link, the same however often it is sent, and kept nowhere."""

import datetime as dt
import os
import re
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from records import letters
from records.models import Letter
from records.seams import Opens
from records.workflow import Refused
from states import passes
from states.history import act
from states.models import Contact, Pass, State, User
from tests import factories
from tests.conftest import SignedIn
from tests.records.test_fire import Stream, environment

S = Letter.Status
PLACE = "[The link is put in here when the letter leaves.]"
LINK = re.compile(r"http\S+/pass/contacts/(\S+)/")


@pytest.fixture(autouse=True)
def the_site_has_started(settings: Any) -> None:
    settings.LETTERS_START_ON = dt.date(2026, 1, 1)


def a_letter(contact: Contact, key: str = "first", **facts: Any) -> Letter:
    """A letter with a pass to all contacts of the State."""
    return letters.write(
        key=key,
        kind="contacts",
        to=contact.email,
        template="contacts-question",
        context={"state_name": str(contact.state)},
        language=contact.language,
        state=contact.state,
        contact=contact,
        opens=Opens("contacts", f"state/{contact.state_id}"),
        **{"cc": "info@cmconvention.org"} | facts,
    )


def secret_of(message: Any) -> str:
    [found] = LINK.findall(message.body)
    return str(found)


def works(secret: str) -> bool:
    return passes.find(secret, "contacts") is not None


def confirm(secret: str) -> int:
    """Opens the link and says of every contact that it is right."""
    url = f"/pass/contacts/{secret}/"
    page = Client().get(url)
    if page.status_code != 200:
        return page.status_code
    data: dict[str, object] = {}
    for form in page.context["confirmation"].forms:
        data |= {f"{form.prefix}-{name}": value or "" for name, value in form.initial.items()}
        data[f"{form.prefix}-answer"] = "right"
    return Client().post(url, data).status_code


def stored(text: str) -> list[str]:
    """Every column of every table of the database that holds the text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' "
            "AND data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'ARRAY')"
        )
        columns = cursor.fetchall()
        assert len(columns) > 100
        found = []
        for table, column in columns:
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE position(%s IN "{column}"::text) > 0', [text]
            )
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return found


class Failing(locmem.EmailBackend):
    """Fails as told, after it has taken the message."""

    error: OSError | None = None

    def send_messages(self, messages: Any) -> int:
        sent = super().send_messages(messages)
        if type(self).error is not None:
            error, type(self).error = type(self).error, None
            raise error
        return sent


@pytest.fixture
def host(settings: Any) -> type[Failing]:
    """The mail host; `host.error = …` lets the next letter fail."""
    Failing.error = None
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Failing"}}
    return Failing


# --- the link ---------------------------------------------------------------------------------


def test_the_link_opens_a_page_in_the_language_of_the_letter(laos: State) -> None:
    contact = factories.ContactFactory(state=laos, language="es")
    a_letter(contact)

    letters.drain()

    [address] = re.findall(r"http://\S+?(/pass/contacts/\S+)", mail.outbox[0].body)
    assert 'lang="es"' in Client().get(address, headers={"accept-language": "en"}).text


def test_the_secret_is_stored_nowhere(
    free: None, mailbox: Contact, assistant: User, caplog: pytest.LogCaptureFixture
) -> None:
    letter = a_letter(mailbox, held=True, by=assistant)
    planned = passes.derived("first", "contacts")[0]
    assert stored(planned) == []
    letters.release([letter], by=assistant)
    assert stored(planned) == []
    assert not Pass.objects.exists()

    letters.drain()

    secret = secret_of(mail.outbox[0])
    assert secret == planned
    assert stored(secret) == []
    assert "letter sent" in caplog.text
    assert secret not in caplog.text
    assert confirm(secret) == 200
    assert stored(secret) == []
    # The search finds what is there.
    assert stored(Pass.objects.get().digest) == ["states_pass.digest"]
    assert "records_letter.body" in stored(PLACE)


def test_a_mail_host_that_quotes_what_it_refuses_does_not_give_the_secret_away(
    free: None, mailbox: Contact, host: type[Failing], caplog: pytest.LogCaptureFixture
) -> None:
    a_letter(mailbox)
    secret = passes.derived("first", "contacts")[0]
    quoted = f"5.7.1 refused: http://localhost:8000/pass/contacts/{secret}/".encode()
    host.error = smtplib.SMTPDataError(554, quoted)

    letters.drain()

    letter = Letter.objects.get()
    assert letter.status == S.FAILED
    assert "/pass/contacts/…/" in letter.last_error
    assert stored(secret) == []
    assert "letter not sent" in caplog.text
    assert secret not in caplog.text


def test_the_desk_reads_where_the_link_will_stand(
    free: None, mailbox: Contact, assistant: User, today: dt.date
) -> None:
    letter = a_letter(mailbox, held=True)

    page = SignedIn(assistant).get(f"/admin/records/letter/{letter.pk}/change/")

    assert PLACE in page.text
    assert f"contacts ({escape(str(mailbox.state))}), for 30 days from the sending" in page.text


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_letter_has_its_link_in_each_language(
    language: str, free: None, mailbox: Contact
) -> None:
    Contact.objects.update(language=language)
    mailbox.refresh_from_db()

    a_letter(mailbox)
    letters.drain()

    message, copy = mail.outbox
    assert works(secret_of(message))
    assert "[" not in message.body
    assert "/pass/" not in copy.body
    assert copy.body.count("[") == 1


def test_the_copy_says_why_it_has_no_link(free: None, mailbox: Contact) -> None:
    a_letter(mailbox)

    letters.drain()

    _message, copy = mail.outbox
    assert copy.recipients() == ["info@cmconvention.org"]
    assert "[The link is for the addressee alone and is left out of this copy.]" in copy.body
    assert secret_of(mail.outbox[0]) not in str(copy.message())


def test_the_link_works_once_and_for_thirty_days_from_the_sending(
    free: None, mailbox: Contact
) -> None:
    with time_machine.travel("2027-03-01T12:00:00+00:00", tick=False):
        a_letter(mailbox)
    with time_machine.travel("2027-03-20T12:00:00+00:00", tick=False):
        letters.drain()
        secret = secret_of(mail.outbox[0])
    with time_machine.travel("2027-04-19T11:00:00+00:00", tick=False):
        assert works(secret)
    with time_machine.travel("2027-04-19T13:00:00+00:00", tick=False):
        assert not works(secret)
    with time_machine.travel("2027-04-01T12:00:00+00:00", tick=False):
        assert confirm(secret) == 200
        assert confirm(secret) == 404


def test_a_letter_edited_at_the_desk_keeps_the_place_of_the_link(
    free: None, mailbox: Contact, assistant: User, today: dt.date
) -> None:
    letter = a_letter(mailbox, held=True)
    client = SignedIn(assistant)
    url = f"/admin/records/letter/{letter.pk}/change/"
    put = {"subject": "Contacts", "reason": "shorter"}

    refused = client.post(url, put | {"body": "No link at all."})
    client.post(url, put | {"body": f"Please look:\r\n{PLACE}\r\n"})
    letters.release([letter], by=assistant)
    letters.drain()

    assert "The text needs the place of the link, once" in refused.text
    assert mail.outbox[0].body.startswith("Please look:")
    assert works(secret_of(mail.outbox[0]))


def test_a_text_without_the_place_is_not_sent(free: None, mailbox: Contact) -> None:
    letter = a_letter(mailbox)
    Letter.objects.filter(pk=letter.pk).update(body="Somebody took it out.")

    letters.drain()

    letter.refresh_from_db()
    assert letter.status == S.FAILED
    assert "place of the link" in letter.last_error
    assert not Pass.objects.exists()


# --- one after another ------------------------------------------------------------------------


def test_the_link_of_an_earlier_letter_works_until_the_new_one_has_left(
    free: None, mailbox: Contact, host: type[Failing]
) -> None:
    a_letter(mailbox, "first", cc="")
    letters.drain()
    first = secret_of(mail.outbox.pop())
    a_letter(mailbox, "second", cc="")
    host.error = smtplib.SMTPDataError(451, b"later")
    letters.drain()
    assert works(first)
    mail.outbox.clear()

    Letter.objects.filter(status=S.QUEUED).update(queued_at=timezone.now())
    letters.drain()

    assert works(secret_of(mail.outbox[0]))
    assert not works(first)


def test_a_link_that_was_used_keeps_its_row_when_a_new_letter_leaves(
    free: None, mailbox: Contact
) -> None:
    a_letter(mailbox, "first", cc="")
    letters.drain()
    confirm(secret_of(mail.outbox[0]))

    a_letter(mailbox, "second", cc="")
    letters.drain()

    assert [row.revoked_at for row in Pass.objects.order_by("pk")] == [None, None]


def test_a_letter_to_another_state_touches_no_link_of_this_one(
    free: None, mailbox: Contact, peru: State
) -> None:
    a_letter(mailbox, "first", cc="")
    a_letter(factories.ContactFactory(state=peru), "second", cc="")

    letters.drain()

    assert all(works(secret_of(message)) for message in mail.outbox)


def test_what_did_not_leave_opens_nothing_until_it_does(
    free: None, mailbox: Contact, host: type[Failing]
) -> None:
    a_letter(mailbox, cc="")
    host.error = smtplib.SMTPDataError(451, b"later")
    letters.drain()
    secret = secret_of(mail.outbox.pop())
    assert not works(secret)

    Letter.objects.update(queued_at=timezone.now())
    letters.drain()

    assert secret_of(mail.outbox[0]) == secret
    assert works(secret)
    assert Pass.objects.count() == 1


def test_an_overtaken_letter_makes_no_pass(free: None, mailbox: Contact) -> None:
    a_letter(mailbox, due_key="contacts/LAO/2027-03-01")

    letters.overtake("contacts/LAO", why="confirmed")
    letters.drain()

    assert Letter.objects.get().status == S.OVERTAKEN
    assert not Pass.objects.exists()


# --- doubt ------------------------------------------------------------------------------------


def in_doubt(mailbox: Contact, host: type[Failing]) -> tuple[Letter, str]:
    letter = a_letter(mailbox, cc="")
    host.error = smtplib.SMTPServerDisconnected("gone")
    letters.drain()
    letter.refresh_from_db()
    assert letter.status == S.DOUBTFUL
    return letter, secret_of(mail.outbox.pop())


def test_sent_again_by_a_person_it_carries_the_same_link(
    free: None, mailbox: Contact, assistant: User, host: type[Failing]
) -> None:
    letter, secret = in_doubt(mailbox, host)
    assert works(secret)

    letters.settle(letter, by=assistant, sent=False, note="the log has nothing")
    letters.drain()

    assert secret_of(mail.outbox[0]) == secret
    assert Pass.objects.count() == 1


def test_a_used_link_settles_the_doubt(
    free: None, mailbox: Contact, assistant: User, host: type[Failing]
) -> None:
    letter, secret = in_doubt(mailbox, host)
    confirm(secret)

    with pytest.raises(Refused, match="arrived"):
        letters.settle(letter, by=assistant, sent=False, note="the log has nothing")
    letters.settle(letter, by=assistant, sent=True, note="they have answered")

    assert Letter.objects.get().status == S.SENT


def test_a_copy_is_not_sent_again_once_its_link_was_used(
    free: None, mailbox: Contact, host: type[Failing]
) -> None:
    a_letter(mailbox, cc="", resend=True)
    host.error = smtplib.SMTPServerDisconnected("gone")
    letters.drain()
    confirm(secret_of(mail.outbox.pop()))
    Letter.objects.update(queued_at=timezone.now())

    letters.drain()

    assert Letter.objects.get().status == S.SENT
    assert mail.outbox == []


def test_settling_an_old_doubt_leaves_the_link_of_a_newer_letter(
    free: None, mailbox: Contact, assistant: User, host: type[Failing]
) -> None:
    letter, first = in_doubt(mailbox, host)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1)):
        a_letter(mailbox, "second", cc="")
        letters.drain()
        second = secret_of(mail.outbox[0])
        assert not works(first)

        letters.settle(letter, by=assistant, sent=True, note="the log shows it")

        assert works(second)


def test_a_pass_that_a_person_revoked_does_not_come_back(
    free: None, mailbox: Contact, assistant: User, host: type[Failing]
) -> None:
    letter, secret = in_doubt(mailbox, host)
    passes.revoke(Pass.objects.get(), by=assistant)

    letters.settle(letter, by=assistant, sent=False, note="again")
    letters.drain()

    letter.refresh_from_db()
    assert letter.status == S.FAILED
    assert "revoked by a person" in letter.last_error
    assert not works(secret)
    assert mail.outbox == []


def test_a_new_key_of_the_site_keeps_the_link_while_the_old_one_is_a_fallback(
    free: None, mailbox: Contact, assistant: User, host: type[Failing], settings: Any
) -> None:
    letter, secret = in_doubt(mailbox, host)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]

    letters.settle(letter, by=assistant, sent=False, note="again")
    letters.drain()

    assert secret_of(mail.outbox[0]) == secret


def test_a_new_key_without_the_old_one_makes_a_new_link_and_ends_the_first(
    free: None, mailbox: Contact, assistant: User, host: type[Failing], settings: Any
) -> None:
    letter, secret = in_doubt(mailbox, host)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", []

    letters.settle(letter, by=assistant, sent=False, note="again")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        letters.drain()

    fresh = secret_of(mail.outbox[0])
    assert fresh != secret
    assert works(fresh)
    assert not works(secret)


def test_a_correction_carries_a_link_of_its_own(
    free: None, mailbox: Contact, assistant: User, today: dt.date
) -> None:
    letter = a_letter(mailbox, cc="")
    letters.drain()
    first = secret_of(mail.outbox.pop())

    SignedIn(assistant).post(
        f"/admin/records/letter/{letter.pk}/act/correct/",
        {"subject": "Correction", "body": f"Please use this:\r\n{PLACE}"},
    )
    letters.release(Letter.objects.filter(status=S.HELD), by=assistant)
    letters.drain()

    assert works(secret_of(mail.outbox[0]))
    assert not works(first)


# --- real senders, a real mail host -----------------------------------------------------------


class PostOffice:
    """A mail host that answers so many seconds late, and processes that send to it."""

    def __init__(self, late: float, lease: float) -> None:
        self.source, drain = os.pipe()
        self.stream = Stream(self.source)
        self.seen: list[dict[str, Any]] = []
        self.workers: set[int] = set()
        python = [sys.executable, "-m"]
        self.sink = subprocess.Popen([*python, "tests.records.sink", str(late)], stdout=drain)
        port = self.wait("sink listens")["port"]
        self.nursery = subprocess.Popen(
            [*python, "tests.records.drainers", str(lease)],
            stdin=subprocess.PIPE,
            stdout=drain,
            stderr=drain,
            env=environment(port),
        )
        os.close(drain)

    def start(self) -> None:
        assert self.nursery.stdin is not None
        self.nursery.stdin.write(b"start\n")
        self.nursery.stdin.flush()

    def wait(self, event: str, patience: float = 40) -> dict[str, Any]:
        """The next line about such an event."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            while self.seen:
                line = self.seen.pop(0)
                if line["event"] == "drainer lives":
                    self.workers.add(line["worker"])
                if line["event"] == event:
                    return line
            self.seen += self.stream.lines(0.5)
        raise AssertionError(f"no {event} in {patience} s")

    def kill(self, worker: int) -> None:
        os.kill(worker, signal.SIGKILL)
        self.workers.discard(worker)

    def close(self) -> None:
        for worker in self.workers:
            os.kill(worker, signal.SIGKILL)
        assert self.nursery.stdin is not None
        self.nursery.stdin.close()
        self.nursery.wait(timeout=20)
        self.sink.kill()
        self.sink.wait(timeout=20)
        os.close(self.source)


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    made = PostOffice(late=1.0, lease=4.0)
    yield made
    made.close()


@pytest.mark.django_db(transaction=True)
def test_a_letter_whose_sender_was_killed_comes_again_with_the_same_link_that_works_once(
    post_office: PostOffice,
) -> None:
    with act(by=None, reason="arranged by a test"):
        laos = factories.party("LAO", "Lao People's Democratic Republic", "2009-03-18")
        contact = factories.ContactFactory(state=laos, email="mailbox0@example.org")
    letter = a_letter(contact, resend=True)

    post_office.start()
    first = post_office.wait("data")
    post_office.kill(first["worker"])
    letter.refresh_from_db()
    assert letter.status == S.SENDING
    post_office.start()
    second = post_office.wait("data")
    copy = post_office.wait("data")

    assert first["to"] == second["to"] == "mailbox0@example.org"
    assert first["message_id"] == second["message_id"] == letter.message_id
    assert first["links"] == second["links"]
    assert (copy["to"], copy["links"]) == ("info@cmconvention.org", [])
    [link] = second["links"]
    secret = link.partition("?")[0].rstrip("/").rpartition("/")[2]
    assert stored(secret) == []
    assert confirm(secret) == 200
    assert confirm(secret) == 404
