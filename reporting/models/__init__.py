"""What the app keeps: reports with their forms and figures, invitations to drafts, remarks."""

from reporting.models.answers import Attachment, FormAnswers
from reporting.models.figures import Figure
from reporting.models.notes import FigureNote
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
    "Attachment",
    "DraftInvitation",
    "Figure",
    "FigureNote",
    "FormAnswers",
    "Remark",
    "Report",
]
