"""What a full report costs: opening, saving, checking, handing in, its paper.

Two reports of ten forms, one with five rows in its tables and one with five hundred, each through
the views that a State's focal point uses. `python -m bench.reports` prints a line for each act:
seconds, the times that the small report's act takes, and the queries of both.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from typing import Any

import django

FEW, MANY = 5, 500
YEARS = {FEW: 2023, MANY: 2024}
STATE = "LAO"
TARGET = 1.2  # times the queries of the small report
# The form in which the page with the most boxes stands.
FORM = "clearance"


@dataclass(frozen=True)
class Outcome:
    """Seconds (median) and queries of one act, on the small report and on the large one."""

    name: str
    seconds: tuple[float, float]
    queries: tuple[int, int]

    @property
    def times(self) -> float:
        """How many times the small report's queries the large one takes."""
        return self.queries[1] / max(1, self.queries[0])


class _Boxes(HTMLParser):
    """What a browser would send of the form that holds the answers."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        name = facts.get("name") or ""
        if tag == "input" and name and facts.get("type") not in {"file", "submit"}:
            if facts.get("type") not in {"radio", "checkbox"} or "checked" in facts:
                self._say(name, facts.get("value") or "")
        elif tag == "textarea":
            self._area = name
            self._say(name, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in facts:
            self._say(self._select, facts.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self.data[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def _say(self, name: str, value: str) -> None:
        self.data.setdefault(name, []).append(value)


def _simple(field: Any, number: int) -> Any:
    from reporting import schema
    from reporting.schema.wholes import Currency, Degrees

    kinds: tuple[tuple[type, Callable[[], Any]], ...] = (
        (schema.File, lambda: None),
        (Currency, lambda: "USD"),
        (Degrees, lambda: 12.5),
        (schema.Text, lambda: f"{field.key} {number}, as the register of the year has it"),
        (schema.Number, lambda: number + 1),
        (schema.Date, lambda: "2020-06-01"),
        (schema.Choice, lambda: field.choices[0][0]),
        (schema.YesNo, lambda: number % 2 == 0),
        (schema.StateOf, lambda: "PER"),
    )
    return next(value() for kind, value in kinds if isinstance(field, kind))


def _value(field: Any, number: int) -> Any:
    from reporting.schema import Whole, simple

    if not isinstance(field, Whole):
        return _simple(field, number)
    parts = {part: _simple(one, number) for part, one in simple(field)}
    return {part: value for part, value in parts.items() if value is not None}


def answers(schema: Any, rows: int) -> dict[str, dict[str, Any]]:
    """Answers to every question of every form, with `rows` rows in all tables together."""
    from reporting.schema import Table

    tables = [
        (form, field) for form in schema.forms for field in form.fields if isinstance(field, Table)
    ]
    share = {id(table): rows // len(tables) for _form, table in tables}
    for _form, table in tables[: rows % len(tables)]:
        share[id(table)] += 1
    said: dict[str, dict[str, Any]] = {form.key: {} for form in schema.forms}
    for form in schema.forms:
        for field in form.fields:
            if isinstance(field, Table):
                value: Any = [_row(field, number) for number in range(share[id(field)])]
            else:
                value = _value(field, 1)
            if value not in (None, {}, []):
                said[form.key][field.key] = value
    return said


def _row(table: Any, number: int) -> Mapping[str, Any]:
    row = {column.key: _value(column, number) for column in table.columns}
    return {"id": f"row{number:05d}"} | {key: one for key, one in row.items() if one is not None}


def _draft(rows: int, by: Any) -> Any:
    from reporting import coverpage, filing
    from reporting.models import FormAnswers, Report
    from reporting.versions import schema_of
    from states.models import State

    draft = filing.begin(State.objects.get(pk=STATE), Report.Kind.ANNUAL, YEARS[rows], by=by)
    said = answers(schema_of(draft), rows)
    draft.marks = {form.key: {"mark": "changed"} for form in coverpage.FORMS}
    draft.save(update_fields=["marks"])
    FormAnswers.objects.bulk_create(
        FormAnswers(report=draft, form=form, said=answered, touched_by=by)
        for form, answered in said.items()
    )
    return draft


def _clock(work: Callable[[], object]) -> tuple[float, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    gc.collect()
    with CaptureQueriesContext(connection) as queries:
        start = time.process_time()
        work()
        seconds = time.process_time() - start
    return seconds, len(queries)


def run(runs: int = 5) -> list[Outcome]:
    """Measures each act on both reports in turns, prints a line for each, returns what was found.

    The database is a throwaway one: two reports of Lao PDR are left in it.
    """
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from reporting import completing, seen
    from states import access
    from states.history import act
    from states.models import State, User

    with act(by=None, reason="the bench asks what a full report costs"):
        person, _made = User.objects.get_or_create(
            email="bench-focal-point@example.org", defaults={"name": "Bench"}
        )
        if not person.appointments.exists():
            access.appoint(
                person, "focal-point", State.objects.get(pk=STATE), from_on=_day(), reference="-",
                by=None,
            )  # fmt: skip
        drafts = {rows: _draft(rows, User.objects.get(pk=person.pk)) for rows in (FEW, MANY)}
    browser = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0].lstrip("*.") or "localhost")
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")

    def address(name: str, rows: int, *more: str) -> str:
        return reverse(name, args=[STATE, "annual", YEARS[rows], *more])

    def asked(url: str, wanted: int = 200) -> Any:
        response = browser.get(url)
        assert response.status_code == wanted, (url, response.status_code)
        return response

    def saved(rows: int) -> None:
        form = address("report-form", rows, FORM)
        boxes = _Boxes()
        boxes.feed(asked(form).content.decode())
        response = browser.post(form, boxes.data)
        assert response.status_code == 302, response.status_code

    def handed_in(rows: int) -> None:
        drafts[rows].refresh_from_db()
        response = browser.post(
            address("report-hand-in", rows), {"touched": seen.token(drafts[rows])}
        )
        assert "receipt" in response.get("Location", ""), response.status_code

    acts: dict[str, tuple[Callable[[int], object], int]] = {
        "opening the report": (lambda rows: asked(address("report-draft", rows)), runs),
        "opening a form": (lambda rows: asked(address("report-form", rows, FORM)), runs),
        "opening and saving a form": (saved, runs),
        "checking it": (lambda rows: asked(address("report-check", rows)), runs),
        "its paper": (lambda rows: completing.preview(drafts[rows]), min(runs, 2)),
        "handing it in": (handed_in, 1),
    }
    outcomes = []
    for name, (work, times) in acts.items():
        if times > 1:
            work(FEW)
            work(MANY)
        turns = [
            (_clock(partial(work, FEW)), _clock(partial(work, MANY))) for _turn in range(times)
        ]
        outcomes.append(
            Outcome(
                name,
                (
                    statistics.median(few[0] for few, _many in turns),
                    statistics.median(many[0] for _few, many in turns),
                ),
                (turns[0][0][1], turns[0][1][1]),
            )
        )
    for each in outcomes:
        print(
            f"report of {MANY} rows, {each.name}: {each.seconds[1]:.2f} s, {FEW} rows "
            f"{each.seconds[0]:.2f} s; queries {each.queries[1]} and {each.queries[0]}"
        )
    return outcomes


def _day() -> Any:
    from django.utils.timezone import localdate

    return localdate()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ccm_portal.settings")
    django.setup()
    run(2 if os.environ.get("BENCH_QUICK") == "1" else 5)
    sys.exit(0)
