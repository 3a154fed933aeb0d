"""The search of the portal: States, reports, documents, grouped by kind; nothing hidden counts."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ccm_portal import asked, words
from ccm_portal.contributions import SEARCH
from records.seams import Found, Hit, Sought

FIRST = 5
PAGE = 20


@asked.public
def search(request: HttpRequest) -> HttpResponse:
    """The page: the first finds of each kind, or one kind page by page; how to, without words."""
    names = {source.kind: str(source.name) for source in SEARCH}
    kind = asked.choice(request, "kind", names)
    text = asked.search(request)
    context: dict[str, Any] = {
        "asked_q": text,
        "kind": kind,
        "answered": False,
        "groups": [],
        # What a reader found is no page of ours: only the empty one is.
        "robots": "noindex" if request.GET.keys() - {"lang"} else "",
    }
    if wanted := asked.words_of(text):
        sought = Sought(
            text=text,
            words=wanted,
            reader=asked.reader(request),
            on=localdate(),
            with_fictional=settings.DEMO,
        )
        found = {source.kind: source.find(sought) for source in SEARCH}
        context |= _answer(request, found, names, kind)
    return render(request, "ccm_portal/search.html", context)


def _answer(
    request: HttpRequest, found: dict[str, Found], names: dict[str, str], kind: str
) -> dict[str, Any]:
    text = asked.search(request)
    total = sum(each.count for each in found.values())
    # A Found is asked for its length and for slices, which is all that a Paginator asks.
    whole: Any = found.get(kind)
    pages = Paginator(whole, PAGE).get_page(request.GET.get("page")) if kind else None
    groups = []
    for name, each in found.items():
        if each.count and kind in {"", name}:
            hits = list(pages) if pages is not None else each[:FIRST]
            address = _address(request, text, name)
            more = "" if kind or each.count <= FIRST else address
            groups.append(
                {
                    "kind": name,
                    "name": names[name],
                    "count": each.count,
                    "hits": [_line(request, hit) for hit in hits],
                    "more": more,
                }
            )
    return {
        "answered": True,
        "count": ngettext("%(number)d result", "%(number)d results", total) % {"number": total},
        "kinds": [
            {
                "name": names[name],
                "count": each.count,
                "href": _address(request, text, name),
                "current": name == kind,
            }
            for name, each in found.items()
        ],
        "every": _address(request, text),
        "groups": groups,
        "page": pages,
        "meant": [
            {"text": name, "href": _address(request, name)}
            for each in found.values()
            if not total
            for name in each.meant()
        ],
        "said": _("Search: %(text)s") % {"text": text},
    }


def _address(request: HttpRequest, text: str, kind: str = "") -> str:
    return reverse("search") + asked.kept(request, q=text, kind=kind)


def _line(request: HttpRequest, hit: Hit) -> dict[str, Any]:
    return {
        "title": hit.title,
        "url": asked.with_query(request, hit.url),
        "snippet": hit.snippet,
        "said": hit.said,
        "day": words.day(hit.day),
        "iso": hit.day.isoformat() if hit.day else "",
        "mark": hit.mark,
        "language": hit.language,
        "demo": hit.demo,
    }
