"""Looks up what the rules must know of a report beside its answers, and asks them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import Q

from reporting import earlier, rules
from reporting.models import FormAnswers, Report
from reporting.rules.munitions import RETAINED
from reporting.rules.others import OWED
from reporting.schema import NOT_APPLICABLE, Answers
from reporting.versions import schema_of
from states.models import Obligation, State
from states.models.actors import Confidence
from states.standing import standing


def asked(report: Report, rows: Mapping[str, FormAnswers]) -> Iterable[tuple[str, rules.Asked]]:
    """What the rules ask of the report, each with its rule's name; `rows` are its own answers.

    At most four queries, however many rows and earlier reports there are.
    """
    answers: Answers = {key: row.said for key, row in rows.items() if row.said}
    found = earlier.answers_before(report) if answers else {}
    schema = schema_of(report)
    before = {
        form.key: earlier.said_in(found[form.key], form)
        for form in schema.forms
        if form.key in found
    }
    parties, names = _receivers(report, answers)
    facts = rules.Facts(
        schema=schema,
        state=report.state_id,
        language=report.language,
        covers_from=report.covers_from,
        covers_to=report.covers_to,
        marks=report.marks,
        unread={key: row.unread for key, row in rows.items()},
        before={
            key: rules.Before(row.report.year, row.report.covers_to) for key, row in found.items()
        },
        open_kinds=_open_kinds(report),
        parties=parties,
        names=names,
    )
    return rules.asked(answers, before, facts)


def _open_kinds(report: Report) -> frozenset[str]:
    """Which obligations are open at the end of the period, where a form says that it has none.

    What is known with low confidence is never told as a fact.
    """
    kinds = [
        kind for form, kind in OWED if report.marks.get(form, {}).get("mark") == NOT_APPLICABLE
    ]
    if not kinds:
        return frozenset()
    ends = report.covers_to
    found = (
        Obligation.objects.filter(
            Q(fulfilled_on__isnull=True) | Q(fulfilled_on__gt=ends),
            state=report.state_id,
            kind__in=kinds,
            clock_from__lte=ends,
        )
        .exclude(confidence=Confidence.LOW)
        .values_list("kind", flat=True)
    )
    return frozenset(found)


def _receivers(
    report: Report, answers: Answers
) -> tuple[dict[tuple[str, str], bool], dict[str, str]]:
    """Of each State named as receiver whether it was a State Party on the day, and its name."""
    wanted = {
        (row["receiver"], row.get("transferred_on") or report.covers_to.isoformat())
        for _number, row in rules.rows(answers, RETAINED, "transferred")
        if "receiver" in row
    }
    if not wanted:
        return {}, {}
    found = State.objects.filter(pk__in={code for code, _on in wanted}).prefetch_related("actions")
    states = {one.pk: one for one in found}
    parties = {
        (code, on): standing(states[code].actions.all(), dt.date.fromisoformat(on)).is_party
        for code, on in wanted
        if code in states
    }
    return parties, {code: state.name() for code, state in states.items()}
