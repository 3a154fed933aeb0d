"""One report as the secretariat reviews it: form by form, with what is doubted, asked and new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from reporting import counted, coverpage, doubting, over_time, threads
from reporting.boxes import Names
from reporting.comparing import Compared, FormCompared, compare
from reporting.doubting import Doubted
from reporting.models import Embargo, FormAnswers, PublicationWish, Report, Transcription
from reporting.models.transcriptions import SENT
from reporting.schema import Form, Table
from reporting.threads import Thread
from reporting.transcription import confirmed
from reporting.unreleased import FIGURES, unreleased
from reporting.versions import schema_of
from states.words import colon

# Figures at a glance: the others stand in the forms.
MOST_FIGURES = 40
# Rows that the page offers to ask about; one further down is named in words.
MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class FormReviewed:
    """One form: its line of the cover page, how much is answered, doubts, questions, differences.

    `answered` counts the questions of the form with an answer, out of `questions`; `rows` the rows
    of its tables; `unread` what was typed and is no answer. `places` are what may be asked about.
    """

    form: Form
    letter: str
    line: coverpage.Line
    answered: int
    questions: int
    rows: int
    unread: int
    doubts: list[Doubted]
    threads: list[Thread]
    compared: FormCompared | None
    places: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FigureSeen:
    """A number of the report in words: what it is about, the row, the number with its unit."""

    label: str
    row: str
    number: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Everything that the page of a review shows. `others` are what it may be compared with.

    `figures_letter` is the number of the letter about the transcription while it is held.
    """

    report: Report
    forms: list[FormReviewed]
    doubts: list[Doubted]
    threads: list[Thread]
    others: list[Report]
    compared: Compared | None = None
    figures: list[FigureSeen] = field(default_factory=list)
    more_figures: int = 0
    embargo: Embargo | None = None
    wish: PublicationWish | None = None
    transcription: Transcription | None = None
    figures_letter: int | None = None

    @property
    def general_doubts(self) -> list[Doubted]:
        """Those that are about no form."""
        return [one for one in self.doubts if not one.form]

    @property
    def general_threads(self) -> list[Thread]:
        """Questions about the whole report."""
        return [one for one in self.threads if one.form is None]

    @property
    def with_content(self) -> int:
        """How many forms hold an answer."""
        return sum(1 for one in self.forms if one.answered)

    @property
    def confirmed(self) -> int:
        """On how many doubts the State has given its word."""
        return sum(1 for one in self.doubts if one.confirmed)


def others(report: Report) -> list[Report]:
    """What the report may be compared with: its earlier versions, newest first, then other years.

    Of other years the last version of each report, of years before this one.
    """
    rows = list(
        Report.objects.handed_in()
        .filter(state=report.state_id, year__lte=report.year)
        .exclude(pk=report.pk)
        .select_related("original")
        .order_by("-year", "kind", "-number")
    )
    same = [one for one in rows if (one.kind, one.year) == (report.kind, report.year)]
    earlier = [one for one in same if one.number < report.number]
    newest: dict[tuple[str, int], Report] = {}
    for one in rows:
        if one not in same:
            newest.setdefault((one.kind, one.year), one)
    return [*earlier, *newest.values()]


def review(report: Report, with_: int | None = None) -> Reviewed:
    """The report as it is reviewed, beside `with_` (a number of `others`), or the nearest of them.

    The same number of queries, however much was answered.
    """
    rows = {row.form: row for row in confirmed.answers_of(report)}
    found = doubting.as_of_today(report, doubting.of_report(report))
    said = threads.with_letters(threads.of_report(report))
    choices = others(report)
    other = next((one for one in choices if one.pk == with_), choices[0] if choices else None)
    compared = compare(other, report, Names()) if other is not None else None
    beside = {one.form.key: one for one in compared.forms} if compared else {}
    lines = {line.form.key: line for line in coverpage.lines(report.marks, report.language)}
    forms = [
        _form(form, report, lines[form.key], rows.get(form.key), found, said, beside.get(form.key))
        for form in schema_of(report).in_order(report.language)
    ]
    typed = Transcription.objects.standing().filter(report=report).first()
    figures = [_figure(report, one) for one in counted.figures_in(report)]
    return Reviewed(
        report,
        forms,
        found,
        said,
        choices,
        compared,
        figures[:MOST_FIGURES],
        max(0, len(figures) - MOST_FIGURES),
        Embargo.objects.standing().filter(report=report).select_related("made_by").first(),
        PublicationWish.objects.filter(report=report).select_related("made_by").first(),
        typed,
        unreleased(FIGURES, [typed.pk]).get(typed.pk)
        if typed is not None and typed.status == SENT
        else None,
    )


def _form(
    form: Form,
    report: Report,
    line: coverpage.Line,
    row: FormAnswers | None,
    found: list[Doubted],
    said: list[Thread],
    compared: FormCompared | None,
) -> FormReviewed:
    answers = row.said if row else {}
    return FormReviewed(
        form=form,
        letter=form.letter_in(report.language),
        line=line,
        answered=sum(1 for one in form.fields if answers.get(one.key) not in (None, [])),
        questions=len(form.fields),
        rows=sum(len(value) for value in answers.values() if isinstance(value, list)),
        unread=len(row.unread) if row else 0,
        doubts=[one for one in found if one.form == form.key],
        threads=[one for one in said if one.question.form == form.key],
        compared=compared,
        places=[("", _("the whole form")), *_places(form, answers)],
    )


def _places(form: Form, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The questions of a form, and of each table its first rows: what may be asked about."""
    for asked in form.fields:
        yield asked.key, str(asked.label)
        if isinstance(asked, Table):
            rows = answers.get(asked.key, [])[:MOST_ROWS]
            for number, row in enumerate(rows, start=1):
                words = {"table": asked.label, "number": number}
                place = _("%(table)s, row %(number)s") % words
                about = counted.about(asked, row)
                yield f"{asked.key}.{row['id']}", colon(place, about) if about else place


def _figure(report: Report, one: counted.Figure) -> FigureSeen:
    label = over_time.label(report.schema, one.form, one.question, one.column, one.part)
    number = f"{one.number:,f}".rstrip("0").rstrip(".") if one.number % 1 else f"{one.number:,.0f}"
    return FigureSeen(label, one.row_label, f"{number} {one.unit}".strip())
