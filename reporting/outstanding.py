"""What of a draft is still with somebody else."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from reporting.models import DRAFT, Delegation, Report
from reporting.models.delegations import BACK, OUT
from reporting.versions import schema_of
from states import access
from states.words import day


def still_out(report: Report) -> Iterator[tuple[str, str]]:
    """What is still with colleagues, a sentence each, and the form: a doubt, never an obstacle."""
    if report.pk is None or report.status != DRAFT:
        return
    for row in Delegation.objects.filter(report=report, status__in=[OUT, BACK]):
        letter = schema_of(report).form(row.form).letter_in(report.language)
        words = {"letter": letter, "who": row.function, "day": day(row.until_on)}
        if row.status == BACK:
            said = _("Form %(letter)s was handed back by %(who)s and has not been taken over.")
        else:
            said = _("Form %(letter)s is still with %(who)s, until %(day)s.")
        yield said % words, row.form


@dataclass(frozen=True, slots=True)
class With:
    """A form with a colleague, as the list of the draft's page says it."""

    row: Delegation
    label: str
    url: str


def with_colleagues(report: Report) -> list[With]:
    """Who has which form of the draft, in the order of the report's language; two queries."""
    rows = {row.form: row for row in Delegation.objects.open().filter(report=report)}
    if rows:
        acting = set(access.holders("draft_report", report.state_id).values_list("pk", flat=True))
        for row in rows.values():
            row.person_left = row.handed_out_by_id not in acting
    found = []
    for form in schema_of(report).in_order(report.language) if rows else ():
        if form.key in rows:
            label = _("Form %(letter)s: %(title)s") % {
                "letter": form.letter_in(report.language),
                "title": form.title,
            }
            args = [report.state_id, report.kind, report.year, form.key]
            found.append(With(rows[form.key], label, reverse("report-delegate", args=args)))
    return found
