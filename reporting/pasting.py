"""Rows copied from a spreadsheet into a table: what is taken, what is not, and why."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.boxes import Names
from reporting.schema import Date, File, Form, Number, StateOf, Table, simple
from reporting.schema.wholes import MOST_ROWS


@dataclass(slots=True)
class Pasted:
    """Rows in what was copied from a spreadsheet, and how much of it stands in no column."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    beyond: int = 0


def read(table: Table, text: str, names: Names) -> Pasted:
    """What was copied from a spreadsheet: cells apart by tabs, in the order of the columns.

    A first line of heads is passed over. Columns for files are not among the cells.
    """
    columns = [column for column in table.columns if not isinstance(column, File)]
    places = [(column, part, one) for column in columns for part, one in simple(column)]
    found = Pasted()
    for number, cells in enumerate(csv.reader(io.StringIO(_lines(text)), delimiter="\t")):
        if number == 0 and _are_heads(cells, places):
            continue
        row: dict[str, Any] = {}
        for cell, (column, part, one) in zip(cells, places, strict=False):
            if not cell.strip():
                continue
            typed = names.code(cell) if isinstance(one, StateOf) else cell
            if part:
                row.setdefault(column.key, {})[part] = typed
            else:
                row[column.key] = typed
        found.beyond += sum(1 for cell in cells[len(places) :] if cell.strip())
        if row:
            found.rows.append(row)
    return found


def _lines(text: str) -> str:
    """One kind of line end, and none at the ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def _are_heads(cells: Sequence[str], places: Sequence[tuple[Any, str, Any]]) -> bool:
    """Whether a line has heads: ours, or words alone wherever numbers and days are asked."""
    counted = [
        cell
        for cell, (_column, _part, one) in zip(cells, places, strict=False)
        if isinstance(one, Number | Date) and cell.strip()
    ]
    if len(counted) > 1 and not any(any(sign.isdigit() for sign in cell) for cell in counted):
        return True
    labels = {str(one.label).casefold() for _column, _part, one in places}
    labels |= {str(column.label).casefold() for column, _part, _one in places}
    given = [cell.strip().casefold() for cell in cells if cell.strip()]
    return bool(given) and sum(cell in labels for cell in given) * 2 > len(given)


@dataclass(slots=True)
class Paste:
    """What came of rows that were copied: how many were added, and what could not be."""

    added: int = 0
    refusals: list[str] = field(default_factory=list)
    # By table what was copied and not taken, to be shown in its box again.
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """How many rows were added."""
        words = ngettext("%(n)s row was added.", "%(n)s rows were added.", self.added)
        return words % {"n": self.added}


def add(form: Form, data: QueryDict, given: dict[str, Any], names: Names) -> Paste:
    """Puts rows that were copied from a spreadsheet after those given."""
    found = Paste()
    for asked in form.fields:
        text = data.get(f"{asked.key}.paste", "")
        if not isinstance(asked, Table) or not text.strip():
            continue
        try:
            copied, there = read(asked, text, names), given.get(asked.key, [])
        except csv.Error:
            found.kept[asked.key] = text
            found.refusals.append(
                _(
                    "%(table)s: what was copied cannot be read as rows. Copy the cells once more, "
                    "fewer of them or without very long texts."
                )
                % {"table": asked.label}
            )
            continue
        if len(there) + len(copied.rows) > MOST_ROWS:
            found.kept[asked.key] = text
            found.refusals.append(
                _(
                    "%(table)s: %(given)s rows were copied, and there is room for %(room)s (a "
                    "table holds %(most)s). None was added: copy fewer, or attach the list as a "
                    "file."
                )
                % {
                    "table": asked.label,
                    "given": len(copied.rows),
                    "room": max(0, MOST_ROWS - len(there)),
                    "most": MOST_ROWS,
                }
            )
            continue
        given[asked.key] = [*there, *copied.rows]
        found.added += len(copied.rows)
        if copied.beyond:
            words = ngettext(
                "%(table)s: %(n)s cell that was copied stands beyond the last column, and was "
                "left out.",
                "%(table)s: %(n)s cells that were copied stand beyond the last column, and were "
                "left out.",
                copied.beyond,
            )
            found.refusals.append(words % {"table": asked.label, "n": copied.beyond})
    return found
