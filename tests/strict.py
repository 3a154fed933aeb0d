"""Guards that make Django stricter under test: names that templates lack, orders with ties.

A template of ours must be given every name that it uses. It may leave one out where it says so:
`{{ name|default:… }}` says what stands instead; `{% if row.key %}` asks whether a mapping has the
key; and `{% if name %}` in what a page includes or extends asks whether the page gave the name.
Templates of others keep Django's habits.

A list that is ordered has a total order: ties would come as the database pleases. A list without
any comes backwards, and cannot be cut or shown by a template.
"""

import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import F, Model, OrderBy, QuerySet
from django.db.models.expressions import Col
from django.db.models.lookups import Exact, IsNull
from django.db.models.options import Options
from django.db.models.query import MAX_GET_RESULTS, ModelIterable
from django.db.models.sql.where import AND, WhereNode
from django.template.base import FilterExpression, Node, Variable, VariableDoesNotExist
from django.template.context import BaseContext
from django.template.defaultfilters import default
from django.template.defaulttags import ForNode

BASE_DIR = Path(settings.BASE_DIR)
TEMPLATES = BASE_DIR / "templates"

_resolve = Variable.resolve
_fetch_all = QuerySet._fetch_all


def guard() -> None:
    """Puts both guards into Django for the rest of the process."""
    Variable.resolve = resolve
    QuerySet._fetch_all = fetch_all


# --- Names in templates ---------------------------------------------------------------------------


def resolve(variable: Variable, context: Any) -> Any:
    """As Django does; a name that is missing in a template of ours fails the test."""
    try:
        return _resolve(variable, context)
    except VariableDoesNotExist as missing:
        asking = sys._getframe(1)
        node = _node(asking)
        if node is None or _may_be_missing(variable, missing, asking, node, context):
            raise
    # Not an exception of the usual kind: `{% if %}` would swallow that.
    pytest.fail(
        f"{node.origin.template_name}, line {node.token.lineno}: nothing gives “{variable}”; "
        f"give it, or write “{variable}|default:…”"
    )


def _node(frame: FrameType | None) -> Node | None:
    """The innermost node that is being rendered, where it is one of our templates."""
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            return node if Path(node.origin.name).is_relative_to(TEMPLATES) else None
        frame = frame.f_back
    return None


def _may_be_missing(
    variable: Variable, missing: VariableDoesNotExist, asking: FrameType, node: Node, context: Any
) -> bool:
    expression = asking.f_locals.get("self")
    # An argument of a filter has no second chance.
    if not isinstance(expression, FilterExpression) or expression.var is not variable:
        return False
    if expression.filters and expression.filters[0][0] is default:
        return True
    if not asking.f_locals["ignore_failures"]:
        return False
    held = missing.params[1]
    if isinstance(held, BaseContext):
        return node.origin.name != context.template.origin.name
    return held is None or isinstance(held, Mapping)


# --- Orders of lists ------------------------------------------------------------------------------


def fetch_all(rows: QuerySet) -> None:
    """As Django does; rows of ours that have an order have a total one, others come backwards."""
    fresh = rows._result_cache is None
    _fetch_all(rows)
    if not _is_ours(rows.model):
        return
    if not rows.ordered:
        if _reader() is ForNode.render.__code__:
            pytest.fail(f"a template shows a list of {rows.model.__name__} without an order")
        if rows.query.is_sliced and rows.query.high_mark != MAX_GET_RESULTS:
            pytest.fail(f"a list of {rows.model.__name__} without an order is cut")
        if fresh:
            rows._result_cache.reverse()
    elif fresh and not is_total(rows):
        order = rows.query.order_by or rows.model._meta.ordering
        pytest.fail(f"{rows.model.__name__} by {order} leaves ties: end the order with “pk”")


@cache
def _is_ours(model: type[Model]) -> bool:
    ours = {app.name for app in apps.get_app_configs() if Path(app.path).parent == BASE_DIR}
    return model.__module__.partition(".")[0] in ours


def _reader() -> CodeType:
    """The code that asked for the rows, outside of Django's own for querysets."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_globals["__name__"] == QuerySet.__module__:
        frame = frame.f_back
    assert frame is not None
    return frame.f_code


def is_total(rows: QuerySet) -> bool:
    """Whether the order of the rows leaves no two of them in the same place."""
    query, options = rows.query, rows.model._meta
    if query.combinator or (
        (query.distinct or query.group_by) and not issubclass(rows._iterable_class, ModelIterable)
    ):
        return True  # their rows are no rows of the model
    order = query.order_by or options.ordering
    known = {field for term in order for field in _determined(options, term)}
    known |= set(_held_fast(query.where, options))
    keys = [{field.name} for field in options.concrete_fields if field.unique and not field.null]
    keys += [set(constraint.fields) for constraint in options.total_unique_constraints]
    return any(key <= known for key in keys)


def _determined(options: Options, term: Any) -> Iterator[str]:
    """The field of the model that is settled where the term of an order is."""
    if isinstance(term, OrderBy):
        term = term.expression
    if isinstance(term, F):
        term = term.name
    if not isinstance(term, str):
        return
    first, *path = term.lstrip("-").split("__")
    field = options.pk if first == "pk" else _field(options, first)
    if field is None:
        return
    # A relation is settled by itself (its own model has an order) or by a key of the other side.
    other = _field(field.related_model._meta, path[0]) if path and field.related_model else None
    if not path or path == ["pk"] or (len(path) == 1 and other is not None and other.unique):
        yield field.name


def _field(options: Options, name: str) -> Any:
    """The field in the model's own table; none for an annotation or the far side of a relation."""
    return next((field for field in options.concrete_fields if field.name == name), None)


def _held_fast(where: WhereNode, options: Options) -> Iterator[str]:
    """Fields that have one value in all rows, because the query says so."""
    if where.negated or where.connector != AND:
        return
    for condition in where.children:
        if isinstance(condition, WhereNode):
            yield from _held_fast(condition, options)
        elif isinstance(condition, Exact | IsNull) and isinstance(condition.lhs, Col):
            target = condition.lhs.target
            if target.model._meta.concrete_model is options.concrete_model:
                yield target.name
