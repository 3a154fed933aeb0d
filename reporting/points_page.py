"""The page on which a State names its points of contact and says whether they may be published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from records.pdf import NotPrintable
from records.workflow import Refused
from reporting import completing, points
from reporting.filing import HandedIn, Overtaken, has_seen
from reporting.models import DRAFT, PointOfContact, Report
from reporting.views import called, draft_of, handed_in, unless_handed_in
from states import access
from states.models import User
from states.posting import sent_again_as

NEW_ROWS = 2
YES, NO = "yes", "no"


class PointForm(forms.Form):
    """One institution; a row with nothing in it is none."""

    institution = forms.CharField(
        label=lazy("Institution"),
        required=False,
        max_length=300,
        help_text=lazy("Asked by Article 7(1)(l), with one way at least to reach it."),
    )
    name = forms.CharField(label=lazy("Function or name"), required=False, max_length=200)
    telephone = forms.CharField(label=lazy("Telephone"), required=False, max_length=100)
    email = forms.EmailField(label=lazy("E-mail"), required=False, max_length=254)
    fax = forms.CharField(label=lazy("Fax"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # The Convention asks for them; only a whole row may stay empty.
            field.is_asked = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Whoever is reached is an institution: Article 7(1)(l)."""
        data = super().clean() or {}
        if any(data.get(key) for key in points.DETAILS) and not data.get("institution"):
            self.add_error("institution", _("Name the institution, or empty the row."))
        return data


class ConsentForm(forms.Form):
    """Whether they may be published; not said is not agreed."""

    public = forms.ChoiceField(
        label=lazy("May these contact details be published with the report?"),
        help_text=lazy(
            "Without a yes they are read by your State and the ISU alone. A file that you send may "
            "hold contact details too: it is published as it is."
        ),
        choices=[
            (YES, lazy("yes, print them on the cover page")),
            (NO, lazy("no, they are for the ISU and the Secretary-General")),
            ("", lazy("not said yet: they are not published")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )


Points: Any = forms.formset_factory(
    PointForm, extra=NEW_ROWS, max_num=points.MOST, absolute_max=points.MOST, validate_max=True
)


@transaction.atomic
def save(
    draft: Report,
    rows: Iterable[Mapping[str, str]],
    public: bool | None,
    *,
    by: User,
    seen: str,
) -> Report:
    """Puts these in the place of what the draft named, and the State's word on publishing them.

    `seen` is the moment of the draft that the page showed. Raises `Overtaken` and `HandedIn`.
    """
    held = Report.objects.select_for_update(of=("self",)).select_related("state").get(pk=draft.pk)
    if not (answer := access.may(by, "draft_report", held.state)):
        raise Refused(answer.reason)
    if held.status != DRAFT:
        raise HandedIn(held)
    wanted = [{key: row.get(key, "") for key in points.DETAILS} for row in rows]
    stands = [{key: getattr(one, key) for key in points.DETAILS} for one in points.of(held)]
    if (stands, held.contacts_public) == (wanted, public):
        return held
    if not has_seen(held, seen):
        raise Overtaken(held)
    held.points_of_contact.all().delete()
    PointOfContact.objects.bulk_create(
        PointOfContact(report=held, position=number, **row) for number, row in enumerate(wanted)
    )
    held.contacts_public = public
    held.touched_at, held.touched_by = timezone.now(), by
    held.save(update_fields=["contacts_public", "touched_at", "touched_by"])
    return held


def _saves(iso3: str, kind: str, year: int) -> str:
    return _("Save the points of contact: %(report)s") % {"report": called(iso3, kind, year)}


@sent_again_as(_saves)
@require_http_methods(["GET", "HEAD", "POST"])
@unless_handed_in
def page(request: HttpRequest, iso3: str, kind: str, year: int) -> HttpResponse:
    """The points of contact of the draft, and the State's word on publishing them."""
    report = draft_of(request.user, iso3, kind, year)
    stand = points.of(report)
    if request.method != "POST":
        given = [{key: getattr(one, key) for key in points.DETAILS} for one in stand]
        offered = [] if given else points.proposed(report)
        consent = ConsentForm(initial={"public": _word(report.contacts_public)})
        return _shown(
            request, report, Points(initial=given or offered), consent, offered=bool(offered)
        )
    rows, consent = Points(request.POST), ConsentForm(request.POST)
    if not (rows.is_valid() and consent.is_valid()):
        return _shown(request, report, rows, consent, seen=request.POST.get("touched", ""))
    wanted = [one for one in rows.cleaned_data if one.get("institution")]
    public = {YES: True, NO: False}.get(consent.cleaned_data["public"])
    try:
        save(
            report,
            wanted,
            public,
            by=access.signed_in(request),
            seen=request.POST.get("touched", ""),
        )
    except Overtaken as overtaken:
        at = timezone.localtime(overtaken.row.touched_at)
        said = _(
            "%(who)s saved this draft at %(time)s (Geneva). What is below is yours and is not "
            "saved yet: save again to put it in place of what stands."
        ) % {"who": overtaken.row.touched_by, "time": at.strftime("%H:%M")}
        messages.warning(request, said)
        return _shown(
            request, overtaken.row, rows, consent, stand=points.of(overtaken.row), status=409
        )
    except HandedIn:
        raise
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
        return redirect("owe")
    messages.success(request, _("Saved. Only your State reads this draft."))
    return redirect("report-draft", iso3, kind, year)


def _word(public: bool | None) -> str:
    return {True: YES, False: NO}.get(public, "") if public is not None else ""


def _shown(
    request: HttpRequest,
    report: Report,
    rows: Any,
    consent: ConsentForm,
    *,
    offered: bool = False,
    stand: list[PointOfContact] | None = None,
    seen: str | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "report": report,
        "rows": rows,
        "consent": consent,
        "offered": offered,
        "stand": stand or [],
        "touched": report.touched_at.isoformat() if seen is None else seen,
        "is_demo": report.demo,
        "robots": "noindex",
    }
    return render(request, "reporting/points_page.html", context, status=status)


@require_safe
def sheet(request: HttpRequest, iso3: str, kind: str, year: int, number: int) -> HttpResponse:
    """The points of contact on a sheet of their own, for the State and the ISU."""
    report = handed_in(request.user, iso3, kind, year, number)
    if not points.of(report):
        raise Http404  # nothing leads here: an empty sheet says nothing
    language = report.language if report.language in completing.LANGUAGES else "en"
    try:
        made = points.sheet(report, language, timezone.localdate(report.handed_in_at))
    except NotPrintable as fault:
        messages.error(request, str(fault))
        return redirect("report-receipt", iso3, kind, year, number)
    response = HttpResponse(made.content, content_type="application/pdf")
    name = f"contacts_{iso3}_{year}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
