"""The measures of States as at a day: what was reported, what the ISU notes, and the status."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from records.models import Upload
from reporting.measures.drawing import FORM
from reporting.models import (
    FormAnswers,
    Measure,
    MeasureGroup,
    MeasureNote,
    Report,
    TranscribedForm,
    Transcription,
)
from reporting.models.transcriptions import CONFIRMED
from states.models import State

# The word in addresses and data for a State of which nothing is recorded here.
NOT_RECORDED = "not-recorded"


@dataclass(frozen=True, slots=True)
class Line:
    """One measure: what the State reported, what the ISU noted of it, or both.

    Where the two differ a reader sees both, and the State's word counts: a note counts only for
    what the State has not reported. `in_latest`: the newest published report that answers Form A
    names it.
    """

    state_id: str
    reported: Measure | None
    note: MeasureNote | None
    in_latest: bool

    @property
    def own(self) -> Line:
        """What stands as reported, without what the ISU adds; the note where it is alone."""
        if self.reported is None:
            return self
        return Line(self.state_id, self.reported, None, self.in_latest)

    @property
    def kind(self) -> str:
        """The kind, empty where nobody has said it."""
        return str(self._first("kind"))

    @property
    def kind_in_words(self) -> str:
        """The kind in the reader's language."""
        return str(dict(Measure.Kind.choices).get(self.kind, ""))

    @property
    def title(self) -> str:
        """In the language in which it was reported; the ISU's where the report gives none."""
        return str(self._first("title"))

    @property
    def title_en(self) -> str:
        """In English, where the ISU has noted it and it says more."""
        said = self.note.title_en if self.note else ""
        return said if said != self.title else ""

    @property
    def citation(self) -> str:
        """Where it is published."""
        return str(self._first("citation"))

    @property
    def effective_on(self) -> dt.date | None:
        """Since when it is in force."""
        found: dt.date | None = self._first("effective_on", None)
        return found

    @property
    def penal(self) -> bool | None:
        """Whether it has penal sanctions; None: nobody has said."""
        found: bool | None = self._first("penal", None)
        return found

    @property
    def bans_investment(self) -> bool | None:
        """Whether it forbids investment: Form A does not ask, so only a note says so."""
        return self.note.bans_investment if self.note else None

    @property
    def text(self) -> Upload | None:
        """The text of the law as a file."""
        found: Upload | None = self._first("text", None)
        return found

    @property
    def report(self) -> Report | None:
        """The report whose word it is."""
        return self.reported.report if self.reported else None

    def _first(self, name: str, empty: Any = "") -> Any:
        for one in (self.reported, self.note):
            value = getattr(one, name) if one is not None else empty
            if value not in (None, ""):
                return value
        return empty

    def fits(self, group: MeasureGroup) -> bool:
        """Whether the measure gives its State this status; every word of the rule is in the row."""
        return (
            (not group.kinds or self.kind in group.kinds)
            and (not group.penal or self.penal is True)
            and (not group.bans_investment or self.bans_investment is True)
            and (not group.while_reported or self.in_latest)
        )


def reported(on: dt.date, state: State | None = None) -> QuerySet[Measure]:
    """Of each measure the row of the newest report, of those public on the day, that carries it."""
    rows = Measure.objects.filter(report__in=Report.objects.published_by(on))
    if state is not None:
        rows = rows.filter(state=state)
    return (
        rows.select_related("report", "text")
        .annotate(
            transcribed=Exists(Transcription.objects.confirmed().filter(report=OuterRef("report")))
        )
        .defer("report__marks", "report__note")
        .order_by("state_id", "row", "-report__year", "-report__published_on", "-report_id", "pk")
        .distinct("state_id", "row")
    )


def lines(on: dt.date, state: State | None = None) -> dict[str, list[Line]]:
    """The measures of each State, of those that have any; three queries at most.

    Newest report first, and in its order; then what only the ISU knows of. A report that came as a
    file alone says nothing of single measures, so it makes none of them old.
    """
    notes: dict[tuple[str, str], MeasureNote] = {}
    alone: list[MeasureNote] = []
    noted = MeasureNote.objects.shown().filter(noted_on__lte=on).select_related("text")
    for note in noted.filter(state=state) if state is not None else noted:
        if note.about:
            notes[note.state_id, note.about] = note
        else:
            alone.append(note)
    found: dict[str, list[Line]] = defaultdict(list)
    rows = sorted(reported(on, state), key=lambda row: (-row.report.year, row.position, row.pk))
    latest = _latest(on, state) if rows else {}
    for row in rows:
        # What a correction of the same report left out is in none of its rows any more.
        in_latest = latest.get(row.state_id) == row.report_id
        note_of_row = notes.get((row.state_id, row.row))
        found[row.state_id].append(Line(row.state_id, row, note_of_row, in_latest))
    for note in alone:
        found[note.state_id].append(Line(note.state_id, None, note, True))
    return dict(found)


def _latest(on: dt.date, state: State | None) -> Mapping[str, int]:
    """The newest public report of each State that answers Form A row by row, or as confirmed."""
    answered = FormAnswers.objects.filter(report=OuterRef("pk"), form=FORM)
    confirmed = TranscribedForm.objects.filter(
        transcription__report=OuterRef("pk"), transcription__status=CONFIRMED, form=FORM
    ).exclude(said={})
    rows = Report.objects.published_by(on).filter(Q(Exists(answered)) | Q(Exists(confirmed)))
    if state is not None:
        rows = rows.filter(state=state)
    return dict(
        rows.order_by("state", "-year", "-published_on", "-pk")
        .distinct("state")
        .values_list("state", "pk")
    )


def groups() -> QuerySet[MeasureGroup]:
    """The statuses that the ISU uses, in their order; one query, once they are read."""
    return MeasureGroup.objects.all()


def statuses(found: Iterable[Line], known: Iterable[MeasureGroup]) -> list[MeasureGroup]:
    """The statuses that these measures give their State; none: nothing is recorded here."""
    measures = list(found)
    if not measures:
        return []
    return [group for group in known if any(line.fits(group) for line in measures)]
