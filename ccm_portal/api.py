"""The public API, read-only: assembled from the apps' answers, documented by OpenAPI."""

import inspect
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.timezone import localdate
from ninja import NinjaAPI, Query, Router
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema

from ccm_portal.contributions import ANSWERS, ONES
from states.answers import (
    FURTHEST,
    Answer,
    Asked,
    One,
    Problem,
    ProblemAnswer,
    Question,
    answered,
    ask,
    csv_of,
    csv_streamed,
)
from states.public_pages import tells_only_of

ETAG = {
    "ETag": {
        "description": "Send it back as `If-None-Match` to hear whether the answer has changed.",
        "schema": {"type": "string"},
    }
}
PROBLEM = {
    "application/problem+json": {
        "schema": {"$ref": f"#/components/schemas/{ProblemAnswer.__name__}"}
    }
}
# Beside the answer itself, which ninja reads from its shape.
RESPONSES = {
    200: {"headers": ETAG},
    304: {
        "description": "Unchanged since the answer with the ETag in `If-None-Match`.",
        "headers": ETAG,
    },
    400: {"description": "A parameter is unknown or not understood.", "content": PROBLEM},
}
MISSING = {404: {"description": "Nothing public has this name.", "content": PROBLEM}}


class Api(NinjaAPI):
    """Ninja's, whose document also names the CSV beside each list and the shape of a problem."""

    def get_openapi_schema(self, **asked: Any) -> OpenAPISchema:
        """The document; each `.csv` takes the parameters of its list."""
        document = super().get_openapi_schema(**asked)
        document["components"]["schemas"][ProblemAnswer.__name__] = (
            ProblemAnswer.model_json_schema()
        )
        lists = {one.path for one in ANSWERS}
        for address, ways in list(document["paths"].items()):
            if address.rsplit("/", 1)[-1] not in lists:
                continue
            document["paths"][f"{address}.csv"] = {"get": _beside(ways["get"])}
        return document


def _beside(listed: dict[str, Any]) -> dict[str, Any]:
    """How the CSV of a list is described."""
    whole = "Without `limit` the whole list. Each row ends with `as_at`, the day that it speaks of."
    answer = {
        "description": "A header row, then one row for each item.",
        "headers": ETAG,
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
    return listed | {
        "operationId": f"{listed['operationId']}_csv",
        "summary": f"As CSV: {listed['summary']}",
        "description": f"{listed.get('description', '')}\n\n{whole}".strip(),
        "responses": listed["responses"] | {200: answer},
    }


api = Api(
    title="CCM Portal",
    version="1",
    description=(
        "Public, read-only data of the portal of the Implementation Support Unit of the "
        "Convention on Cluster Munitions. Every list is a page of `items` with their `count`; "
        "`.csv` beside each address gives the whole list. Names and explanations are in the "
        "language that `lang` names, English without it, whatever the browser asks for. Every "
        "address answers GET and HEAD; every refusal is a problem (RFC 9457), in English."
    ),
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)
router = Router()


def _json(question: type[Question], function: Callable) -> Callable:
    def view(request: HttpRequest, params: Any) -> dict[str, Any]:
        return function(ask(question, request))

    # Ninja reads the parameters from the annotations, for the OpenAPI document.
    view.__annotations__ = {"request": HttpRequest, "params": Query[question]}  # type: ignore[misc,valid-type]
    view.__doc__ = function.__doc__
    view.__name__ = function.__name__
    return view


def _named(one: One) -> Callable:
    """The view of one thing by the names in its address."""

    def view(request: HttpRequest, params: Any, **names: str) -> HttpResponse:
        found = one.function(ask(one.question, request), **names)
        if state := found.get("state"):
            tells_only_of(request, state)
        # As it is: a shape would drop the forms, whose keys depend on their version.
        return api.create_response(request, found, status=200)

    kinds = {"request": HttpRequest, **dict.fromkeys(_names(one), str)}
    kinds["params"] = Query[one.question]  # type: ignore[misc,name-defined]
    # Ninja reads the names and the parameters from the signature, for the OpenAPI document.
    by_name = inspect.Parameter.POSITIONAL_OR_KEYWORD
    view.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, by_name, annotation=kind) for name, kind in kinds.items()]
    )
    view.__doc__ = one.function.__doc__
    view.__name__ = one.function.__name__
    return view


def _names(one: One) -> list[str]:
    return re.findall(r"{(\w+)}", one.path)


def _csv(one: Answer) -> Callable:
    question, function, item = one.question, one.function, one.item

    def view(request: HttpRequest) -> HttpResponseBase:
        asked = ask(question, request)
        if one.streamed is not None:
            return _streamed(one, one.streamed, request, asked)
        if "limit" not in request.GET:
            # The whole list in one go: page by page, each would read and sort all of it again.
            asked.limit = FURTHEST
        # A file is read far from its address: each row says of which day it speaks.
        as_at = {"as_at": asked.as_at or localdate()}
        rows = [row | as_at for row in function(asked)["items"]]
        given = (
            set(rows[0]) if rows else {n for n, f in item.model_fields.items() if f.is_required()}
        )
        names = [name for name in item.model_fields if name in given]
        return csv_of(rows, [*names, "as_at"])

    return view


def _streamed(
    one: Answer, function: Callable, request: HttpRequest, asked: Question
) -> HttpResponseBase:
    """A list that is read while it is sent; `limit` and `offset` choose a part of it as ever."""
    on = asked.as_at or localdate()
    last = asked.offset + asked.limit if "limit" in request.GET else None

    def rows() -> Iterator[dict[str, Any]]:
        return (row | {"as_at": on} for row in islice(function(asked), asked.offset, last))

    names = [name for name, field in one.item.model_fields.items() if field.is_required()]
    return csv_streamed(request, rows, [*names, "as_at"])


for _one in ANSWERS:
    router.get(
        f"/{_one.path}",
        response=_one.page,
        exclude_unset=True,
        summary=(_one.function.__doc__ or "").split("\n")[0],
        openapi_extra={"responses": RESPONSES},
    )(_json(_one.question, _one.function))
for _thing in ONES:
    router.get(
        f"/{_thing.path}",
        response=_thing.shape,
        exclude_unset=True,
        summary=(_thing.function.__doc__ or "").split("\n")[0],
        openapi_extra={"responses": RESPONSES | (MISSING if _names(_thing) else {})},
    )(_named(_thing))
api.add_router("", router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problem.response()


@api.exception_handler(ValidationError)
def _misunderstood(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    """Ninja found a parameter wrong first; the same sentences are said as for CSV."""
    asked: dict[str, type[Asked]] = {one.function.__name__: one.question for one in ANSWERS}
    asked |= {one.function.__name__: one.question for one in ONES}
    assert request.resolver_match is not None  # it was found by its address
    try:
        ask(asked[str(request.resolver_match.url_name)], request)
    except Problem as problem:
        return problem.response()
    return Problem(400, "Parameter not understood", str(wrong.errors)).response()


def _document(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The document, which knows the parameter of the language alone."""

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for name in request.GET:
            if name != "lang":
                said = f"{name}: unknown parameter; known are lang."
                raise Problem(400, "Parameter not understood", said)
        ask(Question, request)
        return view(request, *args, **kwargs)

    return answer


def _unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    raise Problem(404, "No such address", "See /api/v1/openapi.json for what is answered here.")


def urls() -> list[URLPattern]:
    """The addresses below /api/v1/; all public."""
    patterns: list[URLPattern] = []
    for pattern in api.urls[0]:
        assert isinstance(pattern, URLPattern)  # the router has no routers of its own
        # The root answers nothing itself; ninja needs its name for the OpenAPI document.
        if pattern.name == "api-root":
            pattern.callback = _unknown
        if pattern.name == "openapi-json":
            pattern.callback = _document(pattern.callback)
        pattern.callback = answered(pattern.callback)
        patterns.append(pattern)
    for one in ANSWERS:
        view = answered(_csv(one))
        patterns.append(path(f"{one.path}.csv", view, name=f"{one.path}-csv"))
    patterns.append(path("<path:rest>", answered(_unknown), name="unknown"))
    return patterns
