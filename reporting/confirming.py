"""The State's words on its draft before hand-in: doubts that it confirms, a wish for the day."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from records.workflow import Refused
from reporting import doubting, filing
from reporting.models import DRAFT, ConfirmedDoubt, PublicationWish, Report
from states import access
from states.models import User
from states.words import day, out_of_reach

LONGEST_WORD = 2_000


@transaction.atomic
def confirm(report: Report, facts: str, word: str, *, by: User) -> ConfirmedDoubt:
    """The State says that what may be doubted is right; said again, the later word counts.

    Nobody but the State reads it before hand-in, so no event tells of it: the row does. Raises
    `Refused`, and `HandedIn` where the report was handed in.
    """
    row = _draft(report, by)
    word = _short(word)
    if not word:
        raise Refused(_("Say in a word why it is right, such as “recount of March”."))
    asked = {mark: one for one, mark in doubting.asked(row)}
    if facts not in asked:
        raise Refused(
            _("The answers have changed since you opened this page, and this question with them.")
        )
    one = asked[facts]
    made, _new = ConfirmedDoubt.objects.update_or_create(
        report=row,
        facts=facts,
        defaults={
            "rule": one.rule,
            "form": one.form,
            "place": one.place,
            "text": one.text,
            "word": word,
            "confirmed_at": now(),
            "confirmed_by": by,
        },
    )
    return made


@transaction.atomic
def take_back(report: Report, facts: str, *, by: User) -> int:
    """The word no longer stands; returns how many words went. Raises as `confirm` does."""
    row = _draft(report, by)
    return row.confirmed_doubts.filter(facts=facts).delete()[0]


def _draft(report: Report, by: User) -> Report:
    row = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not (answer := access.may(by, "draft_report", row.state)):
        raise Refused(answer.reason)
    if row.status != DRAFT:
        raise filing.HandedIn(row)
    return row


@transaction.atomic
def wish(report: Report, not_before: dt.date | None, why: str, *, by: User) -> None:
    """The State asks that its report be not published before a day; None takes the wish back.

    As with all of a draft, no event tells of it. Raises as `confirm` does.
    """
    row = _draft(report, by)
    if not_before is None:
        PublicationWish.objects.filter(report=row).delete()
        return
    if strange := out_of_reach(not_before):
        raise Refused(strange)
    if not_before <= localdate():
        raise Refused(
            _("%(day)s is past or today: no report is published before the ISU has read it.")
            % {"day": day(not_before)}
        )
    why = _short(why)
    PublicationWish.objects.update_or_create(
        report=row,
        defaults={"not_before": not_before, "why": why, "made_at": now(), "made_by": by},
    )


def _short(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_WORD:
        raise Refused(
            _("That is longer than %(most)d characters. Say it in fewer words.")
            % {"most": LONGEST_WORD}
        )
    return text
