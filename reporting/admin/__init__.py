"""The register of transparency reports in the admin, and the reports on the page of a State."""

from reporting.admin.notes import FigureNoteAdmin
from reporting.admin.parts import reports_of
from reporting.admin.reports import ReportAdmin

__all__ = ["FigureNoteAdmin", "ReportAdmin", "reports_of"]
