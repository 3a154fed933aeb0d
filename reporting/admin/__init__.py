"""The registers of reports, transcriptions and measures, and the reports of a State."""

from reporting.admin.archive import ArchiveAdmin
from reporting.admin.archive_lines import ArchiveLineAdmin
from reporting.admin.measures import (
    MeasureAdmin,
    MeasureGroupAdmin,
    MeasureNoteAdmin,
    measures_of,
)
from reporting.admin.notes import FigureNoteAdmin
from reporting.admin.parts import reports_of
from reporting.admin.reports import ReportAdmin
from reporting.admin.transcriptions import TranscriptionAdmin

__all__ = [
    "ArchiveAdmin",
    "ArchiveLineAdmin",
    "FigureNoteAdmin",
    "MeasureAdmin",
    "MeasureGroupAdmin",
    "MeasureNoteAdmin",
    "ReportAdmin",
    "TranscriptionAdmin",
    "measures_of",
    "reports_of",
]
