"""Makes a report whole by itself at hand-in: copies what is unchanged, sets the paper."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from records import paper, pdf, uploads
from records.models import Upload
from records.workflow import Refused
from reporting import coverpage, earlier, points, printing, reading
from reporting.models import Attachment, FormAnswers, Report, TranscribedForm
from reporting.schema import Schema
from reporting.transcription import confirmed
from reporting.versions import schema_of
from states.models import User
from states.words import day, moment

# The languages in which the forms' own words are written; answers may be in any.
LANGUAGES = ("en", "fr", "es")


def settle_answers(report: Report, sources: Mapping[str, str]) -> None:
    """Empty rows go, and each form marked unchanged gets the answers of the report that it names.

    `sources` is the reference of that report by form. Answers that a State gave here itself are
    never replaced; what an uploaded report holds in its file alone is copied where the State has
    confirmed the ISU's transcription of it.
    """
    own = {row.form: row for row in report.forms.all()}
    for row in own.values():
        if _drop_empty_rows(row):
            row.save(update_fields=["said"])
    wanted = {form: ref for form, ref in sources.items() if not (form in own and own[form].said)}
    if not wanted:
        return
    references = set(wanted.values())
    held = FormAnswers.objects.filter(
        report__reference__in=references, form__in=wanted
    ).select_related("report")
    typed = TranscribedForm.objects.filter(
        transcription__report__reference__in=references, form__in=wanted
    )
    for row in [*held, *confirmed.answers(typed)]:
        if wanted.get(row.form) != row.report.reference or not row.said:
            continue
        # Written in another version of the forms, only what has a place in this one is carried.
        said = earlier.said_in(row, schema_of(report).form(row.form))
        FormAnswers.objects.update_or_create(
            report=report,
            form=row.form,
            defaults={"said": said, "touched_by": None, "touched_at": timezone.now()},
        )
        carried = Attachment.objects.filter(report=row.report, form=row.form)
        Attachment.objects.bulk_create(
            Attachment(report=report, form=row.form, upload_id=pk)
            for pk in carried.values_list("upload", flat=True)
        )


def carry_over(report: Report, draft: Report) -> None:
    """What was answered in one version of a report stands in the draft of the next."""
    FormAnswers.objects.bulk_create(
        FormAnswers(
            report=draft,
            form=row.form,
            said=row.said,
            unread=row.unread,
            touched_at=draft.touched_at,
            touched_by=draft.touched_by,
        )
        for row in report.forms.all()
    )
    Attachment.objects.bulk_create(
        Attachment(report=draft, form=one.form, upload_id=one.upload_id)
        for one in report.attachments.all()
    )


def _drop_empty_rows(row: FormAnswers) -> bool:
    found = False
    for key, value in list(row.said.items()):
        if isinstance(value, list):
            kept = [line for line in value if len(line) > 1]
            found |= len(kept) < len(value)
            row.said[key] = kept
            if not kept:
                del row.said[key]
    return found


def sheet(report: Report, schema: Schema, dated_on: dt.date, *, whole: bool = False) -> paper.Paper:
    """The report as a State's paper: cover page and forms, in the language of its letters.

    With `whole` it has room for what nobody has answered yet.
    """
    language = report.language if report.language in LANGUAGES else "en"
    with translation.override(language):
        forms = reading.forms_of(report, schema, whole=whole)
        # Room to be written into is no blank: it gets neither dashes nor photographs.
        printed = printing.on_paper([] if whole else forms, report)
        body = render_to_string(
            "reporting/report_paper.html",
            {
                "report": report,
                "covers_from": day(report.covers_from),
                "covers_to": day(report.covers_to),
                "lines": coverpage.lines(report.marks, report.language),
                "forms": forms if whole else printed.forms,
                "runs": reading.in_runs(forms) if whole else [(False, printed.forms)],
                "printed": printed,
                "received": _received(report),
                "written_in": "" if language == report.language else report.get_language_display(),
                # A draft is read by the State's own people alone.
                "points": points.of(report) if whole else points.printed(report),
                "whole": whole,
                "state": report.state.name(language=language),
            },
        )
        title = _("Transparency report, Article 7: %(state)s, %(year)s") % {
            "state": report.state.name(language=language),
            "year": report.year,
        }
    return paper.Paper(
        family=paper.Family.STATE,
        reference=report.reference or f"A7-{report.year}-{report.state_id}",
        title=title,
        language=language,
        # Made by our template, which escapes what people wrote.
        body=mark_safe(body),  # noqa: S308
        dated_on=dated_on,
        submitted_by=report.state.name(language=language),
        demonstration=report.demo,
        submitted=bool(report.reference),
    )


def _received(report: Report) -> str:
    """When it was received, on Geneva's clock; of a draft nothing."""
    return moment(report.handed_in_at) if report.handed_in_at else ""


def preview(report: Report) -> pdf.Pdf:
    """The paper as it would be handed in now, marked as a draft; nothing is kept."""
    page = sheet(report, schema_of(report), timezone.localdate())
    return paper.typeset(page, paper.freeze(page), site=settings.SITE_URL)


def set_paper(report: Report, at: dt.datetime, by: User) -> Upload:
    """The report as a file, made of its forms; kept as every file that is handed in.

    Raises `Refused` where it cannot be set.
    """
    page = sheet(report, schema_of(report), timezone.localdate(at))
    try:
        made = paper.typeset(page, paper.freeze(page), issued_at=at, site=settings.SITE_URL)
    except pdf.NotPrintable as fault:
        raise Refused(str(fault)) from fault
    name = f"article-7_{report.state_id}_{report.year}_{page.language}_v{report.number}.pdf"
    return uploads.receive(io.BytesIO(made.content), report.state, by, name=name)
