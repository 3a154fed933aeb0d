"""The draft as a Word document, for consultation in capital: what stands, and room for the rest."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from records import paper, word
from reporting import completing
from reporting.models import Report
from reporting.versions import schema_of
from reporting.views import draft_of, unless_handed_in


def document(report: Report) -> bytes:
    """The draft as it would be printed, as a .docx marked as a draft; nothing of it is kept.

    What is not answered yet is an empty box, so that a ministry can write into it.
    """
    page = completing.sheet(report, schema_of(report), localdate(), whole=True)
    with override(page.language):
        mark = _("draft")
    return word.written(
        paper.freeze(page).html,
        title=page.title,
        language=page.language,
        head={"start": page.mark, "end": mark},
    )


@require_safe
@unless_handed_in
def download(request: HttpRequest, iso3: str, kind: str, year: int) -> HttpResponse:
    """The State's own draft, to be carried to those who know the answers."""
    report = draft_of(request.user, iso3, kind, year)
    response = HttpResponse(document(report), content_type=word.MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="draft_{iso3}_{kind}_{year}.docx"'
    return response
