"""Everything that published reports say, an answer a row, for files of any size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from records.bundles import Member
from records.models import Upload
from reporting import counted, noting
from reporting.differences import label_of
from reporting.models import (
    Attachment,
    FigureNote,
    FormAnswers,
    LanguageVersion,
    Report,
    TranscribedForm,
    Transcription,
)
from reporting.schema import File, Leaf, Level, Money, Table
from reporting.transcription import confirmed
from reporting.versions import schema_of

# Reports that are held at once: a full one has some thousand answers.
AT_ONCE = 8
# Keys for programs, the same in every language, with the width of each column in characters.
COLUMNS = {
    "iso3": 6,
    "state": 24,
    "year": 6,
    "kind": 10,
    "version": 8,
    "reference": 16,
    "form": 22,
    "letter": 6,
    "question": 14,
    "row": 10,
    "row_label": 24,
    "column": 14,
    "part": 12,
    "label": 40,
    "value": 40,
    "unit": 8,
    "voluntary": 10,
    "understood": 11,
    "said": 24,
    "isu_note": 40,
    "published_on": 14,
    "page": 40,
    "demo": 8,
}
INDEX = (
    "file", "what", "iso3", "state", "kind", "year", "covers_from", "covers_to", "language",
    "version", "reference", "published_on", "name_as_received", "size", "sha256", "page", "demo",
)  # fmt: skip


def answers(
    reports: QuerySet[Report], names: Mapping[str, str], form: str = "", question: str = ""
) -> Iterator[list[dict[str, Any]]]:
    """The answers of reports in their order, report by report; of one form or question if named.

    `names` are the States' names by their codes. In memory at a time are a few reports, however
    many there are: the same queries for each `AT_ONCE` of them.
    """
    of_form: QuerySet[FormAnswers] = FormAnswers.objects.order_by("pk")
    if form:
        of_form = of_form.filter(form=form)
    typed: QuerySet[TranscribedForm] = TranscribedForm.objects.order_by("pk")
    if form:
        typed = typed.filter(form=form)
    confirmed_ones = Transcription.objects.confirmed().prefetch_related(
        Prefetch("forms", typed, to_attr="typed")
    )
    rows = reports.select_related("state").prefetch_related(
        Prefetch("transcriptions", confirmed_ones, to_attr="confirmed"),
        Prefetch("forms", of_form, to_attr="answered"),
        Prefetch("attachments", Attachment.objects.select_related("upload"), to_attr="files"),
        Prefetch("figure_notes", FigureNote.objects.standing(), to_attr="noted"),
    )
    for report in rows.iterator(chunk_size=AT_ONCE):
        yield list(_of_report(report, names, question))


def _of_report(report: Any, names: Mapping[str, str], question: str) -> Iterator[dict[str, Any]]:
    schema = schema_of(report)
    said = {row.form: row for row in report.answered}
    if not said:
        # A file of the State, whose figures the ISU typed and the State confirmed.
        said = {
            row.form: confirmed.as_answers(row, report)
            for one in report.confirmed
            for row in one.typed
        }
    uploads = {one.upload_id: one.upload for one in report.files}
    notes = noting.Notes({report.pk: report.noted}, {report.pk} if report.confirmed else set())
    facts = _facts(report, names)
    for form in schema.in_order(report.language):
        row = said.get(form.key)
        if row is None:
            continue
        about = {"form": form.key, "letter": form.letter_in(report.language)}
        lines = {
            (table.key, line["id"]): (table, line)
            for table in form.fields
            if isinstance(table, Table)
            for line in row.said.get(table.key, [])
        }
        known: dict[tuple[str, str, str], tuple[str, str]] = {}
        for leaf in schema.leaves({form.key: row.said}):
            if question and leaf.path[1] != question:
                continue
            yield facts | about | _answer(leaf, lines, row, uploads, report, notes, known)
        for place, typed in row.unread.items():
            asked, *rest = place.split(".")
            if question and asked != question:
                continue
            yield (
                facts
                | about
                | {
                    "question": asked,
                    "row": rest[0] if len(rest) > 1 else "",
                    "column": rest[1] if len(rest) > 1 else "",
                    "label": label_of(form, place),
                    "value": typed,
                    "understood": False,
                    "said": notes.said(report.pk),
                }
            )


def _facts(report: Report, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "iso3": report.state_id,
        "state": names.get(report.state_id, report.state_id),
        "year": report.year,
        "kind": report.kind,
        "version": report.number,
        "reference": report.reference,
        "published_on": report.published_on,
        "page": settings.SITE_URL + report.get_absolute_url(),
        "demo": report.state.demo,
    }


def _answer(
    leaf: Leaf,
    lines: Mapping[tuple[str, str], tuple[Table, Mapping[str, Any]]],
    row: FormAnswers,
    uploads: Mapping[int, Upload],
    report: Report,
    notes: noting.Notes,
    known: dict[tuple[str, str, str], tuple[str, str]],
) -> dict[str, Any]:
    """One answer; `known` keeps the words and the unit of each question that was met before."""
    _form, question, line_id, column, part = leaf.path
    table, line = lines.get((question, line_id), (None, row.said))
    label, unit = known.get((question, column, part)) or ("", "")
    if not label:
        words = [table.label] if table is not None else []
        words += [leaf.field.label, *([leaf.simple.label] if part else [])]
        label, unit = ": ".join(map(str, words)), counted.unit_of(leaf, line)
        if not isinstance(leaf.field, Money):  # its currency is another in each row
            known[question, column, part] = label, unit
    return {
        "question": question,
        "row": line_id,
        "row_label": counted.about(table, line) if table is not None else "",
        "column": column,
        "part": part,
        "label": label,
        "value": _value(leaf, uploads),
        "unit": unit,
        "voluntary": leaf.simple.level is Level.VOLUNTARY,
        "understood": True,
        "said": notes.said(report.pk),
        "isu_note": " ".join(
            noting.in_a_line(one, leaf.simple) for one in notes.at(report.pk, leaf.path)
        ),
    }


def _value(leaf: Leaf, uploads: Mapping[int, Upload]) -> Any:
    """As it is kept: numbers as numbers, days the ISO way, keys of choices; of a file its page."""
    if isinstance(leaf.simple, File):
        upload = uploads.get(leaf.value)
        if upload is None:
            return ""
        return settings.SITE_URL + reverse("file", args=[upload.pk, upload.name])
    return Decimal(repr(leaf.value)) if isinstance(leaf.value, float) else leaf.value


def file_name(report: Report) -> str:
    """The name of a report's file among others: article-7_LAO_2025_en_v1.pdf."""
    assert report.original is not None  # what is published has a file
    kind = "" if report.kind == Report.Kind.ANNUAL else f"_{report.kind}"
    ending = _ending(report.original.name)
    return (
        f"article-7_{report.state_id}_{report.year}{kind}_{report.language}_v{report.number}"
        f".{ending}"
    )


def _ending(name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    return ending if ending.isascii() and ending.isalnum() and len(ending) < 6 else "bin"


def files(
    reports: QuerySet[Report], names: Mapping[str, str]
) -> list[tuple[Member, dict[str, Any]]]:
    """The files of reports as they were received, each with its line of the index; four queries.

    Of each report the file itself, its versions in other languages and its annexes, as far as they
    stand and nothing was found in them.
    """
    rows = reports.select_related("state", "original").defer("marks", "note")
    standing = LanguageVersion.objects.standing().select_related("upload").order_by("pk")
    annexed = Attachment.objects.select_related("upload").order_by("pk")
    rows = rows.filter(original__isnull=False).prefetch_related(
        Prefetch("language_versions", standing, to_attr="translated"),
        Prefetch("attachments", annexed, to_attr="files"),
    )
    return [
        (
            Member(name, upload.path),
            _facts(report, names)
            | {
                "file": name,
                "what": what,
                "covers_from": report.covers_from,
                "covers_to": report.covers_to,
                "language": language,
                "name_as_received": upload.name,
                "size": upload.size,
                "sha256": upload.sha256,
            },
        )
        for report in rows
        for name, what, language, upload in _files_of(report)
        if upload.verdict != Upload.Verdict.INFECTED
    ]


def _files_of(report: Any) -> Iterator[tuple[str, str, str, Upload]]:
    """The name in a bundle, what it is, its language where one is said, and the file."""
    yield file_name(report), "report", report.language, report.original
    kind = "" if report.kind == Report.Kind.ANNUAL else f"_{report.kind}"
    of_report = f"article-7_{report.state_id}_{report.year}{kind}"
    for one in report.translated:
        what = (
            "original" if one.kind == LanguageVersion.Kind.ORIGINAL else f"{one.kind}-translation"
        )
        name = f"{of_report}_{one.language}_{what}_v{report.number}.{_ending(one.upload.name)}"
        yield name, what.replace("-", " "), one.language, one.upload
    once = {one.upload_id: one.upload for one in report.files}
    for number, upload in enumerate(once.values(), start=1):
        name = f"{of_report}_v{report.number}_annex-{number}.{_ending(upload.name)}"
        yield name, "annex", "", upload
