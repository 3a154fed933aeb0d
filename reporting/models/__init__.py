"""What the app keeps: reports with forms, figures, transcriptions, invitations, remarks."""

from reporting.models.answers import Attachment, FormAnswers
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
from reporting.models.transcriptions import Correction, TranscribedForm, Transcription

__all__ = [
    "DRAFT",
    "HANDED_IN",
    "PUBLISHED",
    "UN_LANGUAGES",
    "Attachment",
    "Correction",
    "DraftInvitation",
    "Figure",
    "FormAnswers",
    "Remark",
    "Report",
    "TranscribedForm",
    "Transcription",
]
