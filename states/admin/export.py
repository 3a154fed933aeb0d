"""Files out of a register: .xlsx and .csv of the list as it is filtered."""

import datetime as dt
import html
from collections.abc import Sequence
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from import_export.formats.base_formats import CSV, XLSX

from states.resources import harmless

FORMATS = {"xlsx": XLSX, "csv": CSV}


class ExportMixin:
    """Gives a register its files out: the list as it is filtered, in the columns that it shows.

    `file_columns` names other columns; a register whose rows stay in the house says so.
    """

    stays_in_the_house = False
    file_columns: Sequence[str] = ()

    def get_urls(self) -> list[URLPattern]:
        """The files stand before the rows' own pages."""
        wrap = self.admin_site.admin_view  # type: ignore[attr-defined]
        name = f"{self._exchange_name()}_export"
        mine = [path("export/<str:kind>/", wrap(self.export_view), name=name)]
        return [*mine, *super().get_urls()]  # type: ignore[misc]

    def _exchange_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"  # type: ignore[attr-defined]

    def downloads(self, request: HttpRequest) -> list[dict[str, str]]:
        """The list as it is filtered, as a file."""
        if self.stays_in_the_house:
            return []
        base = f"admin:{self._exchange_name()}_export"
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return [
            {"href": reverse(base, args=["xlsx"]) + query, "label": _("Excel")},
            {"href": reverse(base, args=["csv"]) + query, "label": _("CSV")},
        ]

    def table(self, request: HttpRequest, rows: Any) -> tuple[list[str], list[list[Any]]]:
        """The heads and the lines of a file of these rows."""
        register: Any = self  # of a ModelAdmin, which this is mixed into
        names = self.file_columns or register.get_list_display(request)
        heads = [capfirst(str(label_for_field(name, register.model, register))) for name in names]
        return heads, [[self._cell(name, row) for name in names] for row in rows]

    def _cell(self, name: str, row: Any) -> Any:
        column, _attribute, value = lookup_field(name, row, self)  # type: ignore[arg-type]
        if column is not None and getattr(column, "flatchoices", None):
            value = dict(column.flatchoices).get(value, value)
        if isinstance(value, SafeString):
            return html.unescape(strip_tags(value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, dt.datetime):
            return f"{localtime(value):%Y-%m-%d %H:%M}"
        if isinstance(value, dt.date):
            # As in the files that are read here: a spreadsheet in any language reads it alike.
            return value.isoformat()
        return value if isinstance(value, int | float) else str(value or "")

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """The rows that the list shows under the same address, as a file."""
        import tablib  # noqa: PLC0415 -- needed here alone

        if kind not in FORMATS or self.stays_in_the_house:
            raise Http404
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)  # type: ignore[attr-defined]
        except IncorrectLookupParameters:
            # The list itself says what it cannot be filtered by.
            return HttpResponseRedirect(reverse(f"admin:{self._exchange_name()}_changelist"))
        heads, lines = self.table(request, rows)
        dataset = tablib.Dataset(*([harmless(cell) for cell in line] for line in lines))
        dataset.headers = heads
        form = FORMATS[kind]()
        content = form.export_data(dataset)
        if isinstance(content, str):
            content = ("\ufeff" + content).encode()
        answer = HttpResponse(content, content_type=form.get_content_type())
        name = f"{self.opts.model_name}-{localdate().isoformat()}.{kind}"  # type: ignore[attr-defined]
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
