"""The figures of transparency reports as at a day: what was published here, and nothing else."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records.seams import Figure
from reporting.models import Report


def of_reports(on: dt.date) -> Iterable[Figure]:
    """Published here in the year up to the day, on the year before it, and in all; one query."""
    # There is no report on a year before that of the Convention.
    last = max(on.year - 1, 2008)
    found = (
        Report.objects.published_by(on)
        .filter(state__demo=False)
        .aggregate(
            in_year=Count("pk", filter=Q(published_on__year=on.year)),
            on_last=Count("pk", filter=Q(kind=Report.Kind.ANNUAL, year=last)),
            in_all=Count("pk"),
        )
    )
    about, page = _("Transparency reports"), reverse("reports")
    explanation = _(
        "Reports under Article 7, the last version of each, published on this portal by that day. "
        "Other reports may exist elsewhere."
    )
    yield Figure(
        key="reports-published-in-year",
        name=_("transparency reports published here in %(year)s") % {"year": on.year},
        value=found["in_year"],
        unit=ngettext("report", "reports", found["in_year"]),
        explanation=explanation,
        url=f"{page}?published={on.year}",
        about=about,
        # Before the first report of a year a nought would say less than nothing.
        first=found["in_year"] > 0,
    )
    yield Figure(
        key="annual-reports-on-last-year",
        name=_("annual transparency reports on %(year)s published here") % {"year": last},
        value=found["on_last"],
        unit=ngettext("report", "reports", found["on_last"]),
        explanation=_(
            "Annual reports on that year, the last version of each, published on this portal by "
            "that day. The page of reporting rates says how many were due."
        ),
        url=f"{page}?kind=annual&year={last}",
        about=about,
    )
    yield Figure(
        key="reports-published",
        name=_("transparency reports published here in all"),
        value=found["in_all"],
        unit=ngettext("report", "reports", found["in_all"]),
        explanation=explanation,
        url=page,
        about=about,
    )
