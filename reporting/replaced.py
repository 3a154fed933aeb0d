"""Versions that a later one has replaced: they stay on record, and nothing is done with them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reporting.models import DRAFT, Report


def by(report: Report) -> Report | None:
    """The version that was handed in after this one; asked once of each report."""
    later: Report | None = getattr(report, "amended_by", None)
    return later if later is not None and later.status != DRAFT else None


def in_words(report: Report) -> str:
    """Which version has replaced the report, in a sentence; empty where none has."""
    later = by(report)
    if later is None:
        return ""
    return _("Version %(number)s (%(reference)s) has replaced this one.") % {
        "number": later.number,
        "reference": later.reference,
    }
