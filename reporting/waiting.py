"""The secretariat's queue: the reports that wait for something, and what each waits for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from reporting.coverpage import FORMS
from reporting.models import HANDED_IN, PUBLISHED, Embargo, Remark, Report, Transcription
from reporting.models.transcriptions import CONFIRMED, CORRECTED, SENT, TYPING
from reporting.unreleased import FIGURES, QUESTION, unreleased

SETTLE, CORRECT, LETTER = "settle", "correct", "letter"
PUBLISH, STATE, DAY = "publish", "state", "day"
# What is to be done next, in the order in which it is done.
TO_DO = {
    SETTLE: _("Settle what was answered"),
    CORRECT: _("Correct what was typed"),
    LETTER: _("Letter not released"),
    PUBLISH: _("Read it and publish"),
    STATE: _("Waits for the State"),
    DAY: _("Waits for its day"),
}
OLDEST, NEXT = "oldest", "next"
SORTS = {OLDEST: _("Oldest first"), NEXT: _("By what is to be done")}
NUMBER_OF_FORMS = len(FORMS)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One report that waits. `doubts` is None where they were not kept yet; `days` since receipt,
    None where of the past nobody knows the day.

    `open` questions wait for the State, `answered` ones for the secretariat. `states` are all that
    hold, each of `TO_DO`, and `to_do` is the first of them. `letter` is the number of a letter
    about it that is held, `answered_first` that of a question to settle.
    """

    report: Report
    forms: int
    doubts: int | None
    confirmed: int
    open: int
    answered: int
    embargo: dt.date | None
    wish: dt.date | None
    days: int | None
    states: tuple[str, ...]
    transcription: Transcription | None
    letter: int | None
    answered_first: int | None

    @property
    def to_do(self) -> str:
        """What is to be done first."""
        return self.states[0]

    @property
    def unconfirmed(self) -> int:
        """Doubts on which the State has not given its word."""
        return (self.doubts or 0) - self.confirmed

    @property
    def confirmed_figures(self) -> bool:
        """Whether the State has confirmed what was typed from its file."""
        return self.transcription is not None and self.transcription.status == CONFIRMED

    @property
    def words(self) -> Any:
        """What is to be done next."""
        return TO_DO[self.to_do]


def waiting(on: dt.date, sort: str = OLDEST) -> list[Waiting]:
    """Every report that waits; six queries, however many there are.

    Handed in and not published; or published, with a question that is not settled or a
    transcription that the State has, or has corrected. A version that a later one replaced waits
    for nobody.
    """
    asked = Remark.objects.open().filter(
        report__state=OuterRef("state"),
        report__kind=OuterRef("kind"),
        report__year=OuterRef("year"),
    )
    typed = Transcription.objects.filter(report=OuterRef("pk"), status__in=[SENT, CORRECTED])
    rows = (
        Report.objects.handed_in()
        .exclude(amended_by__status__in=[HANDED_IN, PUBLISHED])
        .filter(Q(status=HANDED_IN) | Exists(asked) | Exists(typed))
        .select_related("state", "original", "kept_doubts", "publication_wish")
        .annotate(answered_forms=Count("forms", filter=~Q(forms__said={})))
        .defer("marks", "note", "kept_doubts__doubts")
        .order_by("received_by_isu", "pk")
    )
    kept = _Kept(
        questions=defaultdict(list),
        transcriptions={
            one.report_id: one
            for one in Transcription.objects.standing().exclude(status=TYPING).order_by()
        },
        days=dict(Embargo.objects.standing().order_by().values_list("report", "not_before")),
        questions_held=unreleased(QUESTION),
        figures_held=unreleased(FIGURES),
    )
    for state, kind, year, turn, pk in (
        Remark.objects.open()
        .with_turn()
        .order_by()
        .values_list("report__state", "report__kind", "report__year", "turn", "pk")
    ):
        kept.questions[state, kind, year].append((pk, turn))
    found = [_of(row, kept, on) for row in rows]
    if sort == NEXT:
        order = list(TO_DO)
        found.sort(key=lambda one: order.index(one.to_do))
    return found


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept beside the reports: open questions by report, and the rest by its number."""

    questions: dict[tuple[str, str, int], list[tuple[int, str]]]
    transcriptions: dict[int, Transcription]
    days: dict[int, dt.date | None]
    questions_held: dict[int, int]
    figures_held: dict[int, int]


def _of(row: Any, beside: _Kept, on: dt.date) -> Waiting:
    questions = beside.questions[row.state_id, row.kind, row.year]
    asked = [pk for pk, turn in questions if turn == Remark.Side.STATE]
    answered = [pk for pk, turn in questions if turn != Remark.Side.STATE]
    typed = beside.transcriptions.get(row.pk)
    with_state = typed is not None and typed.status == SENT
    kept, wish = getattr(row, "kept_doubts", None), getattr(row, "publication_wish", None)
    embargo = beside.days.get(row.pk) if row.status == HANDED_IN else None
    # What the State was asked, and whether its letter is still held.
    held = [beside.questions_held.get(pk) for pk in asked]
    if typed is not None and with_state:
        held.append(beside.figures_held.get(typed.pk))
    letters = [one for one in held if one is not None]
    hold = {
        SETTLE: bool(answered),
        CORRECT: typed is not None and typed.status == CORRECTED,
        LETTER: bool(letters),
        STATE: len(letters) < len(held),
        DAY: embargo is not None and embargo > on,
    }
    states = tuple(name for name in TO_DO if hold.get(name)) or (PUBLISH,)
    received = row.received_by_isu
    return Waiting(
        report=row,
        forms=row.answered_forms,
        doubts=kept.number if kept is not None else None,
        confirmed=kept.confirmed if kept is not None else 0,
        open=len(asked),
        answered=len(answered),
        embargo=embargo,
        wish=wish.not_before if wish is not None else None,
        days=(on - received).days if received is not None else None,
        states=states,
        transcription=typed,
        letter=letters[0] if letters else None,
        answered_first=min(answered, default=None),
    )
