"""What the app keeps: reports with their forms and figures, invitations to drafts, remarks."""

from reporting.models.answers import Attachment, FormAnswers
from reporting.models.archive import Archive, ArchiveLine, Finding, NotFound, Outcome
from reporting.models.figures import Figure
from reporting.models.reports import (
    DRAFT,
    HANDED_IN,
    PUBLISHED,
    UN_LANGUAGES,
    DraftInvitation,
    Remark,
    Report,
)

__all__ = [
    "DRAFT",
    "HANDED_IN",
    "PUBLISHED",
    "UN_LANGUAGES",
    "Archive",
    "ArchiveLine",
    "Attachment",
    "DraftInvitation",
    "Figure",
    "Finding",
    "FormAnswers",
    "NotFound",
    "Outcome",
    "Remark",
    "Report",
]
