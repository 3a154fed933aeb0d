"""Official documents: drafted with a reference, previewed, issued once, found by hash."""

import datetime as dt
import hashlib

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from records import paper, pdf
from records.models import Document, Reference, Revision
from records.models.events import record
from records.workflow import Refused
from states import access
from states.models import State, User

# The kind of the paper that a State has for a report.
RECEIPT = "receipt"

Status = Revision.Status


@transaction.atomic
def draft(
    *,
    series: str,
    year: int,
    kind: str,
    family: str,
    title: str,
    body: SafeString,
    by: User | None,
    of: str = "",
    language: str = "en",
    state: State | None = None,
    audience: str = "secretariat",
    reference: str = "",
) -> Revision:
    """A new document with the next reference of its series, and its first text as a draft.

    `body` is clean HTML whose headings begin at `<h2>`, marked safe by whoever made it; plain
    text is refused. `audience`: "public", "states", "state:LAO" or "secretariat". `reference` is
    given only where the number was taken before, as with a report's receipt.
    """
    document = Document.objects.create(
        reference=reference or Reference.take(series, year, of),
        kind=kind,
        family=family,
        state=state,
        language=language,
        audience=audience,
    )
    revision = Revision.objects.create(
        document=document, language=language, title=title, body=_clean(body)
    )
    record("draft", revision, by=by, state=state, now=Status.DRAFT)
    return revision


def preview(revision: Revision) -> pdf.Pdf:
    """The PDF as it would be issued today, marked as a draft; nothing is stored."""
    sheet = _paper(revision, timezone.localdate())
    return paper.typeset(sheet, paper.freeze(sheet), site=settings.SITE_URL)


@transaction.atomic
def issue(
    revision: Revision, *, by: User | None, enclosures: tuple[pdf.Enclosure, ...] = ()
) -> Revision:
    """Freezes the text: page, PDF and hashes are stored together and never change again.

    `by` is None where the portal itself issues, as with a receipt. Raises `Refused` where it is
    not a draft, `pdf.NotPrintable` where the page cannot become an official PDF.
    """
    row = (
        Revision.objects.select_for_update(of=("self",))
        .select_related("document__state")
        .get(pk=revision.pk)
    )
    if row.status != Status.DRAFT:
        raise Refused(
            _("%(revision)s is %(status)s: a correction is a new revision.")
            % {"revision": row, "status": row.get_status_display()}
        )
    now = timezone.now()
    sheet = _paper(row, timezone.localdate(now))
    text = paper.freeze(sheet)
    made = paper.typeset(sheet, text, issued_at=now, site=settings.SITE_URL, enclosures=enclosures)
    row.html = text.html
    row.pdf = _stored(made.content)
    row.sha256, row.text_sha256 = made.sha256, text.sha256
    row.status = Status.ISSUED
    row.issued_at, row.issued_by, row.issued_by_portal = now, by, by is None
    row.save()
    record(
        "issue",
        row,
        by=by,
        state=row.document.state,
        was=Status.DRAFT,
        now=Status.ISSUED,
        note=row.sha256,
    )
    return row


@transaction.atomic
def correct(
    revision: Revision, *, by: User | None, note: str, body: SafeString | None = None
) -> Revision:
    """A new draft of the same document and language; what was issued stays as it was issued."""
    if not note.strip():
        raise Refused(_("Say what the correction corrects."))
    of_document = list(
        Revision.objects.select_for_update(of=("self",))
        .filter(document=revision.document_id, language=revision.language)
        .order_by("-number")
    )
    newest = of_document[0]
    if newest.status == Status.DRAFT:
        raise Refused(_("%(revision)s has a draft already: work on that.") % {"revision": newest})
    row = Revision.objects.create(
        document=newest.document,
        language=newest.language,
        standing=newest.standing,
        number=newest.number + 1,
        title=newest.title,
        body=newest.body if body is None else _clean(body),
    )
    record("correct", row, by=by, state=row.document.state, now=Status.DRAFT, note=note.strip())
    return row


@transaction.atomic
def withdraw(revision: Revision, *, by: User, note: str) -> Revision:
    """Takes an issued text out of use; row and hash stay, so that a copy is known as such."""
    if not note.strip():
        raise Refused(_("Say why it is withdrawn."))
    row = Revision.objects.select_for_update(of=("self",)).get(pk=revision.pk)
    if row.status != Status.ISSUED:
        raise Refused(_("Only what was issued can be withdrawn."))
    row.status = Status.WITHDRAWN
    row.save(update_fields=["status"])
    record(
        "withdraw",
        row,
        by=by,
        state=row.document.state,
        was=Status.ISSUED,
        now=Status.WITHDRAWN,
        note=note.strip(),
    )
    return row


def readable_by(user: access.Person, on: dt.date | None = None) -> models.QuerySet[Document]:
    """The documents whose audience the person belongs to; the secretariat reads all of its own.

    A receipt tells of a report that may not be public: of the secretariat those read it who keep
    the days of receipt.
    """
    names = {f"{kind}:{key}" if key else kind for kind, key in access.audiences(user, on)}
    readable = models.Q(audience__in=names)
    if access.is_secretariat(user):
        own = models.Q(family=Document.Family.SECRETARIAT)
        if not access.may(user, "record_receipt"):
            own &= ~models.Q(kind=RECEIPT)
        readable |= own
    return Document.objects.filter(readable)


def find_by_hash(sha256: str, user: access.Person) -> Revision | None:
    """The issued text with this hash, of the file or of the words, if the reader may see it.

    None for an unknown hash and for a document of others alike: the answer tells nothing apart.
    """
    wanted = sha256.strip().lower()
    return (
        Revision.objects.exclude(status=Status.DRAFT)
        .filter(models.Q(sha256=wanted) | models.Q(text_sha256=wanted))
        .exclude(sha256="")
        .filter(document__in=readable_by(user))
        .select_related("document__state")
        .order_by("-issued_at", "-pk")
        .first()
    )


def _paper(revision: Revision, dated_on: dt.date) -> paper.Paper:
    document = revision.document
    family = paper.Family(document.family)
    language = revision.language
    state = document.state
    by_state = family is paper.Family.STATE and state is not None
    translated = revision.standing != Revision.Standing.ORIGINAL
    return paper.Paper(
        family=family,
        reference=document.reference,
        symbol=document.symbol or "",
        title=revision.title,
        language=language,
        # Made by our templates or cleaned when it was saved: `_clean` takes nothing else.
        body=mark_safe(revision.body),  # noqa: S308
        dated_on=dated_on,
        submitted_by=state.name(language=language) if by_state and state else "",
        original_language=document.language if translated else "",
        version=_("Rev.%(number)s") % {"number": revision.number - 1}
        if revision.number > 1
        else "",
        demonstration=bool(state and state.demo),
    )


def _clean(body: SafeString) -> str:
    if not isinstance(body, SafeString):
        raise TypeError("the body is HTML that a template made or that was cleaned on saving")
    return str(body)


def _stored(content: bytes) -> str:
    """Stores the file under its own hash; the same bytes are stored once."""
    name = f"documents/{hashlib.sha256(content).hexdigest()}.pdf"
    if default_storage.exists(name):
        return name
    return default_storage.save(name, ContentFile(content))
