"""Days in words, in the reader's language: "30 April 2027", never 04/30."""

import datetime as dt
import functools

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from states.deadlines import PartialDate, Precision


def day(on: dt.date) -> str:
    """The day in words: "30 April 2027", "30 avril 2027", "30 de abril de 2027".

    Remembered: a list asks for the same few days hundreds of times.
    """
    return _day((get_language() or "en")[:2], on)


@functools.lru_cache(maxsize=4096)
def _day(language: str, on: dt.date) -> str:
    # The names of months are those of the active language, which is this one.
    if language == "fr" and on.day == 1:
        return "1er " + date_format(on, "F Y")
    if language == "es":
        return date_format(on, r"j \d\e F \d\e Y")
    return date_format(on, "j F Y")


def partial(date: PartialDate) -> str:
    """As much of the date as is known: "June 2023", "2023"."""
    if date.precision is Precision.YEAR:
        return str(date.day.year)
    if date.precision is Precision.MONTH:
        spanish = (get_language() or "en").startswith("es")
        return date_format(date.day, r"F \d\e Y" if spanish else "F Y")
    return day(date.day)


def weekday(on: dt.date) -> str:
    """The day with its weekday, where somebody must act: "Friday, 30 April 2027"."""
    return _("%(weekday)s, %(day)s") % {"weekday": date_format(on, "l"), "day": day(on)}
