"""Words of the public pages: days, kinds, and names in the order of the alphabet."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from states import words
from states.models.actors import GROUPS
from states.models.law import ObligationKind
from states.words import STATUSES, alphabetical, fold

__all__ = ["CATEGORIES", "GROUPS", "SHORT", "STATUSES", "alphabetical", "day", "fold", "size"]

# What falls due, short enough for a table's cell.
SHORT: Mapping[str, Any] = {
    ObligationKind.ART7_INITIAL: pgettext_lazy("what falls due", "initial report"),
    ObligationKind.ART7_ANNUAL: pgettext_lazy("what falls due", "annual report"),
    ObligationKind.ART3: pgettext_lazy("what falls due", "stockpiles, Article 3"),
    ObligationKind.ART4: pgettext_lazy("what falls due", "clearance, Article 4"),
}

# What an entry of the calendar is about.
CATEGORIES: Mapping[str, Any] = {
    ObligationKind.ART7_INITIAL: _("Transparency reports (Article 7)"),
    ObligationKind.ART7_ANNUAL: _("Transparency reports (Article 7)"),
    ObligationKind.ART3: _("Stockpiles (Article 3)"),
    ObligationKind.ART4: _("Clearance (Article 4)"),
}


def day(on: dt.date | None) -> str:
    """The day in words in the reader's language, or nothing."""
    return "" if on is None else words.day(on)


def size(of: int) -> str:
    """How large a file is: "212 kB", "1.5 MB", as the reader's language writes it."""
    if of >= 1_000_000:
        return str(_("%(size)s MB")) % {"size": number_format(of / 1_000_000, 1)}
    return str(_("%(size)s kB")) % {"size": max(1, round(of / 1000))}
