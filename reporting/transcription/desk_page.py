"""The page on which the ISU types one form of a report that came as a file, the file beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from records import presence
from records.workflow import Refused
from reporting import boxes, form_page, pasting
from reporting.answering import FormOvertaken
from reporting.boxes import Filled, Names
from reporting.differences import differences
from reporting.forms import Difference
from reporting.models import Delegation, FormAnswers, TranscribedForm, Transcription
from reporting.models.transcriptions import OPEN
from reporting.schema import Form, cleaned
from reporting.transcription import keeping
from reporting.versions import schema_of
from states import access
from states.posting import sent_again_as


def _found(request: HttpRequest, pk: int, form: str) -> tuple[Transcription, Form]:
    """The transcription and its form, for those who may file for a State; 404 for all others."""
    if not access.may(request.user, keeping.RIGHT):
        raise Http404
    rows = Transcription.objects.select_related("report__state", "report__original")
    row = get_object_or_404(rows, pk=pk)
    try:
        return row, keeping.asked(schema_of(row.report).form(form))
    except KeyError:
        raise Http404 from None


def _saves(pk: int, form: str) -> str:
    # Whose it is, whoever reads this sentence may have no right to know.
    return _("Save this transcribed form")


def _place(row: Transcription, form: Form) -> str:
    return f"transcription/{row.pk}/{form.key}"


@sent_again_as(_saves)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """One form to be typed; read only while the State has it, and once it is settled."""
    row, asked = _found(request, pk, form)
    names = Names()
    if request.method == "POST":
        return _saved(request, row, asked, names)
    others = presence.arrive(_place(row, asked), access.signed_in(request))
    typed = keeping.row_of(row, asked)
    filled = Filled(
        asked,
        typed.said,
        typed.unread,
        names,
        pages=form_page.pages_asked(asked, request.GET),
        more=form_page.rows_asked(request),
    )
    context = _context(row, asked, typed, filled)
    return render(
        request, "reporting/transcribe.html", context | {"also_open": form_page.also_open(others)}
    )


@require_safe
def open_here(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Who else of the ISU has the form open."""
    row, asked = _found(request, pk, form)
    others = presence.arrive(_place(row, asked), access.signed_in(request))
    return JsonResponse({"words": form_page.also_open(others)})


def _saved(request: HttpRequest, row: Transcription, form: Form, names: Names) -> HttpResponse:
    by = access.signed_in(request)
    data = request.POST
    quietly = "quietly" in data
    typed = keeping.row_of(row, form)
    page_sent = boxes.sent(form, data, names)
    given = boxes.merged(form, boxes.typed(form, typed.said, typed.unread), page_sent, data)
    paste = pasting.add(form, data, given, names)
    try:
        typed = keeping.save(row, form, given, by=by, seen=data.get("seen", ""))
    except FormOvertaken as overtaken:
        if quietly:
            return JsonResponse({"words": form_page.saved_by(overtaken.row)}, status=409)
        return _beside(request, row, form, names, overtaken.row, given)
    except Refused as refused:
        if quietly:
            return JsonResponse({"words": " ".join(refused.reasons)}, status=409)
        return _not_saved(request, row, form, names, given, refused)
    if quietly:
        words = form_page.saved_at(keeping.as_answers(typed, row.report))
        return JsonResponse({"seen": keeping.token(typed), "words": words})
    for sentence in paste.refusals:
        messages.error(request, sentence)
    messages.success(request, _("Saved. Only the ISU reads it until it is sent to the State."))
    stay = bool(typed.unread or paste.added or "go" not in data)
    return redirect(_next(request, row, form, typed, stay=stay))


def _next(
    request: HttpRequest, row: Transcription, form: Form, typed: TranscribedForm, *, stay: bool
) -> str:
    here = keeping.address(row, form)
    if (part := request.POST.get("page", "")) and "." in part:
        return form_page.part_of(here, part)
    if table := request.POST.get("add"):
        last = max(1, -(-len(typed.said.get(table, [])) // boxes.ROWS_ON_A_PAGE))
        return f"{here}?add={table}&{table}.page={last}#{table}"
    order = schema_of(row.report).in_order(row.report.language)
    after = order[[one.key for one in order].index(form.key) + 1 :]
    if stay:
        return here
    return keeping.address(row, after[0]) if after else row.desk_url()


def _beside(
    request: HttpRequest,
    row: Transcription,
    form: Form,
    names: Names,
    stands: FormAnswers | Delegation,
    given: dict[str, Any],
) -> HttpResponse:
    """A colleague saved the form meanwhile: theirs stands, what was typed here is kept here."""
    said, mistakes = cleaned(form, given)
    unread = boxes.unread_of(mistakes)
    filled = Filled(form, said, unread, names)
    context = _context(row, form, keeping.row_of(row, form), filled)
    context["apart"] = [
        Difference(", ".join(filter(None, (one.question, one.row))), one.stands, one.would_be)
        for one in differences(form, names, stands, said, unread)
    ]
    context["who"] = stands.touched_by
    context["when"] = timezone.localtime(stands.touched_at)
    return render(request, "reporting/transcribe.html", context, status=409)


def _not_saved(
    request: HttpRequest,
    row: Transcription,
    form: Form,
    names: Names,
    given: dict[str, Any],
    refused: Refused,
) -> HttpResponse:
    """The State has the figures, or has confirmed them: what was typed is shown, and not kept."""
    for reason in refused.reasons:
        messages.error(request, reason)
    row.refresh_from_db(fields=["status"])
    said, mistakes = cleaned(form, given)
    filled = Filled(form, said, boxes.unread_of(mistakes), names)
    context = _context(row, form, keeping.row_of(row, form), filled)
    return render(request, "reporting/transcribe.html", context, status=409)


def _context(
    row: Transcription, form: Form, typed: TranscribedForm, filled: Filled
) -> dict[str, Any]:
    report = row.report
    return {
        "transcription": row,
        "report": report,
        "form": form,
        "letter": form.letter_in(report.language),
        "row": typed,
        "seen": keeping.token(typed),
        "filled": filled,
        "open": row.status in OPEN,
        "corrections": row.corrections.filter(form=form.key, settled_at__isnull=True),
        "tasks": keeping.tasks(row, form),
        "mark": report.marks.get(form.key, {}).get("mark", ""),
        "provisional": schema_of(report).to_be_confirmed,
        "states": sorted(filled.names.by_code.values()) if form_page.asks_for_states(form) else [],
        "chooser": form_page.CHOOSER,
        "apart": None,
        "also_open": "",
        "who": None,
        "when": None,
        "is_demo": report.demo,
        "robots": "noindex",
    }
