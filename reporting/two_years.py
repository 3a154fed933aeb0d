"""Two published reports of a State beside each other, on whichever years."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from reporting.boxes import Names
from reporting.comparing import Compared, compare
from reporting.counted import about
from reporting.models import FormAnswers, Report
from reporting.schema import Form, Table
from reporting.transcription import confirmed
from reporting.versions import schema_of
from states.words import fold


def reports_of(iso3: str, on: dt.date) -> dict[str, Report]:
    """The reports of a State that were public on the day, newest first, by what an address says.

    That is the year, and of a year with more than one report the kind too: "2023-initial".
    """
    rows = list(
        Report.objects.published_by(on)
        .filter(state=iso3)
        .select_related("state", "original")
        .order_by("-year", "kind", "-number", "pk")
    )
    often = Counter(row.year for row in rows)
    return {
        str(row.year) if often[row.year] == 1 else f"{row.year}-{row.kind}": row for row in rows
    }


def year_beside(report: Report) -> str:
    """The year of another published report of the State, the one before if any; or nothing."""
    others = (
        Report.objects.published()
        .filter(state=report.state_id)
        .exclude(year=report.year)
        .order_by("-year", "pk")
        .values_list("year", flat=True)
    )
    years = list(others)
    return str(next((year for year in years if year < report.year), years[-1] if years else ""))


def beside(then: Report, now: Report) -> Compared:
    """How the later of the two differs from the earlier.

    Rows are the same where their ids are. A report that came from elsewhere has ids of its own:
    in a table of which no row has its fellow, rows are the same where their names are.
    """
    before, after = _rows(then), _rows(now)
    forms = {form.key: form for form in schema_of(now).forms}
    for key, row in before.items():
        if key in after and key in forms:
            row.said = aligned(forms[key], row.said, after[key].said)
    _hold(then, before)
    _hold(now, after)
    return compare(then, now, Names())


def _rows(report: Report) -> dict[str, FormAnswers]:
    return {row.form: row for row in confirmed.answers_of(report)}


def _hold(report: Report, rows: dict[str, FormAnswers]) -> None:
    """So that nobody asks the database again and reads the rows under their own ids."""
    held: Any = report.forms.all()
    held._result_cache = list(rows.values())
    report._prefetched_objects_cache = {"forms": held}  # type: ignore[attr-defined]


def aligned(form: Form, then: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """The earlier answers, with rows under the ids of those later rows that bear their names."""
    found = dict(then)
    for table in form.fields:
        if not isinstance(table, Table) or table.key not in then or table.key not in now:
            continue
        old, new = then[table.key], now[table.key]
        taken = {row["id"] for row in new}
        if taken & {row["id"] for row in old}:
            continue
        ids: dict[str, list[str]] = {}
        for row in new:
            ids.setdefault(_name(table, row), []).append(row["id"])
        # Of several of one name the first is the first: nothing else tells them apart.
        found[table.key] = [
            row | {"id": waiting.pop(0)}
            if (waiting := ids.get(_name(table, row))) and _name(table, row)
            else row
            for row in old
        ]
    return found


def _name(table: Table, row: dict[str, Any]) -> str:
    return " ".join(fold(about(table, row)).split())
