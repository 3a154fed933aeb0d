"""What a person says of a line of an archive before it is taken in: right, otherwise, or not."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from records.archive import keeping
from records.archive.container import Unreadable
from records.models.events import record
from records.workflow import Refused
from reporting.archive import running
from reporting.archive.columns import States
from reporting.models import Archive, ArchiveLine, Finding
from states import access
from states.models import User


def _held(line: ArchiveLine, by: User) -> ArchiveLine:
    """The line under the lock of its archive, while something can still be said of it."""
    if not (answer := access.may(by, "file_for_state")):
        raise Refused(answer.reason)
    Archive.objects.select_for_update(of=("self",)).get(pk=line.archive_id)
    held = ArchiveLine.objects.select_related("archive").get(pk=line.pk)
    if held.outcome:
        raise Refused(
            _("%(line)s: %(outcome)s.") % {"line": held, "outcome": held.get_outcome_display()}
        )
    if held.looked_at is None or held.archive.closed_at is not None:
        raise Refused(_("%(archive)s has not been read through.") % {"archive": held.archive})
    return held


@transaction.atomic
def take(line: ArchiveLine, *, by: User) -> None:
    """The line is meant as it was read, doubts and all; one that was left out comes back."""
    held = _held(line, by)
    if held.finding == Finding.REFUSED:
        raise Refused(held.sentence)
    was = "left-out" if held.left_out else ""
    held.left_out, held.answered_at, held.answered_by = False, timezone.now(), by
    held.save()
    record("answer", held, by=by, state=held.state, was=was, now="take", note=" ".join(held.doubts))


@transaction.atomic
def leave_out(line: ArchiveLine, *, by: User) -> None:
    """The line is not taken in; it can be brought back until the archive is closed."""
    held = _held(line, by)
    held.left_out, held.answered_at, held.answered_by = True, timezone.now(), by
    held.save()
    record("answer", held, by=by, state=held.state, now="left-out", note=" ".join(held.doubts))


@transaction.atomic
def correct(line: ArchiveLine, facts: Mapping[str, str], *, by: User) -> ArchiveLine:
    """What the line should have said, by column; it is read anew and returned.

    What is doubtful about the answer is asked once more: `take` settles it. Raises `Refused`.
    """
    held = _held(line, by)
    held.answer = {**held.answer, **facts}
    held.left_out, held.answered_at, held.answered_by = False, None, None
    try:
        with (
            translation.override(held.archive.received_by.language),
            keeping.reading(held.archive.path) as container,
        ):
            running.look_again(held, container, States())
    except Unreadable as unreadable:
        raise Refused(str(unreadable)) from unreadable
    said = ", ".join(f"{name}: {value}" for name, value in facts.items())
    record("correct", held, by=by, state=held.state, note=said)
    return held
