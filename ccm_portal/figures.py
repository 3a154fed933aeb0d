"""The figures of every app as at a day, each with the address of the list that it counts."""

import datetime as dt

from ccm_portal.contributions import FIGURES
from records.seams import Figure


def figures(on: dt.date) -> list[Figure]:
    """All of them in their order, in one query for each app."""
    return [figure for source in FIGURES for figure in source(on)]
