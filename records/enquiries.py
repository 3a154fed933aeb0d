"""“Ask the ISU”: questions from any page, kept, answered by letter, and forgotten in time."""

from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from records import letters
from records.models import Enquiry
from records.models.events import record
from records.workflow import Refused
from states import access
from states.deadlines import shift
from states.models import Practice, State, User

LONGEST = 5000
LONGEST_ADDRESS = 300
# Parts of addresses that open something by themselves are written nowhere.
SECRETS = frozenset({"secret", "key", "uidb36", "uidb64", "token"})


def page(given: str) -> str:
    """An address of ours without its query, fit to be kept; empty where it is none, or a secret."""
    try:
        path = urlsplit(given.replace("\0", "").strip()[:LONGEST_ADDRESS]).path
    except ValueError:  # such as "http://["
        return ""
    if not path.startswith("/") or not url_has_allowed_host_and_scheme(path, None):
        return ""
    try:
        match = resolve(unquote(path))
    except Resolver404:
        return path
    return "" if SECRETS & match.kwargs.keys() else path


@transaction.atomic
def ask(
    question: str, about: str, *, by: User | None, state: State | None, mailbox: str, language: str
) -> Enquiry:
    """Keeps the question and tells the ISU's mailbox that there is one; raises `Refused`.

    The same words of the same person while they are open, as by a second press, are one question.
    """
    words = question.strip()
    if not words:
        raise Refused(_("Write your question."))
    if len(words) > LONGEST:
        raise Refused(
            _("Your question has %(n)d characters; up to %(most)d can be sent at once.")
            % {"n": len(words), "most": LONGEST}
        )
    if by is not None:
        User.objects.select_for_update().get(pk=by.pk)
        same = Enquiry.objects.open().filter(asked_by=by, question=words).first()
        if same is not None:
            return same
    row = Enquiry.objects.create(
        question=words,
        about=page(about),
        asked_by=by,
        state=state,
        mailbox="" if by is not None else mailbox,
        language=language,
    )
    record("ask", row, by=by, state=state)
    letters.write(
        key=f"enquiry/{row.pk}",
        kind="enquiry",
        to=settings.ISU_ADDRESS,
        template="enquiry",
        context={
            "enquiry": row,
            "page": settings.SITE_URL + reverse("admin:records_enquiry_change", args=[row.pk]),
        },
        state=state,
        resend=True,
        why=_("A question to the ISU"),
    )
    return row


def address(row: Enquiry) -> str:
    """The mailbox to which the answer goes; empty where nobody left one."""
    return row.asked_by.email if row.asked_by is not None else row.mailbox


@transaction.atomic
def answer(row: Enquiry, words: str, *, by: User) -> Enquiry:
    """Answers the question by a letter, and on the asker's own page; raises `Refused`."""
    row = _held(row, by)
    if row.answered_at is not None:
        raise Refused(_("It was answered on %(day)s.") % {"day": f"{row.answered_at:%Y-%m-%d}"})
    if not words.strip():
        raise Refused(_("Write the answer."))
    if not (to := address(row)):
        raise Refused(_("Nobody left a mailbox for the answer: settle the question instead."))
    row.answer = words.strip()
    row.answered_at, row.answered_by = timezone.now(), by
    row.settled_at = row.settled_at or row.answered_at
    row.save()
    record("answer", row, by=by, state=row.state)
    letters.write(
        key=f"enquiry-answer/{row.pk}",
        kind="enquiry-answer",
        to=to,
        template="enquiry-answer",
        language=row.language,
        context={"enquiry": row},
        state=row.state,
        reply_to=settings.ISU_ADDRESS,
        why=_("An answer to a question"),
        by=by,
    )
    return row


@transaction.atomic
def settle(row: Enquiry, *, by: User, note: str = "") -> Enquiry:
    """Nothing more is to be done, as where it was answered on the telephone."""
    row = _held(row, by)
    if row.settled_at is None:
        row.settled_at = timezone.now()
        row.save(update_fields=["settled_at"])
        record("settle-enquiry", row, by=by, state=row.state, note=note)
    return row


@transaction.atomic
def erase(row: Enquiry, *, by: User | None, note: str = "") -> Enquiry:
    """Takes out who asked and all words; that there was a question, and when, stays."""
    row = _held(row, by)
    row.mailbox = row.question = row.answer = row.about = ""
    row.asked_by = None
    row.erased_at = row.settled_at = row.erased_at or timezone.now()
    row.save()
    record("erase", row, by=by, state=row.state, note=note)
    return row


def _held(row: Enquiry, by: User | None) -> Enquiry:
    if by is not None and not (may := access.may(by, "ask_clarification")):
        raise Refused(may.reason)
    return Enquiry.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=row.pk)


def forget() -> int:
    """Erases what was settled longer ago than the ISU keeps such questions; how many those were."""
    months = int(Practice.of(Practice.Key.ENQUIRIES_KEPT).removesuffix("-months"))
    before = shift(timezone.localdate(), months=-months)
    old = Enquiry.objects.filter(settled_at__date__lt=before, erased_at__isnull=True)
    number = 0
    for row in old.order_by("pk"):
        erase(row, by=None, note=_("Kept for %(n)d months") % {"n": months})
        number += 1
    return number
