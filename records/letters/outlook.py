"""What goes out in the next days, and what did not and why: the desk's two pages on letters."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from records.letters.planning import (
    Circumstances,
    Wish,
    because,
    due_key,
    dues,
    occurrences,
    reason,
    with_why,
)
from records.models import Letter
from records.seams import Due
from states import explanation
from states.explanation import Step
from states.models import State
from states.words import day

LOOK_BACK = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Coming:
    """A letter that waits (`letter` is set) or that a stage will bring on the day `on`.

    `steps` say why what it is about falls due on its day; none where no deadline stands behind it.
    """

    on: dt.date
    state: State | None
    what: str
    to: str
    why: str
    held: bool
    letter: Letter | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A letter that did not come about or was set aside, and the reason."""

    on: dt.date
    state: State | None
    what: str
    why: str


def outlook(today: dt.date, days: int = 30, of: Iterable[Due] | None = None) -> list[Coming]:
    """What waits now, and what the stages bring up to so many days on, if nothing is met before.

    In order of the day. It foresees the contacts, stages and records of today.
    """
    until = today + dt.timedelta(days=days)
    # As at the last of the days: a State for which the Convention enters into force is among them.
    seen = [due for due in (dues(until) if of is None else of) if not due.settled]
    around = Circumstances(seen, today)
    steps = _steps(seen, today)
    by_key = {due_key(due): due for due in seen}
    rows = [
        Coming(
            today,
            letter.state,
            letter.subject,
            letter.to,
            reason(letter, by_key.get(letter.due_key)),
            letter.status == Letter.Status.HELD,
            letter,
            steps.get(letter.due_key, ()),
        )
        for letter in Letter.objects.of_desk()
        .unsent()
        .select_related("state", "stage")
        .order_by("planned_at", "pk")
    ]
    for due in seen:
        for stage in around.stages.get(due.kind, []):
            for each in occurrences(stage, due, until):
                if each.day <= today:
                    continue
                wish = around.wish(due, each, each.day)
                rows += [
                    Coming(
                        each.day,
                        due.state,
                        _what(due),
                        contact.email,
                        with_why(due, because(stage, due.due_on)),
                        stage.held,
                        steps=steps.get(due_key(due), ()),
                    )
                    for contact in wish.contacts
                ]
    return sorted(rows, key=lambda row: row.on)


def _steps(of: Iterable[Due], today: dt.date) -> dict[str, tuple[Step, ...]]:
    """Why each due falls on its day, by its key; in the language of the page."""
    rows = {due_key(due): due.subject.get("deadline") for due in of}
    known = {key: row for key, row in rows.items() if row is not None}
    steps = explanation.explain(known.values(), today)
    return {key: tuple(steps[row.pk]) for key, row in known.items()}


def digest(today: dt.date, of: Iterable[Due] | None = None) -> list[Skipped]:
    """What was not sent in the last thirty days, and why; newest first.

    No contact; not known to be missing; passed over because a newer letter was planned; overtaken
    by events or set aside by a person; refused by the mail host.
    """
    since = today - LOOK_BACK
    seen = [due for due in (dues(today) if of is None else of) if not due.settled]
    around = Circumstances(seen, today)
    rows: list[Skipped] = []
    newest: dict[str, Wish] = {}
    for wish in around.wishes(seen):
        newest[due_key(wish.due)] = wish
        # Without a contact the next letter fails too; what is not known is news for a month.
        if wish.why_not and (wish.contact_missing or wish.occurrence.day >= since):
            rows.append(Skipped(wish.occurrence.day, wish.due.state, _what(wish.due), wish.why_not))
    rows += _passed_over(around, seen, newest, since)
    moment = timezone.make_aware(dt.datetime.combine(since, dt.time()))
    stopped = Letter.objects.filter(
        of_state_itself=False,
        status__in=[Letter.Status.OVERTAKEN, Letter.Status.FAILED],
        planned_at__gte=moment,
    ).select_related("state")
    rows += [
        Skipped(
            timezone.localdate(letter.planned_at),
            letter.state,
            letter.subject,
            letter.settled_note or letter.last_error or _("Overtaken by events."),
        )
        for letter in stopped
    ]
    return sorted(rows, key=lambda row: row.on, reverse=True)


def _passed_over(
    around: Circumstances, seen: list[Due], newest: dict[str, Wish], since: dt.date
) -> list[Skipped]:
    """Stages that came round while nothing was planned, before a newer one took their place."""
    planned = set(
        Letter.objects.filter(due_key__in=[due_key(due) for due in seen]).values_list(
            "key", flat=True
        )
    )
    rows = []
    for due in seen:
        wish = newest.get(due_key(due))
        if wish is None or not wish.contacts:
            continue
        for stage in around.stages.get(due.kind, []):
            for each in occurrences(stage, due, wish.occurrence.day):
                if each.day < since or each == wish.occurrence:
                    continue
                if not any(each.key(due, contact) in planned for contact in wish.contacts):
                    rows.append(
                        Skipped(
                            each.day,
                            due.state,
                            _what(due),
                            _("Passed over: the letter of %(day)s says where things stand.")
                            % {"day": day(wish.occurrence.day)},
                        )
                    )
    return rows


def _what(due: Due) -> str:
    """The obligation in words, with its year."""
    return str(due.subject.get("what") or due.kind)
