"""The pages on which a draft's forms leave as an Excel workbook and come back filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from records import sheets, uploads
from records.workflow import Refused
from reporting import answering, boxes, workbook, workbook_changes, workbook_reading
from reporting.answering import FormOvertaken
from reporting.boxes import Names
from reporting.filing import HandedIn
from reporting.models import FormAnswers, Report
from reporting.sheet import Answered
from reporting.versions import schema_of
from reporting.views import called, draft_of, unless_handed_in
from reporting.workbook_changes import FormChanges
from reporting.workbook_reading import Fault, FormSheet
from states import access
from states.posting import sent_again_as
from states.words import day

# Between preview and confirmation what was read travels with the page, signed, and is kept nowhere.
SALT = "reporting.workbook"
MOST_KEPT = 4 * 1024 * 1024


class WorkbookForm(forms.Form):
    """The filled workbook."""

    file = forms.FileField(
        label=lazy("The filled workbook"),
        help_text=lazy("An Excel workbook (.xlsx). You see every difference before it is saved."),
        error_messages={"required": lazy("Choose the workbook that you filled in.")},
        widget=forms.FileInput({"accept": ".xlsx"}),
    )


def _key(report: Report) -> str:
    return f"{report.state_id}/{report.kind}/{report.year}"


def _page_of(report: Report) -> str:
    return reverse("report-excel", args=[report.state_id, report.kind, report.year])


@require_safe
@unless_handed_in
def download(request: HttpRequest, iso3: str, kind: str, year: int) -> HttpResponse:
    """The draft's forms with its answers, as a workbook to be filled in."""
    report = draft_of(request.user, iso3, kind, year)
    schema = schema_of(report)
    rows = {row.form: row for row in report.forms.all()}
    answers = {
        form.key: boxes.typed(form, rows[form.key].said, rows[form.key].unread)
        for form in schema.forms
        if form.key in rows
    }
    about = workbook.About(
        report=called(iso3, kind, year),
        state=report.state.name(),
        period=f"{day(report.covers_from)} – {day(report.covers_to)}",
        key=_key(report),
        language=report.language,
        address=request.build_absolute_uri(_page_of(report)),
        tokens={key: answering.token(row) for key, row in rows.items()},
    )
    content = workbook.written(schema, answers, Names(), about)
    response = HttpResponse(content, content_type=sheets.MEDIA_TYPE)
    name = f"article-7_{iso3}_{kind}_{year}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _takes_over(iso3: str, kind: str, year: int) -> str:
    return _("Take over the answers of the workbook: %(report)s") % {
        "report": called(iso3, kind, year)
    }


@sent_again_as(_takes_over)
@uploads.limited
@require_http_methods(["GET", "HEAD", "POST"])
@unless_handed_in
def page(request: HttpRequest, iso3: str, kind: str, year: int) -> HttpResponse:
    """Takes a filled workbook: first what it would change, then, once confirmed, its answers."""
    report = draft_of(request.user, iso3, kind, year)
    if request.method == "POST":
        if "kept" in request.POST:
            return _confirmed(request, report)
        return _sent(request, report)
    return _shown(request, report, WorkbookForm())


def _sent(request: HttpRequest, report: Report) -> HttpResponse:
    form = WorkbookForm(request.POST, request.FILES)
    if uploads.left_out(request):
        form.add_error("file", uploads.too_large())
    if not form.is_valid():
        return _shown(request, report, form)
    names = Names()
    try:
        filled = workbook_reading.read(form.cleaned_data["file"], schema_of(report), names)
    except sheets.Unreadable as fault:
        form.add_error("file", str(fault))
        return _shown(request, report, form)
    return _previewed(request, report, filled.forms, names, form, faults=filled.faults)


def _previewed(
    request: HttpRequest,
    report: Report,
    read: Mapping[str, FormSheet],
    names: Names,
    form: WorkbookForm,
    *,
    faults: list[Fault],
    overtaken: Answered | None = None,
) -> HttpResponse:
    found = workbook_changes.changes(report, schema_of(report), read, names)
    touched = {one.form.key: one.token for one in found if one.changes}
    kept = _kept(request, report, {key: read[key] for key in touched}, touched)
    if len(kept) > MOST_KEPT:
        form.add_error(
            "file",
            _(
                "This is too much to be taken over at once. Please send it in parts: delete "
                "sheets from a copy; a form whose sheet is missing stays as it is."
            ),
        )
        return _shown(request, report, form)
    preview = {
        "changes": found,
        "kept": kept if touched else "",
        "faults": faults,
        "other": any(one.report != _key(report) for one in read.values()),
        "overtaken": overtaken,
    }
    return _shown(request, report, form, preview, status=409 if overtaken else 200)


def _kept(
    request: HttpRequest, report: Report, read: Mapping[str, FormSheet], tokens: Mapping[str, str]
) -> str:
    held = [report.pk, request.user.pk, workbook_changes.packed(read), dict(tokens)]
    return signing.dumps(held, salt=SALT, compress=True)


def _confirmed(request: HttpRequest, report: Report) -> HttpResponse:
    try:
        number, by, packed, tokens = signing.loads(
            request.POST["kept"], salt=SALT, max_age=settings.SESSION_COOKIE_AGE
        )
    except (signing.BadSignature, ValueError):
        number = by = None
    if (number, by) != (report.pk, request.user.pk):
        messages.error(request, _("The preview is too old. Choose the workbook again."))
        return redirect(_page_of(report))
    read = workbook_changes.unpacked(schema_of(report), packed)
    chosen = {key: tokens[key] for key in request.POST.getlist("form") if key in tokens}
    if not chosen:
        messages.error(request, _("Nothing was saved: choose at least one form to take over."))
        return _previewed(request, report, read, Names(), WorkbookForm(), faults=[])
    try:
        saved = workbook_changes.take_over(report, read, chosen, by=access.signed_in(request))
    except FormOvertaken as overtaken:
        return _previewed(
            *(request, report, read, Names(), WorkbookForm()), faults=[], overtaken=overtaken.row
        )
    except HandedIn:
        raise
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
        return redirect("owe")
    _tell(request, saved)
    return redirect("report-draft", report.state_id, report.kind, report.year)


def _tell(request: HttpRequest, saved: list[FormAnswers]) -> None:
    number = len(saved)
    words = ngettext(
        "Saved: %(n)s form was taken over from the workbook.",
        "Saved: %(n)s forms were taken over from the workbook.",
        number,
    )
    messages.success(request, words % {"n": number})
    if mends := sum(len(row.unread) for row in saved):
        words = ngettext(
            "%(n)s answer is to be mended; it is kept as you wrote it.",
            "%(n)s answers are to be mended; they are kept as you wrote them.",
            mends,
        )
        messages.warning(request, words % {"n": mends})


def _shown(
    request: HttpRequest,
    report: Report,
    form: WorkbookForm,
    preview: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    changes: list[FormChanges] = preview["changes"] if preview else []
    context = {
        "report": report,
        "form": form,
        "preview": preview,
        "number": sum(len(one.changes) for one in changes),
        "is_demo": report.demo,
        "robots": "noindex",
    }
    return render(request, "reporting/excel.html", context, status=status)
