"""The register of questions to the ISU, and what staff do with them."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from records import enquiries
from records.admin.base import FinalAdmin
from records.models import Enquiry
from states.admin.acts import Act, ActForm, StaffRequest, WhyForm
from states.models import User


class AnswerForm(ActForm):
    """The answer, as it will be read."""

    text = forms.CharField(
        label=lazy("Answer"),
        help_text=lazy("Goes out by e-mail, and stands on the page of who asked."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )


def _answer(request: StaffRequest, row: Enquiry, data: dict[str, Any]) -> str:
    enquiries.answer(row, data["text"], by=request.user)
    return _("The answer is on its way.")


def _settle(request: StaffRequest, row: Enquiry, data: dict[str, Any]) -> None:
    enquiries.settle(row, by=request.user, note=data["reason"])


def _erase(request: StaffRequest, row: Enquiry, data: dict[str, Any]) -> None:
    enquiries.erase(row, by=request.user, note=data["reason"])


def _may_be_answered(user: User, row: Enquiry) -> bool:
    return row.answered_at is None and bool(enquiries.address(row))


@admin.register(Enquiry)
class EnquiryAdmin(FinalAdmin):
    """Questions from any page; each is answered by a letter, or settled."""

    section = "letters"
    view_right = "ask_clarification"
    final = lazy("A question stays as it was asked, until it is erased.")
    list_display = ["asked_at", "who", "beginning", "standing"]
    list_filter = ["settled_at", "language"]
    list_select_related = ["asked_by", "state"]
    search_fields = ["question", "answer", "state__name_en"]
    fields: ClassVar[Any] = [
        "asked_at",
        ("who", "state"),
        "page",
        "question",
        "answer",
        ("answered_at", "answered_by"),
        "settled_at",
    ]
    readonly_fields: ClassVar[Any] = ["who", "page"]
    acts = (
        Act(
            "answer",
            lazy("Answer"),
            "ask_clarification",
            does=_answer,
            form=AnswerForm,
            open_to=_may_be_answered,
            primary=True,
            reads=("asked_by",),
        ),
        Act(
            "settle",
            lazy("Mark as settled"),
            "ask_clarification",
            does=_settle,
            form=WhyForm,
            open_to=lambda user, row: row.settled_at is None,
            bulk=True,
            done=lazy("Settled: %(count)s."),
        ),
        Act(
            "erase",
            lazy("Erase"),
            "ask_clarification",
            does=_erase,
            form=WhyForm,
            open_to=lambda user, row: row.erased_at is None,
            help=lazy("Who asked and all words go; that there was a question stays."),
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All of it."""
        return [*super().get_readonly_fields(request, obj), *self.readonly_fields]

    @admin.display(description=lazy("asked by"))
    def who(self, row: Enquiry) -> str:
        """The person, the mailbox, or nobody known."""
        return str(row.asked_by or row.mailbox or _("nobody known"))

    @admin.display(description=lazy("question"))
    def beginning(self, row: Enquiry) -> str:
        """Its first words."""
        return row.question[:80] or _("erased")

    @admin.display(description=lazy("standing"))
    def standing(self, row: Enquiry) -> str:
        """What became of it."""
        if row.answered_at is not None:
            return _("answered")
        return _("settled") if row.settled_at is not None else _("open")

    @admin.display(description=lazy("page it was asked on"))
    def page(self, row: Enquiry) -> str:
        """A link to it."""
        return format_html('<a href="{0}">{0}</a>', row.about) if row.about else "–"
