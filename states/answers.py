"""What every answer of the public API has in common: parameters, pages, problems, ETags, CSV."""

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Literal, NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.timezone import localdate
from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, ValidationError

from states.models import State
from states.models.generation import generation
from states.public_pages import FOR_ONE_READER, carry, is_for_everybody, tells_only_of
from states.streaming import in_pieces, spoken

MOST = 500
# As on the pages: the rules are not asked about days that nobody alive plans for.
LAST_DAY = dt.date(2099, 12, 31)
FURTHEST = 1_000_000
HEAD = "asked_for_its_head"
SPOKEN = frozenset({"en", "fr", "es"})
METHODS = ("GET", "HEAD", "OPTIONS")
ALIKE = "public, max-age=0, must-revalidate"


def _iso_day(value: object) -> dt.date:
    text = str(value)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(f"“{text}” is not a day such as 2026-11-20")
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as wrong:
        raise ValueError(f"“{text}” is not a day of the calendar") from wrong
    if day > LAST_DAY:
        raise ValueError(f"“{text}” is after {LAST_DAY}, the last day that can be asked for")
    return day


Day = Annotated[dt.date, BeforeValidator(_iso_day)]


def _digits(value: object) -> str:
    text = str(value)
    if not re.fullmatch("[0-9]+", text):
        raise ValueError(f"“{text}” is not a whole number in digits")
    return text


Number = Annotated[int, BeforeValidator(_digits)]


class Asked(Schema):
    """Parameters of every address."""

    model_config = ConfigDict(extra="forbid")

    lang: str = Field(
        "en", description="Language of names and explanations.", pattern="^(en|fr|es)$"
    )


class AsAt(Asked):
    """Parameters of what is answered as at a day."""

    as_at: Day | None = Field(
        None,
        description=(
            f"The day as at which to answer, from {dt.date.min} to {LAST_DAY}; today if absent."
        ),
    )


class Question(AsAt):
    """Parameters of every list."""

    state: str | None = Field(None, description="ISO 3166-1 alpha-3 code of a State.")
    limit: Number = Field(100, ge=1, le=MOST, description="How many items at the most.")
    offset: Number = Field(0, ge=0, le=FURTHEST, description="How many items to pass over.")


class Answer(NamedTuple):
    """One list that the API answers; an app's `api.py` offers a list of them as `ANSWERS`."""

    path: str
    question: type[Question]
    page: type[Schema]
    function: Callable[[Any], dict[str, Any]]
    item: type[Schema]
    # The whole list an item at a time, for one that is too long to be held.
    streamed: Callable[[Any], Iterator[dict[str, Any]]] | None = None


class One(NamedTuple):
    """One thing that the API answers by its name; an app's `api.py` offers them as `ONES`.

    `path` has the names in braces, as in "reports/{reference}"; `function` is given the question
    and each name. Where the answer is one State's it says so under `state`.
    """

    path: str
    question: type[Asked]
    shape: Any
    function: Callable[..., dict[str, Any]]


class ProblemAnswer(Schema):
    """What is wrong, and what to do (RFC 9457)."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str


class Problem(Exception):
    """An answer that is a problem (RFC 9457): a status, a title, and what to do."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail

    def response(self) -> HttpResponse:
        """The problem as application/problem+json."""
        body = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        return JsonResponse(body, status=self.status, content_type="application/problem+json")


def ask[Q: Asked](kind: type[Q], request: HttpRequest) -> Q:
    """The request's parameters as a question; unknown or malformed ones are a Problem of 400."""
    repeated = [name for name in request.GET if len(request.GET.getlist(name)) > 1]
    if repeated:
        raise Problem(400, "Parameter given twice", f"{repeated[0]}: give it once.")
    try:
        question = kind(**request.GET.dict())  # type: ignore[arg-type]
    except ValidationError as wrong:
        raise Problem(400, "Parameter not understood", _sentences(kind, wrong)) from wrong
    if isinstance(question, Question) and question.state is not None:
        _of_one_state(request, question.state)
    return question


def _of_one_state(request: HttpRequest, iso3: str) -> None:
    if not (re.fullmatch("[A-Z]{3}", iso3) and State.objects.filter(pk=iso3).exists()):
        raise Problem(
            400, "No such State", f"state: “{iso3}” is not the ISO3 code of a State here."
        )
    tells_only_of(request, iso3)


def _sentences(kind: type[Asked], wrong: ValidationError) -> str:
    sentences = []
    for error in wrong.errors():
        name = ".".join(str(part) for part in error["loc"])
        if error["type"] == "extra_forbidden":
            known = ", ".join(sorted(kind.model_fields))
            sentences.append(f"{name}: unknown parameter; known are {known}.")
        else:
            sentences.append(f"{name}: {error['msg'].removeprefix('Value error, ')}.")
    return " ".join(sentences)


def page(question: Question, count: int, items: Sequence[Any]) -> dict[str, Any]:
    """One page of a list."""
    return {"count": count, "items": list(items)}


def csv_streamed(
    request: HttpRequest, rows: Callable[[], Iterator[dict[str, Any]]], columns: Sequence[str]
) -> HttpResponseBase:
    """The same, read as it is sent. Its ETag is weak: of what it was made from, not of its bytes.

    Nothing is read for who has it already, or asks for its head alone.
    """
    made_from = [generation(), localdate(), request.get_full_path(), translation.get_language()]
    digest = hashlib.sha256(repr(made_from).encode()).hexdigest()[:32]
    etag = f'W/"{digest}"'
    known = get_conditional_response(request, etag=etag)
    if known is not None:
        return known
    pieces = iter(()) if getattr(request, HEAD, False) else in_pieces(_csv_lines(rows, columns))
    return StreamingHttpResponse(
        spoken(pieces, translation.get_language() or "en"),
        content_type="text/csv; charset=utf-8",
        headers={
            "ETag": etag,
            "Cache-Control": ALIKE if is_for_everybody(request) else FOR_ONE_READER,
        },
    )


def _csv_lines(
    rows: Callable[[], Iterator[dict[str, Any]]], columns: Sequence[str]
) -> Iterator[str]:
    yield _csv_line(columns)
    for row in rows():
        yield _csv_line([_cell(row.get(column)) for column in columns])


def _csv_line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def csv_of(rows: Iterable[dict[str, Any]], columns: Sequence[str]) -> HttpResponse:
    """The rows as CSV in UTF-8 with a header row and ISO dates."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    # A spreadsheet must not take a text for a formula.
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _allowed() -> HttpResponseBase:
    """What may be asked of every address, unknown ones too: so a page elsewhere reads their 404."""
    response = HttpResponse(status=204)
    del response["Content-Type"]
    response["Content-Language"] = "en"
    response["Allow"] = response["Access-Control-Allow-Methods"] = ", ".join(METHODS)
    response["Access-Control-Allow-Headers"] = "If-None-Match"
    return _open(response)


def _open(response: HttpResponseBase) -> HttpResponseBase:
    """Lets pages elsewhere read the answer and its ETag; browsers ask for that in a 304 too."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag"
    return response


@contextmanager
def _as_get(request: HttpRequest) -> Iterator[None]:
    """HEAD is answered like GET, and the server leaves the body out: ninja knows no HEAD."""
    method, request.method = request.method, "GET"
    setattr(request, HEAD, method == "HEAD")
    try:
        yield
    finally:
        request.method = method


def answered(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Problems become problem+json; every good answer has an ETag and may be 304; CORS is open."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in METHODS:
            response: HttpResponseBase
            response = Problem(405, "Read-only", "This API only answers GET.").response()
            response["Allow"] = ", ".join(METHODS)
            response["Content-Language"] = "en"
            return response
        if request.method == "OPTIONS":
            return _allowed()
        # Names do not depend on the browser's language, only on `lang`. A word that is no language
        # is refused inside; Django would keep a catalogue for each such word.
        asked = request.GET.get("lang", "")
        language = asked if asked in SPOKEN else "en"
        try:
            with translation.override(language), _as_get(request):
                response = view(request, *args, **kwargs)
        except Problem as problem:
            response = problem.response()
        # Problems are written for programmers, in English.
        response["Content-Language"] = language if response.status_code == 200 else "en"
        if response.status_code != 200 or not isinstance(response, HttpResponse):
            return _open(response)
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["ETag"] = etag
        response.setdefault("Cache-Control", ALIKE if is_for_everybody(request) else FOR_ONE_READER)
        carry(request, response)
        return _open(get_conditional_response(request, etag=etag, response=response) or response)

    wrapped.login_required = False  # type: ignore[attr-defined]
    wrapped.csrf_exempt = True  # type: ignore[attr-defined]
    wrapped.__name__ = getattr(view, "__name__", "answer")
    return wrapped
