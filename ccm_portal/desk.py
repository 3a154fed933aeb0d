"""The secretariat's desk: what waits for us, what is late, what comes; letters; drafts."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ccm_portal.contributions import DESK
from records import letters
from records.models.events import record
from records.seams import DeskList, DeskRow
from states import access
from states.access import Person
from states.admin.acts import StaffRequest
from states.covered import said_of
from states.deadlines import Lateness
from states.history import act
from states.models import Deadline, Practice, RecordsKept, RecoveryRequest
from states.models.law import ObligationKind

COMING_WITHIN = dt.timedelta(days=365)
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


def rows(user: Person, on: dt.date) -> list[DeskRow]:
    """Every line of the desk, from every app."""
    return [row for source in (*DESK, of_states) for row in source(user, on)]


def compose(user: Person, on: dt.date) -> dict[str, Any]:
    """The lists in their order, each with its count, for the page and its title."""
    held: dict[str, list[DeskRow]] = {name: [] for name in DeskList}
    for row in rows(user, on):
        held[row.on].append(row)
    lists = [
        {
            "slug": name.value,
            "title": TITLES[name],
            "empty": EMPTY[name],
            "since": SINCE[name],
            "rows": sorted(held[name], key=lambda row: (row.day is None, row.day or on)),
        }
        for name in DeskList
    ]
    counts = {name.value: len(held[name]) for name in DeskList}
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


def of_states(user: Person, on: dt.date) -> Iterable[DeskRow]:
    """Article 3 and 4 deadlines, and recoveries that wait for a second person."""
    if access.may(user, "help_to_sign_in"):
        yield from _recoveries(user)
    if access.may(user, "keep_registry"):
        yield from _deadlines(on)


def _recoveries(user: Person) -> Iterable[DeskRow]:
    waiting = RecoveryRequest.objects.filter(done_at__isnull=True).select_related(
        "user", "asked_by"
    )
    for row in waiting:
        yield DeskRow(
            DeskList.WAITING,
            str(row.user),
            _("wants to sign in anew; asked by %(who)s") % {"who": row.asked_by},
            localdate(row.asked_at),
            reverse("recovery"),
            _("Settle it") if row.asked_by_id != user.pk else _("A second person is needed"),
        )


def _deadlines(on: dt.date) -> Iterable[DeskRow]:
    """What is not known is not late."""
    kept = {row.kind: row for row in RecordsKept.objects.all()}
    standing = (
        Deadline.objects.standing(on)
        .filter(
            obligation__kind__in=[ObligationKind.ART3, ObligationKind.ART4],
            obligation__fulfilled_on__isnull=True,
            met_on__isnull=True,
            due_on__lte=on + COMING_WITHIN,
        )
        .select_related("obligation__state")
        .order_by("due_on")
    )
    row: Any  # annotated by `standing`
    for row in standing:
        state = row.obligation.state
        said = said_of(row, on, kept.get(row.obligation.kind))
        if said in (Lateness.COMING, Lateness.LATE):
            yield DeskRow(
                DeskList.LATE if said is Lateness.LATE else DeskList.COMING,
                str(state),
                _("%(what)s, Article %(clause)s")
                % {
                    "what": row.obligation.get_kind_display(),
                    "clause": row.obligation.clause,
                },
                row.due_on,
                reverse("admin:states_deadline_change", args=[row.pk]),
                _("See the deadline"),
                note=_("our records do not yet show it as fulfilled")
                if said is Lateness.LATE
                else "",
                demo=state.demo,
            )


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
    reason = request.POST.get("reason", "").strip()
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
