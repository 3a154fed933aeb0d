"""The public answers about published transparency reports: lists, answers, forms, figures."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field

from reporting import language_versions, noting
from reporting.models import PUBLISHED, Figure, Report
from reporting.over_time import label
from reporting.transcription import confirmed
from reporting.versions import SCHEMAS, schema_of
from states.answers import Answer, AsAt, Asked, Number, One, Problem, Question, page

API = "/api/v1"
# Figures that are held at once while they are sent.
AT_ONCE = 500
REFERENCE = re.compile(r"[A-Z0-9-]{1,60}")


class ReportsQuestion(Question):
    """Parameters of /reports."""

    kind: Literal["initial", "annual", "voluntary"] | None = Field(None)
    year: Number | None = Field(None, description="The calendar year reported on.")


class ReportAnswer(Schema):
    """A published report."""

    state: str
    kind: Literal["initial", "annual", "voluntary"]
    year: int
    version: int
    covers_from: dt.date
    covers_to: dt.date
    language: str
    reference: str
    published_on: dt.date
    page: str
    sha256: str
    demo: bool


class Reports(Schema):
    """A page of reports, by the code of the State, newest year first."""

    count: int
    items: list[ReportAnswer]


def reports(question: ReportsQuestion) -> dict[str, Any]:
    """The last version of each report that was public on the day."""
    on = question.as_at or localdate()
    rows = Report.objects.published(on)
    if question.state:
        rows = rows.filter(state=question.state)
    if question.kind:
        rows = rows.filter(kind=question.kind)
    if question.year is not None:
        rows = rows.filter(year=question.year)
    chosen = rows.select_related("state", "original").order_by(
        "state_id", "-year", "kind", "-number", "pk"
    )
    items = [_facts(row) for row in chosen[question.offset : question.offset + question.limit]]
    return page(question, rows.count(), items)


def _facts(row: Report) -> dict[str, Any]:
    """What is said of a report wherever it stands."""
    return {
        "state": row.state_id,
        "kind": row.kind,
        "year": row.year,
        "version": row.number,
        "covers_from": row.covers_from,
        "covers_to": row.covers_to,
        "language": row.language,
        "reference": row.reference,
        "published_on": row.published_on,
        "page": settings.SITE_URL + row.get_absolute_url(),
        "sha256": row.original.sha256 if row.original else "",
        "demo": row.state.demo,
    }


class AttachmentAnswer(Schema):
    """A file that an answer names by its number."""

    number: int
    form: str
    name: str
    media_type: str
    sha256: str
    address: str


class LanguageVersionAnswer(Schema):
    """The report in another language: the original, an official or a courtesy translation."""

    language: str
    kind: Literal["original", "official", "courtesy"]
    added_by: Literal["state", "secretariat"]
    added_on: dt.date
    name: str
    media_type: str
    sha256: str
    address: str


class NotUnderstood(Schema):
    """What the State typed and is no answer to its question; `place` is where it stands."""

    form: str
    place: str
    typed: str


class ReportInFull(ReportAnswer):
    """A published report. Beside these facts it has one property for each form, by its key."""

    model_config = ConfigDict(extra="allow")

    forms: str = Field(description="The version of the forms.")
    valid_against: str = Field(description="The address of the JSON Schema of those forms.")
    replaces: str | None = Field(description="The reference of the published version before it.")
    replaced_by: str | None = Field(description="The reference of the version that now counts.")
    cover_page: dict[str, dict[str, Any]]
    attachments: list[AttachmentAnswer]
    language_versions: list[LanguageVersionAnswer]
    not_understood: list[NotUnderstood]
    transcribed: dt.date | None = Field(
        description="Where the report is a file that the ISU transcribed: the day on which the "
        "State confirmed the figures."
    )


def report(question: AsAt, reference: str) -> dict[str, Any]:
    """One published report with what the State answered in each form.

    Any published version can be asked for. Each of the ten form keys stands at the top level and
    holds the answers to that form, {} where nothing was answered in it: a report that came as a
    file has its answers in the file, and here what the State confirmed of the ISU's transcription
    (`transcribed` says when it did). A file in an answer is a number; `attachments` lists, for each
    number, its name, SHA-256 and public address. The whole is valid against
    the schema at `valid_against`.
    """
    on = question.as_at or localdate()
    row = _published(reference, on)
    schema = schema_of(row)
    own = list(row.forms.all())
    transcribed = None if own else confirmed.transcription_of(row)
    of_forms = {one.form: one for one in (transcribed.forms.all() if transcribed else own)}
    before = row.amends
    known = before is not None and before.published_on is not None and before.published_on <= on
    later = Report.objects.published_by(on).filter(
        state=row.state_id, kind=row.kind, year=row.year, number__gt=row.number
    )
    return _facts(row) | {
        "forms": row.schema,
        "valid_against": _of_version(row.schema),
        "replaces": before.reference if before is not None and known else None,
        "replaced_by": later.values_list("reference", flat=True).first(),
        "cover_page": {
            form.key: {name: said for name, said in row.marks[form.key].items() if said}
            for form in schema.forms
            if row.marks.get(form.key)
        },
        "attachments": list(_attachments(row)),
        "language_versions": list(_language_versions(row, on)),
        "transcribed": localdate(transcribed.answered_at) if transcribed else None,
        "not_understood": [
            {"form": form.key, "place": place, "typed": typed}
            for form in schema.forms
            if form.key in of_forms
            for place, typed in of_forms[form.key].unread.items()
        ],
        **{
            form.key: of_forms[form.key].said if form.key in of_forms else {}
            for form in schema.forms
        },
    }


def _published(reference: str, on: dt.date) -> Report:
    """The version of that reference; what is not public on the day does not exist."""
    rows = Report.objects.filter(status=PUBLISHED, published_on__lte=on)
    found = (
        rows.select_related("state", "original", "amends").filter(reference=reference).first()
        if REFERENCE.fullmatch(reference)
        else None
    )
    if found is None:
        raise Problem(
            404,
            "No such report",
            "No report that is published has this reference. See /api/v1/reports.",
        )
    return found


def _attachments(row: Report) -> Iterable[dict[str, Any]]:
    for one in row.attachments.select_related("upload").order_by("form", "upload"):
        upload = one.upload
        yield {
            "number": upload.pk,
            "form": one.form,
            "name": upload.name,
            "media_type": upload.media_type,
            "sha256": upload.sha256,
            "address": settings.SITE_URL + reverse("file", args=[upload.pk, upload.name]),
        }


def _language_versions(row: Report, on: dt.date) -> Iterable[dict[str, Any]]:
    for one in language_versions.shown(row):
        if localdate(one.added_at) > on:
            continue
        upload = one.upload
        yield {
            "language": one.language,
            "kind": one.kind,
            "added_by": one.side,
            "added_on": localdate(one.added_at),
            "name": upload.name,
            "media_type": upload.media_type,
            "sha256": upload.sha256,
            "address": settings.SITE_URL + one.file_url,
        }


class FormsAnswer(Schema):
    """A version of the reporting forms, and the address of its JSON Schema."""

    version: str
    title: str
    forms: list[str]
    address: str


class Versions(Schema):
    """All versions of the forms, the oldest first."""

    count: int
    items: list[FormsAnswer]


def schemas(question: Asked) -> dict[str, Any]:
    """The versions of the reporting forms that are in use, the oldest first."""
    items = [
        {
            "version": one.version,
            "title": str(one.title),
            "forms": [form.key for form in one.forms],
            "address": _of_version(one.version),
        }
        for one in _in_use()
    ]
    return {"count": len(items), "items": items}


def schema(question: Asked, version: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a version of the forms.

    Its properties are the keys of the ten forms, and it is strict within each. Facts of a report
    may stand beside them, so that /api/v1/reports/{reference} is valid as it comes.
    """
    for one in _in_use():
        if one.version == version:
            return {"$id": _of_version(version), **one.json_schema()}
    raise Problem(404, "No such version of the forms", "See /api/v1/schemas for those there are.")


def _in_use() -> list[Any]:
    """What the ISU has not confirmed is not shown to anybody as a form of the Convention."""
    return [one for one in SCHEMAS.values() if not one.to_be_confirmed]


def _of_version(version: str) -> str:
    return f"{settings.SITE_URL}{API}/schemas/{version}"


def _form(value: object) -> str:
    known = sorted({form.key for one in SCHEMAS.values() for form in one.forms})
    if value not in known:
        raise ValueError(f"“{value}” is not a form; known are {', '.join(known)}")
    return str(value)


class FiguresQuestion(Question):
    """Parameters of /figures."""

    year: Number | None = Field(None, description="The calendar year reported on.")
    form: Annotated[str, BeforeValidator(_form)] | None = Field(
        None, description="The key of a form, such as clearance."
    )
    demo: Literal["0", "1"] = Field("0", description="1: the fictional States instead.")


class FigureAnswer(Schema):
    """A number in a published report, as reported by the State."""

    state: str
    year: int
    kind: Literal["initial", "annual", "voluntary"]
    reference: str
    form: str
    question: str
    row: str = Field(description="The id of the row; empty outside of tables.")
    row_label: str = Field(description="What the row is about, in the words of the State.")
    column: str
    part: str
    label: str = Field(description="The question in words.")
    number: int | float
    unit: str = Field(description="A unit, the code of a currency, or empty for a count.")
    said: str = Field(
        description="Whose word it is: as reported by the State, or transcribed by the ISU and "
        "confirmed by the State."
    )
    isu_note: str = Field(description="What the ISU notes on it, signed and dated; or empty.")
    isu_number: int | float | None = Field(
        description="The number that the ISU holds beside the State's, if any."
    )
    published_on: dt.date
    page: str
    demo: bool


class Figures(Schema):
    """A page of figures, by State, newest year first, kind, and place in the report."""

    count: int
    items: list[FigureAnswer]


ORDER = ("state_id", "-year", "report__kind", "report_id", "position", "pk")


def figures(question: FiguresQuestion) -> dict[str, Any]:
    """Each number in the last version of each report that was public on the day, as reported.

    The answer gives rows as they stand in the reports, and adds nothing up. Where the ISU has a
    note on a figure it stands beside it: the State's number is never another for it.
    """
    rows = _figures(question)
    chosen = rows[question.offset : question.offset + question.limit]
    return page(question, rows.count(), list(_in_facts(question, chosen)))


def every_figure(question: FiguresQuestion) -> Iterator[dict[str, Any]]:
    """The same from the first to the last, a row at a time."""
    return _in_facts(question, _figures(question).iterator(chunk_size=AT_ONCE))


def _figures(question: FiguresQuestion) -> QuerySet[Figure]:
    on = question.as_at or localdate()
    demo = question.demo == "1"
    rows = Figure.objects.filter(report__in=Report.objects.published_by(on), state__demo=demo)
    for name in ("state", "year", "form"):
        if (value := getattr(question, name)) is not None:
            rows = rows.filter(**{name: value})
    return rows.select_related("report").order_by(*ORDER)


def _in_facts(question: FiguresQuestion, rows: Iterable[Figure]) -> Iterator[dict[str, Any]]:
    called, demo = cache(label), question.demo == "1"
    notes = noting.Notes.on(Report.objects.filter(status=PUBLISHED))
    for row in rows:
        path = (row.form, row.question, row.row, row.column, row.part)
        isu = notes.at(row.report_id, path)
        held = next((one.corrected for one in isu if one.corrected is not None), None)
        yield {
            "state": row.state_id,
            "year": row.year,
            "kind": row.report.kind,
            "reference": row.report.reference,
            "form": row.form,
            "question": row.question,
            "row": row.row,
            "row_label": row.row_label,
            "column": row.column,
            "part": row.part,
            "label": called(row.report.schema, row.form, row.question, row.column, row.part),
            "number": _plain(row.number),
            "unit": row.unit,
            "said": notes.said(row.report_id),
            "isu_note": " ".join(noting.in_a_line(one) for one in isu),
            "isu_number": None if held is None else _plain(held),
            "published_on": row.report.published_on,
            "page": settings.SITE_URL + row.report.get_absolute_url(),
            "demo": demo,
        }


def _plain(number: Decimal) -> int | float:
    return int(number) if number == int(number) else float(number)


ANSWERS = [
    Answer("reports", ReportsQuestion, Reports, reports, ReportAnswer),
    Answer("figures", FiguresQuestion, Figures, figures, FigureAnswer, every_figure),
]
ONES = [
    One("reports/{reference}", AsAt, ReportInFull, report),
    One("schemas", Asked, Versions, schemas),
    One("schemas/{version}", Asked, dict[str, Any], schema),
]
