"""The ISU's notes beside what States reported: made and withdrawn by staff, read by everybody."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from records.models.events import record
from records.workflow import Refused
from reporting.models import PUBLISHED, FigureNote, Report, Transcription
from reporting.schema import Breakdown, Field, Money, Number, Path, Table, simple
from reporting.versions import schema_of
from states import access
from states.models import User
from states.words import colon, day

LONGEST, LONGEST_NAME = 2_000, 200
type Place = Sequence[str]


def place_in_words(report: Report, path: Place) -> str:
    """What a note is about: "Form B: Total stock: Quantity", or the whole report."""
    form_key, question, _row, column, part = (*path, "", "", "", "")[:5]
    if not form_key:
        return _("the whole report")
    form = schema_of(report).form(form_key)
    said = _("Form %(letter)s") % {"letter": form.letter_in(report.language)}
    if not question:
        return colon(said, form.title)
    asked = form.field(question)
    words: list[Any] = [asked.label]
    if column and isinstance(asked, Table):
        asked = {one.key: one for one in asked.columns}[column]
        words.append(asked.label)
    if part:
        words.append(dict(simple(asked))[part].label)
    for word in words:
        said = colon(said, word)
    return said


def places(report: Report) -> list[tuple[str, str]]:
    """Where a note may stand in a report, each with its words: the report, forms, figures."""
    found = [("", _("the whole report"))]
    for form in schema_of(report).in_order(report.language):
        found.append((form.key, place_in_words(report, (form.key,))))
        for asked in form.fields:
            columns: list[tuple[str, Field]] = (
                [(one.key, one) for one in asked.columns]
                if isinstance(asked, Table)
                else [("", asked)]
            )
            for column, one in columns:
                if one.figure:
                    path = (form.key, asked.key, "", column)
                    found.append((".".join(path), place_in_words(report, path)))
    return found


@transaction.atomic
def note(
    report: Report,
    place: str,
    *,
    by: User,
    text: str,
    source: str,
    signed_by: str,
    signed_on: dt.date,
    corrected: Decimal | None = None,
) -> FigureNote:
    """Puts a note beside a report, a form or a figure of it. Raises `Refused`.

    `place` is one of `places`. A number goes with a figure.
    """
    row = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not (answer := access.may(by, "publish_report", row.state)):
        raise Refused(answer.reason)
    if row.status != PUBLISHED:
        raise Refused(_("%(report)s is not public: there is nothing to note on.") % {"report": row})
    if place not in dict(places(row)):
        raise Refused(_("This report has no such form or figure. Choose one from the list."))
    if corrected is not None and place.count(".") < 3:
        raise Refused(_("A number goes with a figure: choose one from the list."))
    if signed_on > timezone.localdate():
        raise Refused(_("%(day)s has not come yet.") % {"day": day(signed_on)})
    form, question, line, column = (*place.split("."), "", "", "", "")[:4]
    made = FigureNote.objects.create(
        report=row,
        form=form,
        question=question,
        row=line,
        column=column,
        text=text.strip()[:LONGEST],
        corrected=corrected,
        source=source.strip()[:LONGEST_NAME],
        signed_by=signed_by.strip()[:LONGEST_NAME],
        signed_on=signed_on,
        made_by=by,
    )
    said = colon(place_in_words(row, made.path), made.text)
    record("note", row, by=by, state=row.state, note=said)
    return made


@transaction.atomic
def withdraw(one: FigureNote, *, by: User, why: str) -> FigureNote:
    """Takes a note out of the public's sight; it is kept, with the reason. Raises `Refused`."""
    row = FigureNote.objects.select_for_update(of=("self",)).get(pk=one.pk)
    if not (answer := access.may(by, "publish_report", row.report.state)):
        raise Refused(answer.reason)
    if row.withdrawn_at is not None:
        raise Refused(_("This note was withdrawn already."))
    if not why.strip():
        raise Refused(_("Say why the note is withdrawn."))
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = timezone.now(), by, why.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    report = row.report
    said = f"{row.text} – {row.withdrawn_why}"
    record("withdraw-note", report, by=by, state=report.state, note=said)
    return row


@dataclass
class Notes:
    """The notes that stand on some reports, read once."""

    by_report: dict[int, list[FigureNote]] = field(default_factory=lambda: defaultdict(list))
    # Reports whose answers the ISU transcribed from a file, and the State confirmed.
    transcribed: set[int] = field(default_factory=set)

    @classmethod
    def on(cls, reports: Iterable[Any]) -> Notes:
        """Of reports, by their keys or a query for them; two queries."""
        notes = cls()
        rows = FigureNote.objects.standing().filter(report__in=reports).order_by("signed_on", "pk")
        for one in rows:
            notes.by_report[one.report_id].append(one)
        confirmed = Transcription.objects.confirmed().filter(report__in=reports)
        notes.transcribed.update(confirmed.values_list("report", flat=True))
        return notes

    def at(self, report: int, path: Place) -> list[FigureNote]:
        """The notes that speak of an answer, on itself or on what it is part of."""
        return [one for one in self.by_report.get(report, ()) if _covers(one.path, path)]

    def within(self, report: int, path: Place) -> list[FigureNote]:
        """The notes that speak of an answer, of what it is part of, or of a part of it."""
        return [
            one
            for one in self.by_report.get(report, ())
            if _covers(one.path, path) or _covers(path, one.path)
        ]

    def said(self, report: int) -> str:
        """Whose word the answers of a report are: the State's, or what it confirmed as its own."""
        if report in self.transcribed:
            return _("as reported by the State; transcribed by the ISU, confirmed by the State")
        return _("as reported by the State")


def _covers(wide: Place, narrow: Place) -> bool:
    return all(not one or one == other for one, other in zip(wide, narrow, strict=False))


def signature(one: FigureNote) -> str:
    """Who signs, when, and from what: "Implementation officer, 3 May 2026; source: letter"."""
    return _("%(who)s, %(day)s; source: %(source)s") % {
        "who": one.signed_by,
        "day": day(one.signed_on),
        "source": one.source,
    }


def asked_by(one: FigureNote, report: Report) -> Field | None:
    """The question that a note is on, with whose unit its number is written."""
    if not one.question:
        return None
    asked = schema_of(report).form(one.form).field(one.question)
    if isinstance(asked, Table) and one.column:
        return {column.key: column for column in asked.columns}[one.column]
    return asked


def of_report(report: Report) -> list[str]:
    """All notes that stand on a report, in words; one query."""
    rows = FigureNote.objects.standing().filter(report=report).order_by("signed_on", "pk")
    return [about_in_a_line(one, report, asked_by(one, report)) for one in rows]


def in_a_line(one: FigureNote, asked: Field | None = None) -> str:
    """A note as it stands in a cell: whose, the number if any, the text, the signature."""
    text = one.text
    if one.corrected is not None:
        text = f"{number_in_words(one.corrected, asked)}. {text}"
    return f"{colon(_('ISU note'), text)} ({signature(one)})"


def about_in_a_line(one: FigureNote, report: Report, asked: Field | None = None) -> str:
    """The same with what the note is about before it."""
    return colon(place_in_words(report, one.path), in_a_line(one, asked))


def number_in_words(number: Decimal, asked: Field | None) -> str:
    """A number with the unit of its question."""
    plain = int(number) if number == int(number) else float(number)
    if isinstance(asked, (Breakdown, Money)):
        asked = next(simple(asked))[1]
    return asked.shown(plain) if isinstance(asked, Number) else f"{plain:,}"


def path_of(form: str, question: str, row: str = "", column: str = "", part: str = "") -> Path:
    """The place of an answer, as notes know it."""
    return form, question, row, column, part
