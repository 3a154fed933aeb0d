"""What an app may offer to pages that join apps, as far as States themselves offer it.

`records.seams` has the rest, and hands these on: apps above look there for all of them.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from django.utils.safestring import SafeString

from states.access import Person
from states.explanation import Step
from states.models import State, User
from states.naming import Names


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
    # The sum by which the day was found, where the day is one that something falls due on.
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskSource:
    """Lines of the desk: the right of those who read them, and the lists on which they stand.

    The desk asks for the right; a list of which a person may read nothing is not on theirs.
    """

    right: str
    lists: tuple[DeskList, ...]
    rows: Callable[[Person, dt.date], Iterable[DeskRow]]


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A day in the calendar and its feeds (`calendar.py`); `uid` is stable for life.

    `place` is the part of the page at `url` that explains the day, where there is one.
    """

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
    place: str = ""
    # The sum by which the day was found, for a page that asks for it.
    steps: tuple[Step, ...] = ()


class CalendarSource(Protocol):
    """Every day to come as at `on`, of all or of one State, cancelled ones among them.

    With `explained` an entry of the list of all carries the steps of its sum, where it has one.
    """

    def __call__(
        self, on: dt.date, state: State | None, *, explained: bool = False
    ) -> Iterable[CalendarEntry]:
        """In a constant number of queries."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as at a day (`figures.py`): what it is called, counts, and where the list is.

    `key` is for programs, the same in every language and for ever. `url` is the address of the
    list that is counted, without language and day. Fictional States are in no figure, and no
    figure tells who has not reported or what is late.
    """

    key: str
    name: str
    value: int
    unit: str
    explanation: str
    url: str
    about: str
    # Of the few that stand on the first page.
    first: bool = False


@dataclass(frozen=True)
class Sought:
    """What a reader looks for (`search.py`).

    `text` is as it was typed, without control characters, at most 100 characters; `words` are the
    folded words of it, of letters and digits alone, at least one; each may be a word's beginning.
    """

    text: str
    words: tuple[str, ...]
    reader: Person
    on: dt.date
    with_fictional: bool

    @cached_property
    def names(self) -> Names:
        """The names of States, read once for all sources."""
        return Names(with_fictional=self.with_fictional)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: title and snippet with the words marked, address, and its day.

    `said` says what the day is, such as "published"; `mark` is a code, reference or symbol.
    """

    title: SafeString
    url: str
    snippet: SafeString
    said: str
    day: dt.date | None
    mark: str = ""
    language: str = ""
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a source found: how many, and a slice of them when it is asked for.

    Counts and slices hold nothing that the reader may not see. `meant` gives spellings that the
    reader may have meant, for a page that has nothing to show.
    """

    count: int
    hits: Callable[[int, int], Sequence[Hit]]
    meant: Callable[[], tuple[str, ...]] = tuple

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, part: slice) -> Sequence[Hit]:
        return self.hits(part.start or 0, self.count if part.stop is None else part.stop)


@dataclass(frozen=True, slots=True)
class SearchSource:
    """A kind of thing that can be found; `kind` is its word in the address, `name` its heading."""

    kind: str
    name: Any
    find: Callable[[Sought], Found]


type FigureSource = Callable[[dt.date], Iterable[Figure]]
# A demonstration's rows as at today. `people`, its users by mailbox, is filled by the States'
# own source, which comes first, and read by the others.
type DemoSource = Callable[[dt.date, dict[str, User]], None]
