"""The pages about the portal itself: contact, accessibility, open data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ccm_portal.contributions import ANSWERS, ONES
from states.public_pages import public_page


@public_page
def contact(request: HttpRequest) -> HttpResponse:
    """Whom to write to, for what."""
    return render(request, "ccm_portal/contact.html")


@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    """What the portal promises to readers with a disability, and what is not proved."""
    return render(request, "ccm_portal/accessibility.html")


@public_page
def open_data(request: HttpRequest) -> HttpResponse:
    """The public API in words, for a reader who wants the data."""
    answers = [
        {"path": f"/api/v1/{one.path}", "says": (one.function.__doc__ or "").split("\n")[0]}
        for one in ANSWERS
    ]
    ones = [
        {
            "path": f"/api/v1/{one.path}",
            "says": (one.function.__doc__ or "").split("\n")[0],
            "is_link": "{" not in one.path,
        }
        for one in ONES
    ]
    return render(request, "ccm_portal/open_data.html", {"answers": answers, "ones": ones})
