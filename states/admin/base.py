"""The base of the admin: rights by appointment, a reason for every change, history in words."""

import contextlib
import copy
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from states import access
from states.admin.acts import ActsMixin, DayField, DayWidget
from states.admin.export import ExportMixin
from states.history import act
from states.seen import SeenForm

# Columns that prove who somebody is.
UNREADABLE = frozenset({"password", "digest"})


# What the forms ask beside the row's own columns, whatever those are called.
ASKED = ("reason", "seen")


class ReasonedForm(SeenForm):
    """A form of a row whose every change is kept with a reason, and overwrites none unawares."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Kept in the history beside your name. Name the paper, if any."),
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
    )

    def clean(self) -> dict[str, Any]:
        """What a colleague changed meanwhile is shown before anything is saved over it."""
        data = super().clean() or {}
        if self.moved:
            self.add_error(
                None,
                _(
                    "Somebody changed this while you had the page open. Look at the fields marked"
                    " below and save once more: what you typed is still there."
                ),
            )
        for name in self.moved:
            said = (
                _("It was changed to “%(now)s” meanwhile. Saving once more keeps what you typed.")
                if self.keeps(name)
                else _("It was changed to “%(now)s” meanwhile; you had left it alone.")
            )
            self.add_error(name, said % {"now": self.says(name)})
        return data


class WorkplaceAdmin(ExportMixin, ActsMixin, admin.ModelAdmin):
    """A register of the workplace.

    `view_right` and `change_right` are rights of `states.access`; without `change_right` nobody
    edits here. Nothing is deleted from a list: things end, are corrected by a new row, or are taken
    back by an act that says what goes with them.
    `final` is the sentence of a register whose rows are final.
    """

    view_right = "work_at_the_desk"
    change_right: str | None = None
    add_right: str | None = None
    asks_why = False
    section = ""
    final: Any = ""
    guidance: Any = ""
    empty: Any = gettext_lazy("Nothing is recorded here yet.")

    list_per_page = 50
    show_full_result_count = False
    change_form_template = "admin/row.html"
    change_list_template = "admin/register.html"
    object_history_template = "admin/history.html"
    save_on_top = False

    # -- rights: from appointments alone; personal permissions and superusers do not exist ------

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever holds the right to look."""
        return bool(access.may(request.user, self.view_right))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever holds the right to change, while the row is not final."""
        if self.change_right is None or (obj is not None and self.is_final(obj)):
            return False
        return bool(access.may(request.user, self.change_right))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Where rows are written by hand at all."""
        return self.add_right is not None and bool(access.may(request.user, self.add_right))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: what was wrong is corrected, what is over is ended."""
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The register is listed for those who may open it."""
        return self.has_view_permission(request)

    def is_final(self, obj: Any) -> bool:
        """Whether the row can no longer change."""
        return bool(self.final)

    def final_sentence(self, obj: Any) -> str:
        """Why the row cannot be edited, and what to do instead."""
        return str(self.final) if self.is_final(obj) else ""

    # -- the form ---------------------------------------------------------------------------

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Rows that are kept are changed with a reason."""
        if self.asks_why and "form" not in kwargs and not issubclass(self.form, ReasonedForm):
            kwargs["form"] = ReasonedForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The reason is asked last, of those who may save."""
        sets = [
            (name, {**options, "fields": [one for one in options["fields"] if one not in ASKED]})
            for name, options in super().get_fieldsets(request, obj)
        ]
        may_save = (
            self.has_add_permission(request)
            if obj is None
            else self.has_change_permission(request, obj)
        )
        if self.asks_why and may_save:
            sets.append((None, {"fields": list(ASKED)}))
        return sets

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        """A column that bears the name of what is asked never takes the answer."""
        excluded = super().get_exclude(request, obj)
        return [*(excluded or ()), *ASKED] if self.asks_why else excluded

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Short texts get a line, notes get a few; nothing opens a second window."""
        if isinstance(db_field, models.TextField) and not db_field.choices:
            long = db_field.name in self.long_texts
            kwargs.setdefault(
                "widget",
                forms.Textarea(attrs={"rows": 3, "cols": 60})
                if long
                else forms.TextInput(attrs={"class": "vTextField"}),
            )
        if isinstance(db_field, models.DateField) and not isinstance(
            db_field, models.DateTimeField
        ):
            # As in acts. Django's own widget speaks of time zones, which a day has none of.
            kwargs.setdefault("form_class", DayField)
            kwargs.setdefault("widget", DayWidget)
        made = super().formfield_for_dbfield(db_field, request, **kwargs)
        for permission in ("add", "change", "delete", "view"):
            if made is not None and hasattr(made.widget, f"can_{permission}_related"):
                setattr(made.widget, f"can_{permission}_related", False)
        return made

    long_texts: tuple[str, ...] = ("note", "body", "text")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Saving is an act of this person for the reason given; without one the form refuses."""
        asked = request, object_id, form_url, extra_context
        try:
            return self._changeform(*asked)
        except IntegrityError:
            if request.method != "POST":
                raise
            # Another saved in the same moment, or the first of two presses did: nothing of this one
            # stands, and asked once more the form finds the other's row and says so itself.
            return self._changeform(*asked)

    def _changeform(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        reason = request.POST.get("reason", "").strip() if request.method == "POST" else ""
        kept: Any = contextlib.nullcontext()
        if self.asks_why and reason:
            kept = act(by=request.user, reason=reason)
        with kept, transaction.atomic():
            if request.method == "POST" and object_id:
                self._hold(unquote(object_id))
                if self._came_too_late(request, unquote(object_id)):
                    return self._give_back(request, object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new row never takes the place of one that came by the same key in the same moment."""
        obj.save(force_insert=not change)

    def _came_too_late(self, request: HttpRequest, pk: str) -> bool:
        """Whether the person might have changed the row, had it not become final meanwhile."""
        if self.change_right is None or not access.may(request.user, self.change_right):
            return False
        row = self.get_object(request, pk)
        return row is not None and self.is_final(row)

    def _give_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The row as it stands now, with what was typed, to be copied."""
        typed = [
            text
            for name, text in request.POST.items()
            if name not in ("csrfmiddlewaretoken", "seen") and not name.startswith("_")
        ]
        reads = copy.copy(request)
        reads.method = "GET"
        answer = super().changeform_view(reads, object_id, "", {"typed": list(filter(None, typed))})
        answer.status_code = 409
        return answer

    def _hold(self, pk: str) -> None:
        """Of two who save one row in the same moment the second sees what the first wrote."""
        with contextlib.suppress(ValidationError, ValueError):
            key = self.opts.pk.to_python(pk)  # type: ignore[union-attr]  # every model has one
            rows = self.model._base_manager.select_for_update()
            rows.filter(pk=key).order_by("pk").values_list("pk").first()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The row's buttons, its finality, and what belongs to it."""
        obj = kwargs.get("obj")
        context |= {"open_acts": [], "final_sentence": "", "parts": []}
        context.setdefault("typed", [])
        context["unseen_errors"] = _unseen_errors(context["adminform"])
        if obj is not None:
            context |= {
                "open_acts": self.open_acts(request, obj),
                "final_sentence": self.final_sentence(obj),
                "parts": self.parts(request, obj),
                "title": str(obj),
                "subtitle": None,
            }
        context["guidance"] = self.guidance
        return super().render_change_form(request, context, *args, **kwargs)

    def parts(self, request: HttpRequest, obj: Any) -> list[Any]:
        """What belongs to the row and is read beside it."""
        return []

    # -- the list ---------------------------------------------------------------------------

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """No address asks a list, sign by sign, for what stands on no page."""
        if lookup.partition("__")[0] in UNREADABLE:
            return False
        return super().lookup_allowed(lookup, value, request)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """A list asked for a year that no calendar reaches says so like any other odd filter."""
        try:
            return super().get_changelist_instance(request)
        except OverflowError as fault:
            raise IncorrectLookupParameters(fault) from fault

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """An address that names no column finds the row by its key."""
        return super().get_object(request, object_id, from_field or None)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list with its buttons, its downloads and the person's saved filters."""
        extra = {
            "list_acts": self.list_acts(request),
            "downloads": self.downloads(request),
            "guidance": self.guidance,
            "empty": self.empty,
            "extra_notes": [],
            "saved_filters": self.admin_site.saved_filters(request),
            "title": capfirst(str(self.opts.verbose_name_plural)),
            **(extra_context or {}),
        }
        return super().changelist_view(request, extra)

    def get_urls(self) -> list[URLPattern]:
        """The pages of acts stand before the row's own."""
        wrap = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        return [
            path("act/<slug:slug>/", wrap(self.act_view), name=f"{name}_list"),
            path("<path:object_id>/act/<slug:slug>/", wrap(self._row_act), name=name),
            *super().get_urls(),
        ]

    def _row_act(self, request: HttpRequest, object_id: str, slug: str) -> HttpResponse:
        return self.act_view(request, slug, unquote(object_id))

    # -- history ----------------------------------------------------------------------------

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What happened to the row, in words: its changes and the events about it."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_view_permission(request, obj) or not access.may(
            request.user, "read_history"
        ):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(row)s") % {"row": obj},
            "opts": self.opts,
            "object": obj,
            "entries": self.admin_site.history_of(obj),
            "module_name": capfirst(str(self.opts.verbose_name_plural)),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)

    # The row's own history and the events say more than Django's log would.

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Kept by the row's history."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Kept by the row's history."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Nothing is deleted here."""

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """A row that does not exist for this person is not found, here as elsewhere."""
        raise Http404


class ReadOnlyAdmin(WorkplaceAdmin):
    """A register that is written elsewhere and read here."""


def _unseen_errors(shown: Any) -> list[str]:
    """What is wrong in fields that stand nowhere on the page: an error is never invisible."""
    form = shown.form
    seen = {
        name for name in flatten_fieldsets(shown.fieldsets) if name not in shown.readonly_fields
    }
    return [
        f"{form[name].label}: {sentence}"
        for name, sentences in form.errors.items()
        if name in form.fields and (name not in seen or form[name].is_hidden)
        for sentence in sentences
    ]


__all__ = ["ReadOnlyAdmin", "ReasonedForm", "WorkplaceAdmin"]
