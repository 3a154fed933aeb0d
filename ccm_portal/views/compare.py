"""Two years of a State beside each other."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ccm_portal.asked import Unclear, as_at, kept, public
from ccm_portal.selection import options
from reporting import reading, two_years
from reporting.models import Report
from reporting.versions import schema_of
from states.models import State
from states.public_pages import tells_only_of


@public
def compare(request: HttpRequest, iso3: str) -> HttpResponse:
    """What differs between two published reports; without a choice the newest two."""
    on = as_at(request)
    state = State.objects.filter(pk=iso3).prefetch_related("former_names").first()
    if state is None or (state.demo and not settings.DEMO):
        raise Http404
    tells_only_of(request, iso3)
    known = two_years.reports_of(iso3, on)
    keys = list(known)
    newest = (keys[1], keys[0]) if len(keys) > 1 else ("", "")
    chosen = [
        _asked(request, "from", known) or newest[0],
        _asked(request, "to", known) or newest[1],
    ]
    if chosen[0] == chosen[1] and len(keys) > 1:
        # One of the two was chosen, and it is the one that stands for the other by itself.
        place = keys.index(chosen[0])
        chosen[0] = keys[place + 1] if place + 1 < len(keys) else chosen[0]
        chosen[1] = keys[place - 1] if chosen[0] == chosen[1] else chosen[1]
    then, now = sorted(
        (known[key] for key in chosen if key),
        key=lambda row: (row.year, row.covers_to, row.number, row.pk),
    ) or (None, None)
    compared = two_years.beside(then, now) if then and now else None
    same = {one.form.key for one in compared.same} if compared else set()
    names = {key: _name(key, row) for key, row in known.items()}
    by_report = {row.pk: names[key] for key, row in known.items()}
    context = {
        "on": on,
        "today": localdate(),
        "state": state,
        "name": state.name(on),
        "compared": compared,
        "then_name": by_report[then.pk] if then else "",
        "now_name": by_report[now.pk] if now else "",
        "same": [one for one in reading.forms_of(now, schema_of(now)) if one.form.key in same]
        if now and same
        else [],
        "filters": [
            {
                "name": name,
                "label": label,
                "options": options(names, key),
            }
            for name, label, key in (
                ("from", _("Earlier report"), chosen[0]),
                ("to", _("Later report"), chosen[1]),
            )
        ],
        "query": kept(request),
        "is_demo": state.demo,
        "robots": "noindex" if request.GET.keys() - {"lang"} else "",
    }
    return render(request, "ccm_portal/compare.html", context)


def _asked(request: HttpRequest, name: str, known: dict[str, Report]) -> str:
    given = request.GET.get(name, "").strip()
    if given and given not in known:
        raise Unclear(
            _("There is no report on “%(given)s” here. Choose one of: %(known)s.")
            % {"given": given[:40], "known": ", ".join(known) or "–"},
            name,
            given[:40],
        )
    return given


def _name(key: str, row: Report) -> str:
    """What the columns are called: the year, and the kind where a year has two reports."""
    return str(row.year) if key == str(row.year) else f"{row.year}, {row.get_kind_display()}"
