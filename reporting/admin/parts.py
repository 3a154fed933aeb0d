"""What other pages of the workplace say of reports: a State's reports, and drafts that exist."""

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reporting import certifying, points
from reporting.admin.acts import filing_url
from reporting.models import DRAFT, Report
from states import access
from states.admin.parts import Line, Part, lines
from states.models import State
from states.words import day


def drafts(user: access.Person, of: State | None = None) -> list[str]:
    """That drafts exist and when each was last touched: nothing else of them is read here."""
    if not access.may(user, "record_receipt"):
        return []
    visible = Report.objects.visible_to(user)
    rows = Report.objects.filter(status=DRAFT).exclude(pk__in=visible.values("pk"))
    if of is not None:
        rows = rows.filter(state=of)
    return [
        _("%(state)s has a draft of its %(kind)s on %(year)s, last touched on %(day)s.")
        % {
            "state": row.state,
            "kind": row.get_kind_display(),
            "year": row.year,
            "day": day(localdate(row.touched_at)),
        }
        for row in rows.select_related("state")
        .only("state", "kind", "year", "touched_at")
        .order_by("state__name_en", "year", "pk")
    ]


def _first_certified(user: access.Person, state: State) -> list[str]:
    """The State's own rule for hand-in, where it has one: the ISU knows why a report waits."""
    rule = certifying.switched_on(state) if access.may(user, "record_receipt") else None
    if rule is None:
        return []
    said = _("The State has its mission certify reports first, since %(day)s: “%(reason)s”.")
    return [said % {"day": day(localdate(rule.since)), "reason": rule.reason}]


def reports_of(request: HttpRequest, state: State) -> Part:
    """The reports of a State, for its page."""
    part = Part(
        "reports",
        _("Transparency reports"),
        (_("Report"), _("Version"), _("Status"), _("Reference"), _("Received by the ISU")),
        empty=_("No report is recorded here."),
        note=" ".join([*_first_certified(request.user, state), *drafts(request.user, state)]),
    )
    if not access.may(request.user, "record_receipt"):
        # Whoever reads published reports only is not told that there are no others.
        part.empty = _("No published report is recorded here.")
    rows = Report.objects.visible_to(request.user).filter(state=state)
    part.lines = lines(
        (
            row,
            (
                f"{row.get_kind_display()} {row.year}",
                row.number,
                str(row.get_status_display()),
                row.reference,
                day(row.received_by_isu) if row.received_by_isu else "",
            ),
        )
        for row in rows
    )
    if access.may(request.user, "file_for_state"):
        part.links = [
            {
                "url": f"{filing_url()}?state={state.pk}",
                "label": _("File a report for this State"),
            }
        ]
    return part


def points_of(request: HttpRequest, report: Report) -> Part:
    """Whom the report names, for those of the secretariat who may read it."""
    part = Part(
        "points",
        _("National points of contact"),
        (_("Institution"), _("Function or name"), _("Telephone"), _("E-mail"), _("Fax")),
        empty=_("None is named."),
    )
    if not access.may(request.user, "record_receipt") and not report.contacts_public:
        part.empty = _("Read by those who keep reports.")
        return part
    part.note = (
        _("The State agrees that they are published.")
        if report.contacts_public
        else _("Not for publication.")
    )
    part.lines = [
        Line((one.institution, one.name, one.telephone, one.email, one.fax))
        for one in points.of(report)
    ]
    return part
