"""The register: what was handed in, with its cover page, questions and versions."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from records.admin.base import EvidenceAdmin
from reporting import coverpage, doubting, replaced, threads
from reporting.admin.acts import ACTS
from reporting.admin.notes import ON_A_REPORT, notes_on
from reporting.admin.parts import drafts, points_of
from reporting.admin.review import ReviewMixin
from reporting.admin.reviewing_acts import review_url
from reporting.models import DRAFT, Remark, Report
from reporting.transcription import confirmed
from states import access
from states.admin.parts import Line, Part, change_url, lines
from states.words import day

STANDS = {
    threads.OPEN: lazy("waits for the State"),
    threads.ANSWERED: lazy("answered, to be settled"),
    threads.SETTLED: lazy("settled"),
}


@admin.register(Report)
class ReportAdmin(ReviewMixin, EvidenceAdmin):
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
        ("channel", "paper", "answers"),
        ("handed_in_at", "handed_in_by"),
        ("received_by_isu", "sent_to_unoda", "received_by_unoda"),
        ("says_sent", "published_on"),
        ("amends", "receipt"),
        "note",
    ]
    readonly_fields = ["paper", "answers", "says_sent"]
    acts = (*ACTS, *ON_A_REPORT)

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
            until = obj.invitations.in_force(localdate()).order_by("-until_on", "-pk").first()
            return _("The State invites the ISU to read this draft until %(day)s.") % {
                "day": day(until.until_on) if until else "–"
            }
        return f"{replaced.in_words(obj)} {self.final}".strip()

    @admin.display(description=lazy("the State says that it has sent the report to UNODA"))
    def says_sent(self, row: Report) -> str:
        """In a word: the sign for "no" is red, and a State that has not said so did no wrong."""
        return _("yes") if row.sent_by_state_said else _("no")

    @admin.display(description=lazy("file"))
    def paper(self, row: Report) -> str:
        """The report as it was received."""
        if row.original is None:
            return _("none")
        url = reverse("file", args=[row.original.pk, row.original.name])
        return format_html('<a href="{}">{}</a>', url, row.original.name)

    @admin.display(description=lazy("answers"))
    def answers(self, row: Report) -> str:
        """Where they are read, form by form; a report that came as a file alone has none."""
        words = _("read them form by form")
        if not row.forms.exclude(said={}).exists():
            if confirmed.transcription_of(row) is None:
                return _("none")
            words = _("typed by the ISU from the file, and confirmed by the State")
        return format_html('<a href="{}">{}</a>', row.get_absolute_url(), words)

    def parts(self, request: HttpRequest, obj: Report) -> list[Part]:
        """The cover page, what a reader may doubt, the questions, the other versions."""
        cover = Part(
            "cover",
            _("Cover page"),
            (_("Form"), _("Marked"), _("Since"), _("In a sentence")),
            empty=_("Nothing is marked."),
        )
        cover.lines = [
            Line(
                (
                    f"{line.letter}: {line.form.title}",
                    str(line.words),
                    line.since or "",
                    line.sentence,
                )
            )
            for line in coverpage.lines(obj.marks, obj.language)
            if line.mark
        ]
        doubted = Part(
            "doubts",
            _("What a reader may ask about"),
            (_("Question"), _("The word of the State")),
            empty=_("Nothing."),
        )
        doubted.lines = [
            Line((one.text, one.confirmed.word if one.confirmed else ""))
            for one in doubting.of_report(obj)
        ]
        remarks = Part(
            "remarks",
            _("Questions and answers"),
            (_("About"), _("On"), _("Question"), _("Answers"), _("Stands")),
            empty=_("Nothing was asked."),
        )
        remarks.lines = [
            Line(
                (
                    one.about or _("the whole report"),
                    day(localdate(one.question.made_at)),
                    one.question.text,
                    sum(1 for said in one.said if said.side == Remark.Side.STATE),
                    str(STANDS[one.stands]) if one.letter is None else _("letter not released"),
                ),
                review_url(obj, f"#question-{one.question.pk}") if obj.status != DRAFT else "",
            )
            for one in threads.with_letters(threads.of_report(obj))
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
            for row in same.order_by("number", "pk")
        )
        return [cover, points_of(request, obj), doubted, remarks, versions, notes_on(obj)]

    def list_acts(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The queue stands beside what can be done."""
        found = super().list_acts(request)
        if access.may(request.user, "record_receipt"):
            queue = reverse("admin:reporting_report_queue")
            found.insert(0, {"url": queue, "label": _("Reports to review")})
        return found

    def open_acts(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        """The review stands first."""
        found = super().open_acts(request, row)
        if (later := replaced.by(row)) is not None:
            link = {
                "url": change_url(later),
                "label": _("The version that replaces it"),
                "primary": True,
                "help": "",
            }
            found.insert(0, link)
        if row.status != DRAFT and access.may(request.user, "record_receipt"):
            link = {
                "url": review_url(row),
                "label": _("Review it form by form"),
                "primary": False,
                "help": "",
            }
            found.insert(0, link)
        return found

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Says which drafts exist."""
        notes = drafts(request.user)
        return super().changelist_view(request, {"extra_notes": notes, **(extra_context or {})})
