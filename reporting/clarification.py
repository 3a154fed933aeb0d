"""Questions on what was handed in, each with its letter and its answers, until it is settled.

Nothing handed in is ever sent back. Only the State and the secretariat read what is said here.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from records import letters
from records.models import Letter
from records.models.events import record
from records.workflow import Refused
from reporting import threads
from reporting.models import DRAFT, Remark, Report
from states import access
from states.models import Contact, User


@transaction.atomic
def ask_clarification(
    report: Report, text: str, *, by: User, form: str = "", place: str = ""
) -> Remark:
    """Asks the State in writing: a remark on the report, and a letter that a person releases.

    `form` and `place` (a question of it, or a row: "areas.area0001") say what it is about; left
    out it is about the whole report. The report stays what it is; the State answers in words, or
    by a new version. The same words while they wait for an answer, as by a second press, are one
    question. Raises `Refused`.
    """
    if not (answer := access.may(by, "ask_clarification", report.state)):
        raise Refused(answer.reason)
    if report.status == DRAFT:
        raise Refused(_("%(report)s has not been handed in.") % {"report": report})
    if not text.strip():
        raise Refused(_("Write the question that the State is to answer."))
    if not threads.is_place(report, form, place):
        raise Refused(_("The report has no such form, question or row. Choose one that it has."))
    # Under the report's lock, so that a second press finds what the first has written.
    Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    about = {"report": report, "text": text.strip(), "form": form, "place": place}
    waiting = Remark.objects.open().with_turn().filter(turn=Remark.Side.STATE)
    asked = waiting.filter(**about).first()
    if asked is not None:
        return asked
    remark = Remark.objects.create(**about, side=Remark.Side.SECRETARIAT, made_by=by)
    record("ask-clarification", report, by=by, state=report.state, note=text.strip())
    _write(remark, remark.text, key=f"question/{remark.pk}", by=by)
    return remark


def _write(question: Remark, text: str, *, key: str, by: User) -> None:
    """The letter with what is asked; a person releases it."""
    report = question.report
    for to, language, contact in recipients(report):
        with translation.override(language):
            about = threads.about(report, question.form, question.place)
        letters.write(
            key=f"{key}/{to}",
            kind="report-question",
            to=to,
            template="report-question",
            language=language,
            context={
                "report": report,
                "question": text,
                "about": about,
                "page": f"{settings.SITE_URL}{_answered_at(report)}",
            },
            state=report.state,
            contact=contact,
            held=True,
            why=_("A question on %(reference)s") % {"reference": report.reference},
            by=by,
        )


def _overtake(question: Remark, why: str, by: User) -> None:
    """Letters that have not left, and ask what needs no answer any more, stay here."""
    waiting = Letter.objects.unsent().filter(key__startswith=f"question/{question.pk}/")
    letters.mark_overtaken(
        waiting.order_by("pk").select_for_update(of=("self",)).select_related("state"),
        why=why,
        by=by,
    )


def answer_by_version(report: Report, *, by: User) -> None:
    """A version that was just handed in answers what was asked before; the ISU settles it.

    Letters on it that have not left yet stay here.
    """
    if report.amends_id is not None:
        for question in Remark.objects.of_report(report).open():
            _overtake(question, _("Overtaken: the State has handed in a new version."), by)


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
def answer_in_words(report: Report, text: str, *, by: User, question: int | None = None) -> Remark:
    """The State's word on a question, where no new version is needed; the secretariat settles it.

    `question` is the number of the question; left out, the one that is open. The same word twice,
    as by a second press, is one. Raises `Refused`.
    """
    if not (answer := access.may(by, "hand_in_report", report.state)):
        raise Refused(answer.reason)
    if not text.strip():
        raise Refused(_("Write your answer, or begin a new version."))
    # Under the report's lock, so that a second press finds what the first has written.
    Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    asked = _answered(report, question)
    last = asked.answers.order_by("made_at", "pk").last()
    if last is not None and (last.side, last.made_by_id, last.text) == (
        Remark.Side.STATE,
        by.pk,
        text.strip(),
    ):
        return last
    if asked.settled_at is not None:
        raise Refused(_("The ISU has settled this question meanwhile: nothing more is needed."))
    remark = Remark.objects.create(
        report=report,
        question=asked,
        form=asked.form,
        place=asked.place,
        side=Remark.Side.STATE,
        text=text.strip(),
        made_by=by,
    )
    record("answer", report, by=by, state=report.state, note=text.strip())
    _overtake(asked, _("Overtaken: the State has answered."), by)
    return remark


def _answered(report: Report, question: int | None) -> Remark:
    """The question that is meant, on whichever version it was asked."""
    asked = Remark.objects.of_report(report).asked()
    if question is not None:
        found = asked.filter(pk=question).first()
        if found is None:
            raise Refused(_("There is no such question on this report."))
        return found
    open_ones: list[Any] = list(asked.filter(settled_at__isnull=True).with_turn())
    waiting = [one for one in open_ones if one.turn == Remark.Side.STATE]
    for alone in (waiting, open_ones):
        if len(alone) == 1:
            return alone[0]
    if not open_ones:
        raise Refused(_("No question is open. To add something, begin a new version."))
    raise Refused(_("Several questions are open: answer each of them beside its words."))


def _held(report: Report, question: int, by: User) -> Remark:
    """The question under its lock, for one who may settle it. Raises `Refused`."""
    if not (answer := access.may(by, "ask_clarification", report.state)):
        raise Refused(answer.reason)
    rows = Remark.objects.of_report(report).asked().select_for_update(of=("self",))
    found = rows.filter(pk=question).first()
    if found is None:
        raise Refused(_("There is no such question on this report."))
    return found


@transaction.atomic
def settle(report: Report, question: int, why: str, *, by: User) -> Remark:
    """The secretariat says that nothing more is asked, and why. Raises `Refused`."""
    asked = _held(report, question, by)
    if asked.settled_at is not None:
        return asked
    if not why.strip():
        raise Refused(_("Say how it was settled: the State reads it."))
    asked.settled_at, asked.settled_by, asked.settled_why = timezone.now(), by, why.strip()
    asked.save(update_fields=["settled_at", "settled_by", "settled_why"])
    record("settle-question", asked.report, by=by, state=asked.report.state, note=why.strip())
    _overtake(asked, _("Overtaken: the question is settled."), by)
    return asked


@transaction.atomic
def ask_again(report: Report, question: int, text: str, *, by: User) -> Remark:
    """More is asked in the same thread; a settled question is opened again. Raises `Refused`.

    The State is written to, as at first. The same words twice, as by a second press, are one.
    """
    asked = _held(report, question, by)
    if not (text := text.strip()):
        raise Refused(_("Write the question that the State is to answer."))
    last = asked.answers.order_by("made_at", "pk").last()
    was_settled = asked.settled_at is not None
    again = last is not None and (last.side, last.text) == (Remark.Side.SECRETARIAT, text)
    if last is not None and again and not was_settled:
        return last
    if was_settled:
        asked.settled_at, asked.settled_by, asked.settled_why = None, None, ""
        asked.save(update_fields=["settled_at", "settled_by", "settled_why"])
    remark = Remark.objects.create(
        report=report,
        question=asked,
        form=asked.form,
        place=asked.place,
        side=Remark.Side.SECRETARIAT,
        text=text,
        made_by=by,
    )
    verb = "reopen-question" if was_settled else "ask-clarification"
    record(verb, report, by=by, state=report.state, note=text)
    _write(remark, text, key=f"question/{asked.pk}/{remark.pk}", by=by)
    return remark
