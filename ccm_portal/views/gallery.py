"""The gallery of components, for the secretariat."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ccm_portal.gallery import gallery_context
from states import access


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component once, with fictional States; strangers learn nothing of it."""
    if not access.is_secretariat(request.user):
        raise Http404
    return render(request, "gallery.html", gallery_context() | {"robots": "noindex"})
