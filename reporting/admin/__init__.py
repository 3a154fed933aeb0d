"""The register of transparency reports in the admin, and the reports on the page of a State."""

from reporting.admin.archive import ArchiveAdmin
from reporting.admin.archive_lines import ArchiveLineAdmin
from reporting.admin.parts import reports_of
from reporting.admin.reports import ReportAdmin

__all__ = ["ArchiveAdmin", "ArchiveLineAdmin", "ReportAdmin", "reports_of"]
