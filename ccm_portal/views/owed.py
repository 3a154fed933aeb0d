"""“What we owe”: the page of the people who act for a State, filled by the apps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_safe

from ccm_portal import contributions
from records.seams import Section
from states import access
from states.models import Outage


@require_safe
def owe(request: HttpRequest) -> HttpResponse:
    """What the reader's own States owe and by when, with the one act that comes next."""
    today = localdate()
    sections: list[Section] = []
    for source in contributions.OWED_SECTIONS:
        sections += source(request.user, today)
    context = {
        "sections": [
            {
                "slug": section.slug,
                "html": render_to_string(section.template, section.context, request),
            }
            for section in sorted(sections, key=lambda section: section.position)
        ],
        "outages": Outage.objects.announced(now()),
        "of_isu": access.is_secretariat(request.user),
        "robots": "noindex",
    }
    return render(request, "ccm_portal/owe.html", context)
