"""What a State owes and by when, in the order in which it should act, for its own people."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from reporting import certifying
from reporting.models import DRAFT, Remark, Report
from states import access, explanation
from states.access import Person
from states.covered import said_of
from states.deadlines import Lateness
from states.models import Deadline, RecordsKept, State
from states.models.law import ObligationKind
from states.words import day

KINDS = {
    ObligationKind.ART7_INITIAL: Report.Kind.INITIAL,
    ObligationKind.ART7_ANNUAL: Report.Kind.ANNUAL,
}
A_YEAR = dt.timedelta(days=365)


@dataclass(slots=True)
class Item:
    """One thing owed, or one report that nobody asked for, and the act that comes next.

    `act` is one of begin, continue, send, answer, certify or nothing; the lowest `rank` acts first.
    `speaks`: the reader gives the State's word, on a day of sending or in answer to a question.
    """

    state: State
    what: str
    kind: str = ""
    year: int = 0
    deadline: Deadline | None = None
    steps: list[explanation.Step] = field(default_factory=list)
    report: Report | None = None
    draft: Report | None = None
    question: Remark | None = None
    tone: str = "plain"
    words: str = ""
    note: str = ""
    act: str = ""
    told_on: dt.date | None = None  # the day of sending that the State gave, and may correct
    over: bool = False  # the year that it covers is over: it may have been sent already
    rank: int = 9
    folded: bool = False
    primary: bool = False
    speaks: bool = False

    @property
    def day(self) -> dt.date:
        """The day by which it sorts."""
        if self.deadline is not None:
            return self.deadline.due_on
        return dt.date(self.year + 1, 4, 30)


@dataclass(slots=True)
class Owed:
    """One State's part of the page."""

    state: State
    open: list[Item]
    past: list[Item]
    may_draft: bool
    reports_voluntarily: bool
    keeps_contacts: bool


def owed_by(user: Person, on: dt.date) -> list[Owed]:
    """What each State owes for which the person acts; the same few queries for any number."""
    states = list(access.own_states(user))
    if not states:
        return []
    drafting = access.states_where(user, "draft_report")
    speaking = access.states_where(user, "hand_in_report")
    reading = access.states_where(user, "view_drafts")
    contacts = access.states_where(user, "keep_contacts")
    deadlines = list(
        Deadline.objects.standing(on)
        .filter(obligation__state__in=states)
        .select_related("obligation__state")
        .order_by("due_on", "pk")
    )
    steps = explanation.explain(deadlines, on)
    kept = {row.kind: row for row in RecordsKept.objects.all()}
    versions: dict[tuple[str, str, int], list[Report]] = defaultdict(list)
    for report in (
        Report.objects.filter(state__in=states).select_related("state").order_by("number", "pk")
    ):
        if report.status != DRAFT or report.state_id in reading:
            versions[_key(report)].append(report)
    questions: dict[tuple[str, str, int], Remark] = {}
    # A question that the State has answered waits for the secretariat, no longer for the State.
    waiting = Remark.objects.open().with_turn().filter(turn=Remark.Side.STATE)
    for remark in waiting.filter(report__state__in=states).select_related("report"):
        questions.setdefault(_key(remark.report), remark)

    items: dict[str, list[Item]] = defaultdict(list)
    bound = set()
    for deadline in deadlines:
        obligation = deadline.obligation
        item = Item(obligation.state, _title(deadline), deadline=deadline)
        item.steps, item.speaks = steps[deadline.pk], obligation.state_id in speaking
        if obligation.kind in KINDS:
            bound.add(obligation.state_id)
            item.kind = KINDS[ObligationKind(obligation.kind)]
            item.year = deadline.year or _year_of_initial(deadline, versions)
            key = (obligation.state_id, item.kind, item.year)
            _take_in(item, versions.pop(key, []), questions.get(key))
        _judge(item, on, kept.get(obligation.kind), obligation.state_id in drafting)
        items[obligation.state_id].append(item)
    for (iso3, kind, year), rows in versions.items():
        item = Item(rows[0].state, str(_plain_title(rows[0])), kind=kind, year=year)
        item.speaks = iso3 in speaking
        _take_in(item, rows, questions.get((iso3, kind, year)))
        _judge(item, on, None, iso3 in drafting)
        items[iso3].append(item)
    if waiting_here := {row.pk for row in certifying.waiting_for(user)}:
        for item in (one for group in items.values() for one in group):
            if item.draft is not None and item.draft.pk in waiting_here and not item.act:
                item.act = "certify"
    _choose(items.values())
    return [
        Owed(
            state,
            sorted((i for i in items[state.pk] if not i.folded), key=lambda i: (i.rank, i.day)),
            sorted((i for i in items[state.pk] if i.folded), key=lambda i: i.day, reverse=True),
            state.pk in drafting,
            state.pk not in bound,
            state.pk in contacts,
        )
        for state in states
    ]


def _key(report: Report) -> tuple[str, str, int]:
    return report.state_id, report.kind, report.year


def _year_of_initial(deadline: Deadline, versions: dict[tuple[str, str, int], list[Report]]) -> int:
    """The year of the initial report that is here, else that of the day on which it is due."""
    obligation = deadline.obligation
    held = [
        year
        for state, kind, year in versions
        if (state, kind) == (obligation.state_id, Report.Kind.INITIAL)
        and year >= obligation.known_on.year
    ]
    return held[0] if held else deadline.due_on.year


def _title(deadline: Deadline) -> str:
    obligation = deadline.obligation
    if obligation.kind == ObligationKind.ART7_ANNUAL:
        return _("Annual transparency report on %(year)s") % {"year": deadline.year}
    return str(obligation.get_kind_display())


def _plain_title(report: Report) -> str:
    if report.kind == Report.Kind.ANNUAL:
        return _("Annual transparency report on %(year)s") % {"year": report.year}
    if report.kind == Report.Kind.VOLUNTARY:
        return _("Voluntary report on %(year)s") % {"year": report.year}
    return _("Initial transparency report")


def _take_in(item: Item, rows: list[Report], question: Remark | None) -> None:
    for row in rows:
        if row.status == DRAFT:
            item.draft = row
        else:
            item.report = row
    item.question = question


def _judge(item: Item, on: dt.date, kept: RecordsKept | None, drafting: bool) -> None:
    """Tone, words and the next act. What is not known is not late."""
    deadline, report = item.deadline, item.report
    item.over = item.year < on.year or item.kind == Report.Kind.INITIAL
    if report is not None:
        _judge_handed_in(item, report, on, drafting)
        return
    said = None
    if item.draft is not None:
        said = _told(item.draft)
        item.told_on = said if item.speaks else None
        item.act, item.rank = ("continue", 2) if drafting else ("", 2)
        item.note = (
            _("The ISU has no copy yet.")
            if said
            else _("A draft was begun; only your State reads it.")
        )
        if said:
            item.tone = "steady"
            item.words = _("You told us that it was sent to UNODA on %(day)s.") % {"day": day(said)}
    if deadline is None:
        return
    if deadline.obligation.fulfilled is not None and deadline.obligation.fulfilled.day <= on:
        item.tone, item.words = "settled", _("fulfilled")
        item.folded = True
        return
    state_of_it = said_of(deadline, on, kept)
    is_report = bool(item.kind)
    if state_of_it is Lateness.MET:
        item.tone, item.words = "settled", _("met on %(day)s") % {"day": day(deadline.met_on or on)}
        item.folded = item.draft is None
    elif said:
        return  # Nothing that our own records say stands above the State's word.
    elif state_of_it is Lateness.COMING:
        item.tone = "soon" if deadline.due_on - on <= dt.timedelta(days=90) else "plain"
        if is_report and item.draft is None and drafting and item.year <= on.year:
            item.act, item.rank = "begin", 4
    elif not is_report:
        item.tone, item.words = "unknown", _("Later decisions are not recorded here.")
    else:
        known = state_of_it is Lateness.LATE
        item.tone = "late" if known else "unknown"
        item.words = _("Our records do not yet show this report.")
        item.folded = item.draft is None and not known and on - deadline.due_on > A_YEAR
        if item.draft is None and drafting:
            item.act, item.rank = "begin", 3


def _judge_handed_in(item: Item, report: Report, on: dt.date, drafting: bool) -> None:
    item.tone = "settled"
    item.told_on = _told(report) if item.speaks else None
    item.words = (
        _("handed to the ISU on %(day)s") % {"day": day(report.received_by_isu)}
        if report.received_by_isu
        else _("in the ISU's records")
    )
    if item.question is not None:
        item.tone, item.rank = "soon", 0
        # A drafter prepares the new version that answers it, once it is begun.
        item.act = "answer" if item.speaks else "continue" if drafting and item.draft else ""
        item.note = _("The ISU has asked a question about it.")
    elif item.draft is not None:
        item.act, item.rank = ("continue", 2) if drafting else ("", 2)
        item.note = _("A new version was begun; what was handed in stands until it is handed in.")
        if sent := _sent(report):
            item.note = f"{sent} {item.note}"
    elif report.channel == Report.Channel.ARCHIVE:
        # It reached its addressee long ago, on whichever day.
        item.note, item.folded = _sent(report), True
    elif report.sent_to_unoda is None and report.received_by_unoda is None:
        item.tone, item.act, item.rank = "steady", "send" if drafting else "", 1
        item.note = (
            _("It is addressed to the Secretary-General: sending it is the next step.")
            if report.kind == Report.Kind.VOLUNTARY
            else _("Article 7 asks for it to reach the Secretary-General.")
        )
    else:
        item.note = _sent(report)
        item.folded = item.deadline is None or item.deadline.due_on < on


def _told(report: Report) -> dt.date | None:
    return report.sent_to_unoda if report.sent_by_state_said else None


def _sent(report: Report) -> str:
    """How far the report is on its way to the Secretary-General, in a sentence, if at all."""
    if report.received_by_unoda is not None:
        return _("Received by UNODA on %(day)s.") % {"day": day(report.received_by_unoda)}
    if report.sent_to_unoda is not None:
        return _("Sent to UNODA on %(day)s.") % {"day": day(report.sent_to_unoda)}
    return ""


def _choose(groups: Iterable[list[Item]]) -> None:
    """One filled button on the page: the act that comes first of all."""
    acts = [item for group in groups for item in group if item.act and not item.folded]
    if acts:
        min(acts, key=lambda item: (item.rank, item.day)).primary = True
