"""The marks of a State's life under the Convention, on its line and in the list below it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ccm_portal import words
from ccm_portal.state_facts import StateFacts
from ccm_portal.timeline import Line, Mark, timeline
from reporting.models import Report
from states.deadlines import Precision
from states.explanation import what
from states.models import ObligationEvent, TreatyAction
from states.standing import INSTRUMENTS, WITHDRAWAL


def line(facts: StateFacts) -> Line | None:
    """The line of the State's life as at the day; None where it has done nothing yet."""
    marks = [*_treaty(facts), *_decisions(facts), *_deadlines(facts), *_reports(facts)]
    return timeline(marks, facts.on) if marks else None


def _treaty(facts: StateFacts) -> Iterable[Mark]:
    for action in facts.actions:
        yield Mark(action.done_on, deed(action))
        effect = action.takes_effect_on
        if effect is None:
            continue
        ahead = effect > facts.on
        if action.kind in INSTRUMENTS:
            yield Mark(effect, _("In force for this State"), open=ahead, source=_("Article 17"))
        elif action.kind == WITHDRAWAL:
            yield Mark(effect, _("Withdrawal takes effect"), open=ahead, source=_("Article 20"))


def deed(action: TreatyAction) -> str:
    """What the State did, as a sentence without a subject."""
    if action.kind in INSTRUMENTS:
        return _("Deposited its instrument of %(kind)s") % {"kind": action.get_kind_display()}
    return {
        TreatyAction.Kind.SIGNATURE: pgettext("life of a State", "Signed"),
        TreatyAction.Kind.PROVISIONAL: _("Declared provisional application"),
        TreatyAction.Kind.DECLARATION: _("Made a declaration"),
        TreatyAction.Kind.WITHDRAWAL: _("Gave notice of withdrawal"),
    }[TreatyAction.Kind(action.kind)]


def _decisions(facts: StateFacts) -> Iterable[Mark]:
    for duty in facts.duties:
        for event in duty.events:
            if event.happened is None or event.kind == ObligationEvent.Kind.OPEN:
                continue
            known = event.happened
            yield Mark(
                known.day,
                _("Article %(article)s: %(said)s")
                % {"article": event.article, "said": happening(event)},
                "decision",
                published="" if known.precision is Precision.DAY else str(known),
                source=event.decided_at,
            )


def happening(event: ObligationEvent) -> str:
    """What happened, in words; a day that had to be assumed says so."""
    if event.kind == ObligationEvent.Kind.EXTENSION and event.new_deadline:
        said = _("extended to %(day)s") % {"day": words.day(event.new_deadline)}
    elif event.kind == ObligationEvent.Kind.REQUEST and event.requested_until:
        said = _("extension requested, to %(day)s") % {"day": words.day(event.requested_until)}
    elif event.kind == ObligationEvent.Kind.REQUEST:
        said = _("extension requested")
    elif event.kind == ObligationEvent.Kind.COMPLETION:
        said = _("completion declared")
    elif event.kind == ObligationEvent.Kind.NO_STOCKS:
        said = _("clarified that there are no stockpiles")
    else:
        said = _("obligation known")
    return _("%(said)s (day assumed)") % {"said": said} if event.assumed else said


def _deadlines(facts: StateFacts) -> Iterable[Mark]:
    for duty in facts.duties:
        for shown in duty.deadlines:
            due = _("Due: %(what)s") % {"what": what(shown.row)}
            yield Mark(
                shown.due_on, due, "deadline", shown.due_on > facts.on, url=f"#{shown.anchor}"
            )


def _reports(facts: StateFacts) -> Iterable[Mark]:
    for report in facts.reports:
        text = {
            Report.Kind.INITIAL: _("Initial report published"),
            Report.Kind.ANNUAL: _("Annual report for %(year)s published"),
            Report.Kind.VOLUNTARY: _("Voluntary report for %(year)s published"),
        }[Report.Kind(report["kind"])]
        yield Mark(report["first"], text % {"year": report["year"]}, "report")
