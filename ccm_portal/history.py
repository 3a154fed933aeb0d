"""What happened to a row, in words: its kept changes and the events about it, newest first."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from records import words
from records.models import Event, Revision
from states.words import day, moment

MOST = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; a change whose `was` is None is what a new row began with."""

    at: dt.datetime
    who: str
    what: str
    why: str = ""
    changes: list[tuple[str, str | None, str]] = field(default_factory=list)


def history_of(row: models.Model) -> list[Entry]:
    """The row's life in words; at most the newest 500 entries."""
    entries = [*_changes(row), *_events(row)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:MOST]


def _events(row: models.Model) -> Iterable[Entry]:
    for event in Event.objects.about(row)[:MOST]:
        moved: list[tuple[str, str | None, str]] = []
        if event.was or event.now:
            was, now = (words.standing(event.subject, each) for each in (event.was, event.now))
            name = words.moves(event.subject, event.now or event.was)
            moved = [(capfirst(name), was, now)]
        why = event.note
        if event.verb == "issue":
            # What proves the file is no reason.
            proof: Any = Revision._meta.get_field("sha256")
            moved.append((capfirst(str(proof.verbose_name)), None, event.note))
            why = ""
        done = words.act(event.verb, event.was, event.now)
        yield Entry(event.at, _who(event.actor_name), done, why, moved)


def _who(name: str) -> str:
    """The portal's own name is recorded in one language."""
    return _("portal") if name == "portal" else name


def _changes(row: models.Model) -> list[Entry]:
    history = getattr(row, "history", None)
    if history is None or not isinstance(history, models.Manager):
        return []
    entries = []
    before: Any = None
    kept = list(history.order_by("pgh_id"))
    names = {name for one in kept for name in _fields(one)}
    people = _labels(type(kept[0]), kept, names) if kept else {}
    for one in kept:
        context = one.pgh_context or {}
        if one.pgh_label.startswith("insert"):
            what, changes = _("Recorded"), _said(row, one, None, people)
        elif one.pgh_label.startswith("delete"):
            what, changes = _("Deleted"), []
        else:
            what, changes = _("Changed"), _said(row, one, before, people)
        before = one
        if what == _("Changed") and not changes:
            continue
        entries.append(
            Entry(
                one.pgh_created_at,
                _who(str(context.get("actor", ""))),
                str(what),
                str(context.get("reason", "")),
                changes,
            )
        )
    return entries


def _fields(kept: models.Model) -> list[str]:
    return [
        one.name
        for one in kept._meta.concrete_fields
        if not one.name.startswith("pgh_") and one.name not in {"id", "group", "password"}
    ]


def _said(
    row: models.Model, now: models.Model, before: models.Model | None, labels: dict
) -> list[tuple[str, str | None, str]]:
    made: list[tuple[str, str | None, str]] = []
    for name in _fields(now):
        try:
            column: Any = row._meta.get_field(name)
        except FieldDoesNotExist:
            continue  # a field that the model has given up since
        new = getattr(now, column.attname)
        old = getattr(before, column.attname, None) if before is not None else None
        title = capfirst(str(column.verbose_name))
        if before is None:
            if new not in (None, "", False):
                made.append((title, None, _value(column, new, labels)))
        elif old != new:
            made.append((title, _value(column, old, labels), _value(column, new, labels)))
    return made


def _labels(model: type[models.Model], kept: list[Any], names: set[str]) -> dict:
    """What the rows that foreign keys name are called today, one query for each register."""
    wanted: dict[type[models.Model], set[Any]] = {}
    columns: Any = model._meta.concrete_fields
    for column in columns:
        if column.is_relation and column.name in names:
            keys = {getattr(one, column.attname) for one in kept} - {None}
            wanted.setdefault(column.related_model, set()).update(keys)
    return {
        (register, found.pk): str(found)
        for register, keys in wanted.items()
        for found in register._default_manager.filter(pk__in=keys)
    }


def _value(column: Any, value: Any, labels: dict) -> str:
    if value is None or value == "":
        return ""
    if column.is_relation:
        return str(labels.get((column.related_model, value), value))
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dt.date):
        return day(value)
    return str(value)
