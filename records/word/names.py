"""Names in a Word document, and how to ask an element for what it says."""

from __future__ import annotations

import re
from typing import Any

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = f"{{{MAIN}}}"
LINKS = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20]+\Z", re.IGNORECASE)
# Signs that stand for a letter or a break, as HTML.
TEXT_OF = {
    "tab": " ",
    "ptab": " ",
    "br": "<br>",
    "cr": "<br>",
    "noBreakHyphen": "\u2011",
    "softHyphen": "\u00ad",
}
# In a paragraph these hold no words of the text.
SKIPPED = frozenset(
    {
        *("pPr", "rPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "fldData", "proofErr"),
        *("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart"),
    }
)


def part_of(element: Any) -> str:
    """The name without its namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def value_of(element: Any, name: str = "val") -> str:
    """An attribute of Word's own; empty where there is none."""
    return "" if element is None else element.get(f"{W}{name}", "")


def is_on(shape: Any, name: str) -> bool:
    """Whether a property is there and not switched off."""
    found = shape.find(f"{W}{name}")
    return found is not None and value_of(found) not in ("0", "false", "off", "none")
