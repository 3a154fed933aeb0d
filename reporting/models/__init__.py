"""What the app keeps: reports, their forms, figures and measures, remarks, and what stands beside them."""

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
from reporting.models.reviewing import (
    ConfirmedDoubt,
    Embargo,
    KeptDoubts,
    LanguageVersion,
    PublicationWish,
)

__all__ = [
    "DRAFT",
    "HANDED_IN",
    "PUBLISHED",
    "UN_LANGUAGES",
    "Attachment",
    "ConfirmedDoubt",
    "DraftInvitation",
    "Embargo",
    "Figure",
    "FormAnswers",
    "Measure",
    "MeasureGroup",
    "MeasureNote",
    "KeptDoubts",
    "LanguageVersion",
    "PublicationWish",
    "Remark",
    "Report",
]
