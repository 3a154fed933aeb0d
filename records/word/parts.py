"""Elements of WordprocessingML in the order that Word insists on (ISO/IEC 29500-1, annex A)."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

# Within these Word refuses a file whose children stand in another order.
ORDER = {
    "w:pPr": (
        *("pStyle", "keepNext", "keepLines", "numPr", "pBdr", "shd", "tabs", "bidi", "spacing"),
        *("ind", "jc", "rPr", "sectPr"),
    ),
    "w:rPr": ("rStyle", "b", "bCs", "i", "iCs", "strike", "color", "u", "vertAlign", "rtl", "lang"),
    "w:tblPr": ("tblStyle", "bidiVisual", "tblW", "tblLayout", "tblLook"),
    "w:trPr": ("cantSplit", "trHeight", "tblHeader"),
    "w:tcPr": ("tcW", "gridSpan", "vMerge", "shd"),
}


def made(tag: str, *children: Any, **attributes: str) -> Any:
    """An element; `w:` stands before each attribute. A child that is None is left out."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    element.extend(child for child in children if child is not None)
    return element


def properties(tag: str, *children: Any) -> Any | None:
    """Properties in their order; None where there are none."""
    found = [child for child in children if child is not None]
    if not found:
        return None
    order = [qn(f"w:{name}") for name in ORDER[tag]]
    return made(tag, *sorted(found, key=lambda child: order.index(child.tag)))


def flag(tag: str, on: Any) -> Any | None:
    """A property that is there or not."""
    return made(tag) if on else None


def valued(tag: str, value: Any) -> Any | None:
    """A property with a value; none where the value is empty."""
    return made(tag, val=str(value)) if value not in (None, "") else None


def grey(on: Any) -> Any | None:
    """The ground of what is voluntary."""
    return made("w:shd", val="clear", color="auto", fill="EDEFF1") if on else None


def words(text: str) -> Any:
    """Text, whose spaces count."""
    element = made("w:t")
    element.text = text
    element.set(qn("xml:space"), "preserve")
    return element


def field(name: str) -> list[Any]:
    """Runs of a field that Word reckons itself, such as PAGE; 1 until it does."""
    instruction = made("w:instrText")
    instruction.text = f" {name} "
    instruction.set(qn("xml:space"), "preserve")
    return [
        made("w:r", made("w:fldChar", fldCharType="begin")),
        made("w:r", instruction),
        made("w:r", made("w:fldChar", fldCharType="separate")),
        made("w:r", words("1")),
        made("w:r", made("w:fldChar", fldCharType="end")),
    ]
