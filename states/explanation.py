"""Why a deadline falls on its day: the sum in words, each step with its article and source."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from states.covered import covered, still_in_time
from states.deadlines import FIRST_ENTRY_INTO_FORCE
from states.models import Deadline, ObligationEvent, RecordsKept, TreatyAction
from states.models.actors import Confidence
from states.models.law import ObligationKind
from states.standing import INSTRUMENTS
from states.words import day

ARTICLES = {
    ObligationKind.ART7_INITIAL: "7(1)",
    ObligationKind.ART7_ANNUAL: "7(2)",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the sum; the text names its days itself, `day` is for who computes with it."""

    text: str
    article: str = ""
    day: dt.date | None = None
    source: str = ""

    @property
    def cited(self) -> str:
        """The article in words, or nothing."""
        return _("Article %(clause)s") % {"clause": self.article} if self.article else ""


def article(deadline: Deadline) -> str:
    """The clause that gives the deadline its rule, such as 7(2) or 4(1)(a)."""
    kind = ObligationKind(deadline.obligation.kind)
    return ARTICLES.get(kind) or deadline.obligation.clause


def what(row: Deadline) -> str:
    """What falls due, in words: "Annual transparency report for 2026"."""
    if row.year is not None:
        return _("%(kind)s for %(year)s") % {
            "kind": ObligationKind(row.obligation.kind).label,
            "year": row.year,
        }
    return str(ObligationKind(row.obligation.kind).label)


def anchor(
    kind: str, clause: str, year: int | None = None, reopened_on: dt.date | None = None
) -> str:
    """The place of a deadline's sum on its State's page: "why-art7-annual-72-2026".

    `reopened_on` is the day on which an obligation that reopens another was known; the name stays
    the same when an extension moves the day.
    """
    parts = ["why", kind, clause, str(year or ""), reopened_on.isoformat() if reopened_on else ""]
    return slugify("-".join(filter(None, parts)))


def anchor_of(row: Deadline) -> str:
    """The same for a deadline with its obligation."""
    obligation = row.obligation
    reopened_on = obligation.known_on if obligation.reopens_id else None
    return anchor(obligation.kind, obligation.clause, row.year, reopened_on)


@dataclass(frozen=True, slots=True)
class Known:
    """What the sums are made of besides the deadlines: all of it as at one day."""

    instruments: dict[str, list[TreatyAction]]
    chains: dict[tuple[int, int | None], list[Deadline]]
    asked: dict[int, list[ObligationEvent]]
    kept: dict[str, RecordsKept]


def known(rows: list[Deadline], on: dt.date) -> Known:
    """What explaining these deadlines needs, in at most four queries for any number."""
    states = {row.obligation.state_id for row in rows}
    instruments: dict[str, list[TreatyAction]] = {}
    for action in TreatyAction.objects.filter(
        state__in=states, kind__in=INSTRUMENTS, done_on__lte=on
    ).order_by("done_on", "pk"):
        instruments.setdefault(action.state_id, []).append(action)
    extended = [row.obligation_id for row in rows if row.position]
    chains: dict[tuple[int, int | None], list[Deadline]] = {}
    if extended:
        earlier = Deadline.objects.confirmed().filter(obligation__in=extended, stands_from__lte=on)
        for link in earlier.order_by("position", "pk").select_related("obligation"):
            chains.setdefault((link.obligation_id, link.year), []).append(link)
    asked: dict[int, list[ObligationEvent]] = {}
    long_term = [row.obligation_id for row in rows if row.year is None]
    if long_term:
        requests = ObligationEvent.objects.filter(
            obligation__in=long_term,
            kind=ObligationEvent.Kind.REQUEST,
            happened_on__lte=on,
        ).exclude(confidence=Confidence.LOW)
        for event in requests.order_by("happened_on", "pk"):
            asked.setdefault(event.obligation_id or 0, []).append(event)
    kept = {record.kind: record for record in RecordsKept.objects.all()}
    return Known(instruments, chains, asked, kept)


def explain(
    deadlines: Iterable[Deadline], on: dt.date, facts: Known | None = None
) -> dict[int, list[Step]]:
    """The steps of each deadline as at the day, by primary key.

    The deadlines come from `Deadline.objects.standing(on)` (or `superseded`) with
    `select_related("obligation__state")`. A page that has read the facts already hands them in;
    otherwise `known` reads them.
    """
    rows = list(deadlines)
    facts = facts or known(rows, on)
    return {
        row.pk: list(
            _steps(
                row,
                on,
                facts.instruments.get(row.obligation.state_id, []),
                facts.chains.get((row.obligation_id, row.year), []),
                facts.asked.get(row.obligation_id, []),
                facts.kept.get(row.obligation.kind),
            )
        )
        for row in rows
    }


def why(deadline: Deadline, on: dt.date) -> list[Step]:
    """The steps of one deadline."""
    return explain([deadline], on)[deadline.pk]


def rule(deadline: Deadline) -> list[Step]:
    """The steps that are the same for every State with this deadline, without a query."""
    return list(_of_rule(deadline))


def in_words(steps: Iterable[Step]) -> str:
    """The sum as one text: what the API and plain e-mails carry."""
    parts = []
    for step in steps:
        cited = f" ({_('Article')} {step.article})" if step.article else ""
        parts.append(step.text.rstrip(".") + cited + ".")
    return " ".join(parts)


def _steps(
    row: Deadline,
    on: dt.date,
    instruments: list[TreatyAction],
    chain: list[Deadline],
    asked: list[ObligationEvent],
    kept: RecordsKept | None,
) -> Iterable[Step]:
    obligation = row.obligation
    clock = obligation.clock_from
    in_force = [action for action in instruments if action.takes_effect_on]
    if action := next((a for a in reversed(in_force) if a.done_on <= clock), None):
        yield Step(
            _("The instrument of %(kind)s was deposited on %(day)s.")
            % {"kind": TreatyAction.Kind(action.kind).label, "day": day(action.done_on)},
            "16",
            action.done_on,
            action.source,
        )
        yield _entry_into_force(action)
    yield from _of_rule(row)
    for link in chain if row.position else ():
        if link.position <= row.position:
            yield from _link(link)
    if obligation.fulfilled is not None and obligation.fulfilled.day <= on:
        return
    if (last := still_in_time(row.due_on, on, kept)) > row.due_on:
        yield Step(
            _(
                "The portal was down on that day: what is received by %(day)s is in time. The day "
                "on which it falls due does not move."
            )
            % {"day": day(last)}
        )
    later = [event for event in asked if event.happened_on and event.happened_on > row.stands_from]
    for event in later:
        yield Step(
            _("A further extension was before the %(meeting)s.") % {"meeting": event.decided_at}
            if event.decided_at
            else _("A further extension was requested."),
            "3(3)" if obligation.kind == ObligationKind.ART3 else "4(5)",
            event.happened_on,
            event.source,
        )
    if decisions_unknown(row, on, kept):
        yield Step(_("Later decisions are not recorded here."))


def _of_rule(row: Deadline) -> Iterable[Step]:
    yield _by_rule(row)
    if row.position == 0:
        yield from _link(row)


def _link(link: Deadline) -> Iterable[Step]:
    """What a decision, or a person for a reason, made of the day before it."""
    if link.position and (link.basis or not link.reason):
        yield _extension(link)
    if link.reason and (link.position or link.due_on != link.by_rule_on):
        yield Step(
            _("The day that stands is %(day)s: %(reason)s")
            % {"day": day(link.due_on), "reason": link.reason},
            "",
            link.due_on,
            link.source,
        )


def decisions_unknown(row: Deadline, on: dt.date, kept: RecordsKept | None) -> bool:
    """Whether a decision that the portal does not know may have moved this deadline by the day."""
    if row.may_have_moved:
        return True
    until = covered(row.obligation.state, on, kept).known_until
    return until is not None and until < on and row.due_on < on


def _entry_into_force(action: TreatyAction) -> Step:
    effect = action.takes_effect_on
    assert effect is not None  # the caller keeps those that have one
    if action.effect_reason:
        text = _("The Convention entered into force for it on %(day)s: %(reason)s") % {
            "day": day(effect),
            "reason": action.effect_reason,
        }
    elif effect == FIRST_ENTRY_INTO_FORCE:
        text = _("The Convention entered into force on %(day)s.") % {"day": day(effect)}
        return Step(text, "17(1)", effect, action.notification)
    else:
        text = _(
            "The Convention entered into force for it on the first day of the sixth month after "
            "the month of deposit: %(day)s."
        ) % {"day": day(effect)}
    return Step(text, "17(2)", effect, action.notification)


def _by_rule(row: Deadline) -> Step:
    obligation = row.obligation
    due = day(row.by_rule_on)
    match obligation.kind:
        case ObligationKind.ART7_INITIAL:
            text = _(
                "The initial report is due at the latest 180 days after entry into force: %(day)s."
            )
        case ObligationKind.ART7_ANNUAL:
            text = _("The report on the calendar year %(year)s is due by %(day)s.")
        case ObligationKind.ART3:
            text = _("Stockpiles are to be destroyed within eight years: by %(day)s.")
        case _:
            text = (
                _(
                    "Areas contaminated after entry into force are to be cleared within ten years "
                    "of the end of the hostilities, %(start)s: by %(day)s."
                )
                if obligation.clause == "4(1)(b)"
                else _("Contaminated areas are to be cleared within ten years: by %(day)s.")
            )
    words = {"day": due, "year": row.year, "start": day(obligation.clock_from)}
    return Step(text % words, article(row), row.by_rule_on)


def _extension(link: Deadline) -> Step:
    decided = day(link.stands_from)
    by = link.basis or pgettext("who decided", "A decision")
    if link.stands_assumed:
        text = _(
            "%(by)s extended the deadline to %(day)s (decided by %(decided)s; "
            "the exact day is assumed)."
        )
    else:
        text = _("%(by)s extended the deadline to %(day)s (decided on %(decided)s).")
    source = " · ".join(part for part in (link.symbol, link.source) if part)
    return Step(
        text % {"by": by, "day": day(link.due_on), "decided": decided},
        "3(3)" if link.obligation.kind == ObligationKind.ART3 else "4(5)",
        link.due_on,
        source,
    )
