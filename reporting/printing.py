"""The answers as paper prints them: nothing by colour alone, no blanks, photographs, annexes."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, cast

import structlog
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records import pictures
from records.models import Upload
from reporting.models import Report
from reporting.reading import Cell, FormRead, Read
from reporting.schema import Photograph, Table
from states.words import colon

log = structlog.get_logger(__name__)
# A page of a report is some 16 cm wide: 150 points an inch.
LONGEST_SIDE = 960
# More would make a file that no thin line bears; all of them stand in the list of annexes.
MOST_PHOTOGRAPHS = 40
SHORT_HASH = 16


@dataclass(frozen=True, slots=True)
class Printed:
    """A photograph on paper: `data` is its address within the page, or a sentence says why not."""

    number: int
    caption: str
    alternative: str
    data: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Annex:
    """A file that goes with the report, with the forms that name it."""

    name: str
    forms: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What a paper prints of a report's answers; `left_out` says how many photographs are not."""

    forms: list[FormRead]
    photographs: list[Printed]
    annexes: list[Annex]
    left_out: str


def on_paper(forms: list[FormRead], report: Report) -> OnPaper:
    """The forms with their photographs and annexes; one query, and one file at a time."""
    numbers: dict[int, int] = {}
    shown: list[Printed] = []
    made = [_form(one, numbers, shown) for one in forms]
    more = len(numbers) - len(shown)
    left_out = ngettext(
        "%(count)s more photograph is attached and not printed here.",
        "%(count)s more photographs are attached and not printed here.",
        more,
    )
    return OnPaper(
        made, shown, list(_annexes(forms, report)), left_out % {"count": more} if more else ""
    )


def _form(one: FormRead, numbers: dict[int, int], shown: list[Printed]) -> FormRead:
    columns = {
        str(field.label)
        for asked in one.form.fields
        for field in (asked.columns if isinstance(asked, Table) else (asked,))
        if isinstance(field, Photograph)
    }
    questions = [_question(one, asked, columns, numbers, shown) for asked in one.questions]
    return replace(one, questions=questions)


def _question(
    form: FormRead,
    asked: Read,
    photographs: set[str],
    numbers: dict[int, int],
    shown: list[Printed],
) -> Read:
    """The question with its photographs numbered, what is voluntary said, and no blank cell."""

    def cell(one: Cell, about: str, head: Cell) -> Cell:
        if head.words in photographs and one.upload is not None:
            return replace(one, words=_numbered(form, one.upload, about, numbers, shown))
        return one if one.words else replace(one, words="–", is_number=head.is_number)

    answer = asked.answer
    if answer is not None:
        answer = cell(answer, asked.label, Cell(asked.label))
        if answer.words == _("nothing reported"):
            answer = replace(answer, words=_("nil (nothing reported)"))
    rows = [
        [cell(one, _about(row), head) for one, head in zip(row, asked.heads, strict=True)]
        for row in asked.rows
    ]
    return replace(
        asked,
        label=_said(asked.label, voluntary=asked.voluntary),
        answer=answer,
        # Within a voluntary table every column is, and its title says so.
        heads=[
            replace(one, words=_said(one.words, voluntary=one.voluntary and not asked.voluntary))
            for one in asked.heads
        ],
        rows=rows,
    )


def _said(label: str, *, voluntary: bool) -> str:
    return f"{label} {_('(voluntary)')}" if voluntary else label


def _about(row: list[Cell]) -> str:
    """What a row is about: its first words, and the next where there are some."""
    words = [one.words for one in row if one.words and one.upload is None and not one.is_number]
    return ", ".join(" ".join(each.split()) for each in words[:2])


def _numbered(
    form: FormRead, upload: Upload, about: str, numbers: dict[int, int], shown: list[Printed]
) -> str:
    """What stands in the cell; the photograph itself is printed once, however often it is named."""
    number = numbers.setdefault(upload.pk, len(numbers) + 1)
    called = _("Photograph %(number)s") % {"number": number}
    if number > len(shown) and number <= MOST_PHOTOGRAPHS:
        place = _("Form %(letter)s: %(title)s") % {"letter": form.letter, "title": form.form.title}
        caption = colon(called, " · ".join(filter(None, (about, upload.name, place))))
        data, sentence = _picture(upload)
        alternative = _("Photograph of %(what)s, as the State attached it") % {
            "what": about or upload.name
        }
        shown.append(Printed(number, caption, alternative, data, sentence))
    return colon(called, upload.name)


def _picture(upload: Upload) -> tuple[str, str]:
    """The picture as a part of the page, or the sentence that stands in its place.

    A report is never refused for its pictures: they were examined when they came, and the file
    itself goes with the report.
    """
    if upload.verdict == Upload.Verdict.INFECTED:
        return "", _("It is not printed: the antivirus found something in the file.")
    try:
        with default_storage.open(upload.path, "rb") as file:
            content = pictures.for_paper(cast("BinaryIO", file), LONGEST_SIDE)
    except pictures.TooLarge:
        return "", _("It is too large to be printed here; the file goes with the report.")
    except (pictures.Broken, OSError, MemoryError) as fault:
        log.warning("photograph_not_printed", upload=upload.pk, fault=str(fault)[:200])
        return "", _("It could not be read as a picture; the file goes with the report.")
    return "data:image/jpeg;base64," + base64.b64encode(content).decode(), ""


def _annexes(forms: list[FormRead], report: Report) -> Iterator[Annex]:
    letters = {one.form.key: one.letter for one in forms}
    named: dict[int, tuple[Upload, list[str]]] = {}
    for one in report.attachments.select_related("upload").order_by("pk"):
        named.setdefault(one.upload_id, (one.upload, []))[1].append(letters.get(one.form, one.form))
    for upload, places in named.values():
        yield Annex(upload.name, ", ".join(sorted(places)), upload.size, upload.sha256[:SHORT_HASH])
