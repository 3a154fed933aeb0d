"""What the app keeps: reports with their forms, figures and measures, invitations, remarks."""

from reporting.models.answers import Attachment, FormAnswers
from reporting.models.figures import Figure
from reporting.models.measures import Measure, MeasureGroup, MeasureNote
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
    "FormAnswers",
    "Measure",
    "MeasureGroup",
    "MeasureNote",
    "Remark",
    "Report",
]
