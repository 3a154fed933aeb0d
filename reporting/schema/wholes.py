"""Questions whose answer is more than a word or a number: money, a place, persons, rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from reporting.schema.fields import Field, Level, Number, Quantity, Text, Wrong, written

ROW_ID = re.compile(r"[0-9a-z]{4,16}")
MOST_ROWS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StateOf(Field):
    """A State, kept as its code; whoever shows it knows the names."""

    kind: ClassVar[str] = "state"

    def read(self, given: Any) -> str | None:
        """A code of three letters."""
        text = written(given) if given is not None else ""
        if not text:
            return None
        if not re.fullmatch(r"[A-Z]{3}", text):
            raise Wrong(_("“%(given)s” is not a State that is known here.") % {"given": text[:60]})
        return text

    def json(self) -> dict[str, Any]:
        """Three letters, as in ISO 3166-1."""
        return {"type": "string", "pattern": "^[A-Z]{3}$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class File(Field):
    """A file that goes with the report, kept as the number of its upload."""

    kind: ClassVar[str] = "file"

    def read(self, given: Any) -> int | None:
        """The upload's number."""
        if given is None or (isinstance(given, str) and not written(given)):
            return None
        if isinstance(given, bool) or not re.fullmatch(r"[1-9]\d{0,17}", str(given)):
            raise Wrong(_("This is not a file that was sent here: choose it again."))
        return int(given)

    def json(self) -> dict[str, Any]:
        """A number from 1."""
        return {"type": "integer", "minimum": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Photograph(File):
    """A picture in colour: JPEG or PNG."""

    kind: ClassVar[str] = "photograph"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Field):
    """A question whose answer has parts that belong together: a mapping of their answers."""

    def of_parts(self) -> tuple[Field, ...]:
        """The parts in their order; each is a simple field."""
        raise NotImplementedError

    def shown(self, value: Any) -> str:
        """The parts that were answered, in words."""
        return ", ".join(
            part.shown(value[part.key]) for part in self.of_parts() if part.key in value
        )

    def json(self) -> dict[str, Any]:
        """An object with at least one part."""
        return {
            "type": "object",
            "properties": {part.key: titled(part) for part in self.of_parts()},
            "additionalProperties": False,
            "minProperties": 1,
        }

    def facts(self) -> dict[str, Any]:
        """With its parts."""
        return Field.facts(self) | {"parts": [part.facts() for part in self.of_parts()]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency(Text):
    """A currency, by its code."""

    kind: ClassVar[str] = "currency"

    def read(self, given: Any) -> str | None:
        """Three capital letters of ISO 4217."""
        text = written(given).upper() if given is not None else ""
        if not text:
            return None
        if not re.fullmatch(r"[A-Z]{3}", text):
            raise Wrong(
                _("“%(given)s” is not the code of a currency: write three letters, such as USD.")
                % {"given": text[:60]}
            )
        return text

    def json(self) -> dict[str, Any]:
        """Three capital letters."""
        return {"type": "string", "pattern": "^[A-Z]{3}$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Money(Whole):
    """An amount with its currency."""

    kind: ClassVar[str] = "money"

    def of_parts(self) -> tuple[Field, ...]:
        """How much, in which currency."""
        return (
            Number(
                key="amount",
                label=lazy("Amount"),
                level=self.level,
                places=2,
                figure=self.figure,
            ),
            Currency(key="currency", label=lazy("Currency"), level=self.level, example="USD"),
        )

    def shown(self, value: Any) -> str:
        """USD 1,250.50; what is missing of it is left out."""
        amount, _currency = self.of_parts()
        words = [str(value["currency"])] if "currency" in value else []
        if "amount" in value:
            words.append(amount.shown(value["amount"]))
        return "\u00a0".join(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Degrees(Number):
    """Decimal degrees, from `-most` to `most`; south and west are negative."""

    below: bool = True

    kind: ClassVar[str] = "degrees"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordinates(Whole):
    """A place on earth, in decimal degrees (WGS 84)."""

    kind: ClassVar[str] = "coordinates"

    def of_parts(self) -> tuple[Field, ...]:
        """North of the equator, east of Greenwich."""
        return (
            Degrees(key="latitude", label=lazy("Latitude"), level=self.level, most=90, places=6,
                    unit="°", example="19.883300"),
            Degrees(key="longitude", label=lazy("Longitude"), level=self.level, most=180, places=6,
                    unit="°", example="102.135000"),
        )  # fmt: skip

    def shown(self, value: Any) -> str:
        """19.8833° N, 102.135° E; where one of the two is missing, the other by its name."""
        if len(value) < 2:
            return ", ".join(
                f"{part.label} {part.shown(value[part.key])}"
                for part in self.of_parts()
                if part.key in value
            )
        north, east = (part.shown(abs(value[part.key])) for part in self.of_parts())
        ends = (
            pgettext("latitude", "S") if value["latitude"] < 0 else pgettext("latitude", "N"),
            pgettext("longitude", "W") if value["longitude"] < 0 else pgettext("longitude", "E"),
        )
        return f"{north}\u00a0{ends[0]}, {east}\u00a0{ends[1]}"


# By sex and age, as actions on victim assistance and risk education ask; disability is counted
# among all of them, so that it is no part of the total.
PERSONS = (
    ("women", lazy("Women")),
    ("men", lazy("Men")),
    ("girls", lazy("Girls")),
    ("boys", lazy("Boys")),
    ("unknown", lazy("Sex or age not recorded")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown(Whole):
    """How many persons, by sex and age, and how many of them have a disability."""

    kind: ClassVar[str] = "breakdown"

    def of_parts(self) -> tuple[Field, ...]:
        """Five groups that add up, and one that is counted among them."""
        groups = tuple(
            Quantity(key=key, label=label, level=self.level, figure=self.figure)
            for key, label in PERSONS
        )
        among = Quantity(
            key="with-disability",
            label=lazy("Of these, persons with disabilities"),
            level=self.level,
            figure=self.figure,
        )
        return (*groups, among)

    def shown(self, value: Any) -> str:
        """Each group that was counted, and all of them."""
        words = [
            f"{part.label}: {part.shown(value[part.key])}"
            for part in self.of_parts()
            if part.key in value
        ]
        total = Quantity(key="total", label="").shown(self.total(value))
        return "; ".join([*words, _("total: %(number)s") % {"number": total}])

    @staticmethod
    def total(value: Mapping[str, int]) -> int:
        """All persons, whatever is known of them."""
        return sum(value.get(key, 0) for key, _label in PERSONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Field):
    """Rows of the same columns. Each row has an id for life, by which versions are compared."""

    columns: tuple[Field, ...]
    # Keys of columns whose sum stands below, and of those by whose words the sums are apart.
    totals: tuple[str, ...] = ()
    by: str = ""

    kind: ClassVar[str] = "table"

    def json(self) -> dict[str, Any]:
        """A list of rows, each with its id."""
        properties = {column.key: titled(column) for column in self.columns}
        row = {
            "type": "object",
            "properties": {"id": {"type": "string", "pattern": f"^{ROW_ID.pattern}$"}} | properties,
            "required": ["id"],
            "additionalProperties": False,
            "minProperties": 2,
        }
        return {"type": "array", "items": row, "minItems": 1, "maxItems": MOST_ROWS}

    def facts(self) -> dict[str, Any]:
        """With its columns."""
        return Field.facts(self) | {
            "columns": [column.facts() for column in self.columns],
            "totals": list(self.totals),
            "by": self.by,
        }


def titled(field: Field) -> dict[str, Any]:
    """What JSON Schema says of the answer, with the question in words."""
    return {"title": str(field.label), **field.json()}


def simple(field: Field) -> Iterator[tuple[str, Field]]:
    """The simple fields of one that is no table, each with its part's key ("" for itself)."""
    if isinstance(field, Whole):
        yield from ((part.key, part) for part in field.of_parts())
    else:
        yield "", field


def voluntary(*fields: Field) -> tuple[Field, ...]:
    """The same questions, which the template shades grey."""
    return tuple(replace(field, level=Level.VOLUNTARY) for field in fields)
