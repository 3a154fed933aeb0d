"""The public database: which published reports a reader asks for, by what they are and say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.utils import translation

from reporting.models import FormAnswers, Report, TranscribedForm
from reporting.models.reports import ReportQuerySet
from reporting.models.transcriptions import CONFIRMED
from reporting.models.words import words_said
from reporting.schema import CHANGED
from states.models import State
from states.naming import as_words


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the database; an empty part asks for nothing.

    `first` and `last` are years reported on, both included; `published` is the year of publication.
    `words` are folded, of letters and digits alone; `states` are the codes of those whose names
    hold each word. `form` is the key of a form: reports that say something in it, or mark it as
    changed.
    """

    on: dt.date
    state: str = ""
    group: str = ""
    first: int | None = None
    last: int | None = None
    kind: str = ""
    form: str = ""
    language: str = ""
    published: int | None = None
    words: Sequence[str] = ()
    states: Sequence[Sequence[str]] = ()
    fictional: bool = False


def found(wanted: Wanted) -> ReportQuerySet:
    """The last version of each report that was public on the day and is what is asked for."""
    rows = Report.objects.published_by(wanted.on)
    if not wanted.fictional:
        rows = rows.filter(state__demo=False)
    exact = {
        "state": wanted.state,
        "state__regional_group": wanted.group,
        "kind": wanted.kind,
        "language": wanted.language,
        "year__gte": wanted.first,
        "year__lte": wanted.last,
        "published_on__year": wanted.published,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.form:
        rows = rows.filter(
            Q(pk__in=_answered(wanted.form).values("report"))
            | Q(pk__in=_confirmed().filter(form=wanted.form).values("transcription__report"))
            | Q(**{f"marks__{wanted.form}__mark": CHANGED})
        )
    for place, word in enumerate(wanted.words):
        codes = wanted.states[place] if wanted.states else ()
        confirmed = _holding(_confirmed(), word).values("transcription__report")
        rows = rows.filter(
            _of_a_report(word, codes) | Q(pk__in=answers_with(word)) | Q(pk__in=confirmed)
        )
    return rows


def _answered(form: str) -> QuerySet[FormAnswers]:
    return FormAnswers.objects.filter(form=form).exclude(said={}, unread={})


def _confirmed() -> QuerySet[TranscribedForm]:
    """What the ISU typed from the file of a report, and the State confirmed."""
    return TranscribedForm.objects.filter(transcription__status=CONFIRMED).exclude(said={})


def _of_a_report(word: str, states: Sequence[str]) -> Q:
    """What a word may be of the report itself: its reference, State, kind or year."""
    asked = Q(reference__iregex=rf"(^|-){word}") | Q(state__in=states)
    asked |= Q(kind__in=[kind for kind, said in _kinds().items() if f" {word}" in said])
    if word.isascii() and word.isdigit() and len(word) == 4:
        asked |= Q(year=int(word))
    return asked


@cache
def _kinds() -> dict[str, str]:
    """What each kind is called in every language, as words to look among."""
    called: dict[str, list[str]] = {kind: [] for kind in Report.Kind.values}
    for language in ("en", "fr", "es"):
        with translation.override(language):
            for kind in Report.Kind:
                called[kind].append(str(kind.label))
    return {kind: as_words(" ".join(names)) for kind, names in called.items()}


def answers_with(word: str) -> QuerySet[FormAnswers, Any]:
    """The reports in whose answers a word stands, or a longer one that begins so."""
    return forms_with(word).values("report")


def forms_with(*words: str) -> QuerySet[FormAnswers]:
    """The forms in which one of the words stands."""
    return _holding(FormAnswers.objects.all(), *words)


def _holding(rows: QuerySet[Any, Any], *words: str) -> QuerySet[Any, Any]:
    """Of rows with answers those in which one of the words stands."""
    asked = SearchQuery(
        " | ".join(f"{word}:*" for word in words), config="simple", search_type="raw"
    )
    return rows.alias(holds=words_said()).filter(holds=asked)


def by_name(states: Sequence[State], on: dt.date, order: Callable[[str], Any]) -> Combinable:
    """The place of a report's State among all, by the name that it bore on the day."""
    ranked = sorted(states, key=lambda state: order(state.name(on)))
    codes = [state.iso3 for state in ranked]
    return Func(Value(codes), F("state"), function="array_position")
