"""What reporting shows on pages that join apps: the desk, a State's page, what a State owes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records.seams import DeskList, DeskRow, DeskSource, Section
from reporting import certifying, dues, over_time, waiting
from reporting.models import DRAFT, HANDED_IN, PUBLISHED, Report
from reporting.owing import owed_by
from reporting.waiting import Waiting
from states import explanation
from states.access import Person
from states.covered import said_of
from states.deadlines import Lateness
from states.models import Deadline, RecordsKept, State
from states.models.law import ObligationKind
from states.words import day

# Thirty April is in sight from the day on which the year before it was settled.
COMING_WITHIN = dt.timedelta(days=365)


def owed(user: Person, on: dt.date) -> Iterable[Section]:
    """What the person's own States owe."""
    groups = owed_by(user, on)
    if groups:
        yield Section(
            "reporting",
            _("What we owe"),
            "reporting/owed.html",
            {"groups": groups, "on": on, "several": len(groups) > 1},
            10,
        )
    if waiting := certifying.waiting_for(user):
        yield Section(
            "certifying",
            _("For the mission to certify"),
            "reporting/waiting.html",
            {"reports": waiting},
            5,
        )


def of_state(state: State, user: Person, on: dt.date) -> Iterable[Section]:
    """The published reports of a State as at the day, and their figures; two queries."""
    reports = list(
        Report.objects.published_by(on)
        .filter(state=state)
        .select_related("original")
        .order_by("-year", "kind", "-number")
    )
    yield Section(
        "reports",
        _("Transparency reports"),
        "reporting/of_state.html",
        {"reports": reports, "state": state, "on": on},
        40,
    )
    if found := over_time.series(state, on):
        yield Section(
            "figures-over-time",
            _("Figures over time, as reported by the State"),
            "reporting/over_time.html",
            {"series": found, "state": state},
            41,
        )


def desk(user: Person, on: dt.date) -> Iterable[DeskRow]:
    """Waiting for us, late, coming, drafts that exist."""
    reports = list(
        Report.objects.exclude(status=PUBLISHED, received_by_unoda__isnull=False)
        .exclude(status=PUBLISHED, channel=Report.Channel.ARCHIVE)
        # A version that a later one answers waits for nobody.
        .exclude(amended_by__status__in=[HANDED_IN, PUBLISHED])
        .select_related("state")
        .defer("marks", "note")
        .order_by("received_by_isu", "touched_at", "pk")
    )
    for one in waiting.waiting(on):
        yield _of_waiting(one)
    for report in reports:
        yield from _of_report(report)
    yield from _of_deadlines(on)


def _of_report(report: Report) -> Iterable[DeskRow]:
    who, what = str(report.state), _what(report)
    url = reverse("admin:reporting_report_change", args=[report.pk])
    if report.status == DRAFT:
        yield DeskRow(
            DeskList.DRAFTS,
            who,
            what,
            localdate(report.touched_at),
            "",
            "",
            note=_("last touched on this day; only the State reads it"),
            demo=report.demo,
        )
        return
    if report.received_by_unoda is None and report.channel != Report.Channel.ARCHIVE:
        # Of the past the day may never be known: nobody waits for it.
        sent = report.sent_to_unoda
        yield DeskRow(
            DeskList.WAITING,
            who,
            what,
            sent or report.received_by_isu,
            url,
            _("Record receipt by UNODA"),
            note=_("the State says that it has sent it to UNODA")
            if report.sent_by_state_said
            else _("sent to UNODA, receipt not recorded")
            if sent
            else _("not known to have been sent to UNODA"),
            demo=report.demo,
        )


def _of_waiting(one: Waiting) -> DeskRow:
    """The line of a report that waits, with the act that comes next: as in the queue."""
    report = one.report
    url, act = reverse("admin:reporting_report_review", args=[report.pk]), _("Review")
    if one.to_do == waiting.SETTLE:
        url, act = f"{url}#question-{one.answered_first}", _("Settle the question")
        note = _("the State has answered a question")
    elif one.to_do == waiting.CORRECT and one.transcription is not None:
        url = reverse("admin:reporting_transcription_change", args=[one.transcription.pk])
        act = _("Correct what was typed")
        note = _("the State says what is wrong in what was typed from its file")
    elif one.to_do == waiting.LETTER:
        url = reverse("admin:records_letter_change", args=[one.letter])
        act = _("Read the letter and release it")
        note = _("a letter to the State is not released")
    elif one.to_do == waiting.STATE:
        note = (
            _("a question waits for the State")
            if one.open
            else _("what was typed from its file waits for the State")
        )
    elif one.to_do == waiting.DAY and one.embargo is not None:
        note = _("published on %(day)s, and not before") % {"day": day(one.embargo)}
    elif one.confirmed_figures:
        note = _("the State has confirmed what was typed from its file")
    else:
        note = _("handed in, not yet published")
    return DeskRow(
        DeskList.WAITING,
        str(report.state),
        _what(report),
        report.received_by_isu,
        url,
        act,
        note=note,
        demo=report.demo,
    )


def _what(report: Report) -> str:
    words = _("%(kind)s %(year)s") % {"kind": report.get_kind_display(), "year": report.year}
    if report.number > 1:
        words += ", " + _("version %(number)s") % {"number": report.number}
    return words


def _of_deadlines(on: dt.date) -> Iterable[DeskRow]:
    """Article 7 deadlines that records show as late, and those of the next year."""
    kept = {row.kind: row for row in RecordsKept.objects.all()}
    kinds = (ObligationKind.ART7_INITIAL, ObligationKind.ART7_ANNUAL)
    rows = (
        Deadline.objects.standing(on)
        .filter(
            obligation__kind__in=kinds,
            met_on__isnull=True,
            obligation__fulfilled_on__isnull=True,
            due_on__lte=on + COMING_WITHIN,
        )
        .select_related("obligation__state")
        .order_by("due_on", "obligation__state__name_en", "pk")
    )
    handed_in = set(
        Report.objects.handed_in().order_by().values_list("state", "kind", "year").distinct()
    )
    coming: dict[tuple[dt.date, str, int | None, bool], list[Deadline]] = defaultdict(list)
    late: list[Deadline] = []
    for row in rows:
        if dues.is_answered(row, handed_in):
            continue
        obligation = row.obligation
        said = said_of(row, on, kept.get(obligation.kind))
        if said is Lateness.COMING:
            # Fictional States are left out of every count of the Convention.
            same = (row.due_on, obligation.kind, row.year, obligation.state.demo)
            coming[same].append(row)
        elif said is Lateness.LATE:
            late.append(row)
    alone = [found[0] for found in coming.values() if len(found) == 1]
    steps = explanation.explain([*late, *alone], on)
    for row in late:
        obligation = row.obligation
        yield DeskRow(
            DeskList.LATE,
            str(obligation.state),
            _of_kind(obligation.kind, row.year),
            row.due_on,
            reverse("admin:states_state_change", args=[obligation.state_id]),
            _("See contacts and letters"),
            note=_("our records do not yet show it"),
            demo=obligation.state.demo,
            steps=tuple(steps[row.pk]),
        )
    for (due_on, kind, year, demo), found in coming.items():
        # Nearly every State owes the same report on the same day: one line says so.
        first, single = found[0], len(found) == 1
        state = first.obligation.state
        who = (
            str(state)
            if single
            else ngettext("%(count)s State", "%(count)s States", len(found)) % {"count": len(found)}
        )
        yield DeskRow(
            DeskList.COMING,
            who,
            _of_kind(kind, year),
            due_on,
            reverse("state", args=[state.pk]) if single else reverse("reports"),
            _("See the State") if single else _("See the reports"),
            demo=demo,
            steps=tuple(steps[first.pk] if single else explanation.rule(first)),
        )


def _of_kind(kind: str, year: int | None) -> str:
    if kind == ObligationKind.ART7_ANNUAL:
        return _("Annual transparency report on %(year)s") % {"year": year}
    return _("Initial transparency report")


DESK = DeskSource(
    "record_receipt",
    (DeskList.WAITING, DeskList.LATE, DeskList.COMING, DeskList.DRAFTS),
    desk,
)
