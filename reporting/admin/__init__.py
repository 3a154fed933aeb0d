"""The registers of reports and measures in the admin, and their parts of the page of a State."""

from reporting.admin.measures import (
    MeasureAdmin,
    MeasureGroupAdmin,
    MeasureNoteAdmin,
    measures_of,
)
from reporting.admin.notes import FigureNoteAdmin
from reporting.admin.parts import reports_of
from reporting.admin.reports import ReportAdmin

__all__ = [
    "FigureNoteAdmin",
    "MeasureAdmin",
    "MeasureGroupAdmin",
    "MeasureNoteAdmin",
    "ReportAdmin",
    "measures_of",
    "reports_of",
]
