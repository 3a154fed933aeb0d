"""The steps of a transparency report, and of a form of its draft that a colleague has."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from records.models import Reference
from records.workflow import Refused, Step, Workflow
from reporting import (
    certifying,
    clarification,
    completing,
    counted,
    days,
    doubting,
    doubts,
    embargo,
    replaced,
)
from reporting.measures import drawing
from reporting.models import DRAFT, HANDED_IN, PUBLISHED, Delegation, Report
from reporting.models.delegations import BACK, ENDED, OUT, TAKEN, WITHDRAWN
from states.models import User
from states.words import day

SERIES = "A7"


def _sign(
    row: Report, *, by: User, note: str, received_on: dt.date | None = None, **_facts: object
) -> None:
    """A reference, the moment, the person; the ISU has its copy with the same act.

    `received_on` is for what came by e-mail or post: the day on which the ISU had it. Of what an
    archive holds the day may be unknown, and today is not it.
    """
    # Before anything is copied in: what the person who hands in was asked.
    doubting.keep(row)
    embargo.carry_over(row)
    now = timezone.now()
    certifying.keep_on(row)
    row.reference = Reference.take(SERIES, row.year, row.state_id)
    row.handed_in_at = row.touched_at = now
    row.handed_in_by = by
    if row.channel == Report.Channel.ARCHIVE:
        row.received_by_isu = received_on
    else:
        row.received_by_isu = received_on or timezone.localdate(now)
    sources = doubts.sources_of_unchanged(row)
    for key, reference in sources.items():
        row.marks[key]["reference"] = reference
    completing.settle_answers(row, sources)
    if row.original is None:
        row.original = completing.set_paper(row, now, by)
    row.save()
    clarification.answer_by_version(row, by=by)
    days.meet_deadline(row, by=by)


def _of_a_hand_in(row: Report) -> Iterable[str]:
    """What forbids it, and what the State itself has asked for first."""
    yield from doubts.problems(row)
    yield from certifying.problems(row)


def _of_a_filing(row: Report) -> Iterable[str]:
    """The secretariat never hands in what a State is drafting here."""
    if row.channel == Report.Channel.PORTAL:
        yield _("This draft is the State's own: only the State hands it in.")
    yield from doubts.problems(row)


def _nothing_received(row: Report) -> Iterable[str]:
    if row.received_by_isu is None and row.channel != Report.Channel.ARCHIVE:
        yield _("The day on which the ISU received the report is not recorded.")
    if row.original is not None and row.original.verdict == "infected":
        yield _("The antivirus found something in the file: it cannot be published.")
    if gone := replaced.in_words(row):
        yield gone
    if waits := embargo.stops(row):
        yield waits


def _publish(
    row: Report, *, by: User | None, note: str, on: dt.date | None = None, **_f: object
) -> None:
    today = timezone.localdate()
    chosen = on or today
    if chosen > today:
        raise Refused(_("%(day)s has not come yet.") % {"day": day(chosen)})
    if row.received_by_isu and chosen < row.received_by_isu:
        raise Refused(
            _("The report cannot be published on %(day)s: it was received on %(received)s.")
            % {"day": day(chosen), "received": day(row.received_by_isu)}
        )
    row.published_on = chosen
    counted.keep(row)
    drawing.keep(row)


REPORTS = Workflow(
    name="report",
    steps=(
        Step(
            "hand-in",
            lazy("Hand to the ISU"),
            frozenset({DRAFT}),
            HANDED_IN,
            permission="hand_in_report",
            problems=_of_a_hand_in,
            effect=_sign,
        ),
        # The same step when the secretariat files what came by e-mail or post.
        Step(
            "file",
            lazy("File for the State"),
            frozenset({DRAFT}),
            HANDED_IN,
            permission="file_for_state",
            problems=_of_a_filing,
            effect=_sign,
        ),
        Step(
            "publish",
            lazy("Publish"),
            frozenset({HANDED_IN}),
            PUBLISHED,
            permission="publish_report",
            problems=_nothing_received,
            effect=_publish,
        ),
    ),
    labels={DRAFT: lazy("draft"), HANDED_IN: lazy("handed in"), PUBLISHED: lazy("published")},
)


def _back(row: Delegation, *, by: User | None, note: str, **_facts: object) -> None:
    row.handed_back_at = timezone.now()


def _again(row: Delegation, *, by: User, note: str, word: str, until_on: dt.date) -> None:
    row.word, row.until_on, row.handed_back_at = word, until_on, None
    row.handed_out_at, row.handed_out_by = timezone.now(), by


# The colleague has no account: the portal hands back for whoever has the link. All else is done by
# those who draft for the State.
DELEGATIONS = Workflow(
    name="form with a colleague",
    steps=(
        Step("hand-back", lazy("Hand back"), frozenset({OUT}), BACK, "draft_report", effect=_back),
        Step(
            "ask-again",
            lazy("Ask again"),
            frozenset({OUT, BACK}),
            OUT,
            "draft_report",
            effect=_again,
        ),
        Step("take-over", lazy("Take it over"), frozenset({OUT, BACK}), TAKEN, "draft_report"),
        Step("withdraw", lazy("Withdraw it"), frozenset({OUT, BACK}), WITHDRAWN, "draft_report"),
        Step("end", lazy("Hand to the ISU"), frozenset({OUT, BACK}), ENDED, "draft_report"),
    ),
    labels=dict(Delegation.Status.choices),
)
