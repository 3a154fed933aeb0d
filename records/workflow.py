"""The one door through which a status changes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from records.models.events import record
from states import access
from states.models import State, User


class Refused(Exception):
    """A step cannot be taken; holds every reason at once, each fit to show an ambassador."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a workflow's table.

    `problems` yields what is missing (it stops the step); `effect` may change the row itself and
    rows of lower apps, never anything outside the database.
    """

    name: str
    label: Any
    sources: frozenset[str]
    target: str
    permission: str
    problems: Callable[[Any], Iterable[str]] | None = None
    effect: Callable[..., None] | None = None
    asks_note: bool = False


@dataclass(frozen=True, slots=True)
class Workflow:
    """The steps that a kind of row may take; the row needs `status` and `owners()`."""

    name: str
    steps: tuple[Step, ...]
    labels: dict[str, Any] = field(default_factory=dict)

    def step(self, name: str) -> Step:
        """The step of that name; KeyError where the table has none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    @transaction.atomic
    def take(self, name: str, obj: Any, *, by: User | None, note: str = "", **facts: Any) -> Any:
        """Takes the step or raises `Refused`; returns the row as it stands afterwards.

        Under the row's lock: is the step possible from here, may this person take it (None is
        the portal itself), is anything missing? Then effect, save, event, in one transaction.
        """
        step = self.step(name)
        row = type(obj)._default_manager.select_for_update(of=("self",)).get(pk=obj.pk)
        if row.status not in step.sources:
            raise Refused(
                _("“%(step)s” is not possible: %(row)s is %(status)s.")
                % {"step": step.label, "row": row, "status": row.get_status_display()}
            )
        if by is not None and not (answer := self._may(by, step, row)):
            raise Refused(answer.reason)
        if step.asks_note and not note.strip():
            raise Refused(_("Say why: “%(step)s” needs a note.") % {"step": step.label})
        if step.problems is not None and (missing := tuple(step.problems(row))):
            raise Refused(*missing)
        was, row.status = row.status, step.target
        if step.effect is not None:
            step.effect(row, by=by, note=note, **facts)
        row.save()
        owner = next(iter(row.owners()), None)
        record(step.name, row, by=by, state=owner, was=was, now=step.target, note=note)
        return row

    def open_to(self, user: Any, obj: Any) -> list[Step]:
        """The steps that the person may take from here: the buttons, from the same table."""
        return [
            step for step in self.steps if obj.status in step.sources and self._may(user, step, obj)
        ]

    def _may(self, user: Any, step: Step, row: Any) -> access.Answer:
        owners: Sequence[State] = row.owners()
        answers = [access.may(user, step.permission, owner) for owner in owners]
        return next((answer for answer in answers if answer), answers[0])

    def mermaid(self) -> str:
        """The table as a diagram, for docs/workflows.md."""
        lines = ["stateDiagram-v2"]
        for step in self.steps:
            lines += [f"    {s} --> {step.target}: {step.name}" for s in sorted(step.sources)]
        return "\n".join(line.replace("handed-in", "handed_in") for line in lines)
