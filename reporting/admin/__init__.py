"""The registers of reports and measures in the admin, and what the page of a State shows of them."""

from reporting.admin.measures import (
    MeasureAdmin,
    MeasureGroupAdmin,
    MeasureNoteAdmin,
    measures_of,
)
from reporting.admin.parts import reports_of
from reporting.admin.reports import ReportAdmin

__all__ = [
    "MeasureAdmin",
    "MeasureGroupAdmin",
    "MeasureNoteAdmin",
    "ReportAdmin",
    "measures_of",
    "reports_of",
]
