"""The page of one form of a report: ten of them, filled in by whoever knows, in any order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from records import presence, uploads
from records.pdf import NotPrintable
from records.workflow import Refused
from reporting import boxes, completing, coverpage, earlier, last_year, pasting, receipt
from reporting.answering import FormOvertaken, tasks, token
from reporting.boxes import Filled, Names, files_of
from reporting.differences import differences
from reporting.filing import HandedIn
from reporting.forms import Difference
from reporting.models import Delegation, Report
from reporting.schema import (
    UNCHANGED,
    File,
    Form,
    Photograph,
    Table,
    cleaned,
)
from reporting.schema.fields import written
from reporting.sheet import Answered, OwnSheet, Sheet
from reporting.versions import schema_of
from reporting.views import called, draft_of, unless_handed_in
from states import access
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
    by = access.signed_in(request)
    sheet = OwnSheet(report, asked, by)
    if request.method != "POST":
        others = presence.arrive(_place(report, asked), by)
        return shown(request, sheet, _of_the_state(report, asked, others))
    try:
        return saved(request, sheet, _of_the_state(report, asked, []))
    except HandedIn:
        raise
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
        return redirect("owe")


def _of_the_state(report: Report, form: Form, others: list[str]) -> dict[str, Any]:
    """What the State's own page has beside the form."""
    return {
        "also_open": also_open(others),
        "tasks": tasks(report, form),
        "with_colleague": Delegation.objects.open()
        .filter(report=report, form=form.key)
        .select_related("handed_out_by", "report")
        .first(),
        "colleague_url": reverse(
            "report-delegate", args=[report.state_id, report.kind, report.year, form.key]
        ),
    }


def shown(request: HttpRequest, sheet: Sheet, beside: Mapping[str, Any]) -> HttpResponse:
    """The page of a sheet; `beside` is what its template has more."""
    names, row, files = Names(), sheet.row(), sheet.uploads()
    filled = Filled(
        sheet.form,
        row.said,
        row.unread,
        names,
        pages=pages_asked(sheet.form, request.GET),
        more=rows_asked(request),
        uploads=files,
        file_address=sheet.file_address,
    )
    context = _context(sheet, row, filled) | {"earlier": sheet.earlier(row, names, files)}
    return render(request, sheet.template, {**context, **beside})


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
    response = JsonResponse({"words": also_open(others)})
    # A page that was opened before somebody signed in anew saves on with the token of today.
    response["CSRF-Token"] = get_token(request)
    return response


def also_open(others: list[str]) -> str:
    """Who else has the form open, in a sentence; empty where nobody has."""
    if not others:
        return ""
    return ngettext(
        "%(names)s has this form open too. Both of you may write: what the second saves is shown "
        "beside what the first saved.",
        "%(names)s have this form open too. All of you may write: what a later one saves is shown "
        "beside what was saved before.",
        len(others),
    ) % {"names": ", ".join(others)}


def rows_asked(request: HttpRequest) -> dict[str, int]:
    """To which table new rows are to be added, and how many."""
    table = request.GET.get("add", "")
    return {table: NEW_ROWS} if table else {}


def pages_asked(form: Form, query: QueryDict) -> dict[str, int]:
    """Which part of each long table is to be shown."""
    found = {}
    for asked in form.fields:
        page = query.get(f"{asked.key}.page", "")
        if isinstance(asked, Table) and page.isascii() and page.isdigit() and len(page) < 5:
            found[asked.key] = int(page)
    return found


def saved(
    request: HttpRequest,
    sheet: Sheet,
    beside: Mapping[str, Any],
    done: Callable[[], HttpResponse] | None = None,
) -> HttpResponse:
    """Keeps what the page of a sheet sent; raises `Refused` where nothing can be kept any more.

    `done` answers where all was kept and whoever wrote says that the form is finished.
    """
    data, form = request.POST.copy(), sheet.form
    # The page itself saves while somebody writes, and stays as it is.
    quietly = "quietly" in data
    names = Names()
    refusals = _receive(request, sheet, data)
    row = sheet.row()
    page = boxes.sent(form, data, names)
    given = boxes.merged(form, boxes.typed(form, row.said, row.unread), page, data)
    paste = pasting.add(form, data, given, names)
    seen = data.get("seen", "")
    source = earlier.source_of(sheet.report, form) if TAKE in data else None
    try:
        if source is not None:
            row = sheet.take(source, given, seen=seen)
        else:
            row = sheet.save(given, _mark_sent(form, data), seen=seen)
    except FormOvertaken as overtaken:
        if quietly:
            return JsonResponse({"words": saved_by(overtaken.row)}, status=409)
        if source is not None and last_year.is_blank(page):
            messages.warning(request, _nothing_taken(overtaken.row))
            return redirect(sheet.address)
        return _beside(request, sheet, names, overtaken.row, given, beside)
    if quietly:
        return JsonResponse({"seen": token(row), "words": saved_at(row)})
    refusals += paste.refusals
    if done is not None and "go" in data and not (refusals or paste.added or source):
        return done()
    for sentence in refusals:
        messages.error(request, sentence)
    if paste.kept:
        # Nothing that was copied is lost: it stands in its box again.
        return _again(request, sheet, names, row, paste.kept, beside)
    if source is not None:
        messages.success(request, _taken(earlier.name_of(sheet.report, source.report)))
    elif paste.added:
        messages.success(request, paste.words)
    elif not refusals:
        messages.success(request, str(sheet.saved))
    stay = bool(refusals or row.unread or paste.added or source)
    return redirect(_next(request, sheet, row, stay=stay))


def _taken(name: str) -> str:
    return _(
        "The answers of %(name)s stand in the form now, marked as changed. Correct what is "
        "otherwise this time."
    ) % {"name": name}


def _nothing_taken(row: Answered) -> str:
    return _("%(who)s answered this form meanwhile: nothing was taken over, and this stands.") % {
        "who": row.touched_by or _("Somebody")
    }


def saved_at(row: Answered) -> str:
    """When a page that saves by itself did so last."""
    at = timezone.localtime(row.touched_at)
    return _("saved at %(time)s (Geneva)") % {"time": at.strftime("%H:%M")}


def saved_by(row: Answered) -> str:
    """Why a page does not save by itself any more."""
    at = timezone.localtime(row.touched_at)
    return _(
        "%(who)s saved this form at %(time)s (Geneva). What you write here is not saved by itself "
        "any more: save it, and both texts are shown side by side."
    ) % {"who": row.touched_by, "time": at.strftime("%H:%M")}


def _next(request: HttpRequest, sheet: Sheet, row: Answered, *, stay: bool) -> str:
    here = sheet.address
    if (part := request.POST.get("page", "")) and "." in part:
        return part_of(here, part)
    if table := request.POST.get("add"):
        last = max(1, -(-len(row.said.get(table, [])) // boxes.ROWS_ON_A_PAGE))
        return f"{here}?add={table}&{table}.page={last}#{table}"
    if stay or "go" not in request.POST:
        query = request.GET.urlencode()
        return f"{here}?{query}" if query and "add" not in request.GET else here
    return sheet.after


def part_of(here: str, part: str) -> str:
    """The address of a part of a long table, which the button "areas.3" names."""
    table, _dot, number = part.partition(".")
    return f"{here}?{urlencode({f'{table}.page': number})}#{quote(table)}"


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
    if sentence := " ".join(written(data.get("mark.sentence", "")).split())[:500]:
        said["sentence"] = sentence
    return said


def _receive(request: HttpRequest, sheet: Sheet, data: QueryDict) -> list[str]:
    """Keeps the files of this save and writes their numbers where the answers are; refusals."""
    refusals = []
    if uploads.left_out(request):
        refusals.append(uploads.too_large())
    for asked in sheet.form.fields:
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
                    kept = sheet.receive(file) if file is not None else sheet.arrived(sent)
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


def _again(
    request: HttpRequest,
    sheet: Sheet,
    names: Names,
    row: Answered,
    pasted: Mapping[str, str],
    beside: Mapping[str, Any],
) -> HttpResponse:
    """The form as it was saved, with what was copied and not taken in its box."""
    files = sheet.uploads()
    filled = Filled(
        sheet.form,
        row.said,
        row.unread,
        names,
        pages=pages_asked(sheet.form, request.GET),
        uploads=files,
        file_address=sheet.file_address,
        pasted=pasted,
    )
    context = {**_context(sheet, row, filled), "earlier": sheet.earlier(row, names, files)}
    return render(request, sheet.template, {**context, **beside}, status=422)


def _beside(
    request: HttpRequest,
    sheet: Sheet,
    names: Names,
    row: Answered,
    given: Mapping[str, Any],
    beside: Mapping[str, Any],
) -> HttpResponse:
    """Somebody saved this form meanwhile: theirs stands, and what was typed here is kept here."""
    form = sheet.form
    said, mistakes = cleaned(form, given)
    unread = boxes.unread_of(mistakes)
    filled = Filled(form, said, unread, names, pages=pages_asked(form, request.GET))
    context = {**_context(sheet, row, filled), **beside}
    context["apart"] = [
        Difference(", ".join(filter(None, (one.question, one.row))), one.stands, one.would_be)
        for one in differences(form, names, row, said, unread)
    ]
    context["who"] = row.touched_by
    context["when"] = timezone.localtime(row.touched_at)
    return render(request, sheet.template, context, status=409)


def _context(sheet: Sheet, row: Answered, filled: Filled) -> dict[str, Any]:
    report, form = sheet.report, sheet.form
    return {
        "report": report,
        "apart": None,
        "earlier": None,
        "who": None,
        "when": None,
        "form": form,
        "letter": form.letter_in(report.language),
        "row": row,
        "seen": token(row),
        "filled": filled,
        "mark": {"mark": "", "year": "", "sentence": "", **sheet.mark()},
        "marks": [
            (key, coverpage.MARKS[key])
            for key in form.allowed
            # There is no report before the first one.
            if not (report.kind == Report.Kind.INITIAL and key == UNCHANGED)
            or sheet.mark().get("mark") == key
        ],
        "proposed": proposed(report, form),
        "initial": report.kind == Report.Kind.INITIAL,
        # Only where nobody has seen the text of the whole version is each question marked.
        "provisional": schema_of(report).to_be_confirmed,
        "states": sorted(filled.names.by_code.values()) if asks_for_states(form) else [],
        "chooser": CHOOSER,
        "chooses_files": any(files_of(form)),
        "upload_limit": settings.UPLOAD_MAX_BYTES,
        "by_mail": receipt.to_isu(report),
        "is_demo": report.demo,
        "robots": "noindex",
    }


def proposed(report: Report, form: Form) -> str:
    """A definite sentence where the form does not apply, in the language of the report."""
    if not form.nothing:
        return ""
    language = report.language if report.language in dict(settings.LANGUAGES) else "en"
    with translation.override(language):
        return str(form.nothing) % {"state": report.state.name()}


def asks_for_states(form: Form) -> bool:
    """Whether the names of States are offered."""
    return any(
        one.kind == "state"
        for asked in form.fields
        for one in (asked.columns if isinstance(asked, Table) else (asked,))
    )


@require_safe
@unless_handed_in
def preview(request: HttpRequest, iso3: str, kind: str, year: int) -> HttpResponse:
    """The report as a PDF made of its forms, marked as a draft; nothing of it is kept."""
    report = draft_of(request.user, iso3, kind, year, right="view_drafts")
    try:
        made = completing.preview(report)
    except NotPrintable as fault:
        messages.error(request, str(fault))
        drafts = access.may(request.user, "draft_report", report.state)
        return redirect("report-check" if drafts else "report-certify", iso3, kind, year)
    response = HttpResponse(made.content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="draft_{iso3}_{year}.pdf"'
    return response
