"""What the State answered before: shown behind a form, taken over into it, compared with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from records.models import Upload
from reporting import answering, coverpage, reading
from reporting.boxes import Names
from reporting.earlier import left_in, name_of, said_in, source_of
from reporting.models import FormAnswers, Report
from reporting.schema import CHANGED, Field, Form, Table
from reporting.versions import schema_of
from states.models import User

# More rows than these, and more differences, make a page heavy on a thin line.
MOST_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Changed:
    """One answer that is another than before, in words; empty where there was, or is, none."""

    label: str
    was: str
    now: str


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
    changes: list[Changed] = field(default_factory=list)
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
    report: Report, row: FormAnswers, form: Form, names: Names, uploads: Mapping[int, Upload]
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
    all_changes = list(changes(form, said_in(source, form), row.said, names, files))
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


def changes(
    form: Form,
    was: Mapping[str, Any],
    now: Mapping[str, Any],
    names: Names,
    files: Mapping[int, Upload],
) -> Iterator[Changed]:
    """How the answers differ, in the order of the form; rows are the same where their ids are."""

    def words(asked: Field, value: Any) -> str:
        return "" if value is None else reading.cell(asked, value, names, files).words

    def whole_row(table: Table, row: Mapping[str, Any]) -> str:
        return "; ".join(words(one, row[one.key]) for one in table.columns if one.key in row)

    for asked in form.fields:
        if not isinstance(asked, Table):
            before, after = was.get(asked.key), now.get(asked.key)
            if before != after:
                yield Changed(str(asked.label), words(asked, before), words(asked, after))
            continue
        then = {row["id"]: row for row in was.get(asked.key, []) if len(row) > 1}
        for number, row in enumerate(now.get(asked.key, []), start=1):
            label = {"table": asked.label, "number": number}
            old = then.pop(row["id"], None)
            if old is None:
                if len(row) > 1:
                    text = _("%(table)s, row %(number)s: new") % label
                    yield Changed(text, "", whole_row(asked, row))
                continue
            for column in asked.columns:
                before, after = old.get(column.key), row.get(column.key)
                if before != after:
                    text = _("%(table)s, row %(number)s: %(column)s")
                    label["column"] = column.label
                    yield Changed(text % label, words(column, before), words(column, after))
        for old in then.values():
            yield Changed(_("%(table)s: gone") % {"table": asked.label}, whole_row(asked, old), "")
