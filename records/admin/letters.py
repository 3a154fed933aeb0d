"""The register of letters: read before they leave, released one or many, set aside, settled."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from records import letters, words
from records.admin.base import EvidenceAdmin, KindFilter
from records.models import Letter
from records.models.events import record
from states import passes
from states.admin.acts import Act, ActForm, StaffRequest
from states.admin.base import ReasonedForm
from states.admin.parts import change_url
from states.models import Pass, Practice, User

Status = Letter.Status
SHOWN = 40

FINAL = {
    Status.SENT: lazy(
        "This letter was sent and does not change. To correct it, write a correction: a new letter "
        "to the same mailbox."
    ),
    Status.SENDING: lazy("This letter is on its way out."),
    Status.DOUBTFUL: lazy("It may have left: settle the doubt before anything else."),
    Status.OVERTAKEN: lazy("This letter was set aside and does not go out."),
    Status.QUEUED: lazy("This letter leaves within a minute or two; set it aside to stop it."),
    Status.FAILED: lazy("The mail host refused this letter: release it again, or set it aside."),
}


class ReleaseForm(ActForm):
    """Released; the first release from a site asks back."""

    first_confirmed = forms.BooleanField(
        label=lazy("These letters are to go out: the first from this site"), required=False
    )

    def prepare(self) -> None:
        """Asked once in the life of a site."""
        if Practice.on(Practice.Key.FIRST_RELEASE):
            del self.fields["first_confirmed"]


class NoteForm(ActForm):
    """A note that is kept beside the letter."""

    note = forms.CharField(
        label=lazy("Why"),
        help_text=lazy("Kept beside the letter."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SettleForm(ActForm):
    """What the mail log shows."""

    left = forms.ChoiceField(
        label=lazy("Did it leave?"),
        choices=[
            ("yes", lazy("yes, the mail log shows it: it counts as sent")),
            ("no", lazy("no, it is to leave again")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=lazy("How do you know?"), widget=forms.Textarea(attrs={"rows": 2}))


def _with_place(letter: Letter, body: str) -> str:
    # A browser sends line ends of its own, which the place of a link has none of.
    if why := letters.place_missing(letter, body):
        raise forms.ValidationError(why)
    return body


class CorrectionForm(ActForm):
    """A second letter that corrects the first."""

    subject = forms.CharField(
        label=lazy("Subject"), widget=forms.TextInput(attrs={"class": "vTextField"})
    )
    body = forms.CharField(label=lazy("Text"), widget=forms.Textarea(attrs={"rows": 16}))

    def prepare(self) -> None:
        """Begins from what was sent."""
        if self.row is not None:
            self.fields["subject"].initial = _("Correction: %(subject)s") % {
                "subject": self.row.subject
            }
            self.fields["body"].initial = self.row.body

    def clean_body(self) -> str:
        """A correction brings a link of its own where the letter had one."""
        return _with_place(self.row, self.cleaned_data["body"])


def _release(request: StaffRequest, rows: list[Letter], data: dict[str, Any]) -> str:
    done = letters.release(rows, by=request.user, first_confirmed=bool(data.get("first_confirmed")))
    reasons = list(done.reasons)
    if not done.done:
        said = _("No letter was released: %(why)s") % {"why": " ".join(reasons)}
        messages.warning(request, said)
        return ""
    for sentence in reasons:
        messages.warning(request, sentence)
    return ngettext("Released: %(count)d letter.", "Released: %(count)d letters.", done.done) % {
        "count": done.done
    }


def _what_release_does(rows: list[Letter]) -> list[str]:
    ready = [row for row in rows if row.status in (Status.HELD, Status.FAILED)]
    if not ready:
        return []
    to = sorted({row.contact.email if row.contact else row.to for row in ready})
    said = [
        ngettext("%(count)d letter goes to %(to)s.", "%(count)d letters go to %(to)s.", len(ready))
        % {
            "count": len(ready),
            "to": ", ".join(to[:SHOWN]) + (" …" if len(to) > SHOWN else ""),
        }
    ]
    if not Practice.on(Practice.Key.FIRST_RELEASE):
        said.append(
            _("Nothing was released from this site before: read the list of recipients, then tick.")
        )
    if why := letters.gate(localdate()):
        said.append(why)
    return said


def _set_aside(request: StaffRequest, row: Letter, data: dict[str, Any]) -> None:
    letters.set_aside(row, by=request.user, note=data["note"])


def _settle(request: StaffRequest, row: Letter, data: dict[str, Any]) -> str:
    settled = letters.settle(row, by=request.user, sent=data["left"] == "yes", note=data["note"])
    return _("%(letter)s: %(status)s.") % {
        "letter": settled,
        "status": settled.get_status_display(),
    }


def _correct(request: StaffRequest, row: Letter, data: dict[str, Any]) -> Any:
    number = Letter.objects.filter(key__startswith=f"correction/{row.pk}/").count() + 1
    new = Letter.objects.create(
        key=f"correction/{row.pk}/{number}",
        kind=row.kind,
        state=row.state,
        contact=row.contact,
        to=row.contact.email if row.contact and row.contact.email else row.to,
        cc=row.cc,
        reply_to=row.reply_to,
        language=row.language,
        subject=data["subject"],
        body=data["body"],
        opens=row.opens,
        why=_("Corrects the letter No. %(number)s.") % {"number": row.pk},
        status=Status.HELD,
    )
    record("correct", new, by=request.user, state=row.state, now=Status.HELD, note=new.why)
    messages.success(request, _("The correction is held: read it and release it."))
    return HttpResponseRedirect(change_url(new))


def _ready(user: User, row: Letter) -> bool:
    return row.status in (Status.HELD, Status.FAILED)


def _unsent(user: User, row: Letter) -> bool:
    return row.status in (Status.HELD, Status.QUEUED, Status.FAILED)


class LetterForm(ReasonedForm):
    """A held letter is read here before it leaves, and may be put better."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whole: nobody reads a letter well through a slit of three lines.
        if "body" in self.fields:
            self.fields["body"].widget.attrs |= {"rows": 20, "cols": 80}
        if "subject" in self.fields:
            self.fields["subject"].widget.attrs["class"] = "vLargeTextField"

    def clean_body(self) -> str:
        """What stands for the link stays."""
        return _with_place(self.instance, self.cleaned_data["body"])


@admin.register(Letter)
class LetterAdmin(EvidenceAdmin):
    """Letters in every status. They are planned by the clock and never typed in here."""

    section = "letters"
    view_right = "release_letters"
    change_right = "release_letters"
    asks_why = True
    form = LetterForm
    list_display = ["subject", "state", "to", "language", "status", "planned_at", "sent_at"]
    list_filter = [
        "status",
        ("kind", KindFilter),
        "language",
        "stage",
        ("state", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["state", "contact"]
    list_per_page = 100
    date_hierarchy = "planned_at"
    search_fields = ["subject", "to", "state__name_en", "state__iso3", "body"]
    fields = [
        ("state", "contact"),
        ("to", "cc", "language"),
        "reason_in_words",
        "subject",
        "body",
        "carries",
        ("status", "about", "stage"),
        ("planned_at", "queued_at", "sent_at"),
        ("asked_by", "released_at", "released_by"),
        ("attempts", "last_error"),
        "settled_note",
        "message_number",
    ]
    readonly_fields = [
        "state",
        "contact",
        "to",
        "cc",
        "language",
        "reason_in_words",
        "carries",
        "status",
        "about",
        "stage",
        "planned_at",
        "queued_at",
        "sent_at",
        "asked_by",
        "released_at",
        "released_by",
        "attempts",
        "last_error",
        "settled_note",
        "message_number",
    ]
    acts = (
        Act(
            "release",
            lazy("Release"),
            "release_letters",
            does_all=_release,
            form=ReleaseForm,
            open_to=_ready,
            explains=_what_release_does,
            closed=lazy("Only a letter that is held, or that the mail host refused, is released."),
            bulk=True,
            primary=True,
        ),
        Act(
            "set-aside",
            lazy("Set aside"),
            "release_letters",
            does=_set_aside,
            form=NoteForm,
            open_to=_unsent,
            bulk=True,
            done=lazy("Set aside: %(count)s."),
            help=lazy("The letter does not go out, and planning does not bring it back."),
        ),
        Act(
            "settle",
            lazy("Settle the doubt"),
            "release_letters",
            does=_settle,
            form=SettleForm,
            open_to=lambda user, row: row.status == Status.DOUBTFUL,
            explains=lambda rows: [
                _("Ask the mail log for the Message-ID %(id)s.") % {"id": row.message_id}
                for row in rows
            ],
            primary=True,
        ),
        Act(
            "correct",
            lazy("Make a correction"),
            "release_letters",
            does=_correct,
            form=CorrectionForm,
            open_to=lambda user, row: row.status == Status.SENT,
            help=lazy("A new letter to the same mailbox, held until it is released."),
        ),
    )

    def is_final(self, obj: Letter) -> bool:
        """Only what is held may be put better."""
        return obj.status != Status.HELD

    def final_sentence(self, obj: Letter) -> str:
        """What the status means for who wants to change it."""
        if obj.status == Status.QUEUED and (why := letters.gate(localdate())):
            return _("This letter is released and waits. %(why)s") % {"why": why}
        return str(FINAL.get(Status(obj.status), ""))

    @admin.display(description=lazy("kind"))
    def about(self, row: Letter) -> str:
        """In words."""
        return words.letter(row.kind)

    @admin.display(description=lazy("why"))
    def reason_in_words(self, row: Letter) -> str:
        """In the reader's language where planning wrote it."""
        return letters.reason(row)

    @admin.display(description=lazy("Message-ID"))
    def message_number(self, row: Letter) -> str:
        """What the mail log knows it by."""
        return row.message_id

    @admin.display(description=lazy("link"))
    def carries(self, row: Letter) -> str:
        """What its link opens; the link itself is made when the letter leaves and kept nowhere."""
        if not row.opens:
            return _("none")
        return _("%(purpose)s (%(subject)s), for %(days)d days from the sending") % {
            "purpose": Pass.Purpose(row.opens["purpose"]).label,
            "subject": passes.subjects([row.opens["subject"]]).get(row.opens["subject"], "–"),
            "days": row.opens["days"],
        }

    def save_model(self, request: Any, obj: Letter, form: forms.Form, change: bool) -> None:
        """Under a lock, since the clock may take the letter at the same moment."""
        held = Letter.objects.select_for_update(of=("self",)).get(pk=obj.pk)
        if held.status != Status.HELD:
            messages.error(request, _("The letter left meanwhile; nothing was changed."))
            return
        obj.save(update_fields=["subject", "body"])
        note = form.cleaned_data["reason"]
        record("edit", obj, by=request.user, state=obj.state, note=note)

    def list_acts(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The two pages about letters."""
        return [
            *super().list_acts(request),
            {"url": reverse("admin:outlook"), "label": _("Next 30 days")},
            {"url": reverse("admin:digest"), "label": _("What did not go out")},
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Says why no letter leaves, when none does."""
        why = letters.gate(localdate())
        return super().changelist_view(
            request, {"extra_notes": [why] if why else [], **(extra_context or {})}
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        """Newest first; what a State sends to its own people about a draft is not read here."""
        return super().get_queryset(request).filter(of_state_itself=False)
