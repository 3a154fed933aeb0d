"""What the app keeps: reports with their forms, figures and contacts, who drafts and certifies."""

from reporting.models.answers import Attachment, FormAnswers
from reporting.models.certification import Certification, CertifiedFirst
from reporting.models.delegations import Delegation
from reporting.models.figures import Figure
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

__all__ = [
    "DRAFT",
    "HANDED_IN",
    "PUBLISHED",
    "UN_LANGUAGES",
    "Attachment",
    "Certification",
    "CertifiedFirst",
    "Delegation",
    "DraftInvitation",
    "Figure",
    "FormAnswers",
    "PointOfContact",
    "Remark",
    "Report",
]
