"""Sends what is queued, one letter at a time: claim, send, confirm.

What can go wrong, frankly. A claim is committed before the first byte leaves, so no letter is
sent by two workers while its lease runs. A worker that dies, or a connection that breaks, between
claim and confirmation leaves it unknown whether the mail host took the letter: of a kind that
*resends* it is sent once more, with the same Message-ID, and so may arrive twice (at most one extra
copy for each such crash); of a kind that *holds* it becomes doubtful and a person asks the mail
log, and it may so arrive late, or not at all if nobody looks. The same holds where the host takes
longer to answer than the lease. A person who settles a doubt wrongly makes a copy or loses the
letter. What proves that nothing left (a refused connection, a temporary refusal) returns the letter
to the queue. Copies (cc) follow once the letter itself is confirmed, each for itself: a crash in
between loses the copy, never doubles the letter. A letter that carries a pass gets its link here
and nowhere else: the same however often it is sent, and none in what others get as a copy. What
happens after the mail host has accepted is beyond us.
"""

import datetime as dt
import hashlib
import re
import smtplib
from enum import StrEnum
from pathlib import PurePath
from typing import Any

import structlog
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage, mailers
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from records.letters import carrying
from records.letters.carrying import NotSendable
from records.letters.gate import gate
from records.models import Letter, Revision, Upload
from records.models.events import record
from states.history import act
from states.models import Contact

log = structlog.get_logger(__name__)

LEASE = dt.timedelta(minutes=15)
LONGEST_WAIT = dt.timedelta(hours=4)
# With waits of 1, 2, 4 … 240 minutes: about five days, as mail hosts do among themselves.
GIVE_UP_AFTER = 35
Status = Letter.Status


class Verdict(StrEnum):
    """What a failed attempt proves."""

    LATER = "later"  # nothing left; the host may take it later
    HOST = "host"  # nothing left, and the next letter would fare no better
    FAILED = "failed"  # nothing left, and trying again is no use
    BOUNCED = "bounced"  # the host says that the mailbox does not take letters
    DOUBT = "doubt"  # nobody knows


class Envelope(EmailMessage):
    """A message that shows all its addressees and is handed over for one of them."""

    def __init__(self, *args: Any, recipient: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recipient = recipient

    def recipients(self) -> list[str]:
        """One: a refusal is that mailbox's alone, and nobody else is written to again."""
        return [self.recipient]


def drain(*, lease: dt.timedelta = LEASE) -> int:
    """Sends everything whose moment has come; returns how many letters it tried."""
    sweep()
    tried = 0
    while deliver_next(lease=lease):
        tried += 1
    return tried


@transaction.atomic
def sweep() -> int:
    """Letters that hold, whose claim has run out, become doubtful; returns how many."""
    rows = list(
        Letter.objects.filter(status=Status.SENDING, resend=False, lease_until__lt=timezone.now())
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("state")
    )
    for row in rows:
        _doubt(row, _("The sending was cut off; whether it left is not known."))
    return len(rows)


def deliver_next(*, lease: dt.timedelta = LEASE) -> bool:
    """Claims one letter, sends it, confirms it. True: there may be more to send now.

    A crash in between leaves the letter *being sent* until its lease ends.
    """
    if gate(timezone.localdate()):
        return False
    with transaction.atomic(durable=True):
        now = timezone.now()
        letter = (
            Letter.objects.due(now)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("contact", "state")
            .first()
        )
        if letter is None:
            return False
        letter.status = Status.SENDING
        letter.lease_until = now + lease
        letter.attempts += 1
        letter.save(update_fields=["status", "lease_until", "attempts"])
    log.info("letter claimed", letter=letter.pk, kind=letter.kind, attempts=letter.attempts)
    return _send(letter)


def _send(letter: Letter) -> bool:
    try:
        envelope = _compose(letter, letter.to, carrying.body(letter))
    except NotSendable as why:
        _end(letter, Verdict.FAILED, str(why))
        return True
    except OSError as error:
        # A stored file that cannot be read now proves that nothing left.
        _end(letter, Verdict.LATER, f"{type(error).__name__}: {error}")
        return True
    host = mailers.default
    try:
        host.open()
    except OSError as error:  # smtplib's own exceptions among them
        _end(letter, Verdict.HOST, f"{type(error).__name__}: {error}")
        return False
    link = ""
    try:
        if letter.opens and carrying.arrived(letter):
            # Whoever used the link has an earlier copy, and this one would bring a link used up.
            _confirm(letter)
            return True
        link = carrying.open_link(letter)
        envelope.body = carrying.body(letter, link)
        host.send_messages([envelope])
    except NotSendable as why:
        _end(letter, Verdict.FAILED, str(why))
        return True
    except OSError as error:
        verdict = judge(error)
        # Mail hosts quote what they refuse.
        _end(letter, verdict, carrying.without(link, f"{type(error).__name__}: {error}"))
        return verdict is not Verdict.HOST
    else:
        _confirm(letter)
        _send_copies(letter, host)
        return True
    finally:
        _close(host)


def judge(error: OSError) -> Verdict:
    """What an error of the mail host after a connection was made proves."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, reply = next(iter(error.recipients.values()))
            text = reply.decode(errors="replace") if isinstance(reply, bytes) else str(reply)
            if code < 500:
                return Verdict.LATER
            # RFC 3463: 5.7.x is policy, of our host as often as of theirs; the mailbox may be fine.
            return Verdict.FAILED if re.search(r"\b5\.7\.\d", text) else Verdict.BOUNCED
        case smtplib.SMTPServerDisconnected():
            return Verdict.DOUBT
        case smtplib.SMTPResponseException(smtp_code=code) if code < 400:
            return Verdict.DOUBT
        case smtplib.SMTPResponseException(smtp_code=code) if code < 500:
            return Verdict.LATER
        case smtplib.SMTPSenderRefused(smtp_code=code) if code != 552:
            # Our own address is refused: the fault of the installation, not of this letter.
            return Verdict.HOST
        case smtplib.SMTPException():
            return Verdict.FAILED
        case _:
            return Verdict.DOUBT


def _compose(letter: Letter, recipient: str, body: str) -> Envelope:
    return Envelope(
        # One line, whatever was typed: a mail program takes a second one for another header.
        " ".join(letter.subject.split()),
        body,
        to=[letter.to],
        cc=_copies(letter),
        reply_to=[letter.reply_to or settings.ISU_ADDRESS],
        attachments=[_attached(each) for each in letter.enclosures],
        headers={
            "Message-ID": letter.message_id,
            "X-Entity-Ref-ID": hashlib.sha256(letter.key.encode()).hexdigest()[:40],
            "Content-Language": letter.language,
        },
        recipient=recipient,
    )


def _copies(letter: Letter) -> list[str]:
    return [each.strip() for each in letter.cc.split(",") if each.strip()]


def _attached(enclosure: dict[str, int]) -> tuple[str, bytes, str]:
    if "upload" in enclosure:
        upload = Upload.objects.get(pk=enclosure["upload"])
        if upload.verdict == Upload.Verdict.INFECTED:
            raise NotSendable(_("The antivirus found something in “%s”.") % upload.name)
        path, name, media_type = upload.path, upload.name, upload.media_type
    else:
        revision = Revision.objects.select_related("document").get(pk=enclosure["revision"])
        if not revision.pdf:
            raise NotSendable(_("“%s” has not been issued.") % revision)
        stem = re.sub(r"[^A-Za-z0-9.-]+", "-", str(revision.document))
        name = f"{stem}-{revision.language}{PurePath(revision.pdf).suffix}"
        path, media_type = revision.pdf, "application/pdf"
    with default_storage.open(path) as file:
        return name, file.read(), media_type


@transaction.atomic
def _confirm(letter: Letter) -> None:
    """The host has taken it. Also out of doubt, where the host was slower than the lease."""
    carrying.left(letter)
    Letter.objects.filter(pk=letter.pk, status__in=[Status.SENDING, Status.DOUBTFUL]).update(
        status=Status.SENT, sent_at=timezone.now(), lease_until=None, last_error=""
    )
    log.info("letter sent", letter=letter.pk, kind=letter.kind, attempts=letter.attempts)


def _send_copies(letter: Letter, host: Any) -> None:
    for address in _copies(letter):
        try:
            host.send_messages([_compose(letter, address, carrying.body_for_others(letter))])
        except OSError as error:
            log.warning("copy refused", letter=letter.pk, error=str(error))
            record(
                "copy-refused",
                letter,
                by=None,
                state=letter.state,
                note=f"{address}: {error}",
            )


def _close(host: Any) -> None:
    try:
        host.close()
    except OSError as error:
        # The letter is settled by now; a host that does not say goodbye changes nothing.
        log.info("mail host closed badly", error=str(error))


@transaction.atomic
def _end(letter: Letter, verdict: Verdict, error: str) -> None:
    """Writes down what the attempt proved, if the claim is still ours."""
    row = (
        Letter.objects.select_for_update(of=("self",))
        .select_related("contact", "state")
        .filter(status=Status.SENDING, pk=letter.pk, attempts=letter.attempts)
        .first()
    )
    log.warning("letter not sent", letter=letter.pk, verdict=verdict, error=error)
    if row is None:
        return
    if verdict is Verdict.DOUBT and not row.resend:
        _doubt(row, error)
        return
    if verdict is not Verdict.DOUBT:
        carrying.stayed(row)
    waits = verdict in (Verdict.LATER, Verdict.HOST, Verdict.DOUBT)
    if waits and row.attempts < GIVE_UP_AFTER:
        row.status = Status.QUEUED
        row.queued_at = timezone.now() + min(
            dt.timedelta(minutes=2 ** min(row.attempts - 1, 10)), LONGEST_WAIT
        )
        row.lease_until, row.last_error = None, error
        row.save(update_fields=["status", "queued_at", "lease_until", "last_error"])
        return
    row.status, row.lease_until, row.last_error = Status.FAILED, None, error
    row.save(update_fields=["status", "lease_until", "last_error"])
    record("fail", row, by=None, state=row.state, was=Status.SENDING, now=row.status, note=error)
    if verdict is Verdict.BOUNCED and row.contact_id:
        with act(by=None, reason=_("The mail host refused a letter: %(error)s") % {"error": error}):
            Contact.objects.filter(pk=row.contact_id, email=row.to, bounced_on__isnull=True).update(
                bounced_on=timezone.localdate()
            )


def _doubt(row: Letter, error: str) -> None:
    row.status, row.last_error = Status.DOUBTFUL, error
    row.save(update_fields=["status", "last_error"])
    record("doubt", row, by=None, state=row.state, was=Status.SENDING, now=row.status, note=error)
