"""Any answers that a schema allows, for property tests."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from reporting.schema import (
    Choice,
    Date,
    Field,
    File,
    Form,
    Number,
    Schema,
    StateOf,
    Table,
    Text,
    Whole,
    YesNo,
    simple,
)
from reporting.schema.wholes import Currency, Degrees

CODES = ("LAO", "PER", "CHE")
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn"))


def of_simple(field: Field) -> st.SearchStrategy[Any]:
    """Any answer to a simple question, as it is kept; never None."""
    if isinstance(field, Currency):
        return st.sampled_from(["USD", "CHF", "EUR"])
    if isinstance(field, Text):
        line = st.text(LETTERS, min_size=1, max_size=40)
        lines = st.lists(line, min_size=1, max_size=3 if field.long else 1).map("\n".join)
        return lines.map(field.read).filter(bool)
    if isinstance(field, Degrees):
        most = field.most or 0
        return st.integers(-most * 10**6, most * 10**6).map(lambda n: field.read(n / 10**6))
    if isinstance(field, Number):
        if field.whole:
            return st.integers(0, 10**12)
        return st.integers(0, 10**10).map(lambda n: field.read(n / 100))
    if isinstance(field, Date):
        return st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)).map(lambda on: on.isoformat())
    if isinstance(field, Choice):
        return st.sampled_from([key for key, _word in field.choices])
    if isinstance(field, YesNo):
        return st.booleans()
    if isinstance(field, StateOf):
        return st.sampled_from(CODES)
    assert isinstance(field, File), field
    return st.integers(1, 10**6)


def of_field(field: Field) -> st.SearchStrategy[Any]:
    """Any answer to a question that is no table."""
    if isinstance(field, Whole):
        parts = {part: of_simple(one) for part, one in simple(field)}
        return st.fixed_dictionaries({}, optional=parts).filter(bool)
    return of_simple(field)


def of_table(table: Table, most: int = 4) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows with at least one answer each, and ids of their own."""
    columns = {column.key: of_field(column) for column in table.columns}
    row = st.fixed_dictionaries({}, optional=columns).filter(bool)
    rows = st.lists(row, min_size=1, max_size=most)
    return rows.map(lambda found: [{"id": f"row{n:05d}", **row} for n, row in enumerate(found)])


def of_form(form: Form) -> st.SearchStrategy[dict[str, Any]]:
    """Any answers to one form."""
    fields = {
        field.key: of_table(field) if isinstance(field, Table) else of_field(field)
        for field in form.fields
    }
    return st.fixed_dictionaries({}, optional=fields)


def of_schema(schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
    """Any answers to all forms; a form without answers is left out."""
    forms = {form.key: of_form(form).filter(bool) for form in schema.forms}
    return st.fixed_dictionaries({}, optional=forms)
