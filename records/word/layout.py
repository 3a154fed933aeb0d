"""What a paragraph of a Word document is: a heading, an item of a list, or plain; by its styles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from records.word.names import W, is_on, value_of

DEEPEST = 20  # styles may be based on each other in a ring
MOST_LEVELS = 8


@dataclass(frozen=True, slots=True)
class Shape:
    """The element for a paragraph; `level` is at least 0 for an item of the list named `list`."""

    tag: str = "p"
    rtl: bool = False
    level: int = -1
    ordered: bool = False
    list: str = ""


class Layout:
    """The styles and lists of a document; either may be missing."""

    def __init__(self, styles: Any | None, numbering: Any | None) -> None:
        self.styles = {
            value_of(one, "styleId"): one
            for one in (styles if styles is not None else ())
            if one.tag == f"{W}style"
        }
        self.shapes: dict[str, str] = {}
        self.numbers: dict[str, str] = {}
        for one in numbering if numbering is not None else ():
            if one.tag == f"{W}abstractNum":
                for level in one.iterchildren(f"{W}lvl"):
                    key = f"{value_of(one, 'abstractNumId')}/{value_of(level, 'ilvl')}"
                    self.shapes[key] = value_of(level.find(f"{W}numFmt"))
            elif one.tag == f"{W}num":
                self.numbers[value_of(one, "numId")] = value_of(one.find(f"{W}abstractNumId"))

    def of(self, properties: Any | None) -> Shape:
        """What the paragraph with these properties is."""
        chain = list(self._chain(properties))
        shape = Shape(
            tag=self._heading(chain),
            rtl=any(is_on(one, "bidi") for one in chain[:1]),
        )
        if shape.tag != "p":
            return shape
        for one in chain:
            numbered = one.find(f"{W}numPr")
            if numbered is not None:
                return self._item(shape, numbered)
        return shape

    def _chain(self, properties: Any | None) -> Any:
        """The properties of the paragraph, then those of its styles, the nearest first."""
        if properties is None:
            return
        yield properties
        name = value_of(properties.find(f"{W}pStyle"))
        for _depth in range(DEEPEST):
            style = self.styles.get(name)
            if style is None:
                return
            own = style.find(f"{W}pPr")
            if own is not None:
                yield own
            name = value_of(style.find(f"{W}basedOn"))

    def _heading(self, chain: list[Any]) -> str:
        """Built-in headings have English names in every language of Word."""
        name = value_of(chain[0].find(f"{W}pStyle")) if chain else ""
        for _depth in range(DEEPEST):
            style = self.styles.get(name)
            if style is None:
                break
            called = value_of(style.find(f"{W}name")).casefold()
            if called == "title":
                return "h1"
            if called.startswith("heading ") and called[8:] in "123456":
                return f"h{called[8:]}"
            name = value_of(style.find(f"{W}basedOn"))
        for one in chain:
            level = value_of(one.find(f"{W}outlineLvl"))
            if level in ("0", "1", "2", "3", "4", "5"):
                return f"h{int(level) + 1}"
        return "p"

    def _item(self, shape: Shape, numbered: Any) -> Shape:
        number = value_of(numbered.find(f"{W}numId"))
        said = value_of(numbered.find(f"{W}ilvl")) or "0"
        if number in ("", "0") or not (said.isascii() and said.isdigit() and len(said) < 3):
            return shape
        level = min(int(said), MOST_LEVELS)
        kind = self.shapes.get(f"{self.numbers.get(number, '')}/{said}", "bullet")
        if kind == "none":
            return shape
        return replace(shape, level=level, ordered=kind != "bullet", list=number)
