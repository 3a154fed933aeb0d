"""Rules over how something is said: sentences, totals among the rows, halves of a place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from reporting.rules.asking import Asked, Facts, ask, cells, rows
from reporting.rules.munitions import COUNTED, RETAINED
from reporting.schema import NOT_APPLICABLE, Answers, Table
from states.words import fold

# What says nothing, in the languages of the United Nations that use Latin letters.
NO_SENTENCE = re.compile(
    r"(n/?a|none|nil|no|not applicable|s/?o|neant|sans objet|n/?p|nada|ninguno)?"
)
# What a spreadsheet writes beside its sums.
TOTALS = frozenset({"total", "totals", "totales", "totaux", "grand total", "sum", "suma", "somme"})


def not_applicable_is_a_sentence(
    answers: Answers, before: Answers, facts: Facts
) -> Iterator[Asked]:
    """A definite sentence says more than "N/A": that the State never had what the form asks for."""
    for form in facts.schema.forms:
        mark = facts.marks.get(form.key, {})
        words = re.sub(r"[^\w/ ]", "", fold(str(mark.get("sentence", "")))).strip()
        if mark.get("mark") != NOT_APPLICABLE or not mark.get("sentence"):
            continue
        if NO_SENTENCE.fullmatch(words):
            text = _(
                "“%(sentence)s” can be read in several ways. Say in one sentence why the form "
                "does not apply, for example that the State has never had what it asks for."
            ) % {"sentence": mark["sentence"]}
            yield ask(facts, text, form.key)


def rows_are_no_totals(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """The portal adds up: a row of sums, as spreadsheets have it, is counted a second time."""
    for form in facts.schema.forms:
        for table in form.fields:
            if not isinstance(table, Table) or not table.totals:
                continue
            for number, row in rows(answers, form.key, table.key):
                first = next((row[one.key] for one in table.columns if one.key in row), "")
                if isinstance(first, str) and fold(first).strip(" :.") in TOTALS:
                    text = _(
                        "the row “%(name)s” looks like a sum. The portal adds the rows up itself, "
                        "so that it is counted twice. Take it out if it is one."
                    ) % {"name": first}
                    yield ask(facts, text, form.key, table.key, number, row["id"])


def submunitions_have_a_type(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """Article 7(1)(b) speaks of types of explosive submunitions as of those of munitions."""
    for form, table in COUNTED:
        asked = facts.form(form)
        columns = next((one for one in asked.fields if one.key == table), None) if asked else None
        if not isinstance(columns, Table) or form == RETAINED:
            continue
        if "submunition" not in {one.key for one in columns.columns}:
            continue
        for number, row in rows(answers, form, table):
            named = "submunition" in row or facts.is_typed(form, table, row["id"], "submunition")
            if row.get("submunitions") and row.get("quantity") and not named:
                text = _("submunitions are counted, and of which type is not said. Name the type.")
                yield ask(facts, text, form, table, number, row["id"], "submunition")


def positions_are_whole(answers: Answers, before: Answers, facts: Facts) -> Iterator[Asked]:
    """A latitude without a longitude is no place."""
    for cell in cells(answers, facts, "coordinates"):
        missing = next((part for part in ("latitude", "longitude") if part not in cell.value), "")
        path = (cell.question, cell.row, cell.column, missing)
        if not missing or facts.is_typed(cell.form, *path):
            continue
        text = (
            _("a longitude is given, and no latitude. Add it, or take the longitude out.")
            if missing == "latitude"
            else _("a latitude is given, and no longitude. Add it, or take the latitude out.")
        )
        yield ask(
            facts, text, cell.form, cell.question, cell.number, cell.row, cell.column, missing
        )
