"""What records puts on the desk: letters, contacts they cannot reach, files, passes."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records import letters, words
from records.models import Enquiry, Letter, Upload
from records.seams import DeskList, DeskRow, DeskSource
from states.access import Person
from states.models import Contact, Pass, State

A_YEAR = dt.timedelta(days=365)
SOON = dt.timedelta(days=3)
# More of one kind than this are one line with a link to the list.
APART = 8

Status = Letter.Status


def desk(user: Person, on: dt.date) -> Iterable[DeskRow]:
    """Letters and what stands in their way."""
    yield from _doubtful()
    yield from _refused()
    yield from _held()
    yield from _queued()
    yield from _bounced(on)
    yield from _nobody(on)
    yield from _unconfirmed(on)
    yield from _not_scanned()
    yield from _passes(on)


def enquiries(user: Person, on: dt.date) -> Iterable[DeskRow]:
    """Questions to the ISU that nobody has answered."""
    for row in Enquiry.objects.open().select_related("state", "asked_by"):
        yield DeskRow(
            DeskList.WAITING,
            str(row.state or row.asked_by or _("Somebody")),
            _("asks the ISU: %(words)s") % {"words": row.question[:80]},
            localdate(row.asked_at),
            reverse("admin:records_enquiry_change", args=[row.pk]),
            _("Answer"),
            demo=bool(row.state and row.state.demo),
        )


def _letters(**query: str) -> str:
    text = "&".join(f"{key}={value}" for key, value in query.items())
    return f"{reverse('admin:records_letter_changelist')}?{text}"


def _who(state: State | None) -> str:
    return str(state) if state is not None else "–"


def _doubtful() -> Iterable[DeskRow]:
    for row in Letter.objects.of_desk().filter(status=Status.DOUBTFUL).select_related("state"):
        yield DeskRow(
            DeskList.LETTERS,
            _who(row.state),
            row.subject,
            localdate(row.queued_at or row.planned_at),
            reverse("admin:records_letter_change", args=[row.pk]),
            _("Settle the doubt"),
            note=_("it may have left, and nobody knows"),
            demo=bool(row.state and row.state.demo),
        )


def _refused() -> Iterable[DeskRow]:
    rows = list(Letter.objects.of_desk().filter(status=Status.FAILED).select_related("state"))
    if len(rows) > APART:
        yield DeskRow(
            DeskList.LETTERS,
            _count(len(rows)),
            _("refused by the mail host"),
            min(localdate(row.planned_at) for row in rows),
            _letters(status__exact=Status.FAILED),
            _("See them"),
        )
        return
    for row in rows:
        yield DeskRow(
            DeskList.LETTERS,
            _who(row.state),
            row.subject,
            localdate(row.planned_at),
            reverse("admin:records_letter_change", args=[row.pk]),
            _("Release again or set aside"),
            note=_("refused by the mail host: %(why)s") % {"why": row.last_error[:120]},
            demo=bool(row.state and row.state.demo),
        )


def _count(number: int) -> str:
    return ngettext("%(count)d letter", "%(count)d letters", number) % {"count": number}


def _held() -> Iterable[DeskRow]:
    groups = (
        Letter.objects.of_desk()
        .filter(status=Status.HELD)
        .order_by()
        .values("kind")
        .annotate(
            number=Count("pk"),
            since=Min("planned_at"),
            real=Count("pk", filter=~Q(state__demo=True)),
        )
        .order_by("kind")
    )
    for group in groups:
        yield DeskRow(
            DeskList.LETTERS,
            _count(group["number"]),
            _("held: %(kind)s") % {"kind": words.letter(group["kind"])},
            localdate(group["since"]),
            _letters(status__exact=Status.HELD, kind=group["kind"]),
            _("Read and release"),
            demo=group["real"] == 0,
        )


def _queued() -> Iterable[DeskRow]:
    found = (
        Letter.objects.of_desk()
        .filter(status=Status.QUEUED)
        .aggregate(number=Count("pk"), since=Min("queued_at"))
    )
    if found["number"]:
        why = letters.gate(localdate())
        yield DeskRow(
            DeskList.LETTERS,
            _count(found["number"]),
            _("waiting to leave"),
            localdate(found["since"]),
            _letters(status__exact=Status.QUEUED),
            _("See them"),
            note=why or _("the oldest since %(time)s") % {"time": _time(found["since"])},
        )


def _time(at: dt.datetime) -> str:
    return timezone.localtime(at).strftime("%H:%M")


def _contact_row(row: Contact, what: str, since: dt.date | None, act: str) -> DeskRow:
    return DeskRow(
        DeskList.LETTERS,
        str(row.state or row.organisation),
        what,
        since,
        reverse("admin:states_contact_change", args=[row.pk]),
        act,
        demo=bool(row.state and row.state.demo),
    )


def _bounced(on: dt.date) -> Iterable[DeskRow]:
    rows = Contact.objects.current(on).filter(bounced_on__isnull=False)
    for row in rows.select_related("state", "organisation").order_by("bounced_on", "pk"):
        yield _contact_row(
            row,
            _("letters to %(mailbox)s came back") % {"mailbox": row.email},
            row.bounced_on,
            _("Correct the contact"),
        )


def _nobody(on: dt.date) -> Iterable[DeskRow]:
    """States to which something is to be written and that have named no mailbox that works."""
    wanted = {due.state.pk: due for due in letters.dues(on) if not due.settled}
    reached = set(
        Contact.objects.current(on)
        .reachable()
        .filter(state__in=wanted)
        .values_list("state", flat=True)
    )
    without = sorted(
        (due.state for pk, due in wanted.items() if pk not in reached),
        key=lambda state: state.name(),
    )
    if len(without) > APART:
        yield DeskRow(
            DeskList.LETTERS,
            ngettext("%(count)d State", "%(count)d States", len(without)) % {"count": len(without)},
            _("no contact for a letter"),
            None,
            f"{reverse('admin:states_state_changelist')}?status=party&reached=no",
            _("See which"),
        )
        return
    for state in without:
        yield DeskRow(
            DeskList.LETTERS,
            str(state),
            _("no contact for a letter"),
            None,
            f"{reverse('admin:states_contact_add')}?state={state.pk}",
            _("Add a contact"),
            demo=state.demo,
        )


def _unconfirmed(on: dt.date) -> Iterable[DeskRow]:
    stale = (
        Contact.objects.current(on)
        .exclude(email="")
        .filter(Q(confirmed_on__isnull=True) | Q(confirmed_on__lt=on - A_YEAR))
    )
    number = stale.count()
    if number:
        oldest = stale.aggregate(since=Min("confirmed_on"))["since"]
        yield DeskRow(
            DeskList.LETTERS,
            ngettext("%(count)d contact", "%(count)d contacts", number) % {"count": number},
            _("not confirmed for a year"),
            oldest,
            f"{reverse('admin:states_contact_changelist')}?stands=yes&o=7",
            _("Ask for confirmation"),
        )


def _not_scanned() -> Iterable[DeskRow]:
    found = Upload.objects.filter(verdict=Upload.Verdict.NOT_SCANNED).aggregate(
        number=Count("pk"), since=Min("received_at")
    )
    if found["number"]:
        yield DeskRow(
            DeskList.LETTERS,
            ngettext("%(count)d file", "%(count)d files", found["number"])
            % {"count": found["number"]},
            _("not scanned for viruses"),
            localdate(found["since"]),
            f"{reverse('admin:records_upload_changelist')}?verdict__exact=not-scanned",
            _("See them"),
        )


def _passes(on: dt.date) -> Iterable[DeskRow]:
    now = timezone.now()
    rows = Pass.objects.filter(
        revoked_at__isnull=True, expires_at__gt=now, expires_at__lt=now + SOON, uses__isnull=True
    )
    for row in rows.order_by("expires_at", "pk"):
        yield DeskRow(
            DeskList.LETTERS,
            row.mailbox,
            _("%(purpose)s: not used, works until %(time)s")
            % {"purpose": row.get_purpose_display(), "time": _time(row.expires_at)},
            localdate(row.expires_at),
            reverse("admin:states_pass_change", args=[row.pk]),
            _("See the pass"),
        )


ENQUIRIES = DeskSource("ask_clarification", (DeskList.WAITING,), enquiries)
DESK = DeskSource("release_letters", (DeskList.LETTERS,), desk)
