"""What the pages of a check and of a receipt show beside the report itself."""

from __future__ import annotations

from typing import Any

from reporting import doubting, embargo, language_versions, threads
from reporting.beside_forms import LanguageForm, WishForm
from reporting.models import PublicationWish, Report


def of_check(
    report: Report, typed: dict[str, Any] | None = None, wish_form: WishForm | None = None
) -> dict[str, Any]:
    """The doubts with the State's words, and its wish; `typed` is a word that was refused."""
    wish = PublicationWish.objects.filter(report=report).first()
    known = {"not_before": wish.not_before, "why": wish.why} if wish else None
    found = doubting.of_draft(report)
    typed = typed or {"facts": "", "word": "", "reasons": ()}
    there = any(one.facts == typed["facts"] for one in found)
    return {
        "doubts": found,
        # What was typed on a doubt that is no more stands above the page.
        "typed": typed | {"gone": bool(typed["reasons"]) and not there},
        "wish": wish,
        "wish_form": wish_form or WishForm(initial=known),
        "decided": embargo.told_to_next(report),
    }


def of_receipt(
    report: Report,
    typed: dict[str, Any] | None = None,
    language_form: LanguageForm | None = None,
) -> dict[str, Any]:
    """Questions with their answers, what was confirmed, the wish, the language versions.

    `typed` is an answer that was refused.
    """
    asked = threads.of_report(report)
    wish = PublicationWish.objects.filter(report=report).first()
    typed = typed or {"question": None, "text": "", "reasons": ()}
    if not any(one.question.pk == typed["question"] for one in asked):
        typed = typed | {"question": None}  # what answers no question here stands above them
    return {
        # A question is about the report, whichever of its versions it was asked on.
        "threads": asked,
        "words_alone": threads.words_alone(report),
        "typed": typed,
        "confirmed": report.confirmed_doubts.select_related("confirmed_by"),
        "wish": wish,
        "decided": embargo.told(report, wish),
        "languages": language_versions.shown(report),
        "language_form": language_form or LanguageForm(report=report),
    }
