"""What the State answered before: shown behind a form, taken over into it, compared with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from records.models import Upload
from reporting import answering, coverpage, reading
from reporting.boxes import Names
from reporting.differences import Difference, Side, differing
from reporting.earlier import left_in, name_of, said_in, source_of
from reporting.models import Delegation, FormAnswers, Report
from reporting.schema import CHANGED, Form, Table
from reporting.versions import schema_of
from states.models import User

# More rows than these, and more differences, make a page heavy on a thin line.
MOST_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Earlier:
    """The earlier answers to a form, for its page.

    `read` is how they read, where nothing is answered in the form yet; `changes` is how the form
    differs from them, where something is. `more` is how many of either are not shown; `left` names
    the questions that have no place in this version of the form.
    """

    report: Report
    name: str
    read: reading.FormRead | None = None
    changes: list[Difference] = field(default_factory=list)
    more: int = 0
    left: list[str] = field(default_factory=list)

    @property
    def reads(self) -> list[reading.FormRead]:
        """What there is to read, as the template of answers takes it."""
        return [self.read] if self.read else []

    @property
    def number(self) -> int:
        """How many differences there are, shown or not."""
        return len(self.changes) + self.more


def earlier(
    report: Report,
    row: FormAnswers | Delegation,
    form: Form,
    names: Names,
    uploads: Mapping[int, Upload],
) -> Earlier | None:
    """What the page of a form says of the earlier answers; None where there are none.

    `row` is the form as it stands, `uploads` are its files.
    """
    source = source_of(report, form)
    if source is None:
        return None
    source.report.state = report.state
    files = {**answering.uploads_of(source.report, form), **uploads}
    found = Earlier(source.report, name_of(report, source.report), left=left_in(source, form))
    if not (row.said or row.unread):
        return _as_read(found, source, form, names, files)
    then, now = Side(said_in(source, form), files=files), Side(row.said, files=files)
    all_changes = list(differing(form, then, now, names))
    return replace(
        found, changes=all_changes[:MOST_SHOWN], more=max(0, len(all_changes) - MOST_SHOWN)
    )


def _as_read(
    found: Earlier, source: FormAnswers, form: Form, names: Names, files: Mapping[int, Upload]
) -> Earlier:
    """As the paper reads, in the version in which it was written; of long tables the beginning."""
    report = source.report
    lines = {line.form.key: line for line in coverpage.lines(report.marks, report.language)}
    then = schema_of(report).form(form.key)
    read = reading.read_form(then, report.language, lines[form.key], source, names, files)
    questions = [
        replace(one, rows=one.rows[:MOST_SHOWN], total=one.total if not _is_long(one) else [])
        for one in read.questions
    ]
    more = sum(len(one.rows) - MOST_SHOWN for one in read.questions if _is_long(one))
    return replace(found, read=replace(read, questions=questions), more=more)


def _is_long(one: reading.Read) -> bool:
    return len(one.rows) > MOST_SHOWN


def taken(form: Form, said: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The earlier answers with what was typed in their place: nothing typed is lost.

    Rows of both stand in a table, the earlier first; those that are there already stay as typed.
    """
    found = dict(given)
    for asked in form.fields:
        if asked.key not in said:
            continue
        typed = given.get(asked.key)
        if isinstance(asked, Table):
            own = list(typed or [])
            present = {row.get("id") for row in own}
            found[asked.key] = [
                *(row for row in said[asked.key] if row["id"] not in present),
                *own,
            ]
        elif is_blank(typed):
            found[asked.key] = said[asked.key]
    return found


def take_over(
    report: Report,
    form: Form,
    source: FormAnswers,
    given: Mapping[str, Any],
    *,
    by: User,
    seen: str,
) -> FormAnswers:
    """Saves the earlier answers and their files in the draft, marked as changed.

    `given` is what was typed and `seen` the token of the page. Raises as `answering.save` does.
    """
    mark = {**report.marks.get(form.key, {}), "mark": CHANGED}
    answers = taken(form, said_in(source, form), given)
    return answering.save(report, form, answers, mark, by=by, seen=seen)


def is_blank(given: Any) -> bool:
    """Whether nothing was typed, in boxes, parts and rows alike."""
    if isinstance(given, Mapping):
        return all(is_blank(value) for key, value in given.items() if key != "id")
    if isinstance(given, list):
        return all(is_blank(row) for row in given)
    return given is None or not str(given).strip()
