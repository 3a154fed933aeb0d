"""What search engines read: robots.txt and the site map in all languages of the portal."""

import datetime as dt
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ccm_portal.asked import public
from reporting.models import Report
from states.models import State


@public
def robots(request: HttpRequest) -> HttpResponse:
    """Public pages are open; addresses of work, and days past, are not worth a visit."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /account/",
        "Disallow: /pass/",
        "Disallow: /search/",
        "Disallow: /*?*as_at=",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every permanent public page once, with its address in each language; real States only."""
    pages: list[tuple[str, dt.date | None]] = [
        (reverse(name), None)
        for name in ("home", "states", "reports", "measures", "calendar", "figures")
    ]
    codes = State.objects.of_the_treaty().order_by("pk").values_list("pk", flat=True)
    pages += [(reverse("state", args=[iso3]), None) for iso3 in codes]
    published = Report.objects.published().filter(state__demo=False).order_by("pk")
    pages += [(report.get_absolute_url(), report.published_on) for report in published]
    body = "\n".join(_entry(path, changed) for path, changed in pages)
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        f"{body}\n</urlset>\n"
    )
    return HttpResponse(content, content_type="application/xml; charset=utf-8")


def _entry(path: str, changed: dt.date | None) -> str:
    address = escape(settings.SITE_URL + path)
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{address}?lang={code}"/>'
        for code, _name in settings.LANGUAGES
    )
    modified = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
    return f"<url><loc>{address}</loc>{modified}{alternates}</url>"
