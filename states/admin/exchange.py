"""Files in and out of a register: .xlsx and .csv, with a preview of what changes before it does."""

import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from import_export.formats.base_formats import CSV, XLSX

from states import access
from states.admin.export import FORMATS, ExportMixin
from states.history import act
from states.resources import RegisterResource

MOST_BYTES = 2 * 1024 * 1024
# A table of so many lines; a file of 2 MB can be made to unpack into a thousand times its size.
MOST_UNPACKED = 30 * 1024 * 1024
MOST_LINES = 5000
SHOWN_LINES = 300
SEPARATORS = (",", ";", "\t")


class FileForm(forms.Form):
    """The file to read."""

    required_css_class = "required"
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("An Excel workbook (.xlsx), its first sheet, or a .csv in UTF-8."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> Any:
        """Not too large, and of a kind that is read here."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 2 MB. Split it, or leave out pictures.")
            )
        if file.name.rpartition(".")[2].lower() not in FORMATS:
            raise forms.ValidationError(
                _("“%(name)s” is neither an .xlsx nor a .csv file. Save it as one of these.")
                % {"name": file.name}
            )
        return file


class ConfirmForm(forms.Form):
    """The preview was read; the reason goes into the history."""

    required_css_class = "required"
    lines = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Where the file comes from. Kept in the history of every row."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class Unreadable(Exception):
    """The file cannot be read; the sentence says why."""


@dataclass(slots=True)
class Line:
    """What becomes of one line of the file."""

    number: int
    what: str
    row: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Preview:
    """What the file would do, or what is wrong with it."""

    lines: list[Line] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: {"new": 0, "update": 0, "skip": 0})
    touched: list[Any] = field(default_factory=list)

    @property
    def shown(self) -> list[Line]:
        """The lines that change something, as many as a page bears."""
        return [line for line in self.lines if line.what != "skip"][:SHOWN_LINES]

    @property
    def digest(self) -> str:
        """What the reader has seen: if the register moves meanwhile, it differs."""
        seen = [(line.number, line.what, line.changes) for line in self.lines]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def read(name: str, content: bytes) -> list[list[Any]]:
    """The table of a file, header first; Unreadable with a sentence otherwise."""
    kind = name.rpartition(".")[2].lower()
    try:
        if kind == "xlsx":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                unpacked = sum(part.file_size for part in archive.infolist())
            if unpacked > MOST_UNPACKED:
                raise Unreadable(
                    _(
                        "Unpacked, this workbook is larger than %(most)d MB. Remove pictures and"
                        " unused sheets and save it anew, or send a .csv."
                    )
                    % {"most": MOST_UNPACKED // 1024**2}
                )
            dataset = XLSX().create_dataset(content)
        else:
            text = _decoded(content)
            dataset = CSV().create_dataset(text, delimiter=_separator(text))
    except Unreadable:
        raise
    except Exception as wrong:  # the libraries raise whatever their parsers do
        raise Unreadable(
            _("The file cannot be read as %(kind)s: it may be damaged, or of another kind.")
            % {"kind": f".{kind}"}
        ) from wrong
    heads = [str(head).strip() if head is not None else "" for head in dataset.headers or []]
    lines = [list(line) for line in dataset]
    if len(lines) > MOST_LINES:
        raise Unreadable(
            _("The file has %(count)d lines; at most %(most)d are read at once.")
            % {"count": len(lines), "most": MOST_LINES}
        )
    return [heads, *lines]


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(
            _("The file is not in UTF-8. In Excel choose “CSV UTF-8”, or send the .xlsx itself.")
        ) from None


def _separator(text: str) -> str:
    """What stands most often in the first line: Excel writes the one of its own language."""
    head = re.sub(r'"[^"]*"', "", text.lstrip().partition("\n")[0])
    return max(SEPARATORS, key=head.count)


def run(resource: type[RegisterResource], table: list[list[Any]], *, dry: bool) -> Preview:
    """Takes the table in, or only says what that would do. Writes all of it or nothing."""
    import tablib  # noqa: PLC0415 -- needed here alone

    preview = Preview()
    heads = table[0] if table else []
    missing = [name for name in resource.needed() if name not in heads]
    if missing:
        preview.wrong.append(
            _("The first line lacks the column %(names)s. The columns are: %(all)s.")
            % {
                "names": ", ".join(f"“{name}”" for name in missing),
                "all": ", ".join(resource.columns()),
            }
        )
        return preview
    known = {*resource.columns(), "No."}
    preview.unknown = [head for head in heads if head and head not in known]
    lines = [
        (number, line)
        for number, line in enumerate(table[1:], start=2)
        if any(cell not in (None, "") for cell in line)
    ]
    if not lines:
        preview.wrong.append(_("The file has a first line and nothing below it."))
        return preview
    dataset = tablib.Dataset(*(line for _number, line in lines), headers=heads)
    made = resource()
    result = made.import_data(
        dataset, dry_run=dry, raise_errors=False, rollback_on_validation_errors=True
    )
    preview.wrong += [str(error.error) for error in result.base_errors]
    for bad in result.invalid_rows:
        number = lines[bad.number - 1][0]
        preview.wrong += _sentences(resource, number, bad.error_dict)
    for bad in result.error_rows:
        number = lines[bad.number - 1][0]
        preview.wrong += [
            _("Line %(line)d: %(sentence)s") % {"line": number, "sentence": error.error}
            for error in bad.errors
        ]
    if preview.wrong:
        return preview
    preview.doubts = [
        _("Line %(line)d: %(sentence)s") % {"line": lines[place][0], "sentence": said}
        for place, said in made.doubts.items()
    ]
    for (number, _line), row in zip(lines, result.rows, strict=True):
        what = str(row.import_type)
        preview.counts[what] = preview.counts.get(what, 0) + 1
        preview.lines.append(Line(number, what, str(row.instance), row.diff or []))
        if what != "skip":
            preview.touched.append(row.instance)
    return preview


def _sentences(
    resource: type[RegisterResource], number: int, errors: dict[str, list[str]]
) -> list[str]:
    made = []
    for attribute, sentences in errors.items():
        for sentence in sentences:
            if attribute == NON_FIELD_ERRORS:
                made.append(
                    _("Line %(line)d: %(sentence)s") % {"line": number, "sentence": sentence}
                )
            else:
                made.append(
                    _("Line %(line)d, column “%(column)s”: %(sentence)s")
                    % {
                        "line": number,
                        "column": resource.column_of(attribute),
                        "sentence": sentence,
                    }
                )
    return made


class ExchangeMixin(ExportMixin):
    """Gives a register its files in and out, in the columns of its resource."""

    resource: type[RegisterResource] | None = None
    takes_in = True

    def get_urls(self) -> list[URLPattern]:
        """The way in stands before the rows' own pages."""
        wrap = self.admin_site.admin_view  # type: ignore[attr-defined]
        mine = []
        if self.takes_in:
            name = f"{self._exchange_name()}_import"
            mine.append(path("import/", wrap(self.import_view), name=name))
        return [*mine, *super().get_urls()]

    def may_import(self, request: HttpRequest) -> bool:
        """Whoever may write rows here by hand."""
        right = getattr(self, "change_right", None)
        return self.takes_in and right is not None and bool(access.may(request.user, right))

    def list_acts(self, request: HttpRequest) -> list[dict[str, Any]]:
        """A button for the way in."""
        acts = super().list_acts(request)  # type: ignore[misc]
        if self.may_import(request):
            url = reverse(f"admin:{self._exchange_name()}_import")
            acts.append({"url": url, "label": _("Import a file")})
        return acts

    def table(self, request: HttpRequest, rows: Any) -> tuple[list[str], list[list[Any]]]:
        """What the file can be read in again by."""
        assert self.resource is not None
        made = self.resource()
        return made.get_export_headers(), [list(line) for line in made.export(rows)]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Choose a file; read what it would change; say why; done, all of it or nothing."""
        if not self.may_import(request) or self.resource is None:
            raise PermissionDenied
        context: dict[str, Any] = {"preview": None, "confirm": None, "moved": False}
        context["form"] = FileForm()
        if request.method == "POST" and "lines" in request.POST:
            answer = self._confirm(request, context)
            if answer is not None:
                return answer
        elif request.method == "POST":
            context["form"] = form = FileForm(request.POST, request.FILES)
            if form.is_valid():
                file = form.cleaned_data["file"]
                try:
                    table = read(file.name, file.read())
                except Unreadable as unreadable:
                    form.add_error("file", str(unreadable))
                else:
                    self._show(request, context, table)
        context |= {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("Import: %(what)s") % {"what": self.opts.verbose_name_plural},  # type: ignore[attr-defined]
            "opts": self.opts,  # type: ignore[attr-defined]
            "columns": self.resource.columns(),
            "template_url": reverse(f"admin:{self._exchange_name()}_export", args=["xlsx"]),
            "back": reverse(f"admin:{self._exchange_name()}_changelist"),
        }
        preview = context.get("preview")
        wrong = (preview and preview.wrong) or context["form"].errors
        return TemplateResponse(request, "admin/import.html", context, status=422 if wrong else 200)

    def _show(
        self, request: HttpRequest, context: dict[str, Any], table: list[list[Any]]
    ) -> Preview:
        preview = self._dry_run(request, table)
        context["preview"] = preview
        if not preview.wrong and preview.touched:
            context["confirm"] = ConfirmForm(
                initial={"lines": _packed(table), "seen": preview.digest}
            )
        return preview

    def _dry_run(self, request: HttpRequest, table: list[list[Any]]) -> Preview:
        assert self.resource is not None
        with act(by=request.user, reason=_("Preview of an import, not kept")):
            return run(self.resource, table, dry=True)

    def _confirm(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse | None:
        form = ConfirmForm(request.POST)
        try:
            table = _unpacked(request.POST["lines"])
        except signing.BadSignature:
            messages.error(request, _("The preview is too old. Choose the file again."))
            return HttpResponseRedirect(request.path)
        preview = self._dry_run(request, table)
        context |= {"preview": preview, "confirm": form}
        if preview.wrong or not preview.touched:
            context.pop("confirm")
            return None
        if not form.is_valid():
            return None
        if form.cleaned_data["seen"] != preview.digest:
            context["moved"] = True
            context["confirm"] = ConfirmForm(initial={**form.cleaned_data, "seen": preview.digest})
            return None
        assert self.resource is not None
        with transaction.atomic(), act(by=request.user, reason=form.cleaned_data["reason"]):
            done = run(self.resource, table, dry=False)
            if not done.wrong:
                self.resource().after_rows(done.touched)
        if done.wrong:
            context["preview"] = done
            context.pop("confirm")
            return None
        counts = done.counts
        messages.success(
            request,
            _("Imported: %(new)s, %(changed)s, %(same)s.")
            % {
                "new": ngettext("%(n)d new row", "%(n)d new rows", counts["new"])
                % {"n": counts["new"]},
                "changed": ngettext("%(n)d changed", "%(n)d changed", counts["update"])
                % {"n": counts["update"]},
                "same": ngettext("%(n)d unchanged", "%(n)d unchanged", counts["skip"])
                % {"n": counts["skip"]},
            },
        )
        return HttpResponseRedirect(reverse(f"admin:{self._exchange_name()}_changelist"))


# Between preview and confirmation the file travels with the page, signed: no file is left lying
# about, and any web process can take the confirmation.
SALT = "states.admin.exchange"


def _packed(table: list[list[Any]]) -> str:
    plain = [[_plain(cell) for cell in line] for line in table]
    return signing.dumps(plain, salt=SALT, compress=True)


def _unpacked(text: str) -> list[list[Any]]:
    return signing.loads(text, salt=SALT, max_age=settings.SESSION_COOKIE_AGE)


def _plain(cell: Any) -> Any:
    if cell is None or isinstance(cell, str | int | float | bool):
        return cell
    if hasattr(cell, "date") and callable(cell.date):
        return cell.date().isoformat()
    return str(cell)
