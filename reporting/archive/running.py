"""Does the work on archives: reads them through, takes their lines in, goes on where it was cut.

The tables are the queue. Each line is one transaction, under a lock on the archive's row: a worker
that dies leaves a line done or untouched, and of two workers one leaves at once.
"""

from __future__ import annotations

from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from records import uploads
from records.archive import index, keeping
from records.archive.container import Container, Unreadable
from records.models import Upload
from records.models.events import record
from records.workflow import Refused
from reporting import days, filing
from reporting.archive import judging
from reporting.archive.columns import COLUMNS, RECEIPT, States
from reporting.models import Archive, ArchiveLine, Finding, Outcome, Report
from reporting.workflow import REPORTS
from states import access
from states.models import User

MOST_NAMED = 50


def receive(file: Any, *, by: User, name: str = "", go_on: bool = False) -> Archive:
    """Keeps an archive, to be read in the background. Raises `Unreadable`, or `Refused`.

    `go_on` gives the archive that the person began with the same bytes, where there is one.
    """
    if not (answer := access.may(by, "file_for_state")):
        raise Refused(answer.reason)
    kept = keeping.keep(file, name)
    with transaction.atomic():
        begun = Archive.objects.filter(sha256=kept.sha256, received_by=by, closed_at__isnull=True)
        if go_on and (before := begun.order_by("-pk").first()) is not None:
            return before
        archive = Archive.objects.create(
            name=kept.name, path=kept.path, sha256=kept.sha256, size=kept.size, received_by=by
        )
        record("register", archive, by=by, note=f"SHA-256 {kept.sha256}")
        transaction.on_commit(lambda: poke(archive.pk), robust=True)
    return archive


def poke(pk: int) -> None:
    """Asks a worker to go on. A poke that is lost costs a minute: beat pokes too."""
    current_app.send_task("reporting.tasks.advance_archive", [pk], ignore_result=True, retry=False)


def waiting() -> QuerySet[Archive]:
    """Archives on which there is work to do."""
    return Archive.objects.filter(
        Q(looked_at__isnull=True) | Q(confirmed_at__isnull=False, rested_at__isnull=True),
        problem="",
        closed_at__isnull=True,
    ).order_by("pk")


def advance_all() -> None:
    """Goes on with every archive on which there is work; the clock asks each minute."""
    for pk in list(waiting().values_list("pk", flat=True)):
        advance(pk)


def advance(pk: int) -> None:
    """Goes on with an archive until nothing is left to do for now, or another is at it."""
    archive = Archive.objects.select_related("received_by").get(pk=pk)
    if not waiting().filter(pk=pk).exists():
        return
    # Sentences are kept as they are said: in the language of whoever sent the archive.
    with translation.override(archive.received_by.language):
        try:
            with keeping.reading(archive.path) as container:
                _work(archive, container)
        except Unreadable as unreadable:
            _refuse(archive, str(unreadable))


def _work(archive: Archive, container: Container) -> None:
    if archive.listed_at is None:
        _list(archive, container)
    states = States()
    while _look_at_one(archive, container, states):
        pass
    while _take_one(archive, container, states):
        pass


def _refuse(archive: Archive, why: str) -> None:
    with transaction.atomic():
        held = _held(archive)
        if held is None or held.problem:
            return
        if held.looked_at is None:
            held.problem = why
        else:
            # It was read before, so its file has gone since: what is left stays undone.
            held.notes = {**held.notes, "cut": why}
            held.rested_at = timezone.now()
        held.save(update_fields=["problem", "notes", "rested_at"])
        record("fail", held, by=None, note=why)


def _held(archive: Archive) -> Archive | None:
    """The row under its lock; None where another worker holds it."""
    rows = Archive.objects.select_for_update(of=("self",), skip_locked=True)
    return rows.filter(pk=archive.pk, closed_at__isnull=True).first()


@transaction.atomic
def _list(archive: Archive, container: Container) -> None:
    """The lines of the index become rows, all of them or none."""
    held = _held(archive)
    if held is None or held.listed_at is not None:
        return
    found = index.read(container.index(), COLUMNS)
    ArchiveLine.objects.bulk_create(
        (
            ArchiveLine(
                archive=held,
                number=line.number,
                given=line.given,
                file=line.given.get("file", ""),
            )
            for line in found.lines
        ),
        batch_size=500,
    )
    held.notes = {"unknown": found.unknown}
    held.listed_at = timezone.now()
    held.save(update_fields=["notes", "listed_at"])


@transaction.atomic
def _look_at_one(archive: Archive, container: Container, states: States) -> bool:
    """Judges the next line; False when all are judged, or another worker is at it."""
    held = _held(archive)
    if held is None or held.looked_at is not None or held.listed_at is None:
        return False
    line = held.lines.filter(looked_at__isnull=True).order_by("number").first()
    if line is None:
        _looked(held, container)
        return False
    judging.look(line, container, states)
    line.looked_at = timezone.now()
    line.save()
    return True


def _looked(held: Archive, container: Container) -> None:
    # After a cut the new run has not asked for what was judged before it.
    for name in held.lines.order_by("number").values_list("file", flat=True).iterator():
        container.mention(name)
    over = container.unmentioned()
    held.notes = {**held.notes, "over": over[:MOST_NAMED], "number_over": len(over)}
    held.looked_at = timezone.now()
    held.save(update_fields=["notes", "looked_at"])


def look_again(line: ArchiveLine, container: Container, states: States) -> None:
    """Judges a line anew, after somebody has answered about it; saves it."""
    judging.look(line, container, states)
    line.save()


def ready(archive: Archive) -> QuerySet[ArchiveLine]:
    """The lines that a confirmation takes in, or notes as here already: none that is in doubt."""
    return archive.lines.filter(
        Q(doubts=[]) | Q(answered_at__isnull=False) | Q(left_out=True), outcome=""
    )


def brings(archive: Archive) -> QuerySet[ArchiveLine]:
    """Of the lines that are ready those that bring a report."""
    return ready(archive).filter(left_out=False, finding__in=[Finding.NEW, Finding.VERSION])


@transaction.atomic
def confirm(archive: Archive, *, by: User) -> int:
    """Releases every line that is not in doubt; returns how many reports come in.

    Raises `Refused`.
    """
    for right in ("file_for_state", "publish_report", "record_receipt"):
        if not (answer := access.may(by, right)):
            raise Refused(answer.reason)
    held = Archive.objects.select_for_update(of=("self",)).get(pk=archive.pk)
    if held.looked_at is None or held.problem or held.closed_at is not None:
        raise Refused(_("%(archive)s has not been read through.") % {"archive": held})
    coming = brings(held).count()
    released = ready(held).update(released=True)
    if not released:
        raise Refused(_("No line is ready: answer the doubts, or leave lines out."))
    held.confirmed_at, held.confirmed_by, held.rested_at = timezone.now(), by, None
    held.save(update_fields=["confirmed_at", "confirmed_by", "rested_at"])
    record("release", held, by=by, note=str(released))
    transaction.on_commit(lambda: poke(held.pk), robust=True)
    return coming


@transaction.atomic
def _take_one(archive: Archive, container: Container, states: States) -> bool:
    """Takes in the next released line; False when none is left, or another worker is at it."""
    held = _held(archive)
    if held is None or held.confirmed_at is None or held.rested_at is not None:
        return False
    line = held.lines.filter(released=True, outcome="").order_by("number").first()
    if line is None:
        held.rested_at = timezone.now()
        held.save(update_fields=["rested_at"])
        record("file", held, by=held.confirmed_by, note=summary(held))
        return False
    assert held.confirmed_by is not None  # a constraint of the database
    try:
        with transaction.atomic():
            _take(line, container, states, by=held.confirmed_by)
    except (Refused, Unreadable, uploads.FileRefused) as refused:
        reasons = refused.reasons if isinstance(refused, Refused) else (refused,)
        _done(line, Outcome.REFUSED, " ".join(map(str, reasons)))
    return True


def _take(line: ArchiveLine, container: Container, states: States, *, by: User) -> None:
    if line.left_out:
        _done(line, Outcome.LEFT_OUT, "")
        return
    before = (line.finding, line.doubts)
    judging.look(line, container, states)
    if line.finding == Finding.REFUSED:
        _done(line, Outcome.REFUSED, line.sentence)
    elif line.finding == Finding.SAME:
        _already_here(line)
    elif line.doubts and not _as_announced(line, before):
        # Something came in since the person looked: asked anew, the line waits for its answer.
        line.released, line.answered_at, line.answered_by = False, None, None
        line.save()
    else:
        line.report = _file(line, container, by=by)
        _done(line, Outcome.TAKEN, line.sentence)


def _as_announced(line: ArchiveLine, before: tuple[str, list[str]]) -> bool:
    """Whether the preview had said so: a later line is a version of what an earlier one brought."""
    finding, doubted = before
    return finding == line.finding and len(line.doubts) <= len(doubted)


def _already_here(line: ArchiveLine) -> None:
    if line.report is None:
        twin = (
            ArchiveLine.objects.filter(
                archive=line.archive_id, sha256=line.sha256, report__isnull=False
            )
            .order_by("number")
            .first()
        )
        line.report = twin.report if twin else None
    outcome = Outcome.SAME if line.report is not None else Outcome.LEFT_OUT
    _done(line, outcome, line.sentence)


def _done(line: ArchiveLine, outcome: Outcome, sentence: str) -> None:
    line.outcome, line.sentence, line.done_at = outcome.value, sentence, timezone.now()
    line.save()


def _file(line: ArchiveLine, container: Container, *, by: User) -> Report:
    """The report with its days, handed in and published as the index says; no letter is written."""
    assert line.state is not None  # judged
    assert line.year is not None
    with container.taken(line.file) as taken:
        upload: Upload = uploads.receive(taken.file, line.state, by, name=taken.name)  # type: ignore[arg-type]
    came = _("Archive %(archive)s, line %(line)s") % {
        "archive": line.archive_id,
        "line": line.number,
    }
    note = " ".join(filter(None, [line.given.get("note", ""), f"({came})"]))
    report = filing.file_for_state(
        line.state,
        line.kind,
        line.year,
        upload,
        by=by,
        channel=Report.Channel.ARCHIVE,
        received_on=line.received_by_isu,
        covers_from=line.covers_from,
        covers_to=line.covers_to,
        language=line.language,
        note=note,
        as_published=line.as_published,
    )
    for which in RECEIPT:
        on = getattr(line, which)
        if on is not None and getattr(report, which) != on:
            report = days.record_receipt(report, which, on, by=by, reason=came)
    if line.publish:
        report = REPORTS.take("publish", report, by=by, note=came, on=line.published_on)
    return report


def summary(archive: Archive) -> str:
    """What became of the lines so far, in a sentence."""
    counts = {name: archive.lines.filter(outcome=name).count() for name in Outcome.values}
    return ", ".join(
        f"{Outcome(name).label}: {count}" for name, count in counts.items() if count
    ) or _("nothing taken in")


@transaction.atomic
def close(archive: Archive, *, by: User) -> None:
    """Nothing more is taken from the archive, and its .zip is no longer kept. Raises `Refused`."""
    if not (answer := access.may(by, "file_for_state")):
        raise Refused(answer.reason)
    held = Archive.objects.select_for_update(of=("self",)).get(pk=archive.pk)
    if held.closed_at is not None:
        return
    if held.stage in {"reading", "importing"}:
        raise Refused(_("%(archive)s is at work: close it afterwards.") % {"archive": held})
    held.closed_at = timezone.now()
    held.save(update_fields=["closed_at"])
    record("withdraw", held, by=by)
    others = Archive.objects.filter(path=held.path, closed_at__isnull=True)
    if not others.exists():
        transaction.on_commit(lambda: keeping.drop(held.path))
