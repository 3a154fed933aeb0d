"""The secretariat's desk: what waits for us, what is late, what comes; letters; drafts."""

import datetime as dt
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ccm_portal.contributions import DESK
from records import letters
from records.models.events import record
from records.seams import DeskList, DeskRow, DeskSource
from states import access
from states.access import Person
from states.admin.acts import StaffRequest
from states.history import act
from states.models import Practice
from states.posting import posted_words

TITLES = {
    DeskList.WAITING: lazy("Waiting for us"),
    DeskList.LATE: lazy("Late"),
    DeskList.COMING: lazy("Coming"),
    DeskList.LETTERS: lazy("Letters and contacts"),
    DeskList.DRAFTS: lazy("Drafts that exist"),
}
EMPTY = {
    DeskList.WAITING: lazy("Nothing waits for us."),
    DeskList.LATE: lazy("Our records show nothing that is late."),
    DeskList.COMING: lazy("Nothing falls due soon."),
    DeskList.LETTERS: lazy("No letter waits, and every contact works."),
    DeskList.DRAFTS: lazy("No State has a draft here."),
}
SINCE = {
    DeskList.WAITING: lazy("since"),
    DeskList.LATE: lazy("since"),
    DeskList.COMING: lazy("by"),
    DeskList.LETTERS: lazy("since"),
    DeskList.DRAFTS: lazy("last touched"),
}
# The lists whose counts stand in the title.
COUNTED = {DeskList.WAITING, DeskList.LATE, DeskList.COMING}


def sources(user: Person) -> list[DeskSource]:
    """What the person may read on the desk."""
    return [source for source in DESK if access.may(user, source.right)]


def rows(user: Person, on: dt.date) -> list[DeskRow]:
    """Every line of the person's desk, from every app."""
    return [row for source in sources(user) for row in source.rows(user, on)]


def compose(user: Person, on: dt.date) -> dict[str, Any]:
    """The lists in their order, each with its count, for the page and its title."""
    read = sources(user)
    shown = [name for name in DeskList if any(name in source.lists for source in read)]
    held: dict[str, list[DeskRow]] = {name: [] for name in shown}
    for source in read:
        for row in source.rows(user, on):
            held[row.on].append(row)
    lists = [
        {
            "slug": name.value,
            "title": TITLES[name],
            "empty": EMPTY[name],
            "since": SINCE[name],
            "rows": sorted(held[name], key=lambda row: (row.day is None, row.day or on)),
        }
        for name in shown
    ]
    counts = {name.value: len(held[name]) for name in shown}
    title = _("Desk")
    if counts.keys() >= COUNTED:
        title = _("Desk: %(waiting)d waiting, %(late)d late, %(coming)d coming") % counts
    return {
        "desk": lists,
        "counts": counts,
        "title": title,
        "gate": letters.gate(on),
        "may_stop": bool(access.may(user, "stop_letters")),
        "stopped": Practice.on(Practice.Key.LETTERS_STOPPED),
        "may_invite": bool(access.may(user, "appoint")),
        "may_release": bool(access.may(user, "release_letters")),
    }


# -- letters to come, letters that did not go out, and the switch that stops them all -----------


def _demand(user: Person, right: str) -> None:
    if not (answer := access.may(user, right)):
        raise PermissionDenied(answer.reason)


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    shared = {
        **admin.site.each_context(request),
        "gate": letters.gate(localdate()),
        "may_stop": bool(access.may(request.user, "stop_letters")),
        "stopped": Practice.on(Practice.Key.LETTERS_STOPPED),
    }
    return TemplateResponse(request, template, shared | context)


def outlook_page(request: HttpRequest) -> HttpResponse:
    """What would go out in the next thirty days, to whom, and why."""
    _demand(request.user, "release_letters")
    found = letters.outlook(localdate())
    return _page(
        request,
        "admin/outlook.html",
        {"title": _("Letters of the next 30 days (%(n)d)") % {"n": len(found)}, "coming": found},
    )


def digest_page(request: HttpRequest) -> HttpResponse:
    """What was not sent in the last thirty days, and why."""
    _demand(request.user, "release_letters")
    found = letters.digest(localdate())
    return _page(
        request,
        "admin/digest.html",
        {"title": _("Letters that did not go out (%(n)d)") % {"n": len(found)}, "skipped": found},
    )


def switch_letters(request: StaffRequest) -> HttpResponse:
    """The one switch: letters are stopped, or allowed again."""
    _demand(request.user, "stop_letters")
    stop = request.POST.get("stop") == "yes"
    reason = posted_words(request, "reason")
    if request.method == "POST" and request.POST.get("stop") in {"yes", "no"}:
        if not reason:
            messages.error(request, _("Say why; nothing was switched."))
        else:
            with act(by=request.user, reason=reason):
                row, _made = Practice.objects.update_or_create(
                    key=Practice.Key.LETTERS_STOPPED,
                    defaults={"value": "yes" if stop else "no", "to_be_confirmed": False},
                )
            record("stop-letters" if stop else "allow-letters", row, by=request.user, note=reason)
            messages.success(
                request,
                _("No letter leaves the portal until it is allowed again.")
                if stop
                else _("Letters leave the portal again."),
            )
            return redirect("admin:outlook")
    return _page(request, "admin/switch.html", {"title": _("The switch that stops all letters")})
