"""The acts of a review: asking, settling, waiting for a day, other languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from records import uploads
from reporting import clarification, embargo, language_versions, replaced
from reporting.admin.reviewing_forms import (
    AskAgainForm,
    AskForm,
    EmbargoForm,
    NewLanguageForm,
    OldLanguageForm,
    SettleForm,
    waits_in_words,
)
from reporting.models import DRAFT, HANDED_IN, KeptDoubts, Remark, Report
from states.admin.acts import Act, StaffRequest, WhyForm
from states.models import User
from states.words import day


def review_url(row: Report, place: str = "") -> str:
    """The page of the review."""
    return reverse("admin:reporting_report_review", args=[row.pk]) + place


def _back(request: StaffRequest, row: Report, words: str, place: str = "") -> HttpResponseRedirect:
    messages.success(request, words)
    return HttpResponseRedirect(review_url(row, place))


def _written(remark: Remark, key: str) -> str:
    letters = remark.report.state.letters.filter(key__startswith=f"{key}/")
    if not letters:
        return _("The question stands beside the report. No contact for the letter: add one.")
    return ngettext(
        "The question is recorded; %(count)d letter is held until it is released.",
        "The question is recorded; %(count)d letters are held until they are released.",
        len(letters),
    ) % {"count": len(letters)}


def _ask(request: StaffRequest, row: Report, data: dict[str, Any]) -> HttpResponseRedirect:
    remark = clarification.ask_clarification(
        row, data["text"], by=request.user, form=data["form"], place=data["place"]
    )
    words = _written(remark, f"question/{remark.pk}")
    return _back(request, row, words, f"#question-{remark.pk}")


def _ask_again(request: StaffRequest, row: Report, data: dict[str, Any]) -> HttpResponseRedirect:
    remark = clarification.ask_again(row, data["question"], data["text"], by=request.user)
    words = _written(remark, f"question/{remark.question_id}/{remark.pk}")
    return _back(request, row, words, f"#question-{remark.question_id}")


def _settle(request: StaffRequest, row: Report, data: dict[str, Any]) -> HttpResponseRedirect:
    remark = clarification.settle(row, data["question"], data["why"], by=request.user)
    return _back(request, row, _("Settled."), f"#question-{remark.pk}")


def _wait(request: StaffRequest, row: Report, data: dict[str, Any]) -> HttpResponseRedirect:
    made = embargo.decide(
        row,
        data["not_before"],
        asked_by=data["asked_by"],
        why=data["reason"],
        by=request.user,
    )
    assert made.not_before is not None  # just decided
    words = _("The portal publishes it on %(day)s, and not before.") % {"day": day(made.not_before)}
    return _back(request, row, words)


def _lift(request: StaffRequest, row: Report, data: dict[str, Any]) -> HttpResponseRedirect:
    embargo.lift(row, why=data["reason"], by=request.user)
    return _back(request, row, _("Lifted. It is published when you publish it."))


def _stands(rows: list[Report]) -> Iterable[str]:
    if len(rows) == 1 and (words := waits_in_words(embargo.standing(rows[0]))):
        yield words


def still_open(rows: list[Report]) -> Iterable[str]:
    """What is open on a single report, in sentences: it stops nothing."""
    if len(rows) != 1:
        return
    [row] = rows
    if questions := Remark.objects.of_report(row).open().count():
        yield ngettext(
            "%(n)d question on it is not settled. That stops nothing.",
            "%(n)d questions on it are not settled. That stops nothing.",
            questions,
        ) % {"n": questions}
    kept = KeptDoubts.objects.filter(report=row).first()
    if kept is not None and (doubts := kept.number - kept.confirmed) > 0:
        yield ngettext(
            "%(n)d doubt has no word of the State. That stops nothing.",
            "%(n)d doubts have no word of the State. That stops nothing.",
            doubts,
        ) % {"n": doubts}


def _stands_and_is_open(rows: list[Report]) -> Iterable[str]:
    yield from _stands(rows)
    yield from still_open(rows)


def _add_language(request: StaffRequest, row: Report, data: dict[str, Any]) -> HttpResponseRedirect:
    upload = uploads.receive(data["file"], row.state, request.user)
    language_versions.add(row, data["language"], data["sort"], upload, by=request.user)
    words = _("Added. It is read by whoever reads the report.")
    return _back(request, row, words, "#languages")


def _take_language_away(
    request: StaffRequest, row: Report, data: dict[str, Any]
) -> HttpResponseRedirect:
    language_versions.take_away(row, data["version"], data["reason"], by=request.user)
    return _back(request, row, _("Taken away."), "#languages")


def handed_in(user: User, row: Report) -> bool:
    """What is no draft."""
    return row.status != DRAFT


def _waits(user: User, row: Report) -> bool:
    return row.status == HANDED_IN and replaced.by(row) is None


def _is_kept(user: User, row: Report) -> bool:
    return _waits(user, row) and embargo.standing(row) is not None


def _was_asked(user: User, row: Report) -> bool:
    return handed_in(user, row) and Remark.objects.of_report(row).asked().exists()


def _is_open(user: User, row: Report) -> bool:
    return handed_in(user, row) and Remark.objects.of_report(row).open().exists()


def _has_languages(user: User, row: Report) -> bool:
    return handed_in(user, row) and row.language_versions.standing().exists()


ACTS = (
    Act(
        "ask",
        lazy("Ask for clarification"),
        "ask_clarification",
        does=_ask,
        form=AskForm,
        open_to=handed_in,
        help=lazy("What was handed in stands; the answer is a new version or a word."),
    ),
    Act(
        "ask-again",
        lazy("Ask more on a question"),
        "ask_clarification",
        does=_ask_again,
        form=AskAgainForm,
        open_to=_was_asked,
        closed=lazy("Nothing was asked yet."),
        help=lazy("A question that was settled is opened again."),
    ),
    Act(
        "settle",
        lazy("Settle a question"),
        "ask_clarification",
        does=_settle,
        form=SettleForm,
        open_to=_is_open,
        closed=lazy("No question is open."),
    ),
    Act(
        "embargo",
        lazy("Let it wait until a day"),
        "publish_report",
        does=_wait,
        form=EmbargoForm,
        open_to=_waits,
        explains=_stands_and_is_open,
        help=lazy("Until then nothing public shows that there is a report."),
    ),
    Act(
        "lift-embargo",
        lazy("Lift the embargo"),
        "publish_report",
        does=_lift,
        form=WhyForm,
        open_to=_is_kept,
        explains=_stands,
        closed=lazy("No embargo stands on it, or a later version has replaced it."),
    ),
    Act(
        "add-language",
        lazy("Add it in another language"),
        "publish_report",
        does=_add_language,
        form=NewLanguageForm,
        open_to=handed_in,
        help=lazy("What was handed in stays as it is."),
    ),
    Act(
        "take-language-away",
        lazy("Take a language version away"),
        "publish_report",
        does=_take_language_away,
        form=OldLanguageForm,
        open_to=_has_languages,
        closed=lazy("No language version stands here."),
    ),
)
