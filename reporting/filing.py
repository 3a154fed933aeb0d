"""How a report begins, is taken up again, answered, lent to the ISU, or filed for a State."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from records import letters
from records.models import Upload
from records.models.events import record
from records.workflow import Refused
from reporting import (
    completing,
    coverpage,
    days,
    doubting,
    doubts,
    dues,
    points,
    versions,
)
from reporting.mailing import Mailed
from reporting.models import DRAFT, DraftInvitation, Report
from reporting.seen import is_what, last_save
from reporting.workflow import REPORTS
from states import access
from states.models import Obligation, State, User
from states.models.law import ObligationKind
from states.words import day


def _versions(state: State | str, kind: str, year: int) -> "Any":
    return Report.objects.filter(state=state, kind=kind, year=year)


def usual_period(state: State, kind: str, year: int, today: dt.date) -> tuple[dt.date, dt.date]:
    """The period that a report usually covers: what the form proposes.

    Annual and voluntary: the calendar year. Initial: from entry into force (Article 7(1)) until
    today.
    """
    if kind == Report.Kind.INITIAL:
        since = (
            Obligation.objects.filter(state=state, kind=ObligationKind.ART7_INITIAL)
            .order_by("-clock_from", "-pk")
            .values_list("clock_from", flat=True)
            .first()
        )
        if since is not None and since <= today:
            return since, today
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def begin(state: State, kind: str, year: int, *, by: User) -> Report:
    """The draft of the State's report for the year: a new one, or the one that is there.

    Raises `Refused` where the person may not draft, where the year cannot be reported on, or where
    the report was handed in: what follows it is a new version, see `amend`.
    """
    if not (answer := access.may(by, "draft_report", state)):
        raise Refused(answer.reason)
    today = timezone.localdate()
    if kind not in Report.Kind.values:
        raise Refused(_("Say which report it is: initial, annual or voluntary."))
    if impossible := doubts.impossible_year(year, today):
        raise Refused(impossible)
    newest = _versions(state, kind, year).order_by("-number").first()
    if newest is not None and newest.status != DRAFT:
        raise Refused(
            _("%(report)s was handed in already (%(reference)s); a correction is a new version.")
            % {"report": newest, "reference": newest.reference}
        )
    if newest is not None:
        return newest
    covers_from, covers_to = usual_period(state, kind, year, today)
    before = (
        Report.objects.handed_in()
        .filter(state=state, year__lt=year)
        .order_by("-year", "-number", "-pk")
        .first()
    )
    facts = {
        "covers_from": covers_from,
        "covers_to": covers_to,
        "language": before.language if before else by.language,
        "marks": coverpage.next_year(before.marks, before.year) if before else {},
        "schema": versions.of_a_new_report(),
        "drafted_by": by,
        "touched_by": by,
        "demo": state.demo,
    }
    draft = _made(state, kind, year, 1, facts, by=by)
    if not draft.points_of_contact.exists():
        points.carry_over(points.newest_before(draft), draft)
    return draft


@transaction.atomic
def amend(report: Report, *, by: User) -> Report:
    """A new version of what was handed in: the answer to a question, or the State's correction.

    What was handed in stays as it is; cover page, answers, period and language are taken over, a
    file is chosen anew. Returns the draft that is there already, if there is one.
    """
    if not (answer := access.may(by, "draft_report", report.state)):
        raise Refused(answer.reason)
    newest = _versions(report.state_id, report.kind, report.year).order_by("-number").first()
    if newest.status == DRAFT:
        return newest
    facts = {
        "amends": newest,
        "covers_from": newest.covers_from,
        "covers_to": newest.covers_to,
        "language": newest.language,
        "schema": newest.schema,
        "marks": {
            key: {name: value for name, value in said.items() if name != "reference"}
            for key, said in newest.marks.items()
        },
        "drafted_by": by,
        "touched_by": by,
        "demo": newest.demo,
    }
    draft = _made(newest.state, newest.kind, newest.year, newest.number + 1, facts, by=by)
    if not draft.forms.exists():
        completing.carry_over(newest, draft)
        doubting.carry_over(newest, draft)
    if not draft.points_of_contact.exists():
        points.carry_over(newest, draft)
    return draft


def _made(
    state: State, kind: str, year: int, number: int, facts: dict[str, Any], *, by: User
) -> Report:
    try:
        with transaction.atomic():
            now = timezone.now()
            facts |= {"drafted_at": now, "touched_at": now}
            draft = Report.objects.create(state=state, kind=kind, year=year, number=number, **facts)
            record("begin", draft, by=by, state=state, now=DRAFT)
    except IntegrityError:
        # Somebody else of the same State began it in the same moment: it is one draft.
        return _versions(state, kind, year).get(status=DRAFT, channel=Report.Channel.PORTAL)
    return draft


class Overtaken(Exception):
    """The draft was saved meanwhile, perhaps by the same person; holds the row as it stands."""

    def __init__(self, row: Report) -> None:
        super().__init__(row)
        self.row = row


class HandedIn(Refused):
    """There is no draft any more: the report was handed in; holds its newest version."""

    def __init__(self, row: Report) -> None:
        super().__init__(handed_in_already(row))
        self.row = row


def has_seen(row: Report, seen: str) -> bool:
    """Whether a form shows the draft as it stands; one that does not say, only an unsaved draft."""
    return seen == row.touched_at.isoformat() or (not seen and row.touched_at == row.drafted_at)


@transaction.atomic
def save(report: Report, answers: dict[str, Any], *, by: User, seen: str) -> Report:
    """Keeps the answers that were understood; the others stay on the page of who typed them.

    `seen` is the moment of the version that the person had on the page: raises `Overtaken` where
    something else was saved since, and `HandedIn` where the report was handed in. The same answers
    once more, as by a second press, change nothing.
    """
    row = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not (answer := access.may(by, "draft_report", row.state)):
        raise Refused(answer.reason)
    if row.status != DRAFT:
        raise HandedIn(row)
    if not has_seen(row, seen):
        if all(_same(getattr(row, name), value) for name, value in answers.items()):
            return row
        raise Overtaken(row)
    for name, value in answers.items():
        setattr(row, name, value)
    row.touched_at, row.touched_by = timezone.now(), by
    row.save(update_fields=[*answers, "touched_at", "touched_by"])
    return row


def _same(stands: Any, given: Any) -> bool:
    if isinstance(stands, Upload) and isinstance(given, Upload):
        return stands.sha256 == given.sha256
    return bool(stands == given)


def handed_in_already(row: Report) -> str:
    """Who handed the report in and when: what the second of two people is told."""
    at = timezone.localtime(row.handed_in_at)
    if row.channel != Report.Channel.PORTAL:
        return _("The ISU filed this report, which came by %(channel)s, on %(day)s: %(ref)s.") % {
            "channel": row.get_channel_display(),
            "day": day(at.date()),
            "ref": row.reference,
        }
    return _("%(who)s handed this report in on %(day)s at %(time)s (Geneva): %(reference)s.") % {
        "who": row.handed_in_by,
        "day": day(at.date()),
        "time": at.strftime("%H:%M"),
        "reference": row.reference,
    }


def saved_meanwhile(row: Report) -> str:
    """Who saved the draft after it was checked: what would be handed in was not read."""
    who, moment = last_save(row)
    return _(
        "%(who)s saved this draft at %(time)s (Geneva), after you had opened this page. It is "
        "below as it stands now: check it once more, then hand it in."
    ) % {"who": who or _("Somebody"), "time": timezone.localtime(moment).strftime("%H:%M")}


def told_about(state: State, kind: str, year: int) -> Report:
    """The report on which the State gives its word; not saved where there is none here yet."""
    return _told_about(state, kind, year) or Report(state=state, kind=kind, year=year)


def _told_about(state: State, kind: str, year: int) -> Report | None:
    rows = _versions(state, kind, year)
    return rows.exclude(status=DRAFT).order_by("-number").first() or rows.first()


def last_covered(report: Report) -> dt.date | None:
    """The last day that the report covers; of an initial report, which none prescribes, nothing."""
    if report.kind == Report.Kind.INITIAL or report.year < dt.MINYEAR:
        return None
    return report.covers_to or dt.date(report.year, 12, 31)


@transaction.atomic
def say_sent(state: State, kind: str, year: int, on: dt.date, *, by: User) -> Report:
    """The State's word that its report was sent to UNODA; where there is none here, one begins.

    One act: raises `Refused`, and then no draft was begun for it.
    """
    report = _told_about(state, kind, year)
    if report is None:
        if not (answer := access.may(by, "hand_in_report", state)):
            raise Refused(answer.reason)
        report = begin(state, kind, year, by=by)
    return days.say_sent(report, on, by=by)


@transaction.atomic
def discard(report: Report, *, by: User, seen: str | None = None) -> None:
    """Throws a draft away; what was handed in cannot be. Raises `Refused`.

    `seen` is the state (`seen.token`) that the person had on the page; None: there was no page.
    """
    row = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not (answer := access.may(by, "draft_report", row.state)):
        raise Refused(answer.reason)
    if row.status != DRAFT:
        raise Refused(_("%(report)s was handed in: it stays.") % {"report": row})
    if row.sent_by_state_said:
        raise Refused(
            _("You told the ISU that this report was sent to UNODA; the draft keeps that word.")
        )
    if seen is not None and not is_what(row, seen):
        who, moment = last_save(row)
        at = timezone.localtime(moment)
        raise Refused(
            _(
                "%(who)s saved this draft at %(time)s (Geneva), after you had opened this page. It "
                "is below as it stands now: read it before you throw it away."
            )
            % {"who": who or _("Somebody"), "time": at.strftime("%H:%M")}
        )
    record("discard", row, by=by, state=row.state, was=DRAFT)
    row.delete()


def invite(report: Report, until_on: dt.date, *, by: User) -> DraftInvitation:
    """The State lets the secretariat read the draft until a day; it may take that back at once."""
    if not (answer := access.may(by, "hand_in_report", report.state)):
        raise Refused(answer.reason)
    if report.status != DRAFT:
        raise Refused(_("%(report)s was handed in: the ISU reads it.") % {"report": report})
    today = timezone.localdate()
    if until_on < today:
        raise Refused(_("%(day)s is past.") % {"day": day(until_on)})
    with transaction.atomic():
        take_back(report, by=by, silently=True)
        invitation = DraftInvitation.objects.create(
            report=report, from_on=today, until_on=until_on, invited_by=by
        )
        record("invite", report, by=by, state=report.state, now=until_on.isoformat())
    return invitation


def take_back(report: Report, *, by: User, silently: bool = False) -> int:
    """From now on the secretariat does not read the draft; returns how many invitations ended."""
    if not (answer := access.may(by, "hand_in_report", report.state)):
        raise Refused(answer.reason)
    ended = report.invitations.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
    if ended and not silently:
        record("take-back-invitation", report, by=by, state=report.state)
    return ended


def proposal(
    state: State,
    kind: str,
    year: int,
    original: Upload,
    covers_from: dt.date | None,
    covers_to: dt.date | None,
) -> Report:
    """The report that would be filed, not saved: what the rules of `doubts` are asked about."""
    usual = usual_period(state, kind, year, timezone.localdate())
    return Report(
        state=state,
        kind=kind,
        year=year,
        original=original,
        covers_from=covers_from or usual[0],
        covers_to=covers_to or usual[1],
    )


def same_file(state: State, kind: str, year: int, original: Upload) -> list[Report]:
    """The versions of the State's report that were handed in with the same bytes."""
    rows = _versions(state, kind, year).exclude(status=DRAFT)
    return list(rows.filter(original__sha256=original.sha256).order_by("-number"))


@transaction.atomic
def file_for_state(
    state: State,
    kind: str,
    year: int,
    original: Upload,
    *,
    by: User,
    channel: str,
    received_on: dt.date | None,
    covers_from: dt.date | None = None,
    covers_to: dt.date | None = None,
    language: str = "en",
    marks: dict[str, Any] | None = None,
    note: str = "",
    known: Collection[int] = (),
    as_published: dict[str, str] | None = None,
    mailed: Mailed | None = None,
) -> Report:
    """Files what a State sent by e-mail or post; the channel is recorded. Raises `Refused`.

    `mailed` is when the State sent it, where that is known. Of what an archive holds the day of
    receipt may be unknown, and what was published of its days is kept as it was written:
    `as_published`, by the name of the day.

    A draft that the State has here is not touched: it becomes the next version. A report that is
    here already gets a new version. The same bytes once more, as by a second press, are one report,
    unless the person knew of those that are here: `known` are their numbers in the database.
    """
    if channel not in Report.Channel.values or channel == Report.Channel.PORTAL:
        raise Refused(_("Say how the report came: by e-mail or by post."))
    if kind not in Report.Kind.values:
        raise Refused(_("Say which report it is: initial, annual or voluntary."))
    if received_on is None and channel != Report.Channel.ARCHIVE:
        raise Refused(_("Say on which day the ISU received the report."))
    if received_on is not None and received_on > timezone.localdate():
        raise Refused(_("%(day)s has not come yet.") % {"day": day(received_on)})
    proposed = proposal(state, kind, year, original, covers_from, covers_to)
    if forbidden := list(doubts.problems(proposed)):
        raise Refused(*forbidden)
    first, last = proposed.covers_from, proposed.covers_to
    if received_on and (too_early := days.before_its_time(kind, first, received_on)):
        raise Refused(too_early)
    if mailed is not None and (why_not := days.not_mailed(channel, mailed.on, received_on)):
        raise Refused(*why_not)
    # The State's row is the lock under which the versions of its reports are numbered.
    State.objects.select_for_update(of=("self",)).get(pk=state.pk)
    for filed in same_file(state, kind, year, original):
        if filed.pk not in known:
            return filed
    draft = _versions(state, kind, year).filter(status=DRAFT).select_for_update(of=("self",))
    own = draft.first()
    newest = _versions(state, kind, year).exclude(status=DRAFT).order_by("-number").first()
    number = newest.number + 1 if newest else 1
    if own is not None:
        own.number, own.amends = number + 1, None
        own.save(update_fields=["number", "amends"])
    row = Report.objects.create(
        state=state,
        kind=kind,
        year=year,
        number=number,
        amends=newest,
        covers_from=first,
        covers_to=last,
        language=language,
        marks=marks or {},
        original=original,
        channel=channel,
        note=note,
        as_published=as_published or {},
        mailed_on=mailed.on if mailed else None,
        mailed_at=mailed.at if mailed else None,
        drafted_by=by,
        touched_by=by,
        demo=state.demo,
    )
    filed = REPORTS.take("file", row, by=by, note=note, received_on=received_on)
    if key := dues.key_of(filed):
        letters.overtake(key, why=_("The report was handed in"), by=by)
    if own is not None:
        own.amends = filed
        own.save(update_fields=["amends"])
    return filed
