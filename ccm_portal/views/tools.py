"""The page of tools: templates, guides, model laws, checklists, and the blank workbook."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ccm_portal.asked import choice, kept, link, public
from records import sheets
from records.models import Tool
from reporting import versions, workbook
from reporting.boxes import Names
from reporting.versions import SCHEMAS

OTHER_STEPS = ("report", "extension", "laws")


@public
def tools(request: HttpRequest) -> HttpResponse:
    """All of them, or those of a kind or for a form."""
    kind = choice(request, "kind", dict(Tool.Kind.choices))
    use = choice(request, "form", dict.fromkeys((*OTHER_STEPS, *_titles())))
    rows = Tool.objects.filter(published=True).select_related("upload")
    if kind:
        rows = rows.filter(kind=kind)
    # The keys stand apart by spaces; a short list is looked through here.
    listed = [row for row in rows if not use or use in row.use.split() or row.use == "report"]
    own = [] if kind and kind != Tool.Kind.TEMPLATE else _own()
    context: dict[str, Any] = {
        "listed": listed,
        "own": own,
        "filters": [_kinds(kind), _uses(use)],
        "filtered": bool(kind or use),
        "all": link(request, "tools"),
        "kept": kept(request),
        "robots": "noindex" if request.GET.keys() - {"lang"} else "",
    }
    return render(request, "ccm_portal/tools.html", context)


def _titles() -> dict[str, Any]:
    return {form.key: form.title for schema in SCHEMAS.values() for form in schema.forms}


def _kinds(chosen: str) -> dict[str, Any]:
    options = [("", _("All kinds")), *Tool.Kind.choices]
    return _filter("kind", _("Kind"), options, chosen)


def _uses(chosen: str) -> dict[str, Any]:
    steps = [
        ("report", _("Transparency report")),
        ("extension", _("Extension request")),
        ("laws", _("National laws")),
    ]
    return _filter(
        "form", _("Helps with"), [("", _("Everything")), *steps, *_titles().items()], chosen
    )


def _filter(name: str, label: str, options: list[Any], chosen: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "options": [
            {"value": value, "label": words, "selected": value == chosen}
            for value, words in options
        ],
    }


def _own() -> list[dict[str, Any]]:
    """The blank workbook in each language of the portal."""
    return [
        {"url": reverse("blank-workbook", args=[code]), "language": words, "code": code}
        for code, words in settings.LANGUAGES
    ]


@public
def blank_workbook(request: HttpRequest, language: str) -> HttpResponse:
    """All forms of a report, to be filled in by whoever is consulted; it belongs to no draft."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        about = workbook.About(
            report=_("Transparency report under Article 7"),
            state="",
            period="",
            key="",
            language=language,
            address=request.build_absolute_uri(reverse("owe")),
            tokens={},
        )
        schema = SCHEMAS[versions.of_a_new_report()]
        content = workbook.written(schema, {}, Names(), about)
    response = HttpResponse(content, content_type=sheets.MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="article-7_{language}.xlsx"'
    return response
