"""The page of one form of a report: ten of them, filled in by whoever knows, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from records import presence, resumable, uploads
from records.pdf import NotPrintable
from records.workflow import Refused
from reporting import answering, boxes, completing, coverpage, earlier, last_year, receipt
from reporting.answering import FormOvertaken, address, row_of, tasks, token
from reporting.boxes import Filled, Names, files_of
from reporting.differences import differences
from reporting.filing import HandedIn
from reporting.forms import Difference
from reporting.models import FormAnswers, Report
from reporting.schema import (
    File,
    Form,
    Photograph,
    Table,
    cleaned,
)
from reporting.versions import schema_of
from reporting.views import called, draft_of, unless_handed_in
from states import access
from states.models import User
from states.posting import sent_again_as

PICTURES = frozenset({"image/jpeg", "image/png"})
NEW_ROWS = 3
# Beside the box of a kept file's number stands the chooser of another.
CHOOSER = "file"
# The button that takes the earlier answers over.
TAKE = "take"


def _saves(iso3: str, kind: str, year: int, form: str) -> str:
    return _("Save this form: %(report)s") % {"report": called(iso3, kind, year)}


@sent_again_as(_saves)
@uploads.limited
@require_http_methods(["GET", "HEAD", "POST"])
@unless_handed_in
def form_page(request: HttpRequest, iso3: str, kind: str, year: int, form: str) -> HttpResponse:
    """One form: its mark on the cover page, its questions, its tables some rows at a time."""
    report = draft_of(request.user, iso3, kind, year)
    try:
        asked = schema_of(report).form(form)
    except KeyError:
        raise Http404 from None
    names = Names()
    if request.method == "POST":
        return _saved(request, report, asked, names)
    row = row_of(report, asked)
    others = presence.arrive(_place(report, asked), access.signed_in(request))
    uploads_of_form = answering.uploads_of(report, asked)
    filled = Filled(
        asked,
        row.said,
        row.unread,
        names,
        pages=_pages(asked, request.GET),
        more=_more(request),
        uploads=uploads_of_form,
    )
    context = _context(report, asked, row, filled) | {"also_open": _also_open(others)}
    context["earlier"] = last_year.earlier(report, row, asked, names, uploads_of_form)
    return render(request, "reporting/form.html", context)


def _place(report: Report, form: Form) -> str:
    return f"report/{report.pk}/{form.key}"


@require_safe
@unless_handed_in
def open_here(request: HttpRequest, iso3: str, kind: str, year: int, form: str) -> HttpResponse:
    """Who else of the State has the form open, as its page asks every half minute."""
    report = draft_of(request.user, iso3, kind, year)
    try:
        asked = schema_of(report).form(form)
    except KeyError:
        raise Http404 from None
    others = presence.arrive(_place(report, asked), access.signed_in(request))
    response = JsonResponse({"words": _also_open(others)})
    # A page that was opened before somebody signed in anew saves on with the token of today.
    response["CSRF-Token"] = get_token(request)
    return response


def _also_open(others: list[str]) -> str:
    if not others:
        return ""
    return ngettext(
        "%(names)s has this form open too. Both of you may write: what the second saves is shown "
        "beside what the first saved.",
        "%(names)s have this form open too. All of you may write: what a later one saves is shown "
        "beside what was saved before.",
        len(others),
    ) % {"names": ", ".join(others)}


def _more(request: HttpRequest) -> dict[str, int]:
    table = request.GET.get("add", "")
    return {table: NEW_ROWS} if table else {}


def _pages(form: Form, query: QueryDict) -> dict[str, int]:
    found = {}
    for asked in form.fields:
        page = query.get(f"{asked.key}.page", "")
        if isinstance(asked, Table) and page.isascii() and page.isdigit() and len(page) < 5:
            found[asked.key] = int(page)
    return found


def _saved(request: HttpRequest, report: Report, form: Form, names: Names) -> HttpResponse:
    by = access.signed_in(request)
    data = request.POST.copy()
    # The page itself saves while somebody writes, and stays as it is.
    quietly = "quietly" in data
    refusals = _receive(request, report, form, data, by)
    row = row_of(report, form)
    page = boxes.sent(form, data, names)
    given = boxes.merged(form, boxes.typed(form, row.said, row.unread), page, data)
    added = _paste(form, data, given, names)
    mark = _mark_sent(form, data)
    source = earlier.source_of(report, form) if TAKE in data else None
    try:
        if source is not None:
            row = last_year.take_over(report, form, source, given, by=by, seen=data.get("seen", ""))
        else:
            row = answering.save(report, form, given, mark, by=by, seen=data.get("seen", ""))
    except FormOvertaken as overtaken:
        if quietly:
            return JsonResponse({"words": _saved_by(overtaken.row)}, status=409)
        if source is not None and last_year.is_blank(page):
            messages.warning(request, _nothing_taken(overtaken.row))
            return redirect(address(report, form))
        return _beside(request, report, form, names, overtaken.row, given)
    except HandedIn:
        raise
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
        return redirect("owe")
    if quietly:
        return JsonResponse({"seen": token(row), "words": _saved_at(row)})
    for sentence in refusals:
        messages.error(request, sentence)
    if source is not None:
        messages.success(request, _taken(earlier.name_of(report, source.report)))
    elif added:
        words = ngettext("%(n)s row was added.", "%(n)s rows were added.", added) % {"n": added}
        messages.success(request, words)
    elif not refusals:
        messages.success(request, _("Saved. Only your State reads this draft."))
    stay = bool(refusals or row.unread or added or source)
    return redirect(_next(request, report, form, row, stay=stay))


def _taken(name: str) -> str:
    return _(
        "The answers of %(name)s stand in the form now, marked as changed. Correct what is "
        "otherwise this time."
    ) % {"name": name}


def _nothing_taken(row: FormAnswers) -> str:
    return _("%(who)s answered this form meanwhile: nothing was taken over, and this stands.") % {
        "who": row.touched_by or _("Somebody")
    }


def _saved_at(row: FormAnswers) -> str:
    at = timezone.localtime(row.touched_at)
    return _("saved at %(time)s (Geneva)") % {"time": at.strftime("%H:%M")}


def _saved_by(row: FormAnswers) -> str:
    at = timezone.localtime(row.touched_at)
    return _(
        "%(who)s saved this form at %(time)s (Geneva). What you write here is not saved by itself "
        "any more: save it, and both texts are shown side by side."
    ) % {"who": row.touched_by, "time": at.strftime("%H:%M")}


def _next(request: HttpRequest, report: Report, form: Form, row: FormAnswers, *, stay: bool) -> str:
    here = address(report, form)
    if table := request.POST.get("add"):
        last = max(1, -(-len(row.said.get(table, [])) // boxes.ROWS_ON_A_PAGE))
        return f"{here}?add={table}&{table}.page={last}#{table}"
    if stay or "go" not in request.POST:
        query = request.GET.urlencode()
        return f"{here}?{query}" if query and "add" not in request.GET else here
    order = schema_of(report).in_order(report.language)
    after = order[order.index(form) + 1 :]
    if after:
        return address(report, after[0])
    return reverse("report-draft", args=[report.state_id, report.kind, report.year])


def _mark_sent(form: Form, data: QueryDict) -> dict[str, Any] | None:
    """What the page says of the form for the cover page; None where the page did not ask."""
    if "mark.asked" not in data:
        return None
    said: dict[str, Any] = {}
    if data.get("mark") in form.allowed:
        said["mark"] = data["mark"]
    year = data.get("mark.year", "").strip()
    if year.isascii() and year.isdigit() and len(year) == 4:
        said["year"] = int(year)
    if sentence := data.get("mark.sentence", "").strip()[:500]:
        said["sentence"] = sentence
    return said


def _paste(form: Form, data: QueryDict, given: dict[str, Any], names: Names) -> int:
    added = 0
    for asked in form.fields:
        text = data.get(f"{asked.key}.paste", "")
        if isinstance(asked, Table) and text.strip():
            rows = answering.pasted(asked, text, names)
            given[asked.key] = [*given.get(asked.key, []), *rows]
            added += len(rows)
    return added


def _receive(
    request: HttpRequest, report: Report, form: Form, data: QueryDict, by: User
) -> list[str]:
    """Keeps the files of this save and writes their numbers where the answers are; refusals."""
    refusals = []
    if uploads.left_out(request):
        refusals.append(uploads.too_large())
    for asked in form.fields:
        columns = asked.columns if isinstance(asked, Table) else (asked,)
        for one in columns:
            if not isinstance(one, File):
                continue
            rows = data.getlist(f"{asked.key}.rows") if isinstance(asked, Table) else [""]
            for row in rows:
                name = ".".join(filter(None, (asked.key, row, one.key if row else "")))
                if f"{name}.drop" in data:
                    data[name] = ""
                file = request.FILES.get(f"{name}.{CHOOSER}")
                sent = data.get(f"{name}.{CHOOSER}.sent", "")
                try:
                    kept = (
                        uploads.receive(file, report.state, by)
                        if file is not None
                        else resumable.taken(sent, report.state, by)
                    )
                except uploads.FileRefused as refused:
                    refusals.append(f"{file.name}: {refused}" if file is not None else str(refused))
                    continue
                if kept is None:
                    continue
                if isinstance(one, Photograph) and kept.media_type not in PICTURES:
                    refusals.append(
                        _("%(name)s is no picture: choose a JPEG or PNG file.")
                        % {"name": kept.name}
                    )
                    continue
                data[name] = str(kept.pk)
    return refusals


def _beside(
    request: HttpRequest,
    report: Report,
    form: Form,
    names: Names,
    row: FormAnswers,
    given: Mapping[str, Any],
) -> HttpResponse:
    """Somebody saved this form meanwhile: theirs stands, and what was typed here is kept here."""
    said, mistakes = cleaned(form, given)
    unread = boxes.unread_of(mistakes)
    filled = Filled(form, said, unread, names, pages=_pages(form, request.GET))
    context = _context(report, form, row, filled)
    context["apart"] = [
        Difference(", ".join(filter(None, (one.question, one.row))), one.stands, one.would_be)
        for one in differences(form, names, row, said, unread)
    ]
    context["who"] = row.touched_by
    context["when"] = timezone.localtime(row.touched_at)
    return render(request, "reporting/form.html", context, status=409)


def _context(report: Report, form: Form, row: FormAnswers, filled: Filled) -> dict[str, Any]:
    language = report.language
    mark = {"mark": "", "year": "", "sentence": ""} | report.marks.get(form.key, {})
    return {
        "report": report,
        "apart": None,
        "also_open": "",
        "earlier": None,
        "who": None,
        "when": None,
        "form": form,
        "letter": form.letter_in(language),
        "row": row,
        "seen": token(row),
        "filled": filled,
        "mark": mark,
        "marks": [(key, coverpage.MARKS[key]) for key in form.allowed],
        "proposed": str(form.nothing) % {"state": report.state.name()} if form.nothing else "",
        "tasks": tasks(report, form),
        # Only where nobody has seen the text of the whole version is each question marked.
        "provisional": schema_of(report).to_be_confirmed,
        "states": sorted(filled.names.by_code.values()) if _asks_for_states(form) else [],
        "chooser": CHOOSER,
        "chooses_files": any(files_of(form)),
        "upload_limit": settings.UPLOAD_MAX_BYTES,
        "by_mail": receipt.to_isu(report),
        "is_demo": report.demo,
        "robots": "noindex",
    }


def _asks_for_states(form: Form) -> bool:
    return any(
        one.kind == "state"
        for asked in form.fields
        for one in (asked.columns if isinstance(asked, Table) else (asked,))
    )


@require_safe
@unless_handed_in
def preview(request: HttpRequest, iso3: str, kind: str, year: int) -> HttpResponse:
    """The report as a PDF made of its forms, marked as a draft; nothing of it is kept."""
    report = draft_of(request.user, iso3, kind, year)
    try:
        made = completing.preview(report)
    except NotPrintable as fault:
        messages.error(request, str(fault))
        return redirect("report-check", iso3, kind, year)
    response = HttpResponse(made.content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="draft_{iso3}_{year}.pdf"'
    return response
