"""Loads the treaty data that ships with the portal; what is there already is never overwritten."""

import csv
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from states import registry
from states.deadlines import PartialDate, Precision
from states.history import act
from states.models import (
    DecisionDay,
    FormerName,
    Obligation,
    ObligationEvent,
    Organisation,
    RecordsKept,
    State,
    TreatyAction,
)
from states.models.actors import Confidence
from states.standing import INSTRUMENTS, SIGNATURE, WITHDRAWAL

FIXTURES = Path(__file__).parent / "fixtures"
NOT_UN_MEMBERS = {"VAT", "PSE", "COK", "NIU"}
RANK = {Confidence.HIGH: 0, Confidence.MEDIUM: 1, Confidence.LOW: 2}

type Line = dict[str, str]


def lines(name: str) -> list[Line]:
    """The rows of a shipped CSV file."""
    with (FIXTURES / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def load_treaty(today: dt.date | None = None) -> dict[str, int]:
    """States, their treaty actions and names, Article 3 and 4 events, and all that follows.

    Idempotent: adds what is missing. Returns how many rows of each kind it added.
    """
    added = {}
    with act(by=None, reason="Loaded from the treaty data that ships with the portal"):
        added["States"] = _new(State, "states.csv", _state)
        added["time zones"] = _load_time_zones()
        # What the ISU has taken back is not brought in again.
        kept = TreatyAction.pgh_event_models["insert"]  # type: ignore[attr-defined]
        once = kept.objects.filter(state=OuterRef("pk"))
        missing = State.objects.filter(~Exists(once), demo=False, actions__isnull=True)
        without_actions = set(missing.values_list("pk", flat=True))
        actions = [
            action
            for line in lines("states.csv")
            if line["iso3"] in without_actions
            for action in _actions(line)
        ]
        added["treaty actions"] = len(TreatyAction.objects.bulk_create(actions))
        added["former names"] = _new(FormerName, "former_names.csv", _former, ["state", "until_on"])
        added["organisations"] = _new(Organisation, "organisations.csv", lambda line: line)
        added["decision days"] = _new(DecisionDay, "decision_days.csv", _decision_day)
        added["coverage"] = _new(RecordsKept, "records_kept.csv", _kept)
        added["events"] = _load_events()
    added["obligations and deadlines"] = registry.bring_up_to_date(today or localdate())
    return added


def _new(
    model: type[models.Model],
    name: str,
    read: Callable[[Line], dict],
    key: list[str] | None = None,
) -> int:
    rows = [model(**read(line)) for line in lines(name)]
    key = key or [model._meta.pk.attname]
    attnames = [getattr(model._meta.get_field(field), "attname", field) for field in key]
    held = set(model._default_manager.values_list(*attnames))
    new = [row for row in rows if tuple(getattr(row, name) for name in attnames) not in held]
    return len(model._default_manager.bulk_create(new))


def _state(line: Line) -> dict:
    return {
        "iso3": line["iso3"],
        "iso2": line["iso2"],
        "m49": line["m49"],
        "name_en": line["name_en"],
        "name_fr": line["name_fr"],
        "name_es": line["name_es"],
        "regional_group": line["un_regional_group"],
        "un_member": line["iso3"] not in NOT_UN_MEMBERS,
        "confidence": line["confidence"],
        "source": line["source"],
        "note": line["notes"],
    }


def _load_time_zones() -> int:
    """The clock of each capital, by the time zone database of IANA; none that staff wrote moves."""
    zones = {line["iso3"]: line["time_zone"] for line in lines("time_zones.csv")}
    states = list(State.objects.filter(pk__in=zones, time_zone=""))
    for state in states:
        state.time_zone = zones[state.pk]
    return State.objects.bulk_update(states, ["time_zone"])


def _actions(line: Line) -> Iterable[TreatyAction]:
    kinds = [
        (SIGNATURE, line["signature_date"]),
        (line["instrument"], line["ratification_date"]),
        (WITHDRAWAL, line["withdrawal_notified"]),
    ]
    for kind, done_on in kinds:
        if not done_on:
            continue
        action = TreatyAction(
            state_id=line["iso3"],
            kind=kind,
            done_on=dt.date.fromisoformat(done_on),
            confidence=line["confidence"],
            source=line["source"],
            note=line["notes"] if kind != SIGNATURE else "",
        )
        action.takes_effect_on = action.by_rule()
        published = line["withdrawal_effective"]
        if kind == WITHDRAWAL and published and published != str(action.takes_effect_on):
            action.takes_effect_on = dt.date.fromisoformat(published)
            action.effect_reason = "day of effect as published"
        yield action


def _former(line: Line) -> dict:
    facts = {key: value for key, value in line.items() if key != "iso3"}
    return facts | {
        "state_id": line["iso3"],
        "until_on": dt.date.fromisoformat(line["until_on"]),
    }


def _decision_day(line: Line) -> dict:
    return line | {
        "decided_on": dt.date.fromisoformat(line["decided_on"]),
        "assumed": line["assumed"] == "yes",
    }


def _kept(line: Line) -> dict:
    def day(text: str) -> dt.date | None:
        return dt.date.fromisoformat(text) if text else None

    return line | {
        "complete_from": day(line["complete_from"]),
        "decisions_known_until": day(line["decisions_known_until"]),
    }


@dataclass(frozen=True, slots=True)
class Moment:
    """When an event happened, and whether its day is assumed."""

    when: PartialDate
    assumed: bool


def _moment(line: Line, days: dict[str, DecisionDay]) -> Moment | None:
    """The day of the decision; an unknown day is the meeting's last, else the month's last."""
    text = line["completion_date"] or line["decision_date"]
    meeting = days.get(line["decided_at"])
    known = PartialDate.parse(text) if text else None
    if known is not None and (line["completion_date"] or known.precision is Precision.DAY):
        return Moment(known, assumed=False)
    if meeting is not None and (known is None or meeting.decided_on <= known.day):
        return Moment(PartialDate(meeting.decided_on), assumed=meeting.assumed)
    return Moment(known, assumed=True) if known is not None else None


def _load_events() -> int:
    days = {row.code: row for row in DecisionDay.objects.all()}
    in_force = {
        action.state_id: action.takes_effect_on
        for action in TreatyAction.objects.filter(kind__in=INSTRUMENTS)
    }
    held = set(ObligationEvent.objects.values_list("state", "article"))
    of = itemgetter("iso3", "article")
    count = 0
    for (iso3, article), group in groupby(sorted(lines("obligation_events.csv"), key=of), key=of):
        if (iso3, int(article)) in held:
            continue
        count += _Chain(iso3, int(article), in_force[iso3], days).load(list(group))
    return count


class _Chain:
    """The events of one State under one article, in the order of the file."""

    def __init__(
        self, iso3: str, article: int, in_force_on: dt.date | None, days: dict[str, DecisionDay]
    ) -> None:
        assert in_force_on is not None  # events concern parties only
        self.state = State.objects.get(pk=iso3)
        self.article = article
        self.in_force_on = in_force_on
        self.days = days
        self.obligation: Obligation | None = None

    def load(self, group: list[Line]) -> int:
        evidence = [line for line in group if line["event"] != ObligationEvent.Kind.NO_STOCKS]
        self.confidence = min(
            (Confidence(line["confidence"]) for line in evidence),
            key=RANK.__getitem__,
            default=Confidence.LOW,
        )
        for position, line in enumerate(group, start=1):
            moment = _moment(line, self.days)
            if line["event"] != ObligationEvent.Kind.NO_STOCKS:
                self._apply(line, moment)
            self._record(line, position, moment)
        return len(group)

    def _apply(self, line: Line, moment: Moment | None) -> None:
        kind = line["event"]
        if self.obligation is None:
            self.obligation = self._open(known_on=self.in_force_on)
        elif self.obligation.fulfilled_on is not None and moment is not None:
            self.obligation = self._open(known_on=moment.when.day, reopens=self.obligation)
        if kind == ObligationEvent.Kind.EXTENSION and moment is not None:
            last = self.obligation.deadlines.order_by("position", "pk").last()
            assert last is not None  # an obligation is opened with its deadline
            last.extend(
                to=dt.date.fromisoformat(line["new_deadline"]),
                basis=line["decided_at"],
                decided_on=moment.when.day,
                stands_assumed=moment.assumed,
                confidence=line["confidence"],
                source=line["source"],
                note=line["notes"],
            )
        # A completion known from memory alone hides no better row.
        believed = line["confidence"] != Confidence.LOW or self.confidence == Confidence.LOW
        if kind == ObligationEvent.Kind.COMPLETION and moment is not None and believed:
            self.obligation.fulfilled_on = moment.when.day
            self.obligation.fulfilled_precision = moment.when.precision
            self.obligation.save(update_fields=["fulfilled_on", "fulfilled_precision"])

    def _open(self, *, known_on: dt.date, reopens: Obligation | None = None) -> Obligation:
        return registry.open_obligation(
            self.state,
            f"art{self.article}",
            known_on=known_on,
            clock_from=self.in_force_on,
            origin="found after completion had been declared" if reopens else "treaty data",
            reopens=reopens,
            confidence=self.confidence,
        )

    def _record(self, line: Line, position: int, moment: Moment | None) -> None:
        def day(text: str) -> dt.date | None:
            return dt.date.fromisoformat(text) if text else None

        applied = line["event"] != ObligationEvent.Kind.NO_STOCKS
        ObligationEvent.objects.create(
            state=self.state,
            article=self.article,
            obligation=self.obligation if applied else None,
            position=position,
            kind=line["event"],
            requested_until=day(line["requested_until"]),
            new_deadline=day(line["new_deadline"]),
            decided_at=line["decided_at"] or line["completion_declared_at"],
            happened_on=moment.when.day if moment else None,
            happened_precision=moment.when.precision if moment else Precision.DAY,
            assumed=moment.assumed if moment else False,
            source=line["source"],
            confidence=line["confidence"],
            note=line["notes"],
        )
