"""Whether JSON is valid against a JSON Schema, as far as the forms use it; no library needed."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

KINDS: Mapping[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}
SAYS_NOTHING = {"$schema", "$id", "title"}


def faults(schema: Mapping[str, Any], value: Any, at: str = "$") -> Iterator[str]:
    """Every fault, with its place. A keyword that is not known here is a fault of the schema."""
    if "type" in schema and (wrong := list(_type(schema, schema["type"], value))):
        yield f"{at}{wrong[0]}"
        return
    for keyword, said in schema.items():
        if keyword in SAYS_NOTHING:
            continue
        check = CHECKS.get(keyword)
        if check is None:
            yield f"{at}: what {keyword} says is not known here"
        else:
            yield from (f"{at}{fault}" for fault in check(schema, said, value))


def _type(schema: Any, said: str, value: Any) -> Iterator[str]:
    right = isinstance(value, KINDS[said]) and (said == "boolean" or not isinstance(value, bool))
    if not right:
        yield f": {value!r} is no {said}"


def _properties(schema: Any, said: Any, value: Any) -> Iterator[str]:
    for key, of_key in said.items():
        if isinstance(value, dict) and key in value:
            yield from faults(of_key, value[key], f".{key}")


def _nothing_else(schema: Any, said: Any, value: Any) -> Iterator[str]:
    assert said is False
    if extra := sorted(set(value) - set(schema["properties"])):
        yield f": {extra} may not stand here"


def _required(schema: Any, said: Any, value: Any) -> Iterator[str]:
    if missing := sorted(set(said) - set(value)):
        yield f": {missing} is missing"


def _items(schema: Any, said: Any, value: Any) -> Iterator[str]:
    for number, one in enumerate(value):
        yield from faults(said, one, f"[{number}]")


def _bound(holds: Any) -> Any:
    def check(schema: Any, said: Any, value: Any) -> Iterator[str]:
        if not holds(value, said):
            yield f": {value!r} is out of bounds, {said}"

    return check


def _format(schema: Any, said: str, value: Any) -> Iterator[str]:
    assert said == "date"
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        yield f": {value!r} is no day"


CHECKS: Mapping[str, Any] = {
    "type": _type,
    "properties": _properties,
    "additionalProperties": _nothing_else,
    "required": _required,
    "items": _items,
    "format": _format,
    "enum": _bound(lambda value, said: value in said),
    "pattern": _bound(lambda value, said: re.search(said, value) is not None),
    "minimum": _bound(lambda value, said: value >= said),
    "maximum": _bound(lambda value, said: value <= said),
    "minLength": _bound(lambda value, said: len(value) >= said),
    "maxLength": _bound(lambda value, said: len(value) <= said),
    "minItems": _bound(lambda value, said: len(value) >= said),
    "maxItems": _bound(lambda value, said: len(value) <= said),
    "minProperties": _bound(lambda value, said: len(value) >= said),
}
