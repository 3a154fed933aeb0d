"""The page on which everybody reads a report."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from records.views import reader_of
from reporting import coverpage, language_versions, noting, points, reading, receipt, two_years
from reporting.models import DRAFT, PUBLISHED, Report
from reporting.transcription import confirmed, shown
from reporting.versions import schema_of
from reporting.workflow import REPORTS
from states import access
from states.models import Practice
from states.public_pages import public_page, tells_only_of


@public_page
@require_safe
def report(request: HttpRequest, iso3: str, kind: str, year: int, number: int) -> HttpResponse:
    """The public page of a report; before publication it exists for its State and the ISU."""
    rows = Report.objects.filter(state=iso3, kind=kind, year=year)
    reader = reader_of(request)
    found = (
        rows.visible_to(reader).select_related("state", "original").filter(number=number)
    ).first()
    if found is None:
        if not reader.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404
    published = list(rows.filter(status=PUBLISHED).order_by("-number"))
    own = iso3 in access.states_where(reader, "view_drafts")
    of_isu = access.is_secretariat(reader)
    # Of what is public the public knows the version before it; a draft is compared form by form.
    before = next((row for row in published if row.number < found.number), None)
    answered = reading.forms_of(found, schema_of(found))
    transcribed = None if answered else confirmed.transcription_of(found)
    if not (answered or transcribed):
        # Answers may name other States; without them the page tells of this one alone.
        tells_only_of(request, iso3)
    context = {
        "report": found,
        "lines": receipt.cover_page(found) if coverpage.is_marked(found.marks) else [],
        "forms": shown.read(transcribed) if transcribed else answered,
        "transcribed": transcribed,
        "points": points.readable(found, reader),
        "notes": noting.of_report(found),
        # Other reports of the State that are public, to be read beside this one.
        "beside": two_years.year_beside(found) if found.status == PUBLISHED else "",
        "year_words": str(found.year),
        "versions": published,
        "replaces": before if found.status == PUBLISHED else None,
        "languages": language_versions.shown(found) if found.status != DRAFT else [],
        "newer": next((row for row in published[:1] if row.number > found.number), None),
        "own": own,
        "of_isu": of_isu,
        # From these days a reader sees whether the report was in time: that is the ISU's to say.
        "tells_days": own or of_isu or Practice.on(Practice.Key.MET_IN_PUBLIC),
        "steps": [step.label for step in REPORTS.open_to(reader, found)],
        "is_demo": found.demo,
        "robots": "" if found.status == PUBLISHED else "noindex",
    }
    return render(request, "reporting/report.html", context)
