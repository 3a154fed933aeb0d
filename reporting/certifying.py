"""The mission certifies a draft before it is handed in, where the State has switched that on.

A certification is of the draft as it stood: whatever is saved afterwards voids it. The switch is
the State's; it may be switched off on the last day, with a reason, and the law's date wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from records.models.events import record
from records.workflow import Refused
from reporting.models import DRAFT, Certification, CertifiedFirst, FormAnswers, Report
from reporting.seen import SOURCES, VERSION, stands_as
from reporting.versions import schema_of
from states import access
from states.access import Person
from states.models import State, User
from states.words import day


def switched_on(state: State | str) -> CertifiedFirst | None:
    """The State's own rule that stands, or None; one query."""
    rows = CertifiedFirst.objects.filter(state=state, ended_at__isnull=True)
    return rows.select_related("by", "state").first()


@transaction.atomic
def switch_on(state: State, *, reason: str, by: User) -> CertifiedFirst:
    """From now on the mission certifies before hand-in. Raises `Refused`."""
    must(by, "hand_in_report", state)
    if not reason.strip():
        raise Refused(_("Say why: a word is enough."))
    try:
        with transaction.atomic():
            row = CertifiedFirst.objects.create(state=state, by=by, reason=reason.strip())
    except IntegrityError:
        raise Refused(_("This is switched on already.")) from None
    # Why stands in the row: events are read by more people than reports are.
    record("certification-on", state, by=by, state=state)
    return row


@transaction.atomic
def switch_off(state: State, *, reason: str, by: User) -> None:
    """From now on a report is handed in without the mission's word. Raises `Refused`."""
    must(by, "hand_in_report", state)
    if not reason.strip():
        raise Refused(_("Say why: a word is enough."))
    rows = CertifiedFirst.objects.select_for_update(of=("self",))
    row = rows.filter(state=state, ended_at__isnull=True).first()
    if row is None:
        raise Refused(_("This is switched off already."))
    row.ended_at, row.ended_by, row.end_reason = timezone.now(), by, reason.strip()
    row.save(update_fields=["ended_at", "ended_by", "end_reason"])
    record("certification-off", state, by=by, state=state)


def must(by: User, right: str, state: State) -> None:
    """Raises `Refused` where the person has not the right for the State."""
    if not (answer := access.may(by, right, state)):
        raise Refused(answer.reason)


def last_word(report: Report) -> Certification | None:
    """What the mission said last, of whichever state of the draft."""
    return report.certifications.select_related("by").order_by("-at", "-pk").first()


def changes_since(report: Report, word: Certification) -> list[str]:
    """What was saved after the mission's word, by whom, a plain sentence each."""
    said = []
    answers = FormAnswers.objects.filter(report=report).select_related("touched_by")
    rows = {row.form: row for row in answers}
    now = stands_as(report)
    for key, at in now.items():
        if word.stood.get(key) == at:
            continue
        if key in (VERSION, SOURCES):
            said.append(_of_others(key, at))
            continue
        if not key:
            said.append(
                _("%(who)s saved the draft (cover page, period, contacts or file) on %(when)s.")
                % {"who": report.touched_by or _("Somebody"), "when": _when(report.touched_at)}
            )
            continue
        row, form = rows[key], schema_of(report).form(key)
        said.append(
            _("%(who)s saved Form %(letter)s on %(when)s.")
            % {
                "who": row.touched_by or _("Somebody"),
                "letter": form.letter_in(report.language),
                "when": _when(row.touched_at),
            }
        )
    if gone := set(word.stood) - set(now) - {VERSION, SOURCES}:
        letters_ = ", ".join(
            sorted(schema_of(report).form(key).letter_in(report.language) for key in gone)
        )
        said.append(_("Form %(letter)s was emptied.") % {"letter": letters_})
    return said


def _of_others(key: str, at: str) -> str:
    """What changed by what happened to other reports."""
    if key == VERSION:
        return _("Another report was filed meanwhile: the draft is version %(number)s now.") % {
            "number": at
        }
    return _("What the forms marked as unchanged stand for is another report now: %(which)s.") % {
        "which": at
    }


def _when(at: Any) -> str:
    local = timezone.localtime(at)
    return _("%(day)s at %(time)s (Geneva)") % {
        "day": day(local.date()),
        "time": local.strftime("%H:%M"),
    }


def standing(report: Report) -> Certification | None:
    """The certification of the draft exactly as it stands, or None."""
    word = last_word(report)
    if word is None or not word.certified or word.stood != stands_as(report):
        return None
    return word


def problems(report: Report) -> Iterable[str]:
    """The State's own rule, as one sentence, where it is switched on and not met."""
    if report.pk is None or report.status != DRAFT or report.channel != Report.Channel.PORTAL:
        return
    if switched_on(report.state_id) is None or standing(report) is not None:
        return
    yield _(
        "Your State has its mission certify a report first, and this draft is not certified as it "
        "stands. If the mission cannot be reached in time, the focal point may switch that off."
    )


def waiting_for(user: Person) -> list[Report]:
    """The drafts that this person may certify, where the State asks for that; at most one query."""
    if not (own := access.states_where(user, "certify_report")):
        return []
    ruled = CertifiedFirst.objects.filter(state__in=own, ended_at__isnull=True)
    return list(
        Report.objects.filter(
            status=DRAFT, channel=Report.Channel.PORTAL, state__in=ruled.values("state")
        )
        .select_related("state")
        .order_by("-year", "kind", "pk")
    )


def keep_on(report: Report) -> None:
    """At hand-in the report bears the certification that stands; the caller saves it."""
    word = standing(report)
    if word is not None:
        report.certified_at, report.certified_by = word.at, word.by


def facts(report: Report, user: Person) -> dict[str, Any]:
    """What pages of the draft say of the mission's word; three queries."""
    word = last_word(report)
    return {
        "rule": switched_on(report.state_id),
        "word": word,
        "since": changes_since(report, word) if word else [],
        "own_rule": next(iter(problems(report)), ""),
        "may_switch": access.may(user, "hand_in_report", report.state),
    }
