"""What the app keeps: reports, their forms and figures, and what stands beside them."""

from reporting.models.answers import Attachment, FormAnswers
from reporting.models.archive import Archive, ArchiveLine, Finding, NotFound, Outcome
from reporting.models.certification import Certification, CertifiedFirst
from reporting.models.delegations import Delegation
from reporting.models.figures import Figure
from reporting.models.measures import Measure, MeasureGroup, MeasureNote
from reporting.models.notes import FigureNote
from reporting.models.points import PointOfContact
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
from reporting.models.transcriptions import Correction, TranscribedForm, Transcription

__all__ = [
    "DRAFT",
    "HANDED_IN",
    "PUBLISHED",
    "UN_LANGUAGES",
    "Archive",
    "ArchiveLine",
    "Attachment",
    "Certification",
    "CertifiedFirst",
    "ConfirmedDoubt",
    "Correction",
    "Delegation",
    "DraftInvitation",
    "Embargo",
    "Figure",
    "FigureNote",
    "Finding",
    "FormAnswers",
    "KeptDoubts",
    "LanguageVersion",
    "Measure",
    "MeasureGroup",
    "MeasureNote",
    "NotFound",
    "Outcome",
    "PointOfContact",
    "PublicationWish",
    "Remark",
    "Report",
    "TranscribedForm",
    "Transcription",
]
