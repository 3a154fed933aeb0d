"""Files that are sent while they are made: rows are read as the reader takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from ccm_portal import tables
from records import sheets

# A row or a report at a time would be a packet each.
WORTH_SENDING = 32 * 1024


def answer(
    request: HttpRequest, pieces: Callable[[], Iterator[bytes]], *, name: str, kind: str
) -> HttpResponseBase:
    """The file, of which nothing is made before it is asked for; a HEAD has its head alone."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if request.method == "HEAD":
        return HttpResponse(content_type=kind, headers=headers)
    language = translation.get_language() or "en"
    return StreamingHttpResponse(_spoken(pieces(), language), content_type=kind, headers=headers)


def _spoken(pieces: Iterator[bytes], language: str) -> Iterator[bytes]:
    """Each piece is made in the reader's language: the answer is read after the request is over."""
    while True:
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


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


def _lines(
    columns: Iterable[str], groups: Iterator[list[dict[str, Any]]]
) -> Iterator[str]:
    heads = [sheets.Column(key, key) for key in columns]
    return sheets.csv_lines(heads, (row for group in groups for row in group))


def in_pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines as bytes, in pieces that are worth sending; the first line goes at once."""
    held: list[str] = []
    size, first = 0, True
    for line in lines:
        held.append(line)
        size += len(line)
        if first or size >= WORTH_SENDING:
            yield "".join(held).encode()
            held, size, first = [], 0, False
    if held:
        yield "".join(held).encode()
