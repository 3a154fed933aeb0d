"""The registers of documents, their texts, files as received, and events: final rows, read here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from records import documents, words
from records.admin.base import (
    FinalAdmin,
    KindFilter,
    LanguageFilter,
    SubjectFilter,
    VerbFilter,
)
from records.models import Document, Event, Revision, Upload
from states.access import Person
from states.admin.acts import Act, ActForm, StaffRequest
from states.admin.parts import Line, Part, change_url, lines
from states.words import day, moment


class NoteForm(ActForm):
    """Why."""

    note = forms.CharField(
        label=lazy("Why"),
        help_text=lazy("Kept in the history beside your name."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@admin.register(Document)
class DocumentAdmin(FinalAdmin):
    """Papers with a reference of ours. Only those whose audience the person belongs to exist."""

    section = "documents"
    final = lazy(
        "A document is made where its subject is handled; its texts stand below. What was issued "
        "is corrected by a new text, on the page of the text."
    )
    empty = lazy(
        "Papers with a reference of ours stand here, such as the receipts of reports, as far as "
        "you may read them. There is none yet."
    )
    list_display = ["reference", "symbol", "about", "family", "state", "written_in", "audience"]
    list_filter = ["family", ("kind", KindFilter), ("language", LanguageFilter), "audience"]
    list_select_related = ["state"]
    search_fields = ["reference", "symbol", "revisions__title", "state__name_en"]
    fields = [("reference", "symbol"), ("about", "family"), "state", ("written_in", "audience")]
    readonly_fields = ["about", "written_in"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """What the person may read."""
        readable = documents.readable_by(request.user)
        return super().get_queryset(request).filter(pk__in=readable.values("pk"))

    @admin.display(description=lazy("kind"), ordering="kind")
    def about(self, row: Document) -> str:
        """In words."""
        return words.letter(row.kind)

    @admin.display(description=lazy("original language"), ordering="language")
    def written_in(self, row: Document) -> str:
        """In words."""
        return words.language(row.language)

    def parts(self, request: HttpRequest, obj: Document) -> list[Part]:
        """Its texts."""
        part = Part("texts", _("Texts"), (_("Title"), _("Language"), _("No."), _("Status")))
        part.lines = lines(
            (
                row,
                (
                    row.title,
                    str(row.get_language_display()),
                    row.number,
                    str(row.get_status_display()),
                ),
            )
            for row in obj.revisions.all()
        )
        return [part]


def _issue(request: StaffRequest, row: Revision, data: dict[str, Any]) -> str:
    issued = documents.issue(row, by=request.user)
    return _("Issued: %(text)s.") % {"text": issued}


def _correct(request: StaffRequest, row: Revision, data: dict[str, Any]) -> HttpResponseRedirect:
    new = documents.correct(row, by=request.user, note=data["note"])
    messages.success(request, _("A new text stands beside the issued one, as a draft."))
    return HttpResponseRedirect(change_url(new))


def _withdraw(request: StaffRequest, row: Revision, data: dict[str, Any]) -> None:
    documents.withdraw(row, by=request.user, note=data["note"])


@admin.register(Revision)
class RevisionAdmin(FinalAdmin):
    """Texts of documents; issued, they are final."""

    section = "documents"
    list_display = ["title", "document", "language", "number", "standing", "status", "issued_at"]
    list_filter = ["status", "standing", "language"]
    list_select_related = ["document"]
    date_hierarchy = "issued_at"
    search_fields = ["title", "document__reference", "document__symbol", "sha256"]
    fields = [
        "document",
        "title",
        ("language", "standing", "number"),
        "status",
        ("issued_at", "issued_by"),
        "text_sha256",
        "sha256",
    ]
    acts = (
        Act(
            "issue",
            lazy("Issue"),
            "publish_report",
            does=_issue,
            open_to=lambda user, row: row.status == Revision.Status.DRAFT,
            help=lazy("Freezes the page and the PDF; a correction is then a new text."),
            primary=True,
        ),
        Act(
            "correct",
            lazy("Make a correction"),
            "publish_report",
            does=_correct,
            form=NoteForm,
            open_to=lambda user, row: row.status != Revision.Status.DRAFT,
            help=lazy("A new text as a draft; what was issued stays as it was issued."),
        ),
        Act(
            "withdraw",
            lazy("Withdraw"),
            "publish_report",
            does=_withdraw,
            form=NoteForm,
            open_to=lambda user, row: row.status == Revision.Status.ISSUED,
            done=lazy("Withdrawn; the row and its hash stay."),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        """Of documents that the person may read."""
        readable = documents.readable_by(request.user)
        return super().get_queryset(request).filter(document__in=readable)

    def is_final(self, obj: Revision) -> bool:
        """Nothing of it is typed here, draft or not."""
        return True

    def final_sentence(self, obj: Revision) -> str:
        """What its status means."""
        if obj.status == Revision.Status.DRAFT:
            return _("This text is a draft. It becomes final when it is issued.")
        if obj.status == Revision.Status.WITHDRAWN:
            return _(
                "This text was issued and withdrawn. It stays, so that a copy is known as such."
            )
        return _("This text is issued and does not change. A correction is a new text.")


def readable(user: Person) -> Q:
    """Files that something carries which the person may see: a draft's file is not among them."""
    found = Q(pk__in=[])
    for relation in Upload._meta.related_objects:
        rows = relation.related_model._default_manager.all()
        ask = getattr(rows, "visible_to", None)
        if ask is not None:
            name = relation.field.name
            found |= Q(pk__in=ask(user).filter(**{f"{name}__isnull": False}).values(name))
    return found


@admin.register(Upload)
class UploadAdmin(FinalAdmin):
    """Files as received, byte for byte."""

    section = "documents"
    final = lazy(
        "A file stays as it was received. A better copy comes as a new version of what carries it."
    )
    list_display = ["name", "state", "media_type", "size", "received_at", "verdict"]
    list_filter = ["verdict", "media_type"]
    list_select_related = ["state"]
    date_hierarchy = "received_at"
    search_fields = ["name", "sha256", "state__name_en"]
    fields = ["name", "file", "state", ("media_type", "size"), "sha256", "verdict", "finding"]
    readonly_fields = ["name", "file", "state", "media_type", "size", "sha256"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Upload]:
        """What the person may read."""
        return super().get_queryset(request).filter(readable(request.user))

    @admin.display(description=lazy("file"))
    def file(self, row: Upload) -> str:
        """The way to the bytes, which asks for permission again."""
        try:
            url = reverse("file", args=[row.pk, row.name])
        except NoReverseMatch:
            return row.name
        return format_html('<a href="{}">{}</a>', url, row.name)


def _note(request: StaffRequest, row: Event, data: dict[str, Any]) -> str:
    Event.objects.create(
        actor=request.user,
        actor_name=str(request.user),
        verb="correct",
        state=row.state,
        subject=row.subject,
        subject_id=row.subject_id,
        label=row.label,
        note=_("On the event of %(day)s, “%(act)s”: %(note)s")
        % {
            "day": day(localdate(row.at)),
            "act": words.act(row.verb, row.was, row.now),
            "note": data["note"],
        },
    )
    return _("The correction stands beside the event.")


@admin.register(Event)
class EventAdmin(FinalAdmin):
    """What was done, by whom, when, why."""

    section = "documents"
    view_right = "read_history"
    final = lazy("What happened is written once and does not change. A correction is a new event.")
    list_display = ["at", "actor_name", "act", "label", "state", "before", "after", "note"]
    list_filter = [("verb", VerbFilter), ("subject", SubjectFilter)]
    list_select_related = ["state"]
    date_hierarchy = "at"
    search_fields = ["label", "note", "actor_name", "state__name_en", "state__iso3"]
    fields = [
        ("at", "actor_name"),
        ("act", "label"),
        "state",
        ("register", "subject_id"),
        ("before", "after"),
        "note",
    ]
    readonly_fields = ["act", "register", "before", "after"]
    acts = (
        Act(
            "correct",
            lazy("Make a correction"),
            "record_receipt",
            does=_note,
            form=NoteForm,
            help=lazy("A new event about the same subject, which says what was wrong."),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Events of what the person may read, by the rule of the register of each subject."""
        found = Q(pk__in=[])
        for model, register in self.admin_site._registry.items():
            if model is Event or not register.has_view_permission(request):
                continue
            of = Q(subject=model._meta.label_lower)
            rows = register.get_queryset(request)
            if rows.query.where:
                keys = rows.order_by().annotate(key_in_words=Cast("pk", TextField()))
                of &= Q(subject_id__in=keys.values("key_in_words"))
            found |= of
        return super().get_queryset(request).filter(found)

    @admin.display(description=lazy("act"), ordering="verb")
    def act(self, row: Event) -> str:
        """In words."""
        return words.act(row.verb, row.was, row.now)

    @admin.display(description=lazy("kind of subject"), ordering="subject")
    def register(self, row: Event) -> str:
        """What its subject is a row of."""
        return words.register(row.subject)

    @admin.display(description=lazy("from"), ordering="was")
    def before(self, row: Event) -> str:
        """The status or the day before."""
        return words.standing(row.subject, row.was)

    @admin.display(description=lazy("to"), ordering="now")
    def after(self, row: Event) -> str:
        """The status or the day since."""
        return words.standing(row.subject, row.now)

    def parts(self, request: HttpRequest, obj: Event) -> list[Part]:
        """What else happened to the same subject."""
        part = Part("same", _("The same subject"), (_("When"), _("Who"), _("Act"), _("Note")))
        rows = Event.objects.filter(subject=obj.subject, subject_id=obj.subject_id)
        part.lines = [
            Line(
                (
                    moment(row.at),
                    row.actor_name,
                    words.act(row.verb, row.was, row.now),
                    row.note,
                ),
                change_url(row),
            )
            for row in rows.exclude(pk=obj.pk)[:50]
        ]
        return [part]
