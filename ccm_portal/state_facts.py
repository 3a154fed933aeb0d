"""What the public may read of one State as at a day, put together once for page, data and paper."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import JSONObject
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from reporting.models import PUBLISHED, Report
from states import ahead
from states.chains import standing_and_replaced
from states.covered import said_of
from states.deadlines import Lateness
from states.explanation import Known, Step, anchor_of, decisions_unknown, explain, what
from states.models import (
    Contact,
    Deadline,
    ObligationEvent,
    Practice,
    RecordsKept,
    State,
    TreatyAction,
)
from states.models.actors import Confidence
from states.models.law import ObligationKind
from states.standing import INSTRUMENTS, SIGNATURE, Standing
from states.words import STATUSES, partial

TITLES = {
    "3": lazy("Article 3: destruction of stockpiles"),
    "4": lazy("Article 4: clearance of contaminated areas"),
    "7": lazy("Article 7: transparency reports"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A deadline as the public reads it: never late, unless the ISU has decided to say so."""

    row: Deadline
    on: dt.date
    what: str
    due_on: dt.date
    tone: str
    words: str
    note: str
    steps: list[Step]

    @property
    def anchor(self) -> str:
        """The name of its sum within the page."""
        return anchor_of(self.row)

    @property
    def quiet(self) -> bool:
        """A past day of which nothing needs to be said: printed small."""
        return self.tone == "plain" and not self.words and self.due_on < self.on


@dataclass(slots=True)
class Duty:
    """What one article asks of the State: its deadlines, and what is on record about it."""

    article: str
    title: Any
    deadlines: list[Shown] = field(default_factory=list)
    events: list[ObligationEvent] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StateFacts:
    """One State as at the day `on`, with only what is confirmed and what may be public."""

    on: dt.date
    state: State
    name: str
    standing: Standing
    actions: list[TreatyAction]
    duties: list[Duty]
    contacts: list[Contact]
    reports: list[dict[str, Any]]

    @property
    def status_words(self) -> str:
        """The status for people: "State Party"."""
        return str(STATUSES[self.standing.status])


def find(iso3: str, on: dt.date) -> State:
    """The State with what it did, its names and its published reports; State.DoesNotExist."""
    published = (
        Report.objects.filter(state=OuterRef("pk"), status=PUBLISHED, published_on__lte=on)
        .order_by("year", "kind", "number")
        .values(
            json=JSONObject(
                kind="kind", year="year", number="number", day="published_on", language="language"
            )
        )
    )
    actions = Prefetch("actions", TreatyAction.objects.order_by("done_on", "kind", "pk"))
    return (
        State.objects.annotate(published=ArraySubquery(published))
        .prefetch_related(actions, "former_names")
        .get(pk=iso3)
    )


def gather(state: State, on: dt.date, *, contacts: bool = False) -> StateFacts:
    """Everything about a State from `find`, in three queries; a fourth for contacts.

    Contacts are those of today that the State lets us publish: a mailbox that was taken back is
    not found again by asking for an earlier day.
    """
    annotated: Any = state  # `find` has added what was published
    rows = _deadlines(state, on)
    events = list(
        ObligationEvent.objects.filter(state=state)
        .select_related("obligation")
        .order_by("article", F("happened_on").asc(nulls_first=True), "position")
    )
    actions = [action for action in state.actions.all() if action.done_on <= on]
    # Some States signed and deposited on one day: they signed first.
    actions.sort(key=lambda action: (action.done_on, action.kind != SIGNATURE, action.kind))
    duties = {article: Duty(article, title) for article, title in TITLES.items()}
    for shown in _shown(state, rows, actions, events, on):
        duties[shown.row.obligation.kind.removeprefix("art")[0]].deadlines.append(shown)
    for event in _confirmed(events):
        if _was_known(event, on):
            duties[str(event.article)].events.append(event)
    return StateFacts(
        on=on,
        state=state,
        name=state.name(on),
        standing=state.standing(on),
        actions=actions,
        duties=[duty for duty in duties.values() if duty.deadlines or duty.events],
        contacts=_contacts(state, on) if contacts else [],
        reports=_newest_versions(annotated.published),
    )


def _confirmed(events: Iterable[ObligationEvent]) -> Iterable[ObligationEvent]:
    """The events that may be shown as fact; the others only make a later decision possible."""
    for event in events:
        of = event.obligation.confidence if event.obligation else Confidence.HIGH
        if Confidence.LOW not in (event.confidence, of):
            yield event


def _was_known(event: ObligationEvent, on: dt.date) -> bool:
    """What has no day of its own is as old as the obligation that it speaks of."""
    known_on = event.happened_on
    if known_on is None and event.obligation is not None:
        known_on = event.obligation.known_on
    return known_on is None or known_on <= on


def _deadlines(state: State, on: dt.date) -> list[Deadline]:
    """The rows from which the deadlines that stand on the day are found.

    Of annual reports only those to come: the past ones stand among the reports, where there is
    one, and a list of the rest would be a list of what is missing. A decision may bear on one to
    come whatever its own day.
    """
    kept = (
        Deadline.objects.filter(
            Q(year__isnull=True) | Q(due_on__gte=on) | Q(position__gte=1), obligation__state=state
        )
        .select_related("obligation")
        .order_by("position", "due_on", "pk")
    )
    return [*kept, *ahead.annual(on, state=state)]


@dataclass(frozen=True, slots=True)
class Said:
    """What the records cover, by kind of obligation, and whether the ISU speaks of lateness."""

    kept: dict[str, RecordsKept]
    late_in_public: bool


def _said() -> Said:
    """One query: where the records cover nothing, nothing can be late either."""
    spoken = Practice.objects.filter(key=Practice.Key.LATENESS_IN_PUBLIC, value="yes")
    rows: list[Any] = list(RecordsKept.objects.annotate(spoken=Exists(spoken)))
    return Said({row.kind: row for row in rows}, any(row.spoken for row in rows))


def _shown(
    state: State,
    rows: list[Deadline],
    actions: list[TreatyAction],
    events: list[ObligationEvent],
    on: dt.date,
) -> Iterable[Shown]:
    """The deadlines that stand, in the order of the articles, each with its sum."""
    for row in rows:
        row.obligation.state = state
    stands, replaced = standing_and_replaced(rows, state.actions.all(), events, on)
    said = _said()
    chains: dict[tuple[int, int | None], list[Deadline]] = {}
    for row in sorted([*replaced, *stands], key=lambda row: row.position):
        chains.setdefault((row.obligation_id, row.year), []).append(row)
    asked: dict[int, list[ObligationEvent]] = {}
    for event in _confirmed(events):
        is_request = event.kind == ObligationEvent.Kind.REQUEST
        if is_request and event.obligation_id and event.happened_on and event.happened_on <= on:
            asked.setdefault(event.obligation_id, []).append(event)
    instruments = [action for action in actions if action.kind in INSTRUMENTS]
    standing = sorted(
        (row for row in stands if row.year is None or row.due_on >= on),
        key=lambda row: (row.obligation.kind, row.obligation_id, row.due_on),
    )
    known = Known({state.pk: instruments}, chains, asked, said.kept)
    steps = explain(standing, on, known)
    for row in standing:
        yield _as_shown(row, on, steps[row.pk], said)


def _as_shown(row: Deadline, on: dt.date, steps: list[Step], said_of_records: Said) -> Shown:
    obligation = row.obligation
    kept = said_of_records.kept.get(obligation.kind)
    fulfilled = obligation.fulfilled
    tone, said, note = "plain", "", ""
    if obligation.reopens_id and obligation.kind in (ObligationKind.ART3, ObligationKind.ART4):
        note = _("A new obligation: areas were found after completion had been declared.")
    if obligation.kind == ObligationKind.ART7_INITIAL:
        note = _("Asked once of every State Party.")
    if fulfilled is not None and fulfilled.day <= on:
        tone = "settled"
        said = _("Declared fulfilled: %(day)s") % {"day": partial(fulfilled)}
    elif decisions_unknown(row, on, kept):
        tone, said = "unknown", _("Later decisions are not recorded here.")
        if row.due_on >= on:
            tone, said, note = "plain", "", said
    elif (
        said_of_records.late_in_public
        and not obligation.state.demo
        # Of a day to come the records say nothing yet, whatever day the reader asks for.
        and row.due_on < localdate()
        and said_of(row, on, kept) is Lateness.LATE
    ):
        tone, said = "late", _("Our records do not yet show that this was done.")
    return Shown(row, on, what(row), row.due_on, tone, said, note, steps)


def _contacts(state: State, on: dt.date) -> list[Contact]:
    return list(Contact.objects.filter(state=state, may_publish=True).current(on).in_order())


def _newest_versions(published: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each report the last version; they come ordered by year, kind and number."""
    newest = {(report["kind"], report["year"]): report for report in published}
    return [
        report | {"day": dt.date.fromisoformat(report["day"]), "first": _first(published, report)}
        for report in newest.values()
    ]


def _first(published: list[dict[str, Any]], report: dict[str, Any]) -> dt.date:
    """The day on which the first version of a report was published."""
    days = [
        dt.date.fromisoformat(each["day"])
        for each in published
        if (each["kind"], each["year"]) == (report["kind"], report["year"])
    ]
    return min(days)
