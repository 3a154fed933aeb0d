"""Whether letters may leave the site today."""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _

from states.models import Practice
from states.words import day


def gate(today: dt.date) -> str:
    """Why no letter leaves today, in a sentence; empty when letters may leave.

    It holds for every letter, planned or single. Without LETTERS_START_ON nothing ever leaves:
    a copy of the site that somebody starts elsewhere must not write to governments.
    """
    start: dt.date | None = settings.LETTERS_START_ON
    if start is None:
        return _(
            "No letter leaves this site: the setting LETTERS_START_ON names no day. "
            "Letters are planned and held."
        )
    if today < start:
        return _("No letter leaves this site before %(day)s.") % {"day": day(start)}
    if Practice.on(Practice.Key.LETTERS_STOPPED):
        return _("Letters are stopped: they are planned, and none leaves until somebody allows it.")
    return ""
