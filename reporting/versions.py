"""The versions of the reporting forms, by their names: a report keeps its own for ever."""

from reporting.art7_2010 import ART7_2010
from reporting.models import Report
from reporting.schema import Schema

SCHEMAS: dict[str, Schema] = {one.version: one for one in (ART7_2010,)}


def schema_of(report: Report) -> Schema:
    """The version that the report was written in."""
    return SCHEMAS[report.schema]
