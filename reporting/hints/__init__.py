"""Help for every question of the forms: its article, what to write, and an example.

A released version of the forms is frozen with the help and examples that it had, so that what was
added since stands here, beside it, for the page and the workbook. Nothing here is part of a form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from reporting.hints.munitions import MUNITIONS
from reporting.hints.people import PEOPLE
from reporting.hints.shared import COLUMNS, KINDS
from reporting.schema import Choice, Field, Form, Table

TEXTS = MUNITIONS | PEOPLE
# The point of the Convention that a question answers, where it is not that of its whole form.
ARTICLES = {
    "measures.measures": "7(1)(a), 9",
    "stockpiles.stock": "7(1)(b)",
    "stockpiles.marking": "3(1)",
    "stockpiles.programme": "7(1)(e)",
    "stockpiles.sites": "7(1)(e)",
    "stockpiles.destroyed": "7(1)(f)",
    "stockpiles.found": "7(1)(g)",
    "stockpiles.milestones": "7(1)(e)",
    "retained-transferred.retained": "3(6), 3(8)",
    "retained-transferred.transferred": "3(7), 3(8)",
    "clearance.areas": "7(1)(h)",
    "clearance.programme": "7(1)(i)",
    "clearance.released": "7(1)(i)",
    "clearance.completed_on": "4(1)(c)",
    "victim-assistance.focal_point": "5(2)(g)",
    "victim-assistance.needs": "5(2)(a)",
    "victim-assistance.plan": "5(2)(c)",
    "victim-assistance.participation": "5(2)(f)",
    "resources.national": "7(1)(m)",
    "resources.provided": "7(1)(n)",
    "resources.received": "6(1)",
    "resources.needs": "6(1)",
}


@dataclass(frozen=True, slots=True)
class Hint:
    """What helps to answer a question: in words, in the reader's language.

    The `example` of a table is empty: its columns have theirs, one to a row.
    """

    label: str
    article: str
    help: str
    example: str


def of(form: Form, asked: Field, column: Field | None = None) -> Hint:
    """The hint for a question of a form, or for a column of a table."""
    one = column or asked
    key = f"{form.key}.{asked.key}"
    shared = COLUMNS.get(one.key, ("", "")) if column else ("", "")
    found = (TEXTS.get(f"{key}.{column.key}" if column else key, ("", "")), shared)
    kind = KINDS.get(one.kind, ("", ""))
    return Hint(
        label=str(one.label),
        article=article(form, asked),
        help=_first(*(help_ for help_, _example in found), one.help, kind[0]),
        # What stands here comes first: an example in a frozen form may name a real place.
        example=_first(*(example for _help, example in found), one.example, kind[1], _choice(one)),
    )


def article(form: Form, asked: Field) -> str:
    """The point of the Convention that the question answers, in words."""
    point = ARTICLES.get(f"{form.key}.{asked.key}", form.article)
    if not point:
        return _("outside of Article 7")
    return _("Article %(article)s") % {"article": point}


def of_columns(form: Form, table: Table) -> Iterator[Hint]:
    """The hints for the columns of a table, in their order."""
    return (of(form, table, column) for column in table.columns)


def _first(*said: Any) -> str:
    return next((str(one) for one in said if one), "")


def _choice(one: Field) -> Any:
    return one.choices[0][1] if isinstance(one, Choice) else ""
