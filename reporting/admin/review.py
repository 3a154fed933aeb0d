"""The queue of the secretariat, and the page on which one report is reviewed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from records import sheets
from reporting import language_versions, replaced, reviewing, threads, waiting
from reporting.admin.reviewing_forms import QueueForm, reads, waits_in_words
from reporting.models import DRAFT
from reporting.waiting import NUMBER_OF_FORMS, Waiting
from states import access
from states.words import fold

COLUMNS = [
    sheets.Column(key, key)
    for key in (
        "state_code",
        "state",
        "kind",
        "year",
        "version",
        "reference",
        "status",
        "received_on",
        "days",
        "forms_answered",
        "doubts",
        "doubts_confirmed",
        "questions_open",
        "questions_answered",
        "amended",
        "not_before",
        "wish_not_before",
        "to_do",
        "fictional",
    )
]


# What stands beside what it is about, and the page itself, are no buttons above it.
IN_PLACE = {"ask", "ask-again", "settle", "review"}


class ReviewMixin:
    """Gives the register of reports its queue and its reviews."""

    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        """These stand before the rows' own pages."""
        wrap = self.admin_site.admin_view
        return [
            path("queue/", wrap(self.queue_view), name="reporting_report_queue"),
            path("queue.csv", wrap(self.queue_file), name="reporting_report_queue_csv"),
            path("<int:pk>/review/", wrap(self.review_view), name="reporting_report_review"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """The reports that wait, the oldest first or by what is to be done."""
        form, found, every = _asked(request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reports to review (%(n)d)") % {"n": every},
            "form": form,
            "found": found,
            "every": every,
            "number_of_forms": NUMBER_OF_FORMS,
            "csv": reverse("admin:reporting_report_queue_csv")
            + (f"?{request.GET.urlencode()}" if request.GET else ""),
            "plain": reverse("admin:reporting_report_queue"),
        }
        return TemplateResponse(request, "admin/queue.html", context)

    def queue_file(self, request: HttpRequest) -> HttpResponse:
        """The same list as a file."""
        _form, found, _every = _asked(request)
        content = sheets.csv(COLUMNS, [_facts(one) for one in found])
        answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
        name = f"reports-to-review-{localdate().isoformat()}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One report, form by form, with what can be done about it in place."""
        _demand(request)
        register: Any = self  # of a ModelAdmin, which this is mixed into
        row = register.get_object(request, str(pk))
        if row is None or row.status == DRAFT:
            raise Http404
        asked = request.GET.get("with", "")
        chosen = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
        found = reviewing.review(row, chosen)
        acts = {
            one["url"].rstrip("/").rpartition("/")[2]: one
            for one in register.open_acts(request, row)
        }
        if "publish" in acts:
            acts["publish"]["url"] += "?_from=review"
        context = {
            **self.admin_site.each_context(request),
            "title": _("Review: %(report)s") % {"report": row},
            "opts": register.opts,
            "report": row,
            "review": found,
            "waits": waits_in_words(found.embargo),
            "open_acts": [one for slug, one in acts.items() if slug not in IN_PLACE],
            "ask_url": acts["ask"]["url"] if "ask" in acts else "",
            "again_url": acts["ask-again"]["url"] if "ask-again" in acts else "",
            "settle_url": acts["settle"]["url"] if "settle" in acts else "",
            "languages": language_versions.shown(row),
            "words_alone": threads.words_alone(row),
            "number_of_forms": NUMBER_OF_FORMS,
            "reads": reads(row) if "ask" in acts else "",
            "replaced": replaced.by(row),
            "replaced_words": replaced.in_words(row),
        }
        return TemplateResponse(request, "admin/review.html", context)


def _demand(request: HttpRequest) -> None:
    if not (answer := access.may(request.user, "record_receipt")):
        raise PermissionDenied(answer.reason)


def _asked(request: HttpRequest) -> tuple[QueueForm, list[Waiting], int]:
    """The filters, what passes them, and how many wait in all; a filter that is none passes all."""
    _demand(request)
    form = QueueForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    every = waiting.waiting(localdate(), asked.get("sort") or waiting.OLDEST)
    return form, [one for one in every if _passes(one, asked)], len(every)


def _passes(one: Waiting, asked: dict[str, Any]) -> bool:
    report = one.report
    if (words := fold(asked.get("q", "") or "").split()) and not all(
        word in fold(f"{report.state.name()} {report.state_id} {report.reference}")
        for word in words
    ):
        return False
    if asked.get("to_do") and asked["to_do"] not in one.states:
        return False
    if asked.get("kind") and report.kind != asked["kind"]:
        return False
    if asked.get("year") and report.year != asked["year"]:
        return False
    doubts = asked.get("doubts")
    if doubts == "open":
        return one.unconfirmed > 0
    return not (doubts == "none" and one.doubts != 0)


def _facts(one: Waiting) -> dict[str, object]:
    report = one.report
    return {
        "state_code": report.state_id,
        "state": report.state.name(),
        "kind": report.kind,
        "year": report.year,
        "version": report.number,
        "reference": report.reference,
        "status": report.status,
        "received_on": report.received_by_isu,
        "days": one.days,
        "forms_answered": one.forms,
        "doubts": one.doubts,
        "doubts_confirmed": one.confirmed,
        "questions_open": one.open,
        "questions_answered": one.answered,
        "amended": report.number > 1,
        "not_before": one.embargo,
        "wish_not_before": one.wish,
        "to_do": one.to_do,
        "fictional": report.state.demo,
    }
