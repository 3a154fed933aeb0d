"""A transcription in words, as its pages and the public page of its report show it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reporting import coverpage, reading
from reporting.boxes import Names
from reporting.models import Transcription
from reporting.reading import FormRead
from reporting.transcription.confirmed import as_answers
from reporting.versions import schema_of


def not_typed() -> str:
    """What a question says into which the ISU typed nothing: the State may well have answered."""
    return _("not transcribed; see the file")


def read(row: Transcription) -> list[FormRead]:
    """Each form in which something was typed, as pages read answers; two queries."""
    report = row.report
    typed = {one.form: as_answers(one, report) for one in row.forms.all()}
    lines = {line.form.key: line for line in coverpage.lines(report.marks, report.language)}
    names = Names()
    return [
        reading.read_form(
            form, report.language, lines[form.key], typed[form.key], names, {}, empty=not_typed()
        )
        for form in schema_of(report).in_order(report.language)
        if form.key in typed and (typed[form.key].said or typed[form.key].unread)
    ]
