"""The versions of the reporting forms, by their names: a report keeps its own for ever."""

from reporting.art7_2010 import ART7_2010
from reporting.art7_2022 import ART7_2022
from reporting.models import Report
from reporting.schema import Schema
from states.models import Practice

SCHEMAS: dict[str, Schema] = {one.version: one for one in (ART7_2010, ART7_2022)}


def schema_of(report: Report) -> Schema:
    """The version that the report was written in."""
    return SCHEMAS[report.schema]


def of_a_new_report() -> str:
    """The version in which a report that begins now is written; one query."""
    switched = Practice.on(Practice.Key.FORMS_OF_2022)
    return (ART7_2022 if switched else ART7_2010).version
