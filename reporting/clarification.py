"""Questions on what was handed in: a remark and a letter; nothing handed in is ever sent back."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from records import letters
from records.models.events import record
from records.workflow import Refused
from reporting.models import DRAFT, Remark, Report
from states import access
from states.models import Contact, User


@transaction.atomic
def ask_clarification(report: Report, text: str, *, by: User) -> Remark:
    """Asks the State in writing: a remark on the report, and a letter that a person releases.

    The report stays what it is; the answer is a new version. The same words while they are still
    open, as by a second press, are one question. Raises `Refused`.
    """
    if not (answer := access.may(by, "ask_clarification", report.state)):
        raise Refused(answer.reason)
    if report.status == DRAFT:
        raise Refused(_("%(report)s has not been handed in.") % {"report": report})
    if not text.strip():
        raise Refused(_("Write the question that the State is to answer."))
    # Under the report's lock, so that a second press finds what the first has written.
    Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    asked = report.remarks.filter(
        side=Remark.Side.SECRETARIAT, text=text.strip(), settled_at__isnull=True
    ).first()
    if asked is not None:
        return asked
    remark = Remark.objects.create(
        report=report, side=Remark.Side.SECRETARIAT, text=text.strip(), made_by=by
    )
    record("ask-clarification", report, by=by, state=report.state, note=text.strip())
    for to, language, contact in recipients(report):
        letters.write(
            key=f"question/{remark.pk}/{to}",
            kind="report-question",
            to=to,
            template="report-question",
            language=language,
            context={
                "report": report,
                "question": remark.text,
                "page": f"{settings.SITE_URL}{_answered_at(report)}",
            },
            state=report.state,
            contact=contact,
            held=True,
            why=_("A question on %(reference)s") % {"reference": report.reference},
            by=by,
        )
    return remark


def _answered_at(report: Report) -> str:
    """The page of the receipt, where the State reads the question and answers it."""
    address = [report.state_id, report.kind, report.year, report.number]
    return reverse("report-receipt", args=address) + "#questions"


def recipients(report: Report) -> list[tuple[str, str, Contact | None]]:
    """The State's mailbox for reports; without one, whoever handed the report in and still acts
    for the State.
    """
    contact = (
        Contact.objects.current(timezone.localdate())
        .reachable()
        .filter(state=report.state, purpose=Contact.Purpose.ARTICLE_7)
        .in_order()
        .first()
    )
    if contact is not None:
        return [(contact.email, contact.language, contact)]
    who = report.handed_in_by
    if who is not None and report.state_id in access.states_where(who, "view_drafts"):
        return [(who.email, who.language, None)]
    return []


@transaction.atomic
def answer_in_words(report: Report, text: str, *, by: User) -> Remark:
    """The State's word on a question, where no new version is needed; it settles what was asked.

    The same word twice, as by a second press, is one.
    """
    if not (answer := access.may(by, "hand_in_report", report.state)):
        raise Refused(answer.reason)
    if not text.strip():
        raise Refused(_("Write your answer, or begin a new version."))
    # Under the report's lock, so that a second press finds what the first has written.
    Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    last = report.remarks.order_by("made_at", "pk").last()
    if last is not None and (last.side, last.made_by_id, last.text) == (
        Remark.Side.STATE,
        by.pk,
        text.strip(),
    ):
        return last
    remark = Remark.objects.create(
        report=report, side=Remark.Side.STATE, text=text.strip(), made_by=by
    )
    record("answer", report, by=by, state=report.state, note=text.strip())
    settle(report)
    return remark


def settle(report: Report) -> int:
    """Marks the open questions on every version of the report as settled; returns how many."""
    return Remark.objects.filter(
        report__state=report.state_id,
        report__kind=report.kind,
        report__year=report.year,
        side=Remark.Side.SECRETARIAT,
        settled_at__isnull=True,
    ).update(settled_at=timezone.now())
