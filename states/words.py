"""Days in words, "30 April 2027", never 04/30; status of a State; words as they are looked up."""

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from states.deadlines import PartialDate, Precision
from states.standing import Status

# One name for each, on every page, in every list and in the glossary.
STATUSES: Mapping[str, Any] = {
    Status.PARTY: lazy("State Party"),
    Status.DEPOSITED: lazy("Instrument deposited, not yet in force"),
    Status.SIGNATORY: lazy("Signatory"),
    Status.NOT_PARTY: lazy("State not party"),
    Status.WITHDRAWN: lazy("Former State Party"),
}


# Whoever types another day has mistyped its year: no rule, paper or plan here reaches so far.
FIRST_DAY = dt.date(1900, 1, 1)
LAST_DAY = dt.date(2099, 12, 31)


def out_of_reach(on: dt.date) -> str:
    """Why nobody can mean the day, in a sentence; empty where somebody can."""
    if FIRST_DAY <= on <= LAST_DAY:
        return ""
    return _("Choose a day from %(first)s to %(last)s, written such as 2026-11-20.") % {
        "first": day(FIRST_DAY),
        "last": day(LAST_DAY),
    }


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


def day_of_the_year(month: int, number: int) -> str:
    """A day without its year: "30 April", "1er avril", "30 de abril"."""
    # A leap year has them all.
    on = dt.date(2028, month, number)
    language = (get_language() or "en")[:2]
    if language == "fr" and on.day == 1:
        return "1er " + date_format(on, "F")
    return date_format(on, r"j \d\e F" if language == "es" else "j F")


def moment(at: dt.datetime) -> str:
    """A moment on Geneva's clock: "30 April 2027, 14:05"."""
    there = localtime(at)
    return f"{day(there.date())}, {there:%H:%M}"


def weekday(on: dt.date) -> str:
    """The day with its weekday, where somebody must act: "Friday, 30 April 2027"."""
    return _("%(weekday)s, %(day)s") % {"weekday": date_format(on, "l"), "day": day(on)}


def colon(head: object, rest: object) -> str:
    """A name and what is said of it: "Iraq: clearance", in French with a space before the colon."""
    return pgettext("a name and what is said of it", "%(head)s: %(rest)s") % {
        "head": head,
        "rest": rest,
    }


def fold(text: str) -> str:
    """The text without accents and capitals, for looking up: "Côte d’Ivoire" is "cote d'ivoire"."""
    flat = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return "".join(letter for letter in flat if not unicodedata.combining(letter))


def alphabetical(name: str) -> str:
    """The place of a name in the alphabet of the page's language; accents do not count.

    Spanish has one letter more, which comes after n.
    """
    if (get_language() or "en").startswith("es"):
        name = name.casefold().replace("ñ", "n\uffff")
    return fold(name)


def words_in(text: str) -> list[str]:
    """The words of a text as they are looked up: folded, of letters and digits alone."""
    return re.findall(r"[^\W_]+", fold(text))
