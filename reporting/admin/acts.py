"""The acts on reports: receipt, publication, questions, corrections, filing for a State."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from reporting import days, filing, receipt, replaced
from reporting.admin import reviewing_acts
from reporting.admin.forms import FilingForm, PublishForm, ReceiptForm, TakeBackForm
from reporting.admin.transcriptions import TRANSCRIBE
from reporting.models import DRAFT, Report
from reporting.workflow import REPORTS
from states.admin.acts import Act, StaffRequest
from states.admin.parts import change_url
from states.models import User
from states.words import day


def _record(request: StaffRequest, row: Report, data: dict[str, Any]) -> None:
    days.record_receipt(row, data["which"], data["on"], by=request.user, reason=data["reason"])


def _take_back(request: StaffRequest, row: Report, data: dict[str, Any]) -> str:
    # The day goes, not the report: both are named.
    taken = day(getattr(row, data["which"]))
    days.record_receipt(row, data["which"], None, by=request.user, reason=data["reason"])
    return _("Taken back: “%(which)s” on %(day)s. The deadline follows.") % {
        "which": days.WHICH[data["which"]],
        "day": taken,
    }


def _publish(
    request: StaffRequest, row: Report, data: dict[str, Any]
) -> HttpResponseRedirect | None:
    REPORTS.take("publish", row, by=request.user, on=data["on"])
    # Who came from the review goes on to what waits next.
    if request.GET.get("_from") == "review":
        return HttpResponseRedirect(reverse("admin:reporting_report_queue"))
    return None


def _file(request: StaffRequest, _row: None, data: dict[str, Any]) -> HttpResponseRedirect:
    filed = filing.file_for_state(
        data["state"],
        data["kind"],
        data["year"],
        data["original"],
        by=request.user,
        channel=data["channel"],
        received_on=data["received_on"],
        covers_from=data["covers_from"],
        covers_to=data["covers_to"],
        language=data["language"],
        marks=data["marks"],
        note=data["note"],
        known=data["known"],
        mailed=data["mailed"],
    )
    if filed.mailed_on is not None:
        receipt.issue_paper(filed)
    messages.success(request, _("Filed: %(reference)s.") % {"reference": filed.reference})
    return HttpResponseRedirect(change_url(filed))


def _new_version(request: StaffRequest, row: Report, data: dict[str, Any]) -> HttpResponseRedirect:
    query = f"state={row.state_id}&kind={row.kind}&year={row.year}&language={row.language}"
    return HttpResponseRedirect(f"{filing_url()}?{query}")


def filing_url() -> str:
    return reverse("admin:reporting_report_act_list", args=["file"])


def _takes(step: str) -> Any:
    def open_to(user: User, row: Report) -> bool:
        return any(one.name == step for one in REPORTS.open_to(user, row))

    return open_to


def _to_publish(user: User, row: Report) -> bool:
    return _takes("publish")(user, row) and replaced.by(row) is None


def _handed_in(user: User, row: Report) -> bool:
    return row.status != DRAFT


def _day_to_take_back(user: User, row: Report) -> bool:
    return _handed_in(user, row) and any(getattr(row, name) for name in days.TAKEN_BACK)


def _state_of(rows: list[Report]) -> list[str]:
    if len(rows) != 1:
        return []
    known = [
        _("%(what)s: %(day)s") % {"what": words, "day": day(getattr(rows[0], name))}
        for name, words in days.WHICH.items()
        if getattr(rows[0], name)
    ]
    return [_("Recorded so far: %(days)s.") % {"days": "; ".join(known)}] if known else []


ACTS = (
    Act(
        "receipt",
        lazy("Record receipt"),
        "record_receipt",
        does=_record,
        form=ReceiptForm,
        open_to=_handed_in,
        explains=_state_of,
        bulk=True,
        done=lazy("Recorded for %(count)s; the deadlines follow."),
    ),
    Act(
        "take-back",
        lazy("Take a day back"),
        "record_receipt",
        does=_take_back,
        form=TakeBackForm,
        open_to=_day_to_take_back,
        closed=lazy("No day is recorded that could be taken back."),
        help=lazy("Where it was recorded by mistake; the deadline follows."),
    ),
    Act(
        "publish",
        lazy("Publish"),
        "publish_report",
        does=_publish,
        form=PublishForm,
        open_to=_to_publish,
        explains=reviewing_acts.still_open,
        bulk=True,
        primary=True,
        done=lazy("Published: %(count)s."),
    ),
    *reviewing_acts.ACTS,
    TRANSCRIBE,
    Act(
        "correct",
        lazy("Make a correction"),
        "file_for_state",
        does=_new_version,
        open_to=_handed_in,
        help=lazy(
            "Files what the State sent anew, as the next version. The next page asks for the file "
            "and its days; nothing is filed before you press there. What is here stays as it is."
        ),
    ),
    Act(
        "file",
        lazy("File a report for a State"),
        "file_for_state",
        does=_file,
        form=FilingForm,
        on_list=True,
        help=lazy(
            "For what came by e-mail or post. A draft that the State has here is not touched."
        ),
    ),
)
