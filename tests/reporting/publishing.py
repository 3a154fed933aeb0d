"""Reports that were published with answers, by the acts that publish real ones."""

import datetime as dt
from typing import Any

from django.utils import timezone

from records.workflow import Refused
from reporting import filing, receipt
from reporting.models import FormAnswers, Report
from reporting.workflow import REPORTS
from states.models import State, User
from tests.reporting.papers import received

CLEARANCE = {
    "areas": [
        {"id": "aaaa", "area": "Ban Phonsavan", "size": 1_250_000.5, "remnants": "BLU-26"},
        {"id": "bbbb", "area": "منطقة الشمال", "size": 800},
    ],
    "released": [{"id": "cccc", "area": "Ban Phonsavan", "size": 300, "destroyed": 12}],
    "programme": "Two teams.",
}


def drafted(state: State, by: User, year: int = 2025, **forms: dict[str, Any]) -> Report:
    """A draft with a file and these answers; hyphens of the forms' keys are underscores here."""
    try:
        draft = filing.begin(state, "annual", year, by=by)
    except Refused:
        draft = filing.amend(
            Report.objects.filter(state=state, year=year).latest("number", "pk"), by=by
        )
    draft.original = received(state, words=f"{year} {draft.number}")
    draft.save()
    draft.forms.all().delete()
    FormAnswers.objects.bulk_create(
        FormAnswers(report=draft, form=form.replace("_", "-"), said=said)
        for form, said in forms.items()
    )
    return draft


def handed_in(state: State, by: User, year: int = 2025, **forms: dict[str, Any]) -> Report:
    """As `drafted`, in the hands of the ISU."""
    return receipt.hand_in(drafted(state, by, year, **forms), by=by)


def published(
    state: State, by: User, officer: User, year: int = 2025, **forms: dict[str, Any]
) -> Report:
    """As `handed_in`, and public."""
    row = REPORTS.take("publish", handed_in(state, by, year, **forms), by=officer)
    return Report.objects.get(pk=row.pk)


def put_before_the_public(draft: Report, on: dt.date) -> Report:
    """Public at once, for the many examples of a property: no paper, no receipt, no figures."""
    Report.objects.filter(pk=draft.pk).update(
        status="published",
        original=received(draft.state),
        reference=f"A7-{draft.year}-{draft.state_id}-01",
        handed_in_at=timezone.now(),
        handed_in_by=draft.drafted_by,
        received_by_isu=on,
        published_on=on,
    )
    return Report.objects.get(pk=draft.pk)
