"""The registers of reports and transcriptions in the admin, and the reports of a State."""

from reporting.admin.parts import reports_of
from reporting.admin.reports import ReportAdmin
from reporting.admin.transcriptions import TranscriptionAdmin

__all__ = ["ReportAdmin", "TranscriptionAdmin", "reports_of"]
