"""What may be asked in a form, and what an answer looks like: one class for each kind of field."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from states.words import FIRST_DAY, LAST_DAY, day, out_of_reach
from states.written_days import offered

# An answer as it is kept: what JSON carries unchanged. An empty answer is left out.
type Value = str | int | float | bool

LONGEST_LINE, LONGEST_TEXT = 500, 20_000
# A float carries fifteen digits unchanged, in JSON, in a spreadsheet and in PostgreSQL.
MOST_DIGITS = 15
# Between the digits of one number: spaces, also those that do not break, and apostrophes.
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\u00a0\u202f'’](?=\d)")
GROUPED = re.compile(r"\d{1,3}([.,]\d{3})+")
PLAIN_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Level(StrEnum):
    """What the Convention asks of an answer: grey columns of the template are voluntary."""

    MANDATORY = "mandatory"
    IF_POSSIBLE = "if-possible"
    VOLUNTARY = "voluntary"


LEVELS: Mapping[Level, Any] = {
    Level.MANDATORY: lazy("asked by the Convention"),
    Level.IF_POSSIBLE: lazy("if possible"),
    Level.VOLUNTARY: lazy("voluntary"),
}


class Wrong(ValueError):
    """What was given is no answer to this question; the sentence says what to do instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question with one answer. `key` is for ever; `figure` marks what is counted in public."""

    key: str
    label: Any
    help: Any = ""
    example: Any = ""
    level: Level = Level.MANDATORY
    figure: bool = False
    # Nobody here has seen the official text of it: "to be confirmed by the ISU".
    inferred: bool = False

    kind: ClassVar[str] = ""

    @property
    def parts(self) -> tuple[Field, ...]:
        """The simple fields that it consists of: itself, where it is one."""
        return (self,)

    def read(self, given: Any) -> Value | None:
        """The answer in what was typed, or stands in a cell or in JSON; None where it is empty.

        Raises `Wrong` with a sentence. What `typed`, `cell` and JSON give is read as it was.
        """
        raise NotImplementedError

    def typed(self, value: Value) -> str:
        """The answer as it stands in a box on the page."""
        return str(value)

    def cell(self, value: Value) -> Any:
        """The answer as it stands in a cell of a spreadsheet."""
        return value

    def shown(self, value: Value) -> str:
        """The answer in words, for page, paper and differences."""
        return str(value)

    def json(self) -> dict[str, Any]:
        """What JSON Schema says of the answer."""
        raise NotImplementedError

    def facts(self) -> dict[str, Any]:
        """What the hash of a released version covers, in no language but that of the source."""
        return {
            "key": self.key,
            "kind": self.kind,
            "label": str(self.label),
            "help": str(self.help),
            "example": str(self.example),
            "level": str(self.level),
            "figure": self.figure,
            "inferred": self.inferred,
        }


def written(given: Any) -> str:
    """What was given as text: one form of each letter and of line ends, nothing at the ends."""
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    text = unicodedata.normalize("NFC", str(given))
    text = "\n".join(line.rstrip() for line in UNWRITABLE.sub("", text).splitlines())
    return text.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Field):
    """Words: one line, or `long` for several."""

    long: bool = False

    kind: ClassVar[str] = "text"

    @property
    def longest(self) -> int:
        """The most characters that are kept."""
        return LONGEST_TEXT if self.long else LONGEST_LINE

    def read(self, given: Any) -> str | None:
        """A line has no line ends: those of a cell become spaces."""
        if given is None:
            return None
        if isinstance(given, dt.datetime):
            given = given.date()
        text = written(given)
        if not self.long:
            text = " ".join(text.split("\n"))
        if len(text) > self.longest:
            raise Wrong(
                _("This is %(length)s characters long; at most %(most)s are kept.")
                % {"length": len(text), "most": self.longest}
            )
        return text or None

    def json(self) -> dict[str, Any]:
        """A string that is not empty."""
        return {"type": "string", "minLength": 1, "maxLength": self.longest}

    def facts(self) -> dict[str, Any]:
        """With its length."""
        return Field.facts(self) | {"long": self.long}


def _number(text: str, *, whole: bool) -> Decimal:
    """The number that was typed. Raises `Wrong` where it can be read in two ways, or in none."""
    plain = BETWEEN_DIGITS.sub("", text).replace("\u2212", "-")
    if GROUPED.fullmatch(plain):
        mark = "," if "," in plain else "."
        if whole or plain.count(mark) > 1:
            if "," in plain and "." in plain:
                raise Wrong(_not_a_number(text))
            return Decimal(plain.replace(mark, ""))
        if mark == ",":
            given, other = plain.replace(",", ""), plain.replace(",", ".")
            raise Wrong(
                _("“%(given)s” can be read in two ways: write %(one)s or %(other)s.")
                % {"given": text, "one": given, "other": other}
            )
    if not PLAIN_NUMBER.fullmatch(plain):
        raise Wrong(_not_a_number(text))
    return Decimal(plain.replace(",", "."))


def _not_a_number(text: str) -> str:
    return _("“%(given)s” is not a number: write digits only, such as 1250.") % {"given": text[:60]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Field):
    """A number with the unit that is shown beside it; negative only where `below` says so.

    `places` is how many decimals are kept at most, `most` the largest size.
    """

    unit: Any = ""
    whole: bool = False
    below: bool = False
    places: int | None = None
    most: int | None = None

    kind: ClassVar[str] = "number"

    def read(self, given: Any) -> int | float | None:
        """Whole numbers are int, others float with at most fifteen digits."""
        if given is None or (isinstance(given, str) and not written(given)):
            return None
        if isinstance(given, bool):
            raise Wrong(_not_a_number(str(given)))
        if isinstance(given, (int, float, Decimal)):
            if isinstance(given, float) and not math.isfinite(given):
                raise Wrong(_not_a_number(str(given)))
            number = Decimal(repr(given) if isinstance(given, float) else given)
        else:
            number = _number(written(given), whole=self.whole)
        return self._checked(number)

    def _checked(self, number: Decimal) -> int | float:
        if number < 0 and not self.below:
            raise Wrong(_("A number here cannot be less than nothing."))
        if self.whole and number != number.to_integral_value():
            raise Wrong(_("Write a whole number here."))
        if self.most is not None and abs(number) > self.most:
            raise Wrong(_("A number here is at most %(most)s.") % {"most": self.most})
        plain = number.normalize()
        places = max(0, -int(plain.as_tuple().exponent))
        if self.places is not None and places > self.places:
            raise Wrong(_("Write at most %(places)s decimals.") % {"places": self.places})
        if len(plain.as_tuple().digits) > MOST_DIGITS or abs(number) >= 10**MOST_DIGITS:
            raise Wrong(_("A number here has at most %(most)s digits.") % {"most": MOST_DIGITS})
        return int(number) if places == 0 else float(number)

    def typed(self, value: Value) -> str:
        """Digits and a point, never an exponent."""
        return f"{Decimal(repr(value)):f}"

    def shown(self, value: Value) -> str:
        """Grouped as the reader's language groups digits, with the unit."""
        number = Decimal(repr(value))
        places = max(0, -int(number.as_tuple().exponent)) if isinstance(value, float) else 0
        text = number_format(number, places, use_l10n=True, force_grouping=True)
        if self.unit == "°":
            return f"{text}°"
        return f"{text}\u00a0{self.unit}" if self.unit else text

    def json(self) -> dict[str, Any]:
        """A number, or an integer, within its bounds."""
        said: dict[str, Any] = {"type": "integer" if self.whole else "number"}
        if not self.below:
            said["minimum"] = 0
        elif self.most is not None:
            said["minimum"] = -self.most
        return said | ({"maximum": self.most} if self.most is not None else {})

    def facts(self) -> dict[str, Any]:
        """With its unit and bounds."""
        return Field.facts(self) | {
            "unit": str(self.unit),
            "whole": self.whole,
            "below": self.below,
            "places": self.places,
            "most": self.most,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity(Number):
    """How many: munitions, submunitions, persons."""

    whole: bool = True

    kind: ClassVar[str] = "quantity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Number):
    """A size in square metres; from a million on it is shown in square kilometres too."""

    unit: Any = "m²"
    places: int | None = 2

    kind: ClassVar[str] = "area"

    def shown(self, value: Value) -> str:
        """In m², and in km² where that is easier to read."""
        text = Number.shown(self, value)
        if Decimal(repr(value)) < 1_000_000:
            return text
        wide = (Decimal(repr(value)) / 1_000_000).quantize(Decimal("0.01"))
        return f"{text} ({number_format(wide, 2, use_l10n=True, force_grouping=True)}\u00a0km²)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Date(Field):
    """A day."""

    kind: ClassVar[str] = "date"

    def read(self, given: Any) -> str | None:
        """Year, month, day: no month is ever taken for a day."""
        if given is None or (isinstance(given, str) and not written(given)):
            return None
        if isinstance(given, dt.datetime):
            on = given.date()
        elif isinstance(given, dt.date):
            on = given
        else:
            text = written(given)
            try:
                on = dt.date.fromisoformat(text)
            except ValueError:
                raise Wrong(
                    offered(text)
                    or _("“%(given)s” is not a day: write year, month and day, such as 2026-11-20.")
                    % {"given": text[:60]}
                ) from None
        if too_far := out_of_reach(on):
            raise Wrong(too_far)
        return on.isoformat()

    def cell(self, value: Value) -> dt.date:
        """A day that the spreadsheet knows as one."""
        return dt.date.fromisoformat(str(value))

    def shown(self, value: Value) -> str:
        """30 April 2027."""
        return day(dt.date.fromisoformat(str(value)))

    def json(self) -> dict[str, Any]:
        """A day of ISO 8601, from 1900 to 2099."""
        return {
            "type": "string",
            "format": "date",
            "pattern": rf"^({str(FIRST_DAY.year)[:2]}|{str(LAST_DAY.year)[:2]})\d\d-\d\d-\d\d$",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Field):
    """One of several words; what is kept is the word's key."""

    choices: tuple[tuple[str, Any], ...]

    kind: ClassVar[str] = "choice"

    def read(self, given: Any) -> Value | None:
        """The key, or the word in the reader's language as a spreadsheet shows it."""
        text = written(given) if given is not None else ""
        if not text:
            return None
        for key, word in self.choices:
            if text == key or text.casefold() == str(word).casefold():
                return key
        words = ", ".join(str(word) for _key, word in self.choices)
        raise Wrong(
            _("“%(given)s” is not one of: %(words)s.") % {"given": text[:60], "words": words}
        )

    def cell(self, value: Value) -> str:
        """The word."""
        return self.shown(value)

    def shown(self, value: Value) -> str:
        """The word in the reader's language."""
        return str(dict(self.choices).get(str(value), value))

    def json(self) -> dict[str, Any]:
        """One of the keys."""
        return {"enum": [key for key, _word in self.choices]}

    def facts(self) -> dict[str, Any]:
        """With its words."""
        return Field.facts(self) | {"choices": [[key, str(word)] for key, word in self.choices]}


YES, NO = lazy("yes"), lazy("no")


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo(Field):
    """Yes or no; neither is not the same as no."""

    kind: ClassVar[str] = "yes-no"

    def read(self, given: Any) -> bool | None:
        """A truth value, or the word in the reader's language or in English."""
        if given is None or isinstance(given, bool):
            return given
        text = written(given).casefold()
        if not text:
            return None
        if text in {"true", "yes", str(YES).casefold()}:
            return True
        if text in {"false", "no", str(NO).casefold()}:
            return False
        raise Wrong(
            _("“%(given)s” is not one of: %(words)s.")
            % {"given": text[:60], "words": f"{YES}, {NO}"}
        )

    def typed(self, value: Value) -> str:
        """true or false, as the choice on the page sends it."""
        return "true" if value else "false"

    def cell(self, value: Value) -> str:
        """The word."""
        return self.shown(value)

    def shown(self, value: Value) -> str:
        """The word in the reader's language."""
        return str(YES if value else NO)

    def json(self) -> dict[str, Any]:
        """A truth value."""
        return {"type": "boolean"}
