"""What an app may offer to the parts that join apps; `ccm_portal.contributions` lists who does."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from states.access import Person
from states.explanation import Step
from states.models import State


@dataclass(frozen=True, slots=True)
class Due:
    """Something that falls due and may be reminded of (`dues.py`).

    `key` is stable and names what is due and by which day, so that a moved day is a new due.
    `settled` says that letters about it are no longer wanted (met, handed in, paused).
    """

    kind: str
    key: str
    state: State
    due_on: dt.date
    starts_on: dt.date
    settled: bool
    subject: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page that an app fills (`sections.py`): `template` rendered with `context`."""

    slug: str
    title: Any
    template: str
    context: dict[str, Any]
    position: int = 50


class DeskList(StrEnum):
    """The lists of the secretariat's desk, in this order."""

    WAITING = "waiting"
    LATE = "late"
    COMING = "coming"
    LETTERS = "letters"
    DRAFTS = "drafts"


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One line of the desk: who, what, since or until when, and the one act that it offers."""

    on: DeskList
    who: str
    what: str
    day: dt.date | None
    url: str
    act: str
    note: str = ""
    demo: bool = False


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A day in the calendar and its feeds (`calendar.py`); `uid` is stable for life."""

    uid: str
    day: dt.date
    title: str
    url: str
    state: State | None = None
    kind: str = ""
    description: str = ""
    until: dt.date | None = None
    updated_at: dt.datetime | None = None
    sequence: int = 0
    cancelled: bool = False
    # The sum by which the day was found, for a page that asks for it.
    steps: tuple[Step, ...] = ()


type DueSource = Callable[[dt.date], Iterable[Due]]
type StateSections = Callable[[State, Person, dt.date], Iterable[Section]]
type OwedSections = Callable[[Person, dt.date], Iterable[Section]]
type DeskSource = Callable[[Person, dt.date], Iterable[DeskRow]]
type CalendarSource = Callable[[dt.date, State | None], Iterable[CalendarEntry]]
