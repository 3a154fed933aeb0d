"""The pages about the portal itself: contact, accessibility, open data."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

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
    context = {"answers": answers, "ones": ones, "files": _files()}
    return render(request, "ccm_portal/open_data.html", context)


def _files() -> list[dict[str, Any]]:
    """Files beside the API, with an address that answers for each form."""
    year = localdate().year - 1
    every = ("csv", "json", "xlsx")
    known: list[tuple[str, tuple[str, ...], str, str]] = [
        ("/reports", every, "", _("The list of published reports.")),
        (
            "/reports/answers",
            ("csv", "xlsx"),
            f"?year={year}",
            _("Every answer in them, one a row: State, form, question, row, value, unit."),
        ),
        (
            "/reports/files",
            ("zip",),
            f"?year={year}",
            _("The files of the reports of one year as they were received, with an index."),
        ),
        (
            "/reports/figures",
            every,
            "",
            _("Figures added up year by year, each with the number of States that reported it."),
        ),
        (
            "/reports/LAO/figures",
            every,
            "",
            _("The figures of one State over the years, here of Lao PDR."),
        ),
        ("/reports/rates", every, "", _("Reporting rates, for all States and by region.")),
    ]
    return [
        {
            "path": path,
            "says": says,
            "links": [{"href": f"{path}.{form}{query}", "label": f".{form}"} for form in forms],
        }
        for path, forms, query, says in known
    ]
