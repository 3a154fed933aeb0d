"""The register of transparency reports in the admin: receipt, questions, publication, filing."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from records import uploads
from records.admin.base import EvidenceAdmin
from reporting import clarification, coverpage, days, filing
from reporting.models import DRAFT, UN_LANGUAGES, Report
from reporting.workflow import REPORTS
from states import access
from states.admin.acts import Act, ActForm, DayWidget, StaffRequest
from states.admin.parts import Line, Part, change_url, lines
from states.models import State, User
from states.words import day


class ReceiptForm(ActForm):
    """Which day, and when it was."""

    which = forms.ChoiceField(label=lazy("What happened"), choices=list(days.WHICH.items()))
    on = forms.DateField(label=lazy("On"), widget=DayWidget, initial=localdate)
    reason = forms.CharField(
        label=lazy("Why, if it corrects a day recorded before"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def prepare(self) -> None:
        """Most often it is UNODA's receipt that is still missing."""
        self.fields["which"].initial = "received_by_unoda"


class PublishForm(ActForm):
    """The day of publication is chosen."""

    on = forms.DateField(
        label=lazy("Published on"),
        widget=DayWidget,
        initial=localdate,
        help_text=lazy("Today, or the day on which it was published elsewhere."),
    )


class QuestionForm(ActForm):
    """A question to the State; its letter is held until it is released."""

    text = forms.CharField(
        label=lazy("Question"),
        help_text=lazy("As the State will read it, in the letter and beside the report."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class FilingForm(ActForm):
    """What a State sent by e-mail or post."""

    state = forms.ModelChoiceField(label=lazy("State"), queryset=State.objects.none())
    kind = forms.ChoiceField(label=lazy("Report"), choices=Report.Kind.choices)
    year = forms.IntegerField(
        label=lazy("Year reported on"), min_value=filing.FIRST_YEAR, max_value=2100
    )
    channel = forms.ChoiceField(
        label=lazy("It came by"),
        choices=[
            (Report.Channel.EMAIL.value, Report.Channel.EMAIL.label),
            (Report.Channel.POST.value, Report.Channel.POST.label),
        ],
    )
    received_on = forms.DateField(
        label=lazy("Received by the ISU on"), widget=DayWidget, initial=localdate
    )
    covers_from = forms.DateField(
        label=lazy("Covers from, if not the usual period"), required=False, widget=DayWidget
    )
    covers_to = forms.DateField(label=lazy("to"), required=False, widget=DayWidget)
    language = forms.ChoiceField(label=lazy("Language"), choices=UN_LANGUAGES, initial="en")
    file = forms.FileField(
        label=lazy("The report"), help_text=lazy("PDF, Word, Excel, JPEG or PNG, up to 50 MB.")
    )
    note = forms.CharField(
        label=lazy("Note"),
        required=False,
        help_text=lazy("Such as the address that it came from. Read by the ISU only."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def prepare(self) -> None:
        """The States by name, and one row for each form of the cover page."""
        states: Any = self.fields["state"]
        states.queryset = State.objects.order_by("name_en")
        self.fields["year"].initial = localdate().year - 1
        for form in coverpage.FORMS:
            marks = [(key, coverpage.MARKS[key]) for key in form.allowed]
            self.fields[f"mark_{form.key}"] = forms.ChoiceField(
                label=_("Form %(letter)s: %(title)s")
                % {"letter": form.letter, "title": form.title},
                required=False,
                choices=[("", _("not marked")), *marks],
            )

    def marks(self) -> dict[str, dict[str, str]]:
        """The cover page as the State marked it."""
        given = {form.key: self.cleaned_data[f"mark_{form.key}"] for form in coverpage.FORMS}
        return {key: {"mark": mark} for key, mark in given.items() if mark}

    def clean(self) -> dict[str, Any]:
        """The cover page goes on as one answer."""
        data = super().clean() or {}
        data["marks"] = {
            form.key: {"mark": mark}
            for form in coverpage.FORMS
            if (mark := data.get(f"mark_{form.key}"))
        }
        return data


def _record(request: StaffRequest, row: Report, data: dict[str, Any]) -> None:
    days.record_receipt(row, data["which"], data["on"], by=request.user, reason=data["reason"])


def _publish(request: StaffRequest, row: Report, data: dict[str, Any]) -> None:
    REPORTS.take("publish", row, by=request.user, on=data["on"])


def _ask(request: StaffRequest, row: Report, data: dict[str, Any]) -> str:
    remark = clarification.ask_clarification(row, data["text"], by=request.user)
    written = remark.report.state.letters.filter(key__startswith=f"question/{remark.pk}/")
    if not written:
        return _("The question stands beside the report. No contact for the letter: add one.")
    return ngettext(
        "The question is recorded; %(count)d letter is held until it is released.",
        "The question is recorded; %(count)d letters are held until they are released.",
        len(written),
    ) % {"count": len(written)}


def _file(request: StaffRequest, _row: None, data: dict[str, Any]) -> HttpResponseRedirect:
    upload = uploads.receive(data["file"], data["state"], request.user)
    filed = filing.file_for_state(
        data["state"],
        data["kind"],
        data["year"],
        upload,
        by=request.user,
        channel=data["channel"],
        received_on=data["received_on"],
        covers_from=data["covers_from"],
        covers_to=data["covers_to"],
        language=data["language"],
        marks=data["marks"],
        note=data["note"],
    )
    messages.success(request, _("Filed: %(reference)s.") % {"reference": filed.reference})
    return HttpResponseRedirect(change_url(filed))


def _new_version(request: StaffRequest, row: Report, data: dict[str, Any]) -> HttpResponseRedirect:
    query = f"state={row.state_id}&kind={row.kind}&year={row.year}&language={row.language}"
    return HttpResponseRedirect(f"{_filing_url()}?{query}")


def _filing_url() -> str:
    return reverse("admin:reporting_report_act_list", args=["file"])


def _takes(step: str) -> Any:
    def open_to(user: User, row: Report) -> bool:
        return any(one.name == step for one in REPORTS.open_to(user, row))

    return open_to


def _handed_in(user: User, row: Report) -> bool:
    return row.status != DRAFT


def _state_of(rows: list[Report]) -> list[str]:
    if len(rows) != 1:
        return []
    known = [
        _("%(what)s: %(day)s") % {"what": words, "day": day(getattr(rows[0], name))}
        for name, words in days.WHICH.items()
        if getattr(rows[0], name)
    ]
    return [_("Recorded so far: %(days)s.") % {"days": "; ".join(known)}] if known else []


@admin.register(Report)
class ReportAdmin(EvidenceAdmin):
    """What States handed in. A State's draft is the State's: here it only exists."""

    section = "reports"
    final = lazy(
        "What was handed in does not change. A correction by the State is a new version: it comes "
        "through the portal, or is filed here as it came."
    )
    list_display = [
        "state",
        "kind",
        "year",
        "number",
        "status",
        "reference",
        "received_by_isu",
        "sent_to_unoda",
        "received_by_unoda",
        "published_on",
    ]
    list_filter = [
        "status",
        "year",
        "kind",
        "channel",
        ("received_by_unoda", admin.EmptyFieldListFilter),
        ("sent_to_unoda", admin.EmptyFieldListFilter),
        "language",
        "state__regional_group",
    ]
    list_select_related = ["state"]
    date_hierarchy = "received_by_isu"
    search_fields = ["reference", "state__name_en", "state__iso3"]
    fields = [
        ("state", "kind", "year", "number"),
        ("status", "reference"),
        ("covers_from", "covers_to", "language"),
        ("channel", "paper"),
        ("handed_in_at", "handed_in_by"),
        ("received_by_isu", "sent_to_unoda", "received_by_unoda"),
        ("sent_by_state_said", "published_on"),
        ("amends", "receipt"),
        "note",
    ]
    readonly_fields = ["paper"]
    acts = (
        Act(
            "receipt",
            lazy("Record receipt"),
            "record_receipt",
            does=_record,
            form=ReceiptForm,
            open_to=_handed_in,
            explains=_state_of,
            bulk=True,
            done=lazy("Recorded for %(count)s; the deadlines follow."),
        ),
        Act(
            "publish",
            lazy("Publish"),
            "publish_report",
            does=_publish,
            form=PublishForm,
            open_to=_takes("publish"),
            bulk=True,
            primary=True,
            done=lazy("Published: %(count)s."),
        ),
        Act(
            "ask",
            lazy("Ask for clarification"),
            "ask_clarification",
            does=_ask,
            form=QuestionForm,
            open_to=_handed_in,
            help=lazy("What was handed in stands; the answer is a new version or a word."),
        ),
        Act(
            "correct",
            lazy("Make a correction"),
            "file_for_state",
            does=_new_version,
            open_to=_handed_in,
            help=lazy("Files what the State sent anew, as the next version."),
        ),
        Act(
            "file",
            lazy("File a report for a State"),
            "file_for_state",
            does=_file,
            form=FilingForm,
            on_list=True,
            help=lazy(
                "For what came by e-mail or post. A draft that the State has here is not touched."
            ),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        """What exists for this person: a State's draft only while the State invites the ISU."""
        visible = Report.objects.visible_to(request.user)
        return super().get_queryset(request).filter(pk__in=visible.values("pk"))

    def is_final(self, obj: Report) -> bool:
        """Nothing of a State's report is typed here, draft or not."""
        return True

    def final_sentence(self, obj: Report) -> str:
        """A draft is read by invitation."""
        if obj.status == DRAFT:
            until = obj.invitations.in_force(localdate()).order_by("-until_on").first()
            return _("The State invites the ISU to read this draft until %(day)s.") % {
                "day": day(until.until_on) if until else "–"
            }
        return str(self.final)

    @admin.display(description=lazy("file"))
    def paper(self, row: Report) -> str:
        """The report as it was received."""
        if row.original is None:
            return _("none")
        url = reverse("file", args=[row.original.pk, row.original.name])
        return format_html('<a href="{}">{}</a>', url, row.original.name)

    def parts(self, request: HttpRequest, obj: Report) -> list[Part]:
        """The cover page, the questions, the other versions."""
        cover = Part(
            "cover",
            _("Cover page"),
            (_("Form"), _("Marked"), _("Since"), _("In a sentence")),
            empty=_("Nothing is marked."),
        )
        for form in coverpage.in_order(obj.language):
            said = obj.marks.get(form.key)
            if said:
                cover.lines.append(
                    Line(
                        (
                            f"{form.letter_in(obj.language)}: {form.title}",
                            str(coverpage.MARKS.get(said.get("mark", ""), "")),
                            said.get("year", ""),
                            said.get("sentence", ""),
                        )
                    )
                )
        remarks = Part(
            "remarks",
            _("Questions and answers"),
            (_("On"), _("Who"), _("Text"), _("Settled")),
            empty=_("Nothing was asked."),
        )
        remarks.lines = [
            Line(
                (
                    day(localdate(one.made_at)),
                    str(one.get_side_display()),
                    one.text,
                    day(localdate(one.settled_at)) if one.settled_at else _("open"),
                )
            )
            for one in obj.remarks.all()
        ]
        versions = Part(
            "versions",
            _("Versions"),
            (_("Version"), _("Status"), _("Reference"), _("Received")),
        )
        same = Report.objects.visible_to(request.user).filter(
            state=obj.state_id, kind=obj.kind, year=obj.year
        )
        versions.lines = lines(
            (
                row,
                (
                    row.number,
                    str(row.get_status_display()),
                    row.reference,
                    day(row.received_by_isu) if row.received_by_isu else "",
                ),
            )
            for row in same.order_by("number")
        )
        return [cover, remarks, versions]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Says which drafts exist."""
        notes = drafts(request.user)
        return super().changelist_view(request, {"extra_notes": notes, **(extra_context or {})})


def drafts(user: access.Person, of: State | None = None) -> list[str]:
    """That drafts exist and when each was last touched: nothing else of them is read here."""
    if not access.may(user, "record_receipt"):
        return []
    visible = Report.objects.visible_to(user)
    rows = Report.objects.filter(status=DRAFT).exclude(pk__in=visible.values("pk"))
    if of is not None:
        rows = rows.filter(state=of)
    return [
        _("%(state)s has a draft of its %(kind)s on %(year)s, last touched on %(day)s.")
        % {
            "state": row.state,
            "kind": row.get_kind_display(),
            "year": row.year,
            "day": day(localdate(row.touched_at)),
        }
        for row in rows.select_related("state")
        .only("state", "kind", "year", "touched_at")
        .order_by("state__name_en", "year")
    ]


def reports_of(request: HttpRequest, state: State) -> Part:
    """The reports of a State, for its page."""
    part = Part(
        "reports",
        _("Transparency reports"),
        (_("Report"), _("Version"), _("Status"), _("Reference"), _("Received by the ISU")),
        empty=_("No report is recorded here."),
        note=" ".join(drafts(request.user, state)),
    )
    rows = Report.objects.visible_to(request.user).filter(state=state)
    part.lines = lines(
        (
            row,
            (
                f"{row.get_kind_display()} {row.year}",
                row.number,
                str(row.get_status_display()),
                row.reference,
                day(row.received_by_isu) if row.received_by_isu else "",
            ),
        )
        for row in rows
    )
    if access.may(request.user, "file_for_state"):
        part.links = [
            {
                "url": f"{_filing_url()}?state={state.pk}",
                "label": _("File a report for this State"),
            }
        ]
    return part
