"""Two reports of one State beside each other, form by form: versions of one, or two years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from records.models import Upload
from reporting import coverpage
from reporting.boxes import Names
from reporting.differences import Difference, Side, differing
from reporting.earlier import said_in
from reporting.models import FormAnswers, Report
from reporting.schema import Form
from reporting.transcription import confirmed
from reporting.versions import schema_of
from states.words import day

# More differences than these in one form make a page heavy on a thin line.
MOST_SHOWN = 200


class Fact(NamedTuple):
    """Something that is said of the whole report, as it was then and as it is now."""

    label: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class FormCompared:
    """One form of both reports: how they differ, and how many differences more are not shown.

    `form` is the form of the later report, with its letter. `then` and `now` are its lines of the
    cover pages; `nothing_then` and `nothing_now` say that nothing was answered in it on this site,
    as where a report came as a file alone.
    """

    form: Form
    letter: str
    then: coverpage.Line
    now: coverpage.Line
    differences: list[Difference]
    more: int
    nothing_then: bool
    nothing_now: bool
    both_marked: bool = True

    @property
    def marked_anew(self) -> bool:
        """Whether the cover pages say different things of it, where both reports have one here."""
        return self.both_marked and self.then.said != self.now.said

    @property
    def number(self) -> int:
        """How many answers differ, shown or not."""
        return len(self.differences) + self.more

    @property
    def lines(self) -> int:
        """How many lines the table of the form has: a mark on the cover page is one more."""
        return self.number + self.marked_anew

    @property
    def differs(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.differences) or self.marked_anew


@dataclass(frozen=True, slots=True)
class Compared:
    """Two reports beside each other. `facts` are those that differ; `forms` are all forms."""

    then: Report
    now: Report
    facts: list[Fact] = field(default_factory=list)
    forms: list[FormCompared] = field(default_factory=list)

    @property
    def number(self) -> int:
        """How many answers differ."""
        return sum(one.number for one in self.forms)

    @property
    def are_files(self) -> bool:
        """Whether neither has an answer on this site: both came as files alone."""
        return all(one.nothing_then and one.nothing_now for one in self.forms)

    @property
    def differing(self) -> list[FormCompared]:
        """The forms in which something differs."""
        return [one for one in self.forms if one.differs]

    @property
    def same(self) -> list[FormCompared]:
        """The forms of both that say the same, and say something."""
        return [
            one
            for one in self.forms
            if not one.differs and not (one.nothing_now and one.nothing_then)
        ]


def compare(then: Report, now: Report, names: Names | None = None) -> Compared:
    """How `now` differs from `then`, in the order and with the letters of `now`.

    Rows of tables are the same where their ids are. Where the reports were written in two versions
    of the forms, the answers of then are read as far as the later version asks for them. Both may
    be any reports of the State; whether the reader may see them is the caller's to ask. At most
    five queries, however many rows there are.
    """
    names = names or Names()
    before, after = _rows(then), _rows(now)
    files = _files(then, now)
    lines_then, lines_now = _lines(then), _lines(now)
    both_marked = _has_cover_page(then) and _has_cover_page(now)
    found = []
    for form in schema_of(now).in_order(now.language):
        was, is_now = before.get(form.key), after.get(form.key)
        differences = differing(form, _side(was, form, files), _side(is_now, form, files), names)
        shown = list(islice(differences, MOST_SHOWN))
        found.append(
            FormCompared(
                form,
                form.letter_in(now.language),
                lines_then[form.key],
                lines_now[form.key],
                shown,
                sum(1 for _one in differences),
                _is_empty(was),
                _is_empty(is_now),
                both_marked,
            )
        )
    # The paper that the portal sets of the answers is another each time: it says nothing more.
    by_file = all(one.nothing_then for one in found) or all(one.nothing_now for one in found)
    facts = [Fact(*one) for one in _facts(then, now, by_file=by_file) if one[1] != one[2]]
    return Compared(then, now, facts, found)


def _rows(report: Report) -> Mapping[str, FormAnswers]:
    found = {row.form: row for row in confirmed.answers_of(report)}
    for row in found.values():
        row.report = report  # its schema is asked, not the database
    return found


def _files(*reports: Report) -> dict[int, Upload]:
    return {
        one.upload_id: one.upload
        for report in reports
        for one in report.attachments.select_related("upload")
    }


def _lines(report: Report) -> dict[str, coverpage.Line]:
    return {line.form.key: line for line in coverpage.lines(report.marks, report.language)}


def _has_cover_page(report: Report) -> bool:
    """Of what came as a file alone the cover page may lie in the file: nothing is said of it."""
    return report.channel == Report.Channel.PORTAL or coverpage.is_marked(report.marks)


def _is_empty(row: FormAnswers | None) -> bool:
    return row is None or not (row.said or row.unread)


def _side(row: FormAnswers | None, form: Form, files: Mapping[int, Upload]) -> Side:
    if row is None:
        return Side(files=files)
    said: dict[str, Any] = said_in(row, form)
    # What was typed in another version of the form may have no place in this one.
    same = schema_of(row.report).form(row.form) == form
    return Side(said, row.unread if same else {}, files)


def _facts(then: Report, now: Report, *, by_file: bool) -> Iterator[tuple[str, str, str]]:
    yield _("Period"), _period(then), _period(now)
    yield _("Language"), str(then.get_language_display()), str(now.get_language_display())
    if by_file:
        yield _("File"), *_papers(then.original, now.original)


def _period(report: Report) -> str:
    return _("%(first)s to %(last)s") % {
        "first": day(report.covers_from),
        "last": day(report.covers_to),
    }


def _papers(then: Upload | None, now: Upload | None) -> tuple[str, str]:
    """Both files by name; the same bytes under two names are the same file."""
    if then is not None and now is not None and then.sha256 == now.sha256:
        return then.name, then.name
    return _file(then), _file(now)


def _file(upload: Upload | None) -> str:
    return f"{upload.name} (SHA-256 {upload.sha256[:12]}…)" if upload else ""
