"""Five years of the fictional States' reports, in the situations that the portal knows.

Each is made by the act that makes real ones: corrected, transcribed and confirmed, on several
years, left out, asked about, waiting for a day, in another language, by a State that owes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction

from records.models import Upload
from reporting import clarification, demo_answers, embargo, filing, language_versions
from reporting.days import record_receipt
from reporting.models import Report
from reporting.transcription import keeping, steps
from reporting.versions import schema_of
from reporting.workflow import REPORTS
from states.models import State, User

type Paper = Callable[..., Upload]


def make(today: dt.date, people: dict[str, User], paper: Paper) -> None:
    """The years before those that `demo` tells of; `paper` sets a page that says it is invented."""
    last, isu = today.year - 1, people["assistant"]
    arvalia, calderra, dunmark = (State.objects.get(pk=code) for code in ("XAA", "XAC", "XAD"))
    for year in (last - 4, last - 3):
        report = _public(arvalia, year, isu, paper)
        _transcribed(report, people)
    _corrected(arvalia, last - 4, isu, paper)
    language_versions.add(
        Report.objects.get(state=arvalia, year=last - 3),
        "fr",
        "courtesy",
        paper(arvalia, last - 3, isu, language="fr"),
        by=isu,
    )
    # One report on three years, then a year of which nothing is here.
    _public(calderra, last - 4, isu, paper, since=last - 6)
    _waits(calderra, last - 2, people, paper, until=today + dt.timedelta(days=30))
    _voluntary(dunmark, last, isu, paper)


def _filed(
    state: State,
    year: int,
    isu: User,
    paper: Paper,
    *,
    kind: str = Report.Kind.ANNUAL,
    since: int | None = None,
    version: int = 1,
) -> Report:
    return filing.file_for_state(
        state,
        kind,
        year,
        paper(state, year, isu, version=version),
        by=isu,
        channel=Report.Channel.EMAIL,
        received_on=_month(year, version, 20),
        covers_from=dt.date(since or year, 1, 1),
        covers_to=dt.date(year, 12, 31),
        marks={"measures": {"mark": "changed"}, "stockpiles": {"mark": "changed"}},
    )


def _month(year: int, version: int, day: int, months: int = 0) -> dt.date:
    """A day of the spring after the year; of a second version half a year later."""
    return dt.date(year + 1, 4 + 6 * (version - 1) + months, day)


def _public(
    state: State, year: int, isu: User, paper: Paper, *, version: int = 1, **facts: Any
) -> Report:
    report = _filed(state, year, isu, paper, version=version, **facts)
    record_receipt(report, "received_by_unoda", _month(year, version, 21), by=isu)
    report.refresh_from_db()
    on = _month(year, version, 2, months=1)
    published: Report = REPORTS.take("publish", report, by=isu, on=on)
    return published


def _transcribed(report: Report, people: dict[str, User]) -> None:
    """Its figures are typed from the file, and the State confirms them."""
    isu = people["assistant"]
    row = keeping.begin(report, by=isu)
    said = demo_answers.of_arvalia(report.year)
    for key in ("stockpiles", "clearance"):
        keeping.save(row, schema_of(report).form(key), said[key], by=isu, seen="")
    row = steps.TRANSCRIPTIONS.take("send-figures", row, by=isu)
    with transaction.atomic():
        steps.confirm(
            row,
            by=people["focal-point.xaa"],
            note="",
            said_as="Focal point",
            seen=str(row.times_sent),
        )


def _corrected(state: State, year: int, isu: User, paper: Paper) -> None:
    """A second version, which says what it replaces."""
    _public(state, year, isu, paper, version=2)


def _waits(
    state: State, year: int, people: dict[str, User], paper: Paper, *, until: dt.date
) -> None:
    """Handed in; one question is answered and settled, one is open; published on a day to come."""
    isu, focal_point = people["assistant"], people["focal-point.xac"]
    report = _filed(state, year, isu, paper)
    question = clarification.ask_clarification(
        report, "Which of the two depots does Form B mean?", by=isu
    )
    clarification.answer_in_words(
        report, "The northern one; the other is empty.", by=focal_point, question=question.pk
    )
    clarification.settle(report, question.pk, "Answered.", by=isu)
    clarification.ask_clarification(report, "Is the annex with the map still to come?", by=isu)
    embargo.decide(report, until, asked_by="state", why="The parliament is told first.", by=isu)


def _voluntary(state: State, year: int, isu: User, paper: Paper) -> None:
    """A State for which the Convention is not yet in force owes nothing, and reports."""
    _public(state, year, isu, paper, kind=Report.Kind.VOLUNTARY)
