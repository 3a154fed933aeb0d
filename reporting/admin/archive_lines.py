"""The lines of archives of past reports in the admin: what each would do, and what is answered."""

from __future__ import annotations

import datetime as dt
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from records import files
from records.admin.base import EvidenceAdmin
from records.archive import keeping
from records.archive.container import Unreadable
from records.workflow import Refused
from reporting.archive import answers, columns
from reporting.models import UN_LANGUAGES, ArchiveLine, Finding, Report
from states.admin.acts import Act, ActForm, DayField, StaffRequest
from states.admin.parts import change_url
from states.models import State, User
from states.naming import folded


class WaitsFilter(admin.SimpleListFilter):
    """Lines about which somebody has to say something."""

    title = lazy("in doubt, not answered")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Yes and no."""
        return [("yes", _("yes")), ("no", _("no"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """By the answer."""
        waits = ~Q(doubts=[]) & Q(answered_at__isnull=True, outcome="")
        if self.value() == "yes":
            return queryset.filter(waits)
        return queryset.exclude(waits) if self.value() == "no" else queryset


class AnswerForm(ActForm):
    """What the line should have said; what is left as it is stays as it was read."""

    state = forms.ModelChoiceField(label=lazy("State"), queryset=State.objects.none())
    kind = forms.ChoiceField(label=lazy("Report"), choices=Report.Kind.choices)
    year = forms.IntegerField(label=lazy("Year reported on"), min_value=1900, max_value=2100)
    covers_from = DayField(label=lazy("Covers from"), required=False)
    covers_to = DayField(label=lazy("to"), required=False)
    language = forms.ChoiceField(label=lazy("Language"), choices=UN_LANGUAGES)
    received_by_isu = DayField(label=lazy("Received by the ISU on"), required=False)
    sent_to_unoda = DayField(label=lazy("Sent to UNODA on"), required=False)
    received_by_unoda = DayField(label=lazy("Received by UNODA on"), required=False)
    published = forms.BooleanField(label=lazy("To be published"), required=False)
    published_on = DayField(
        label=lazy("Published on"),
        required=False,
        help_text=lazy("Empty: the day on which it is taken in."),
    )

    def prepare(self) -> None:
        """As the line was read."""
        states: Any = self.fields["state"]
        states.queryset = State.objects.order_by(folded("name_en"), "pk")
        if self.row is None:
            return
        for name in self.fields:
            if name != "published":
                self.fields[name].initial = getattr(self.row, name)
        self.fields["state"].initial = self.row.state_id
        self.fields["published"].initial = self.row.publish

    def clean(self) -> dict[str, Any]:
        """In the words of an index: the same reading for what is written and what is answered."""
        data = super().clean() or {}
        if self.errors:
            return data
        facts = {"state": data["state"].pk, "kind": data["kind"], "year": str(data["year"])}
        facts["language"] = data["language"]
        for name in (*columns.PERIOD, *columns.RECEIPT):
            facts[name] = data[name].isoformat() if data[name] else ""
        on: dt.date | None = data["published_on"]
        facts["published_on"] = on.isoformat() if on else "yes"
        if not data["published"]:
            facts["published_on"] = ""
        data["facts"] = facts
        return data


def _answer(request: StaffRequest, row: ArchiveLine, data: dict[str, Any]) -> str:
    line = answers.correct(row, data["facts"], by=request.user)
    if line.finding == Finding.REFUSED:
        raise Refused(line.sentence)
    # What the person has just typed is meant, doubts that remain included: each is shown in the
    # line, and the line can still be left out.
    answers.take(line, by=request.user)
    return _("Answered. The line is ready to be taken in.")


def _take(request: StaffRequest, row: ArchiveLine, data: dict[str, Any]) -> None:
    answers.take(row, by=request.user)


def _leave(request: StaffRequest, row: ArchiveLine, data: dict[str, Any]) -> None:
    answers.leave_out(row, by=request.user)


def _undone(user: User, row: ArchiveLine) -> bool:
    return not row.outcome and row.looked_at is not None and row.archive.closed_at is None


def _takeable(user: User, row: ArchiveLine) -> bool:
    return _undone(user, row) and row.finding != Finding.REFUSED


def _in_doubt(rows: list[ArchiveLine]) -> list[str]:
    if len(rows) != 1:
        return []
    row = rows[0]
    return [*filter(None, [row.sentence]), *row.doubts, *row.notes, *filter(None, [_link(row)])]


def _link(row: ArchiveLine) -> str:
    """To the file in the archive, for as long as it is kept."""
    if not row.file or row.archive.closed_at is not None:
        return ""
    url = reverse("admin:reporting_archiveline_paper", args=[row.pk])
    words = _("Open the file: %(name)s") % {"name": row.file}
    return format_html('<a href="{}">{}</a>', url, words)


LINE_ACTS = (
    Act(
        "answer",
        lazy("Answer"),
        "file_for_state",
        does=_answer,
        form=AnswerForm,
        open_to=_undone,
        closed=lazy("Nothing more can be said of this line."),
        explains=_in_doubt,
        reads=("archive",),
        help=lazy("Says what the line means where it is not clear."),
    ),
    Act(
        "take",
        lazy("Take as it was read"),
        "file_for_state",
        does=_take,
        open_to=_takeable,
        closed=lazy("This line cannot be taken."),
        explains=_in_doubt,
        reads=("archive",),
        bulk=True,
        primary=True,
        done=lazy("Ready to be taken in: %(count)s."),
    ),
    Act(
        "leave-out",
        lazy("Leave out"),
        "file_for_state",
        does=_leave,
        open_to=_undone,
        closed=lazy("Nothing more can be said of this line."),
        reads=("archive",),
        bulk=True,
        done=lazy("Left out: %(count)s."),
    ),
)


@admin.register(ArchiveLine)
class ArchiveLineAdmin(EvidenceAdmin):
    """The lines of archives: what each would do, and what became of it."""

    section = "reports"
    view_right = "file_for_state"
    final = lazy("A line stands as its index has it. What it means is answered beside it.")
    guidance = lazy(
        "Lines in doubt wait for an answer; all others are taken in when the archive is confirmed."
    )
    list_display = [
        "number",
        "what",
        "to_know",
        "state",
        "kind",
        "year",
        "language",
        "file",
        "became",
    ]
    file_columns = (
        "archive",
        "number",
        "what",
        "state",
        "kind",
        "year",
        "language",
        "file",
        "doubted",
        "said",
        "became",
        "covers_from",
        "covers_to",
        "received_by_unoda",
        "published_on",
        "written",
    )
    list_filter = ["finding", WaitsFilter, "left_out", "outcome", "archive"]
    list_select_related = ["archive", "state", "report"]
    search_fields = ["file", "state__name_en", "state__iso3", "year"]
    fields = [
        ("archive", "number"),
        ("what", "said", "doubted"),
        ("state", "kind", "year"),
        ("covers_from", "covers_to", "language"),
        ("received_by_isu", "sent_to_unoda", "received_by_unoda"),
        ("publish", "published_on"),
        "written",
        ("file", "paper", "fingerprint"),
        ("became", "report", "done_at"),
    ]
    readonly_fields = ["what", "said", "doubted", "written", "became", "paper", "fingerprint"]
    acts = LINE_ACTS
    empty = lazy("No line is here. Archives are sent from their own register.")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What there is nothing to say of is not asked about."""
        empty = {
            name
            for name in ("said", "doubted", "paper", "fingerprint", "became")
            if obj is not None and not getattr(self, name)(obj)
        }
        rows = [
            tuple(name for name in one if name not in empty) if isinstance(one, tuple) else one
            for one in super().get_fields(request, obj)
        ]
        return [one for one in rows if one]

    def get_urls(self) -> list[URLPattern]:
        """The file of a line, as it lies in the archive."""
        name = "reporting_archiveline_paper"
        wrapped = self.admin_site.admin_view(self.file_view)
        return [path("<int:pk>/file/", wrapped, name=name), *super().get_urls()]

    def file_view(self, request: HttpRequest, pk: int) -> Any:
        """The file of a line; unpacked anew each time, and an attachment that nobody guesses of."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        line = get_object_or_404(ArchiveLine.objects.select_related("archive"), pk=pk)
        try:
            with (
                keeping.reading(line.archive.path) as container,
                container.taken(line.file) as taken,
            ):
                found = files.examine(taken.file, taken.name)  # type: ignore[arg-type]
                if settings.CLAMD_SOCKET:
                    said = files.scan(taken.file, settings.CLAMD_SOCKET)  # type: ignore[arg-type]
                    if said.answer is files.Answer.INFECTED:
                        raise Unreadable(_("The antivirus found something in this file."))
                taken.file.seek(0)
                copy = TemporaryFile()  # noqa: SIM115 -- the answer closes it when it is sent
                copyfileobj(taken.file, copy)
                copy.seek(0)
        except Unreadable as unreadable:
            messages.error(request, str(unreadable))
            return HttpResponseRedirect(change_url(line))
        return FileResponse(
            copy,
            as_attachment=True,
            filename=taken.name,
            content_type=found.media_type or "application/octet-stream",
            headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
        )

    @admin.display(description=lazy("the file"))
    def paper(self, row: ArchiveLine) -> str:
        """The way to it."""
        return _link(row)

    @admin.display(description=lazy("SHA-256"))
    def fingerprint(self, row: ArchiveLine) -> str:
        """Of the file, where it could be read."""
        return row.sha256

    @admin.display(description=lazy("would do"), ordering="finding")
    def what(self, row: ArchiveLine) -> str:
        """What the line would do, and whether it is left out."""
        words = str(row.get_finding_display()) if row.finding else _("being read")
        return _("left out") if row.left_out and not row.outcome else words

    @admin.display(description=lazy("in doubt"))
    def doubted(self, row: ArchiveLine) -> str:
        """Every doubt, and whether it is answered."""
        words = " ".join(row.doubts)
        return f"{words} {_('(answered)')}" if words and row.answered_at else words

    @admin.display(description=lazy("why"))
    def said(self, row: ArchiveLine) -> str:
        """Why it cannot be taken, or how a day was read."""
        return " ".join(filter(None, [row.sentence, *row.notes]))

    @admin.display(description=lazy("what to know"))
    def to_know(self, row: ArchiveLine) -> str:
        """What is in doubt, and why it cannot be taken, on one line of the list."""
        return " ".join(filter(None, [self.doubted(row), self.said(row)]))

    @admin.display(description=lazy("became"), ordering="outcome")
    def became(self, row: ArchiveLine) -> str:
        """What became of it, and the report."""
        if not row.outcome:
            return ""
        words = str(row.get_outcome_display())
        return f"{words}: {row.report.reference}" if row.report else words

    @admin.display(description=lazy("as it is written"))
    def written(self, row: ArchiveLine) -> str:
        """What stands in the index."""
        return "; ".join(f"{name}: {text}" for name, text in row.given.items())
