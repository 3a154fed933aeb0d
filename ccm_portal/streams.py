"""Files that are sent while they are made: rows are read as the reader takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from ccm_portal import tables
from records import sheets
from states.streaming import in_pieces, spoken


def answer(
    request: HttpRequest, pieces: Callable[[], Iterator[bytes]], *, name: str, kind: str
) -> HttpResponseBase:
    """The file, of which nothing is made before it is asked for; a HEAD has its head alone."""
    language = translation.get_language() or "en"
    made: Iterator[bytes] = iter(()) if request.method == "HEAD" else pieces()
    return StreamingHttpResponse(
        spoken(made, language),
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def table(
    request: HttpRequest,
    form: str,
    *,
    name: str,
    title: str,
    above: Sequence[str],
    columns: Mapping[str, int],
    rows: Callable[[], Iterator[list[dict[str, Any]]]],
) -> HttpResponseBase:
    """Rows that come in groups as .csv or .xlsx; `columns` are keys with their widths."""
    if form == "csv":
        return answer(
            request,
            lambda: in_pieces(_lines(columns, rows())),
            name=f"{name}.csv",
            kind="text/csv; charset=utf-8",
        )
    return answer(
        request,
        lambda: sheets.streamed(
            title,
            list(columns),
            ([row.get(key) for key in columns] for group in rows() for row in group),
            above=[title, *above],
            widths=list(columns.values()),
        ),
        name=f"{name}.xlsx",
        kind=tables.FORMS["xlsx"],
    )


def _lines(columns: Iterable[str], groups: Iterator[list[dict[str, Any]]]) -> Iterator[str]:
    heads = [sheets.Column(key, key) for key in columns]
    return sheets.csv_lines(heads, (row for group in groups for row in group))
