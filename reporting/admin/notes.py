"""Notes of the ISU on what States reported: made on a report, read and withdrawn here."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from records.admin.base import FinalAdmin
from reporting import noting
from reporting.models import PUBLISHED, FigureNote, Report
from states.admin.acts import Act, ActForm, DayField, StaffRequest, WhyForm
from states.admin.parts import Part, lines
from states.models import User
from states.words import day


class FigureNoteForm(ActForm):
    """What the ISU says, on what, and who answers for it."""

    place = forms.ChoiceField(label=lazy("On what"))
    text = forms.CharField(
        label=lazy("Note"),
        max_length=noting.LONGEST,
        help_text=lazy("As everybody will read it, beside the State's own figure."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    corrected = forms.DecimalField(
        label=lazy("Number that the ISU holds"),
        required=False,
        max_digits=30,
        decimal_places=15,
        help_text=lazy(
            "In the unit of the question. The State's own figure stays as it is. Empty: none."
        ),
    )
    source = forms.CharField(
        label=lazy("Source"),
        max_length=noting.LONGEST_NAME,
        help_text=lazy("The paper or the letter that it rests on, with its day."),
    )
    signed_by = forms.CharField(
        label=lazy("Signed by"),
        max_length=noting.LONGEST_NAME,
        initial=lazy("ISU"),
        help_text=lazy("A function, such as “Director of the ISU”; no name of a person."),
    )
    signed_on = DayField(label=lazy("Signed on"), initial=localdate)

    def prepare(self) -> None:
        """The report, its forms, and every question in it whose answer is a figure."""
        places: Any = self.fields["place"]
        places.choices = noting.places(self.row)


def _note(request: StaffRequest, row: Report, data: dict[str, Any]) -> None:
    noting.note(
        row,
        data["place"],
        by=request.user,
        text=data["text"],
        source=data["source"],
        signed_by=data["signed_by"],
        signed_on=data["signed_on"],
        corrected=data["corrected"],
    )


def _withdraw(request: StaffRequest, row: FigureNote, data: dict[str, Any]) -> None:
    noting.withdraw(row, by=request.user, why=data["reason"])


def _is_public(user: User, row: Report) -> bool:
    return row.status == PUBLISHED


ON_A_REPORT = (
    Act(
        "note",
        lazy("Add a note of the ISU"),
        "publish_report",
        does=_note,
        form=FigureNoteForm,
        open_to=_is_public,
        closed=lazy("Only a published report carries notes."),
        help=lazy("Stands beside the State's figures wherever they are read, signed and dated."),
        done=lazy("The note stands beside the report."),
    ),
)


def notes_on(report: Report) -> Part:
    """All notes on a report, withdrawn ones among them."""
    part = Part(
        "figure-notes",
        _("Notes of the ISU"),
        (_("Note"), _("On what"), _("Signed"), _("Withdrawn")),
        empty=_("There is none."),
    )
    part.lines = lines(
        (
            one,
            (
                one.text,
                noting.place_in_words(report, one.path),
                noting.signature(one),
                day(localdate(one.withdrawn_at)) if one.withdrawn_at else "",
            ),
        )
        for one in report.figure_notes.order_by("signed_on", "pk")
    )
    return part


@admin.register(FigureNote)
class FigureNoteAdmin(FinalAdmin):
    """Notes are final: a wrong one is withdrawn, and another made on the report."""

    section = "reports"
    final = lazy("A note does not change. Withdraw it, and make another on the report.")
    guidance = lazy("A note is made on the page of a published report.")
    list_display = ["report", "place", "text", "signed_by", "signed_on", "withdrawn_at"]
    list_filter = [("withdrawn_at", admin.EmptyFieldListFilter), "report__year"]
    list_select_related = ["report__state"]
    search_fields = ["text", "report__reference", "report__state__name_en"]
    fields = [
        ("report", "place"),
        "held",
        "text",
        ("source", "signed_by", "signed_on"),
        ("made_at", "maker"),
        ("withdrawn_at", "withdrawer"),
        "withdrawn_why",
    ]
    readonly_fields = ["place", "held", "maker", "withdrawer"]
    acts = (
        Act(
            "withdraw",
            lazy("Withdraw"),
            "publish_report",
            does=_withdraw,
            form=WhyForm,
            open_to=lambda user, row: row.withdrawn_at is None,
            closed=lazy("This note was withdrawn already."),
            help=lazy("Nobody outside reads it any longer; it is kept here with the reason."),
            done=lazy("Withdrawn; the row stays."),
        ),
    )

    @admin.display(description=lazy("number that the ISU holds"))
    def held(self, row: FigureNote) -> str:
        """With the unit of its question, and without the noughts that the database keeps."""
        if row.corrected is None:
            return ""
        return noting.number_in_words(row.corrected, noting.asked_by(row, row.report))

    @admin.display(description=lazy("made by"))
    def maker(self, row: FigureNote) -> str:
        """Who made it."""
        return str(row.made_by)

    @admin.display(description=lazy("withdrawn by"))
    def withdrawer(self, row: FigureNote) -> str:
        """Who withdrew it, if anybody."""
        return str(row.withdrawn_by or "")

    @admin.display(description=lazy("on what"))
    def place(self, row: FigureNote) -> str:
        """The question in words."""
        return noting.place_in_words(row.report, row.path)
