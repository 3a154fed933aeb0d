"""Past reports in the admin: archives are sent, read through, answered, confirmed, taken in."""

from __future__ import annotations

import csv
import io
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from records.admin.base import REFUSALS, EvidenceAdmin
from records.archive import keeping
from records.archive.container import Unreadable
from reporting.archive import columns, running
from reporting.models import Archive, ArchiveLine, Finding, Outcome
from states import access
from states.admin.acts import Act, ActForm, StaffRequest
from states.admin.parts import Line, Part, change_url, list_url
from states.models import User
from states.words import moment

STAGES = {
    "reading": lazy("being read"),
    "refused": lazy("cannot be read"),
    "read": lazy("read, waits for your confirmation"),
    "importing": lazy("being taken in"),
    "done": lazy("taken in"),
    "closed": lazy("closed"),
}
AT_WORK = ("reading", "importing")
MOST_NAMED = 20


class ArchiveForm(ActForm):
    """The .zip. What a slow line resumed after a cut arrives here as any other file."""

    file = forms.FileField(
        label=lazy("Archive"),
        required=False,
        allow_empty_file=True,
        help_text=lazy(
            "A .zip of up to 500 MB with the reports and a table of them, “index.csv”. Nothing is "
            "taken in before you have read what would happen."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )

    def clean_file(self) -> Any:
        """There is one, within the limit."""
        file = self.cleaned_data["file"]
        if file is None:
            raise forms.ValidationError(_("Choose the archive."))
        if file.size > settings.ARCHIVE_MAX_BYTES:
            raise forms.ValidationError(keeping.too_large())
        return file


def _receive(request: StaffRequest, _row: None, data: dict[str, Any]) -> HttpResponseRedirect:
    same = None
    archive = running.receive(data["file"], by=request.user)
    same = Archive.objects.filter(sha256=archive.sha256, pk__lt=archive.pk).order_by("-pk").first()
    if same is not None:
        messages.warning(
            request,
            _("The same archive was sent on %(moment)s: what it brought then is left as it is.")
            % {"moment": moment(same.received_at)},
        )
    return HttpResponseRedirect(change_url(archive))


def _confirm(request: StaffRequest, row: Archive, data: dict[str, Any]) -> str:
    coming = running.confirm(row, by=request.user)
    return ngettext(
        "%(count)d report is being taken in.", "%(count)d reports are being taken in.", coming
    ) % {"count": coming}


def _close(request: StaffRequest, row: Archive, data: dict[str, Any]) -> None:
    running.close(row, by=request.user)


def _may_confirm(user: User, row: Archive) -> bool:
    return row.stage in {"read", "done"} and running.ready(row).exists()


def _may_close(user: User, row: Archive) -> bool:
    return row.stage in {"refused", "read", "done"}


def _what_happens(rows: list[Archive]) -> list[str]:
    """What a confirmation does, before it does it."""
    found = []
    for row in rows:
        counts = running.ready(row).aggregate(
            new=Count("pk", filter=Q(left_out=False, finding=Finding.NEW)),
            version=Count("pk", filter=Q(left_out=False, finding=Finding.VERSION)),
            public=Count(
                "pk",
                filter=Q(left_out=False, publish=True, finding__in=[Finding.NEW, Finding.VERSION]),
            ),
        )
        waits = row.lines.filter(outcome="").count() - running.ready(row).count()
        found += [
            ngettext("%(n)d new report comes in.", "%(n)d new reports come in.", counts["new"])
            % {"n": counts["new"]},
            ngettext(
                "%(n)d new version comes in.", "%(n)d new versions come in.", counts["version"]
            )
            % {"n": counts["version"]},
            ngettext("%(n)d of them is public.", "%(n)d of them are public.", counts["public"])
            % {"n": counts["public"]},
        ]
        if waits:
            found.append(
                ngettext(
                    "%(n)d line is in doubt and waits for your answer.",
                    "%(n)d lines are in doubt and wait for your answer.",
                    waits,
                )
                % {"n": waits}
            )
        found += _left_aside(row)
        found.append(_("No letter goes out because of it."))
    return found


def _left_aside(row: Archive) -> list[str]:
    """The lines that a confirmation closes and that bring nothing, each with its reason."""
    ready = running.ready(row)
    aside = ready.filter(Q(left_out=True) | Q(finding__in=[Finding.REFUSED, Finding.SAME]))
    number = aside.count()
    found = [
        _("Line %(line)s is not taken in: %(why)s")
        % {"line": one.number, "why": _("left out") if one.left_out else one.sentence}
        for one in aside.order_by("number")[:MOST_NAMED]
    ]
    if number > MOST_NAMED:
        found.append(
            _("%(n)d more lines are not taken in; the list of lines says why.")
            % {"n": number - MOST_NAMED}
        )
    if ready.filter(left_out=False, finding=Finding.REFUSED).exists():
        found.append(_("What cannot be taken is answered before: afterwards its line is closed."))
    return found


ACTS = (
    Act(
        "send",
        lazy("Send an archive of past reports"),
        "file_for_state",
        does=_receive,
        form=ArchiveForm,
        on_list=True,
        help=lazy("It is read in the background; you may close the page meanwhile."),
    ),
    Act(
        "confirm",
        lazy("Take in what is not in doubt"),
        "publish_report",
        does=_confirm,
        open_to=_may_confirm,
        closed=lazy("Nothing is ready to be taken in."),
        explains=_what_happens,
        primary=True,
    ),
    Act(
        "close",
        lazy("Close the archive"),
        "file_for_state",
        does=_close,
        open_to=_may_close,
        closed=lazy("It is at work, or closed already."),
        help=lazy("Nothing more is taken from it, and the .zip is no longer kept."),
        done=lazy("Closed: %(count)s."),
    ),
)


@admin.register(Archive)
class ArchiveAdmin(EvidenceAdmin):
    """Archives of past reports, and how far each has come."""

    refusals = (*REFUSALS, Unreadable)
    section = "reports"
    view_right = "file_for_state"
    final = lazy("What an archive brings is answered line by line, and then confirmed.")
    guidance = lazy(
        "A .zip with past reports and a table of them. Sent once more, it changes nothing."
    )
    list_display = ["name", "stage", "received_at", "received_by", "lines_in_all", "lines_done"]
    list_select_related = ["received_by"]
    search_fields = ["name"]
    fields = ["name", "stage", ("received_at", "received_by"), "megabytes", "sha256", "problem"]
    readonly_fields = ["stage", "megabytes"]
    acts = ACTS
    change_form_template = "admin/archive.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Archive]:
        """With the numbers of their lines."""
        return (
            super()
            .get_queryset(request)
            .annotate(
                in_all=Count("lines"),
                done=Count("lines", filter=~Q(lines__outcome="")),
                looked=Count("lines", filter=Q(lines__looked_at__isnull=False)),
                released=Count("lines", filter=Q(lines__released=True)),
                waiting=Count(
                    "lines",
                    filter=~Q(lines__doubts=[])
                    & Q(lines__answered_at__isnull=True, lines__left_out=False, lines__outcome=""),
                ),
            )
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Why it cannot be read is asked only where it cannot."""
        fields = [*super().get_fields(request, obj)]
        return fields if obj is None or obj.problem else [n for n in fields if n != "problem"]

    @admin.display(description=lazy("stands"))
    def stage(self, row: Archive) -> str:
        """In words; what still waits for an answer is said beside what was taken in."""
        words = str(STAGES[row.stage])
        waiting = getattr(row, "waiting", 0)
        if row.stage != "done" or not waiting:
            return words
        return ngettext(
            "%(stage)s; %(n)d line waits for your answer",
            "%(stage)s; %(n)d lines wait for your answer",
            waiting,
        ) % {"stage": words, "n": waiting}

    @admin.display(description=lazy("lines"))
    def lines_in_all(self, row: Any) -> int:
        """How many the index has."""
        return int(row.in_all)

    @admin.display(description=lazy("lines done"))
    def lines_done(self, row: Any) -> int:
        """How many are taken in, left out or refused."""
        return int(row.done)

    @admin.display(description=lazy("size"))
    def megabytes(self, row: Archive) -> str:
        """As people say it."""
        return filesizeformat(row.size)

    def list_acts(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Beside the way in, the index to fill in and the question of completeness."""
        return [
            *super().list_acts(request),
            {"url": reverse("admin:reporting_archive_template"), "label": _("Empty index (.csv)")},
            {
                "url": reverse("admin:reporting_archive_complete"),
                "label": _("From when the records are complete"),
            },
        ]

    def get_urls(self) -> list[URLPattern]:
        """The empty index, and the page on what is complete."""
        from reporting.admin.complete import complete_page  # noqa: PLC0415 -- needs this register

        wrap = self.admin_site.admin_view
        return [
            path("index.csv", wrap(index_template), name="reporting_archive_template"),
            path("complete/", wrap(complete_page), name="reporting_archive_complete"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """While it is at work the page comes anew by itself."""
        row: Any = kwargs.get("obj")
        at_work = row is not None and row.stage in AT_WORK
        total = (row.in_all if row.stage == "reading" else row.released) if at_work else 0
        context |= {
            "at_work": at_work,
            "progress": (row.looked if row.stage == "reading" else row.done) if at_work else 0,
            "progress_of": total,
            "stage_words": self.stage(row) if row is not None else "",
            "columns": [(one.key, columns.HELP[one.key]) for one in columns.COLUMNS],
        }
        answer = super().render_change_form(request, context, *args, **kwargs)
        if at_work:
            # Without a script; the page says so.
            answer["Refresh"] = "4"
        return answer

    def parts(self, request: HttpRequest, obj: Archive) -> list[Part]:
        """What the lines would do, what became of them, and what the index does not speak of."""
        if obj.listed_at is None:
            return []
        return [_findings(obj), _outcomes(obj), *_notes(obj)]


def _findings(obj: Archive) -> Part:
    part = Part(
        "findings",
        _("What the lines would do"),
        (_("What"), _("Lines"), _("In doubt, not answered")),
        note=_("Open a row of this table to see its lines; they are downloaded there, too."),
    )
    counted = {
        row["finding"]: row
        for row in obj.lines.order_by()
        .values("finding")
        .annotate(
            n=Count("pk"),
            doubtful=Count(
                "pk",
                filter=~Q(doubts=[]) & Q(answered_at__isnull=True, outcome=""),
            ),
        )
    }
    for finding in Finding:
        if row := counted.get(finding.value):
            url = list_url(ArchiveLine, archive__id__exact=obj.pk, finding__exact=finding.value)
            part.lines.append(Line((finding.label, row["n"], row["doubtful"] or ""), url))
    if sum(row["doubtful"] for row in counted.values()):
        part.links.append(
            {
                "url": list_url(ArchiveLine, archive__id__exact=obj.pk, waits="yes"),
                "label": _("Answer what is in doubt"),
            }
        )
    part.links.append(
        {"url": list_url(ArchiveLine, archive__id__exact=obj.pk), "label": _("All lines")}
    )
    part.links.append(
        {
            "url": reverse("admin:reporting_archiveline_export", args=["csv"])
            + f"?archive__id__exact={obj.pk}",
            "label": _("All lines as .csv"),
        }
    )
    return part


def _outcomes(obj: Archive) -> Part:
    part = Part(
        "outcomes",
        _("What became of them"),
        (_("What"), _("Lines")),
        empty=_("Nothing was taken in yet."),
    )
    counted = dict(
        obj.lines.exclude(outcome="").order_by().values_list("outcome").annotate(Count("pk"))
    )
    for outcome in Outcome:
        if outcome.value in counted:
            url = list_url(ArchiveLine, archive__id__exact=obj.pk, outcome__exact=outcome.value)
            part.lines.append(Line((outcome.label, counted[outcome.value]), url))
    if counted:
        part.links = [
            {
                "url": reverse("admin:reporting_archive_complete"),
                "label": _("From when the records are complete"),
            }
        ]
    return part


def _notes(obj: Archive) -> list[Part]:
    found = []
    if cut := obj.notes.get("cut"):
        found.append(Part("cut", _("Stopped"), (_("Why"),), [Line((cut,))]))
    if unknown := obj.notes.get("unknown"):
        found.append(
            Part(
                "unknown",
                _("Columns that are not known here and are left aside"),
                (_("Column"),),
                [Line((name,)) for name in unknown],
            )
        )
    if over := obj.notes.get("over"):
        number = obj.notes.get("number_over", len(over))
        found.append(
            Part(
                "over",
                _("Files of which the index does not speak"),
                (_("File"),),
                [Line((name,)) for name in over],
                note=_("%(n)s in all; none of them is taken in.") % {"n": number},
            )
        )
    return found


def index_template(request: HttpRequest) -> HttpResponse:
    """The first line of an index with an example, as a spreadsheet program opens it."""
    if not access.may(request.user, "file_for_state"):
        raise PermissionDenied
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([one.key for one in columns.COLUMNS])
    example = dict(columns.EXAMPLE)
    writer.writerow([example[one.key] for one in columns.COLUMNS])
    answer = HttpResponse(("\ufeff" + out.getvalue()).encode(), content_type="text/csv")
    answer["Content-Disposition"] = 'attachment; filename="index.csv"'
    return answer
