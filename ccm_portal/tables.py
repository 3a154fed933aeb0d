"""Tables as data beside the pages: the same rows at the same address as .csv, .json and .xlsx."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext as _

from records import sheets

FORMS = {"csv": "text/csv", "json": "application/json", "xlsx": sheets.MEDIA_TYPE}
type Cell = str | int | float | bool | dt.date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `key` for programs, the same in every language; `heading` for people."""

    key: str
    heading: Any


@dataclass(frozen=True, slots=True)
class Table:
    """What a page lists, as data; every row carries the day for which it speaks."""

    name: str
    title: Any
    as_at: dt.date
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Cell]]
    note: Any = ""


def downloads(
    request: HttpRequest, path: str, forms: Iterable[str] = tuple(FORMS)
) -> list[dict[str, Any]]:
    """Links to the same list as data: filters, language and day stay in the address."""
    query = request.GET.urlencode()
    base = path.rstrip("/")
    return [
        {
            "href": f"{base}.{form}" + (f"?{query}" if query else ""),
            "label": format_html("<bdi>.{}</bdi>", form),
            "type": FORMS[form],
        }
        for form in forms
    ]


def answer(table: Table, form: str) -> HttpResponse:
    """The table in the form that was asked for: csv, json or xlsx."""
    return {"csv": _csv, "json": _json, "xlsx": _xlsx}[form](table)


def _named(response: HttpResponse, table: Table, form: str) -> HttpResponse:
    name = f"{slugify(table.name)}-{table.as_at.isoformat()}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _csv(table: Table) -> HttpResponse:
    """Heads are the keys, which a program can rely on in every language."""
    columns = [sheets.Column(column.key, column.key) for column in table.columns]
    rows = [{**row, "as_at": table.as_at} for row in table.rows]
    content = sheets.csv([*columns, sheets.Column("as_at", "as_at")], rows)
    return _named(HttpResponse(content, content_type="text/csv; charset=utf-8"), table, "csv")


def _json(table: Table) -> HttpResponse:
    body = {
        "title": str(table.title),
        "as_at": table.as_at,
        "note": str(table.note),
        "count": len(table.rows),
        "items": [
            {column.key: row.get(column.key) for column in table.columns} for row in table.rows
        ],
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _xlsx(table: Table) -> HttpResponse:
    as_at = _("As at %(day)s") % {"day": table.as_at.isoformat()}
    content = sheets.workbook(
        str(table.title),
        [str(column.heading) for column in table.columns],
        [[row.get(column.key) for column in table.columns] for row in table.rows],
        above=[part for part in (str(table.title), as_at, str(table.note)) if part],
    )
    return _named(HttpResponse(content, content_type=FORMS["xlsx"]), table, "xlsx")
