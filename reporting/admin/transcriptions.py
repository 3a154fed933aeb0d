"""The register of transcriptions: what was typed from files, and where each stands."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from records import letters
from records.admin.base import EvidenceAdmin
from records.models import Letter
from reporting import clarification, replaced
from reporting.models import Report, Transcription
from reporting.models.transcriptions import CONFIRMED, OPEN, SENT
from reporting.transcription import keeping, steps
from reporting.transcription.steps import TRANSCRIPTIONS
from reporting.unreleased import FIGURES, unreleased
from reporting.versions import schema_of
from states.admin.acts import Act, StaffRequest, WhyForm
from states.admin.parts import Line, Part, change_url, lines
from states.models import User
from states.words import day


def _begin(request: StaffRequest, row: Report, data: dict[str, Any]) -> HttpResponseRedirect:
    return HttpResponseRedirect(change_url(keeping.begin(row, by=request.user)))


def _to_transcribe(user: User, row: Report) -> bool:
    standing = Transcription.objects.standing().filter(report=row).first()
    if standing is not None:
        return standing.status != CONFIRMED
    return replaced.by(row) is None and not keeping.why_not(row)


TRANSCRIBE = Act(
    "transcribe",
    lazy("Transcribe"),
    keeping.RIGHT,
    does=_begin,
    open_to=_to_transcribe,
    closed=lazy(
        "Only the last version of a report that came as a file alone is transcribed, and only "
        "until the State has confirmed the figures."
    ),
    help=lazy("Type what its file says, form by form; the State then confirms the figures."),
)


def _send(request: StaffRequest, row: Transcription, data: dict[str, Any]) -> str:
    done = TRANSCRIPTIONS.take("send-figures", row, by=request.user)
    written = Letter.objects.filter(key__startswith=f"{steps.key(done)}{done.times_sent}/").count()
    if not written:
        return _(
            "The State's people who sign in see the figures now. No mailbox for the letter: add a "
            "contact, take the figures back and send them once more."
        )
    return ngettext(
        "Written: %(count)d letter. It is held until somebody releases it.",
        "Written: %(count)d letters. They are held until somebody releases them.",
        written,
    ) % {"count": written}


def _takes(step: str) -> Any:
    def does(request: StaffRequest, row: Transcription, data: dict[str, Any]) -> None:
        TRANSCRIPTIONS.take(step, row, by=request.user, note=data["reason"])

    return does


def _open_to(step: str) -> Any:
    def open_to(user: User, row: Transcription) -> bool:
        return any(one.name == step for one in TRANSCRIPTIONS.open_to(user, row))

    return open_to


def _what_goes_out(rows: list[Transcription]) -> list[str]:
    said = []
    for row in rows:
        to = [mailbox for mailbox, _language, _contact in clarification.recipients(row.report)]
        said.append(
            _("The link goes to %(mailbox)s.") % {"mailbox": ", ".join(to)}
            if to
            else _("%(state)s has no mailbox that works.") % {"state": row.report.state}
        )
    if why := letters.gate(localdate()):
        said.append(why)
    return said


@admin.register(Transcription)
class TranscriptionAdmin(EvidenceAdmin):
    """What the ISU typed from files: its own word until the State has confirmed it."""

    section = "reports"
    view_right = keeping.RIGHT
    final = lazy(
        "Nothing is typed in this register: open a form below. A State's own answers stay as they "
        "are; until the State has confirmed these figures, only the ISU and that State read them."
    )
    empty = lazy("No report is being transcribed. Open one that came as a file: “Transcribe”.")
    list_display = ["report", "status", "begun_at", "begun_by", "sent_at", "answered_at"]
    list_filter = ["status", "report__year"]
    list_select_related = ["report__state", "begun_by"]
    search_fields = ["report__reference", "report__state__name_en", "report__state__iso3"]
    fields = [
        ("report", "status"),
        "paper",
        ("begun_at", "begun_by"),
        ("times_sent", "sent_at", "sent_by"),
        ("answered_at", "answered_as", "mailbox"),
        "word",
    ]
    readonly_fields = ["paper"]
    acts = (
        Act(
            "send",
            lazy("Send to the State"),
            keeping.RIGHT,
            does=_send,
            open_to=_open_to("send-figures"),
            explains=_what_goes_out,
            primary=True,
            help=lazy(
                "A letter with a link, by which the State confirms the figures or corrects them."
            ),
        ),
        Act(
            "take-back",
            lazy("Take back from the State"),
            keeping.RIGHT,
            does=_takes("take-back-figures"),
            form=WhyForm,
            open_to=_open_to("take-back-figures"),
            done=lazy("Taken back: %(count)s. It can be typed in again."),
            help=lazy("To correct something before the State answers."),
        ),
        Act(
            "withdraw",
            lazy("Withdraw"),
            keeping.RIGHT,
            does=_takes("withdraw-figures"),
            form=WhyForm,
            open_to=_open_to("withdraw-figures"),
            done=lazy("Withdrawn: %(count)s."),
            help=lazy("It is kept, and goes no further; a new one may be begun."),
        ),
    )

    @admin.display(description=lazy("file"))
    def paper(self, row: Transcription) -> str:
        """The report as it was received, beside which the forms are typed."""
        original = row.report.original
        if original is None:
            return _("none")
        url = reverse("file", args=[original.pk, original.name])
        return format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', url, original.name)

    def final_sentence(self, obj: Transcription) -> str:
        """While its letter is held the State does not have the figures."""
        held = unreleased(FIGURES, [obj.pk]) if obj.status == SENT else {}
        if not held:
            return super().final_sentence(obj)
        return format_html(
            '<strong>{}</strong>: <a href="{}">{}</a>. {}',
            _("Letter not released"),
            reverse("admin:records_letter_change", args=[held[obj.pk]]),
            _("Read the letter and release it"),
            super().final_sentence(obj),
        )

    def parts(self, request: HttpRequest, obj: Transcription) -> list[Part]:
        """The forms, what the State says is wrong, the letters."""
        words = _("Form"), _("How far")
        forms = Part("forms", _("Forms"), words)
        forms.lines = [Line((one["label"], one["words"]), one["url"]) for one in keeping.tasks(obj)]
        if obj.status not in OPEN:
            forms.note = _("They are read only: the State has them.") if obj.status == SENT else ""
        schema = {one.key: one for one in schema_of(obj.report).forms}
        corrections = Part(
            "corrections",
            _("What the State says is wrong"),
            (_("On"), _("Form"), _("Who"), _("Text"), _("Settled")),
            empty=_("Nothing."),
        )
        corrections.lines = [
            Line(
                (
                    day(localdate(one.said_at)),
                    schema[one.form].letter_in(obj.report.language),
                    one.said_as,
                    one.text,
                    day(localdate(one.settled_at)) if one.settled_at else _("open"),
                ),
                keeping.address(obj, schema[one.form]),
            )
            for one in obj.corrections.all()
        ]
        sent = Part("letters", _("Letters"), (_("Letter"), _("Status")), empty=_("None."))
        rows = Letter.objects.filter(key__startswith=steps.key(obj)).order_by("pk")
        sent.lines = lines((row, (str(row), str(row.get_status_display()))) for row in rows)
        return [forms, corrections, sent]
