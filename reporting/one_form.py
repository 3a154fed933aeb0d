"""One form, or one question of it, as several States answered it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reporting import coverpage, noting, reading
from reporting.boxes import Names
from reporting.models import Attachment, FormAnswers, Report, TranscribedForm
from reporting.reading import Cell, FormRead
from reporting.schema import Field, Form, Table
from reporting.transcription import confirmed, shown
from reporting.versions import schema_of


@dataclass(frozen=True, slots=True)
class OfReport:
    """What one report says in the form; `read` is None where nothing is answered here."""

    report: Report
    line: coverpage.Line
    read: FormRead | None
    notes: list[Any]


@dataclass(frozen=True, slots=True)
class Across:
    """One table question of several reports in one table: each row with the report it is of."""

    heads: list[Cell] = field(default_factory=list)
    rows: list[tuple[Report, list[Cell]]] = field(default_factory=list)

    def labelled(self, cells: list[Cell]) -> list[tuple[str, Cell]]:
        """The cells of a row, each with the head of its column, for a narrow screen."""
        return [(head.words, cell) for head, cell in zip(self.heads, cells, strict=True)]


def of_all(reports: Sequence[Report], key: str, question: str = "") -> list[OfReport]:
    """The form as each report has it, in their order; nine queries for any number of reports."""
    answers, uploads, notes, names = _read(reports, key)
    found = []
    for report in reports:
        form = _only(schema_of(report).form(key), question)
        line = next(
            one for one in coverpage.lines(report.marks, report.language) if one.form.key == key
        )
        row = answers.get(report.pk)
        read = None
        if row is not None and form.fields:
            row = _narrowed(row, question)
            if row.said or row.unread:
                empty = shown.not_typed() if report.pk in notes.transcribed else ""
                read = reading.read_form(
                    form, report.language, line, row, names, uploads, empty=empty
                )
        about = _notes(notes, report, noting.path_of(key, question))
        found.append(OfReport(report, line, read, about))
    return found


def across(reports: Sequence[Report], key: str, question: str) -> Across | None:
    """All rows of a table question in one table; None where the question is no table."""
    answers, uploads, _, names = _read(reports, key)
    columns: dict[str, Field] = {}
    lines: list[tuple[Report, dict[str, Any], dict[str, Field]]] = []
    for report in reports:
        asked = _asked(schema_of(report).form(key), question)
        if not isinstance(asked, Table):
            return None
        row = answers.get(report.pk)
        own = {one.key: one for one in asked.columns}
        for line in row.said.get(question, []) if row is not None else []:
            if len(line) > 1:
                lines.append((report, line, own))
                columns |= {name: one for name, one in own.items() if name in line}
    order = [
        one.key
        for report in reports[:1]
        for one in _asked(schema_of(report).form(key), question).columns  # type: ignore[union-attr]
    ]
    used = sorted(columns, key=lambda name: order.index(name) if name in order else len(order))
    return Across(
        [reading.head(columns[name]) for name in used],
        [
            (
                report,
                [
                    reading.cell(own[name], line[name], names, uploads) if name in line else Cell()
                    for name in used
                ],
            )
            for report, line, own in lines
        ],
    )


def _read(
    reports: Sequence[Report], key: str
) -> tuple[dict[int, FormAnswers], dict[int, Any], noting.Notes, Names]:
    keys = [report.pk for report in reports]
    typed = TranscribedForm.objects.filter(transcription__report__in=keys, form=key)
    answers = {row.report_id: row for row in confirmed.answers(typed)}
    answers |= {row.report_id: row for row in FormAnswers.objects.filter(report__in=keys, form=key)}
    files = Attachment.objects.filter(report__in=keys, form=key).select_related("upload")
    uploads = {one.upload_id: one.upload for one in files}
    return answers, uploads, noting.Notes.on(keys), Names()


def _asked(form: Form, question: str) -> Field | None:
    return next((one for one in form.fields if one.key == question), None)


def _only(form: Form, question: str) -> Form:
    if not question:
        return form
    return replace(form, fields=tuple(one for one in form.fields if one.key == question))


def _narrowed(row: FormAnswers, question: str) -> FormAnswers:
    if not question:
        return row
    return FormAnswers(
        report_id=row.report_id,
        form=row.form,
        said={name: value for name, value in row.said.items() if name == question},
        unread={
            name: text for name, text in row.unread.items() if name.partition(".")[0] == question
        },
    )


def _notes(notes: noting.Notes, report: Report, path: Sequence[str]) -> list[str]:
    """The ISU's notes within the form, each with what it is about."""
    return [
        noting.about_in_a_line(one, report, noting.asked_by(one, report))
        for one in notes.within(report.pk, path)
    ]
