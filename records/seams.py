"""What an app may offer to the parts that join apps; `ccm_portal.contributions` lists who does."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from states.access import Person
from states.models import State
from states.seams import (
    CalendarEntry,
    CalendarSource,
    DemoSource,
    DeskList,
    DeskRow,
    DeskSource,
    Figure,
    FigureSource,
    Found,
    Hit,
    SearchSource,
    Sought,
)


@dataclass(frozen=True, slots=True)
class Opens:
    """What a letter lets its addressee open without an account: see `states.models.Pass`.

    The pass works for `days` from the sending of the letter.
    """

    purpose: str
    subject: str
    days: int = 30
    uses: int = 1


@dataclass(frozen=True, slots=True)
class Due:
    """Something that falls due and may be reminded of (`dues.py`).

    `key` is stable and names what is due and by which day, so that a moved day is a new due.
    `settled` says that letters about it are no longer wanted (met, handed in, paused). A `question`
    is answered in the portal and has no day that could be missed: its letters are as good after
    `due_on` as on it. With `opens` the letter carries a pass, so it goes to one mailbox only.
    """

    kind: str
    key: str
    state: State
    due_on: dt.date
    starts_on: dt.date
    settled: bool
    subject: dict[str, Any] = field(default_factory=dict)
    question: bool = False
    opens: Opens | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page that an app fills (`sections.py`): `template` rendered with `context`."""

    slug: str
    title: Any
    template: str
    context: dict[str, Any]
    position: int = 50


type DueSource = Callable[[dt.date], Iterable[Due]]
type StateSections = Callable[[State, Person, dt.date], Iterable[Section]]
type OwedSections = Callable[[Person, dt.date], Iterable[Section]]

__all__ = [
    "CalendarEntry",
    "CalendarSource",
    "DemoSource",
    "DeskList",
    "DeskRow",
    "DeskSource",
    "Due",
    "DueSource",
    "Figure",
    "FigureSource",
    "Found",
    "Hit",
    "OwedSections",
    "SearchSource",
    "Section",
    "Sought",
    "StateSections",
]
