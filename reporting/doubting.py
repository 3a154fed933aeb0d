"""Doubts with the word of the State on them, and what is kept of them when a report is handed in.

Asking the rules reads the report, those before it and the registry: a queue of fifty reports cannot
do that at each look, and what was doubted would change with what other reports say later. So the
doubts are asked once, at hand-in, and kept with the version, in every language of the portal.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from reporting import doubts
from reporting.doubts import Doubt
from reporting.models import (
    DRAFT,
    HANDED_IN,
    ConfirmedDoubt,
    KeptDoubts,
    PublicationWish,
    Report,
)

# The fingerprint of a doubt is taken of its words in one language, whoever reads it.
PLAIN = "en"


@dataclass(frozen=True, slots=True)
class Doubted:
    """A doubt as it is shown, in the reader's words, with the State's word on it if any.

    `stands`: whether it would be asked today as well (`as_of_today`).
    """

    doubt: Doubt
    facts: str
    confirmed: ConfirmedDoubt | None = None
    stands: bool = True

    @property
    def text(self) -> str:
        """What may be asked."""
        return self.doubt.text

    @property
    def form(self) -> str:
        """The key of the form that it is about; empty where it is about the report."""
        return self.doubt.form

    @property
    def name(self) -> str:
        """A short name, the same for as long as the doubt says the same."""
        return self.facts[:12]


def facts_of(doubt: Doubt) -> str:
    """The fingerprint of what is doubted; `doubt` speaks the language of the source."""
    said = [doubt.rule, doubt.form, doubt.field, doubt.text]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def asked(report: Report) -> list[tuple[Doubt, str]]:
    """What can be doubted now, in the reader's words, each with its fingerprint."""
    found = doubts.doubts(report)
    if translation.get_language() == PLAIN:
        return [(one, facts_of(one)) for one in found]
    with translation.override(PLAIN):
        plain = [facts_of(one) for one in doubts.doubts(report)]
    return list(zip(found, plain, strict=True))


def of_draft(report: Report) -> list[Doubted]:
    """What can be doubted now; a word on a doubt that has changed since no longer counts."""
    words = {one.facts: one for one in report.confirmed_doubts.select_related("confirmed_by")}
    return [Doubted(one, facts, words.get(facts)) for one, facts in asked(report)]


def of_report(report: Report) -> list[Doubted]:
    """What could be doubted when the report was handed in; of a draft, and of what was handed in
    before doubts were kept, what can be doubted now.
    """
    kept = None if report.status == DRAFT else KeptDoubts.objects.filter(report=report).first()
    if kept is None:
        return of_draft(report)
    words = {one.facts: one for one in report.confirmed_doubts.select_related("confirmed_by")}
    language = (translation.get_language() or PLAIN)[:2]
    return [
        Doubted(
            Doubt(
                one["text"].get(language, one["text"][PLAIN]),
                field=one["field"],
                form=one["form"],
                place=one["place"],
                rule=one["rule"],
            ),
            one["facts"],
            words.get(one["facts"]),
        )
        for one in kept.doubts
    ]


def as_of_today(report: Report, found: list[Doubted]) -> list[Doubted]:
    """The kept doubts of a report that is not public yet, each with whether it would be asked now.

    What is kept is final; another report that came in since may have answered it.
    """
    if report.status != HANDED_IN or not found:
        return found
    now = {facts for _doubt, facts in asked(report)}
    return [replace(one, stands=one.facts in now) for one in found]


def keep(report: Report) -> KeptDoubts:
    """Keeps what can be doubted, in every language: at hand-in, before anything is copied in."""
    told: dict[str, list[Doubt]] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            told[language] = doubts.doubts(report)
    rows: list[dict[str, Any]] = [
        {
            "rule": one.rule,
            "form": one.form,
            "field": one.field,
            "place": one.place,
            "facts": facts_of(one),
            "text": {language: said[number].text for language, said in told.items()},
        }
        for number, one in enumerate(told[PLAIN])
    ]
    words = set(report.confirmed_doubts.order_by().values_list("facts", flat=True))
    confirmed = sum(1 for row in rows if row["facts"] in words)
    return KeptDoubts.objects.create(
        report=report, doubts=rows, number=len(rows), confirmed=confirmed
    )


def keep_missing(limit: int = 50) -> int:
    """Keeps the doubts of reports that were handed in before doubts were kept; returns how many."""
    missing = Report.objects.handed_in().filter(kept_doubts__isnull=True)
    made = 0
    for pk in list(missing.order_by("pk").values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            report = Report.objects.select_for_update(of=("self",)).get(pk=pk)
            if not KeptDoubts.objects.filter(report=report).exists():
                keep(report)
                made += 1
    return made


def carry_over(report: Report, draft: Report) -> None:
    """What was confirmed in one version stands in the draft of the next, for what is unchanged."""
    ConfirmedDoubt.objects.bulk_create(
        (
            ConfirmedDoubt(
                report=draft,
                facts=one.facts,
                rule=one.rule,
                form=one.form,
                place=one.place,
                text=one.text,
                word=one.word,
                confirmed_at=one.confirmed_at,
                confirmed_by_id=one.confirmed_by_id,
            )
            for one in report.confirmed_doubts.all()
        ),
        ignore_conflicts=True,
    )
    # What it wished for the version that is replaced it wishes for this one.
    wish = PublicationWish.objects.filter(report=report).first()
    if wish is not None:
        PublicationWish.objects.get_or_create(
            report=draft,
            defaults={"not_before": wish.not_before, "why": wish.why, "made_by": wish.made_by},
        )
