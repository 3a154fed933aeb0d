"""The national points of contact of a report, Article 7(1)(l), and who reads them.

They stand on the public page and on the report's paper only where the State has agreed to that.
Without its agreement they are read by its own people and by those of the ISU who keep reports.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from records import paper, pdf
from records.models.events import record
from records.workflow import Refused
from reporting.models import DRAFT, PointOfContact, Report
from states import access
from states.access import Person
from states.models import Contact, User

DETAILS = ("institution", "name", "telephone", "email", "fax")
MOST = 20


def of(report: Report) -> list[PointOfContact]:
    """As the State named them, in its order; one query."""
    return list(report.points_of_contact.all())


def readable(report: Report, user: Person) -> list[PointOfContact]:
    """Those that this reader may see: all or none."""
    own = report.state_id in access.states_where(user, "view_drafts")
    agreed = report.contacts_public is True
    return of(report) if agreed or own or access.may(user, "record_receipt") else []


def printed(report: Report) -> list[PointOfContact]:
    """Those that stand on the report's paper, which becomes public with it."""
    return of(report) if report.contacts_public is True else []


def proposed(report: Report) -> list[dict[str, str]]:
    """What a draft may begin with where it names none: the contacts that the portal knows."""
    rows = (
        Contact.objects.current(timezone.localdate())
        .filter(
            state=report.state_id, purpose__in=[Contact.Purpose.ARTICLE_7, Contact.Purpose.GENERAL]
        )
        .order_by("purpose", "-role_mailbox", "pk")
    )
    return [
        {
            "institution": row.institution or row.function or row.name,
            "name": row.function if row.institution else "",
            "telephone": row.telephone,
            "email": row.email,
            "fax": "",
        }
        for row in rows[:MOST]
        if row.institution or row.function or row.name
    ]


def doubts(report: Report) -> Iterator[str]:
    """What may be asked of a draft: whom it names, and whether they may be published."""
    if report.pk is None or report.status != DRAFT or report.channel != Report.Channel.PORTAL:
        return
    named = report.points_of_contact.exists()
    if not named and report.original is None:
        yield _("No national point of contact is named: Article 7(1)(l) asks for them.")
    if named and report.contacts_public is None:
        yield _("It is not said whether the points of contact may be published: they will not be.")


def newest_before(draft: Report) -> Report | None:
    """The last report that the State handed in with points of contact; one query."""
    return (
        Report.objects.handed_in()
        .filter(state=draft.state_id, year__lte=draft.year, points_of_contact__erased=False)
        .order_by("-year", "-number", "-pk")
        .first()
    )


def carry_over(source: Report | None, draft: Report) -> None:
    """The points of contact of one report stand in the draft of the next, to be confirmed."""
    if source is None:
        return
    PointOfContact.objects.bulk_create(
        PointOfContact(report=draft, position=one.position, **{k: getattr(one, k) for k in DETAILS})
        for one in of(source)
        if not one.erased
    )


@transaction.atomic
def erase(point: PointOfContact, *, by: User, reason: str) -> None:
    """Takes name, telephone, e-mail and fax out of a row for good, also after hand-in.

    The institution stays. A paper that was handed in with the State's agreement is not changed.
    """
    state = point.report.state
    if not (answer := access.may(by, "record_receipt")):
        raise Refused(answer.reason)
    if not reason.strip():
        raise Refused(_("Say why: a word is enough."))
    point.name = point.telephone = point.email = point.fax = ""
    point.erased = True
    point.save()
    record("erase", point.report, by=by, state=state, note=reason.strip())


def sheet(report: Report, language: str, on: dt.date) -> pdf.Pdf:
    """A sheet of its own for the Secretary-General, where they are not for publication.

    Made when it is asked for, and kept nowhere.
    """
    with translation.override(language):
        body = render_to_string(
            "reporting/points_paper.html", {"report": report, "points": of(report)}
        )
        title = _("National points of contact, Article 7(1)(l): %(state)s, %(year)s") % {
            "state": report.state.name(language=language),
            "year": report.year,
        }
    page = paper.Paper(
        family=paper.Family.STATE,
        reference=report.reference or f"A7-{report.year}-{report.state_id}",
        title=title,
        language=language,
        # Made by our template, which escapes what people wrote.
        body=mark_safe(body),  # noqa: S308
        dated_on=on,
        submitted_by=report.state.name(language=language),
        demonstration=report.demo,
        submitted=bool(report.reference),
    )
    # What was handed in is no draft any more.
    return paper.typeset(
        page, paper.freeze(page), issued_at=report.handed_in_at, site=settings.SITE_URL
    )
