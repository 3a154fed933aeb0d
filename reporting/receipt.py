"""What a State is given when it hands in: the receipt, and the e-mail prepared for UNODA."""

import datetime as dt
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from records import documents, letters
from records.models import Document, Letter
from records.pdf import NotPrintable
from records.workflow import Refused
from reporting import coverpage, delegating, dues, filing, mailing
from reporting.models import DRAFT, Attachment, Report
from reporting.seen import is_what
from reporting.workflow import REPORTS, SERIES
from states.models import Contact, State, User
from states.words import day

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Clock:
    """A moment on one clock, in words."""

    day: str
    time: str
    where: str


def clocks(at: dt.datetime, state: State) -> list[Clock]:
    """The moment in Geneva, and at the State where its clock is known and shows another time."""
    geneva = timezone.localtime(at)
    found = [Clock(day(geneva.date()), geneva.strftime("%H:%M"), _("Geneva"))]
    if state.time_zone:
        try:
            there = at.astimezone(ZoneInfo(state.time_zone))
        except (ZoneInfoNotFoundError, ValueError):
            return found  # a name that nobody's tables know says nothing about the time there
        if there.utcoffset() != geneva.utcoffset():
            found.append(Clock(day(there.date()), there.strftime("%H:%M"), state.name()))
    return found


@transaction.atomic
def hand_in(report: Report, *, by: User, seen: str | None = None) -> Report:
    """Hands the report to the ISU and writes the receipt's e-mail in the same transaction.

    `seen` is the state (`seen.token`) that the person has checked; None: there was no page.
    Raises `Refused` with every reason at once; then nothing has happened.
    """
    held = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if held.status == DRAFT and seen is not None and not is_what(held, seen):
        raise Refused(filing.saved_meanwhile(held))
    row = REPORTS.take("hand-in", report, by=by)
    if key := dues.key_of(row):
        letters.overtake(key, why=_("The report was handed in"), by=by)
    delegating.close_all(row, by=by)
    write_receipt(row)
    return row


def write_receipt(report: Report) -> list[Letter]:
    """The receipt by e-mail: to who handed it in, and to the State's mailbox for reports."""
    assert report.handed_in_by is not None  # a constraint of the database
    recipients: dict[str, tuple[str, Contact | None]] = {
        report.handed_in_by.email: (report.handed_in_by.language, None)
    }
    mailbox = (
        Contact.objects.current(timezone.localdate())
        .reachable()
        .filter(state=report.state, purpose=Contact.Purpose.ARTICLE_7)
        .in_order()
        .first()
    )
    if mailbox is not None:
        recipients.setdefault(mailbox.email, (mailbox.language, mailbox))
    written = []
    for to, (language, contact) in recipients.items():
        with translation.override(language):
            context = _facts(report)
            why = _("Receipt of a report that was handed in")
        written.append(
            letters.write(
                key=f"receipt/{report.reference}/{to}",
                kind="receipt",
                to=to,
                template="report-receipt",
                language=language,
                context=context,
                state=report.state,
                contact=contact,
                resend=True,
                why=why,
            )
        )
    return written


def _facts(report: Report) -> dict[str, object]:
    address = f"/what-we-owe/{report.state_id}/{report.kind}/{report.year}/{report.number}"
    return {
        "report": report,
        "clocks": clocks(report.handed_in_at or timezone.now(), report.state),
        "mailed": mailing.in_words(report),
        "received_on": day(report.received_by_isu) if report.received_by_isu else "",
        "certified_on": day(timezone.localdate(report.certified_at)) if report.certified_at else "",
        "covers_from": day(report.covers_from),
        "covers_to": day(report.covers_to),
        "receipt_url": f"{settings.SITE_URL}{address}/receipt/",
        "send_url": f"{settings.SITE_URL}{address}/send/",
    }


@dataclass(frozen=True, slots=True)
class Prepared:
    """An e-mail ready to be sent from the State's own mailbox."""

    to: str
    cc: str
    subject: str
    body: str

    @property
    def mailto(self) -> str:
        """The address that opens it in the State's own mail program (RFC 6068)."""
        said = {"cc": self.cc, "subject": self.subject, "body": self.body.replace("\n", "\r\n")}
        fields = urlencode({name: words for name, words in said.items() if words}, quote_via=quote)
        return f"mailto:{quote(self.to, safe='@')}?{fields}"


def annexes(report: Report) -> QuerySet[Attachment]:
    """The files that were attached in the forms: they go with the report wherever it goes."""
    return report.attachments.select_related("upload").order_by("form", "pk")


def to_unoda(report: Report) -> Prepared:
    """The e-mail by which a State sends its report to the Secretary-General, through UNODA.

    In the reader's language: whoever sends it reads it first. The file is attached by hand, since
    no mail program lets a page do that.
    """
    text = render_to_string(
        "reporting/to_unoda.txt",
        {
            "report": report,
            "covers_from": day(report.covers_from),
            "covers_to": day(report.covers_to),
            "annexes": [one.upload.name for one in annexes(report)],
            # Of a version that never went there the Secretary-General is told nothing.
            "replaces_sent": report.amends is not None and report.amends.sent_to_unoda is not None,
        },
    )
    subject, _newline, body = text.strip().partition("\n")
    return Prepared(
        settings.UNODA_ADDRESS, settings.ISU_ADDRESS, subject.strip(), body.strip() + "\n"
    )


def to_isu(report: Report) -> Prepared:
    """The e-mail by which a State sends a draft's file to the ISU where the line is too thin."""
    text = render_to_string("reporting/to_isu.txt", {"report": report})
    subject, _newline, body = text.strip().partition("\n")
    return Prepared(settings.ISU_ADDRESS, "", subject.strip(), body.strip() + "\n")


def issue_paper(report: Report) -> Document | None:
    """The receipt on paper, in the language of who handed in; None where it cannot be printed now.

    After the act and apart from it: a report is not refused because a page cannot be set. What is
    missing is made by `issue_missing`.
    """
    try:
        with transaction.atomic():
            row = (
                Report.objects.select_for_update(of=("self",))
                .select_related("state", "original", "handed_in_by", "certified_by")
                .get(pk=report.pk)
            )
            if row.receipt_id:
                return row.receipt
            row.receipt = _paper(row)
            row.save(update_fields=["receipt"])
            return row.receipt
    except (NotPrintable, OSError):
        log.exception("receipt_not_printed", report=report.reference)
        return None


def _paper(row: Report) -> Document:
    assert row.handed_in_by is not None  # a constraint of the database
    language = row.handed_in_by.language
    if row.channel != Report.Channel.PORTAL:
        # Whoever of the ISU filed it is not its reader.
        language = row.language if row.language in dict(settings.LANGUAGES) else "en"
    with translation.override(language):
        # One page: the sentences of the cover page are read in the report itself.
        lines = [replace(line, sentence="") for line in cover_page(row)]
        body = render_to_string(
            "reporting/receipt_paper.html",
            _facts(row) | {"lines": lines, "marked": [line for line in lines if line.mark]},
        )
        title = _("Receipt: %(kind)s %(year)s of %(state)s") % {
            "kind": row.get_kind_display(),
            "year": row.year,
            "state": row.state.name(),
        }
    drafted = documents.draft(
        series=SERIES,
        year=row.year,
        kind=documents.RECEIPT,
        family=Document.Family.SECRETARIAT,
        title=title,
        # Made by our template, which escapes what people wrote.
        body=mark_safe(body),  # noqa: S308
        by=None,
        language=language,
        state=row.state,
        audience=f"state:{row.state_id}",
        reference=row.reference,
    )
    return documents.issue(drafted, by=None).document


def issue_missing(limit: int = 20) -> int:
    """Prints the receipts that could not be printed at once; returns how many it made."""
    printed = Q(channel=Report.Channel.PORTAL) | Q(mailed_on__isnull=False)
    missing = Report.objects.handed_in().filter(printed, receipt__isnull=True)
    return sum(1 for report in missing.order_by("pk")[:limit] if issue_paper(report) is not None)


def cover_page(report: Report) -> list[coverpage.Line]:
    """The cover page as it is printed beside the file."""
    return coverpage.lines(report.marks, report.language)
