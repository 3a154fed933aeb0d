"""Row history of the registry: no edit without a person and a reason, enforced by the database."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pghistory
from django.db import models


@contextlib.contextmanager
def act(*, by: Any, reason: str) -> Iterator[None]:
    """Everything written inside is recorded as done by `by` (a user, or None for the portal).

    `reason` says why, in words that a reader of the history will understand; empty is refused.
    """
    if not reason.strip():
        raise ValueError("an act needs a reason")
    who = str(by) if by is not None else "portal"
    with pghistory.context() as current:
        # An act inside an act must not leave its person and reason behind when it ends.
        outer = dict(current.metadata)
        current.metadata.update(user=getattr(by, "pk", None), actor=who, reason=reason.strip())
        try:
            yield
        finally:
            current.metadata.clear()
            current.metadata.update(outer)


def kept(*, fields: list[str] | None = None, exclude: list[str] | None = None) -> Any:
    """Class decorator: each insert, update and delete leaves a row that nobody can change.

    The row carries the act's person and reason; PostgreSQL refuses a change made without them.
    """

    def decorate(model: type[models.Model]) -> type[models.Model]:
        name = model._meta.model_name
        track = pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            fields=fields,
            exclude=exclude,
            model_name=f"{model.__name__}History",
            obj_field=pghistory.ObjForeignKey(related_name="history"),
            append_only=True,
            context_field=pghistory.ContextJSONField(null=False),
            context_id_field=pghistory.ContextUUIDField(null=False),
            meta={
                "constraints": [
                    models.CheckConstraint(
                        name=f"{name}_change_has_a_reason",
                        condition=models.Q(pgh_context__reason__isnull=False),
                        violation_error_message=(
                            "A change of the registry needs a person and a reason."
                        ),
                    )
                ]
            },
        )
        return track(model)

    return decorate
