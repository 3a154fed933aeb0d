"""What was meant by digits and marks: numbers and days as people and spreadsheets write them."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from decimal import Decimal

from django.utils.translation import gettext as _

from states import written_days

# Between the digits of one number: spaces, also those that do not break, and apostrophes.
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\u00a0\u202f'’](?=\d)")
GROUPED = re.compile(r"\d{1,3}([.,]\d{3})+")
BOTH_MARKS = re.compile(r"-?(\d{1,3}(,\d{3})+\.\d+|\d{1,3}(\.\d{3})+,\d+)")
PLAIN_NUMBER = re.compile(r"-?\d+([.,]\d+)?")


class Wrong(ValueError):
    """What was given is no answer to this question; the sentence says what to do instead."""


def readings(text: str, *, whole: bool) -> list[Decimal]:
    """The numbers that were typed: two where a mark may stand for thousands or for decimals.

    Raises `Wrong` where it can be read in no way.
    """
    plain = BETWEEN_DIGITS.sub("", text).replace("\u2212", "-")
    if BOTH_MARKS.fullmatch(plain):
        # Of two marks the last one is that of the decimals.
        last = max(plain.rfind(","), plain.rfind("."))
        grouped = plain[:last].replace(",", "").replace(".", "")
        return [Decimal(f"{grouped}.{plain[last + 1 :]}")]
    if GROUPED.fullmatch(plain):
        if "," in plain and "." in plain:
            raise Wrong(not_a_number(text))
        mark = "," if "," in plain else "."
        thousands = Decimal(plain.replace(mark, ""))
        if whole or plain.count(mark) > 1:
            return [thousands]
        return [thousands, Decimal(plain.replace(mark, "."))]
    if not PLAIN_NUMBER.fullmatch(plain):
        raise Wrong(not_a_number(text))
    return [Decimal(plain.replace(",", "."))]


def unmistakable(number: Decimal) -> str:
    """A number in digits that can be read in one way only."""
    text = f"{number.normalize():f}"
    return f"{text}0" if GROUPED.fullmatch(text) else text


def not_a_number(text: str) -> str:
    return _("“%(given)s” is not a number: write digits only, such as 1250.") % {"given": text[:60]}


def day_in(text: str) -> dt.date:
    """The day that was typed. Raises `Wrong` where it can be read in two ways, or in none."""
    with suppress(ValueError):
        return dt.date.fromisoformat(text)
    found = written_days.readings(text)
    if len(found) != 1:
        raise Wrong(
            written_days.offered(text)
            or _("“%(given)s” is not a day: write year, month and day, such as 2026-11-20.")
            % {"given": text[:60]}
        )
    return found[0]
