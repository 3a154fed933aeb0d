"""Takes a file piece by piece, so that a cut line costs one piece and not the file."""

import datetime as dt
import tempfile
import uuid
from typing import BinaryIO

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from records import uploads
from records.models import Arrival, Upload
from states import access
from states.models import State, User

log = structlog.get_logger(__name__)

# What is held in memory of a file while it arrives.
PIECE = 256 * 1024


class NotHere(Exception):
    """No such file is on its way, or it is another person's: for this one it does not exist."""


class OutOfStep(Exception):
    """What was sent does not begin where the file ends so far; holds the row."""

    def __init__(self, row: Arrival) -> None:
        super().__init__(row.received)
        self.row = row


class NoRoom(Exception):
    """Why no other file can be begun, in a sentence."""


def _until() -> dt.datetime:
    return timezone.now() + dt.timedelta(days=settings.PARTS_KEPT_DAYS)


def may_send(by: User, state: State | None) -> bool:
    """Whether the person may send files for the State: who drafts for it, or files for it."""
    if state is None:
        return bool(access.may(by, "file_for_state"))
    return bool(access.may(by, "draft_report", state) or access.may(by, "file_for_state", state))


@transaction.atomic
def begin(name: str, size: int, state: State | None, by: User) -> Arrival:
    """Makes room for a file of `size` bytes; raises `uploads.FileRefused` or `NoRoom`.

    Where the person has begun more than fits, the files that rested longest give way.
    """
    if size > settings.UPLOAD_MAX_BYTES:
        raise uploads.FileRefused(uploads.too_large())
    if size <= 0:
        raise uploads.FileRefused(_("The file is empty. Choose it again."))
    User.objects.select_for_update().get(pk=by.pk)  # one person begins one file at a time
    open_rows = Arrival.objects.filter(upload__isnull=True, refused="")
    own = list(open_rows.filter(by=by).order_by("expires_at", "pk"))
    while own and sum(row.size for row in own) + size > settings.PARTS_MOST_EACH:
        _drop(own.pop(0))
    held = open_rows.aggregate(all=Sum("size"))["all"] or 0
    if held + size > settings.PARTS_MOST_IN_ALL:
        log.warning("no_room_for_parts", held=held)
        raise NoRoom(
            _(
                "There is no room for another large file at the moment. Try again in an hour, or "
                "send it by e-mail to the ISU."
            )
        )
    return Arrival.objects.create(
        name=name.replace("\0", "").rsplit("/", 1)[-1][:200] or "file",
        size=size,
        state=state,
        by=by,
        expires_at=_until(),
    )


def find(pk: uuid.UUID, by: User) -> Arrival:
    """The person's own file on its way; raises `NotHere`."""
    row = Arrival.objects.filter(pk=pk, by=by, expires_at__gt=timezone.now()).first()
    if row is None:
        raise NotHere
    return row


def go_on(row: Arrival, offset: int, stream: BinaryIO) -> Arrival:
    """Appends what `stream` brings, which begins at byte `offset` of the file; returns the row.

    What has arrived before a cut is kept. Raises `OutOfStep` where the offset is not where the
    file ends so far, and `NotHere` where it has gone meanwhile.
    """
    if row.received != offset:
        raise OutOfStep(row)
    while not row.is_whole:
        try:
            piece = stream.read(min(PIECE, row.size - row.received))
        except OSError:  # the line was cut
            log.info("line_cut", arrival=str(row.pk), received=row.received)
            break
        if not piece:
            break
        row = _append(row, piece)
    return row


@transaction.atomic
def _append(seen: Arrival, piece: bytes) -> Arrival:
    row = Arrival.objects.select_for_update(of=("self",)).filter(pk=seen.pk).first()
    if row is None:
        raise NotHere
    if row.received != seen.received or row.is_whole:
        raise OutOfStep(row)
    name = default_storage.save(f"{_folder(row)}/{row.received}", ContentFile(piece))
    row.pieces.append(name.rpartition("/")[2])
    row.received += len(piece)
    row.expires_at = _until()
    if row.received == row.size:
        _judge(row)
    row.save()
    return row


def _judge(row: Arrival) -> None:
    """A whole file is judged and kept exactly as one that came at once."""
    with tempfile.TemporaryFile() as whole:
        for name in row.pieces:
            with default_storage.open(f"{_folder(row)}/{name}", "rb") as piece:
                whole.write(piece.read())
        whole.seek(0)
        try:
            row.upload = uploads.receive(whole, row.state, row.by, name=row.name)
        except uploads.FileRefused as refused:
            row.refused = str(refused)
    row.pieces = []
    transaction.on_commit(lambda: _sweep(_folder(row)))


def taken(sent: str, state: State, by: User) -> Upload | None:
    """The file that a form names instead of carrying it; None where it names none.

    Raises `uploads.FileRefused` where it is not whole, was refused, or is another's.
    """
    if not sent:
        return None
    again = _("It did not arrive whole. Choose the file again: it goes on from where it was.")
    try:
        row = find(uuid.UUID(sent), by)
    except (ValueError, NotHere):
        raise uploads.FileRefused(again) from None
    if row.refused:
        raise uploads.FileRefused(row.refused)
    if row.upload is None or row.state_id != state.pk:
        raise uploads.FileRefused(again)
    return row.upload


def give_up(row: Arrival) -> None:
    """The person does not want to send it any more."""
    with transaction.atomic():
        _drop(row)


def clean_up() -> int:
    """Forgets what was not gone on with in time, and what forms have named long since."""
    gone = Arrival.objects.filter(expires_at__lte=timezone.now())
    number = 0
    for row in gone.order_by("pk"):
        with transaction.atomic():
            _drop(row)
        number += 1
    return number


def _drop(row: Arrival) -> None:
    folder = _folder(row)
    row.delete()
    transaction.on_commit(lambda: _sweep(folder))


def _folder(row: Arrival) -> str:
    return f"parts/{row.pk}"


def _sweep(folder: str) -> None:
    """Deletes the pieces, also those of a moment in which the machine stopped."""
    try:
        _folders, names = default_storage.listdir(folder)
        for name in names:
            default_storage.delete(f"{folder}/{name}")
        default_storage.delete(folder)
    except OSError:
        log.info("no_pieces", folder=folder)
