"""Acts: what can be done with a row or with many, said before it is done, on one page for all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from smtplib import SMTPException
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.utils import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from states import access
from states.history import act
from states.models import User
from states.words import out_of_reach

MOST_AT_ONCE = 500
# What may go wrong outside of us: said in a sentence, not shown as an error of the portal.
NOT_SENT = (OSError, SMTPException)
FAILURES: tuple[type[Exception], ...] = (IntegrityError, *NOT_SENT)


class StaffRequest(HttpRequest):
    """A request that has passed the door of the workplace: its user is somebody."""

    user: User


class DayWidget(forms.DateInput):
    """A day, by the browser's own picker; typed as 2027-04-30 where there is none."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class DayField(forms.DateField):
    """A day; one that nobody can mean is refused before a rule is reckoned from it."""

    widget = DayWidget
    default_error_messages = {
        "invalid": gettext_lazy("Write the day as 2026-11-30: year, month, day.")
    }

    def validate(self, value: Any) -> None:
        """Within the time of which anything is known or planned here."""
        super().validate(value)
        if value is not None and (why := out_of_reach(value)):
            raise ValidationError(why)


class ActForm(forms.Form):
    """What an act asks. It knows the person, and the rows that the act is about."""

    required_css_class = "required"
    asks = False  # whether what stands against it is a doubt, which the person may confirm

    def __init__(self, *args: Any, user: Any, rows: list[Any], **kwargs: Any) -> None:
        self.user = user
        self.rows = rows
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fills what depends on the rows: initial values, choices."""

    @property
    def row(self) -> Any:
        """The row, of an act on a single one."""
        return self.rows[0] if self.rows else None


class WhyForm(ActForm):
    """An act on the registry, which does not change without a reason."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Kept in the history beside your name."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    field_order: list[str] = []

    def prepare(self) -> None:
        """The reason is asked last."""
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])


def always(user: Any, row: Any) -> bool:
    """The act is open whatever the row."""
    return True


def nothing_to_say(rows: list[Any]) -> list[str]:
    """The name of the act says what will happen."""
    return []


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that staff can do.

    `does` acts on one row and may return a sentence or an address to go on to; `does_all`, if
    given, acts on all rows at once and returns the sentence. `open_to` decides whether the button
    shows; the act itself asks again, or `closed` is the sentence for a row that it is not open to:
    another person may have been first. `explains` yields sentences about what will happen. `reads`
    names the relations that these two read, fetched once for all rows. An act with `on_list` needs
    no row and stands above the list.
    """

    slug: str
    label: Any
    right: str
    does: Callable[[Any, Any, dict[str, Any]], Any] | None = None
    does_all: Callable[[Any, list[Any], dict[str, Any]], Any] | None = None
    form: type[ActForm] = ActForm
    open_to: Callable[[Any, Any], bool] = always
    closed: Any = ""
    explains: Callable[[list[Any]], Iterable[Any]] = nothing_to_say
    reads: tuple[str, ...] = ()
    bulk: bool = False
    on_list: bool = False
    keeps_history: bool = False
    primary: bool = False
    help: Any = ""
    done: Any = ""


@dataclass(slots=True)
class Outcome:
    """What became of an act on several rows."""

    done: int = 0
    refused: list[str] = field(default_factory=list)
    sentence: str = ""
    go_to: str = ""


def reasons_of(refusal: Exception) -> list[str]:
    """The sentences of a refusal, whatever its class."""
    if isinstance(refusal, ValidationError):
        return [str(sentence) for sentence in refusal.messages]
    return [str(sentence) for sentence in getattr(refusal, "reasons", ())] or [str(refusal)]


class ActsMixin:
    """Gives a ModelAdmin its acts: buttons on the row, actions on the list, one page for both."""

    acts: tuple[Act, ...] = ()
    admin_site: Any  # the Workplace, which joins the apps
    # Exceptions whose sentences are shown to the person; apps above add their own.
    refusals: tuple[type[Exception], ...] = (ValidationError,)

    def all_acts(self) -> tuple[Act, ...]:
        """Those of the apps above, which know more of the row, and the register's own."""
        model = self.model  # type: ignore[attr-defined]
        return (*self.admin_site.acts_from_above(model), *self.acts)

    def act_of(self, slug: str) -> Act:
        """The act of that name; 404 where there is none."""
        for one in self.all_acts():
            if one.slug == slug:
                return one
        raise Http404

    def open_acts(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        """The buttons of a row."""
        return [
            {
                "url": self.act_url(one, row),
                "label": one.label,
                "primary": one.primary,
                "help": one.help,
            }
            for one in self.all_acts()
            if not one.on_list
            and access.may(request.user, one.right)
            and one.open_to(request.user, row)
        ]

    def act_url(self, one: Act, row: Any | None = None) -> str:
        """Where the act is done."""
        opts = self.opts  # type: ignore[attr-defined]
        name = f"admin:{opts.app_label}_{opts.model_name}_act"
        if row is None:
            return reverse(f"{name}_list", args=[one.slug])
        return reverse(name, args=[row.pk, one.slug])

    def list_acts(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The buttons above the list."""
        return [
            {"url": self.act_url(one), "label": one.label}
            for one in self.all_acts()
            if one.on_list and access.may(request.user, one.right)
        ]

    def get_actions(self, request: HttpRequest, action_location: Any = None) -> dict[str, Any]:
        """The acts that can be done to many rows, for those who may."""
        from django.contrib.admin.options import Action, ActionLocation  # noqa: PLC0415 -- Django loads its options late

        if action_location not in (None, ActionLocation.CHANGE_LIST):
            return {}
        offered = {}
        for one in self.all_acts():
            if one.bulk and access.may(request.user, one.right):
                offered[one.slug] = Action(
                    func=_bulk(one),
                    name=one.slug,
                    description=one.label,
                    plural_description=one.label,
                    locations=[ActionLocation.CHANGE_LIST],
                )
        return offered

    def act_view(self, request: HttpRequest, slug: str, object_id: str = "") -> HttpResponse:
        """The page of an act on one row, or on none."""
        one = self.act_of(slug)
        if one.on_list == bool(object_id):
            raise Http404
        rows = []
        if object_id:
            row = self.get_object(request, object_id)  # type: ignore[attr-defined]
            if row is None:
                raise Http404
            rows = [row]
        return self.perform(request, one, rows)

    def perform(
        self, request: HttpRequest, one: Act, rows: list[Any], *, many: bool = False
    ) -> HttpResponse:
        """Shows what will happen; on confirmation does it and says what became of it."""
        if not access.may(request.user, one.right):
            raise PermissionDenied
        confirmed = request.method == "POST" and (not many or "confirmed" in request.POST)
        form = one.form(
            request.POST if confirmed else None,
            request.FILES if confirmed else None,
            user=request.user,
            rows=rows,
            **({} if confirmed else {"initial": self._initial(request)}),
        )
        models.prefetch_related_objects(rows, *one.reads)
        closed = [row for row in rows if not one.open_to(request.user, row)]
        wrong: list[str] = []
        if confirmed and form.is_valid():
            outcome = self._do(request, one, rows, form.cleaned_data, many=many)
            wrong = outcome.refused
            if outcome.done and one.done:
                # One row is called by its name, several are counted.
                what = rows[0] if len(rows) == 1 else outcome.done
                messages.success(request, one.done % {"count": what})
            elif outcome.sentence:
                messages.success(request, outcome.sentence)
            if not wrong or (many and outcome.done):
                for sentence in wrong:
                    messages.warning(request, sentence)
                return HttpResponseRedirect(outcome.go_to or self._back(rows, many=many))
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": one.label,
            "act": one,
            "opts": self.opts,  # type: ignore[attr-defined]
            "form": form,
            "media": form.media,
            "rows": rows,
            "many": many,
            "closed": closed,
            "sentences": list(one.explains(rows)),
            "wrong": wrong,
            "back": self._back(rows, many=many),
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(
            request, "admin/act.html", context, status=422 if wrong or form.errors else 200
        )

    def _do(
        self, request: HttpRequest, one: Act, rows: list[Any], data: dict[str, Any], *, many: bool
    ) -> Outcome:
        outcome = Outcome()
        if one.does_all is not None or not rows:
            whole = one.does_all or (lambda r, _rows, d: one.does(r, None, d))  # type: ignore[misc]
            try:
                with transaction.atomic(), self._kept(request, one, data):
                    said = whole(request, rows, data)
            except self.refusals + FAILURES as refusal:
                outcome.refused += _sentences(refusal)
            else:
                outcome.done = len(rows) or 1
                self._take_up(outcome, said)
            return outcome
        for row in rows:
            try:
                if one.closed and not one.open_to(request.user, row):
                    raise ValidationError(one.closed)
                with transaction.atomic(), self._kept(request, one, data):
                    said = one.does(request, row, data)  # type: ignore[misc]
            except self.refusals + FAILURES as refusal:
                for sentence in _sentences(refusal):
                    outcome.refused.append(f"{row}: {sentence}" if many else sentence)
            else:
                outcome.done += 1
                self._take_up(outcome, said)
        return outcome

    @staticmethod
    def _take_up(outcome: Outcome, said: Any) -> None:
        if isinstance(said, HttpResponseRedirect):
            outcome.go_to = said.url
        elif said:
            outcome.sentence = str(said)

    @staticmethod
    def _kept(request: HttpRequest, one: Act, data: dict[str, Any]) -> Any:
        """The registry's rows change with the person and the reason given."""
        return act(by=request.user, reason=data.get("reason") or str(one.label))

    @staticmethod
    def _initial(request: HttpRequest) -> dict[str, Any]:
        """A link may fill in what it knows, as with the admin's own forms."""
        return {key: value for key, value in request.GET.items() if not key.startswith("_")}

    def _back(self, rows: list[Any], *, many: bool) -> str:
        opts = self.opts  # type: ignore[attr-defined]
        if many or not rows:
            return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[rows[0].pk])


def _sentences(refusal: Exception) -> list[str]:
    if isinstance(refusal, IntegrityError):
        return [
            _("The database refused this, and nothing was changed. Check what you have filled in.")
        ]
    if isinstance(refusal, NOT_SENT):
        return [_("It is recorded, but the letter could not be sent. Try again later.")]
    return reasons_of(refusal)


def _bulk(one: Act) -> Callable[[Any, HttpRequest, models.QuerySet[Any]], HttpResponse | None]:
    def run(
        admin: ActsMixin, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> HttpResponse | None:
        rows = list(queryset[: MOST_AT_ONCE + 1])
        if len(rows) > MOST_AT_ONCE:
            messages.error(
                request,
                ngettext(
                    "Choose at most %(most)d row at once.",
                    "Choose at most %(most)d rows at once.",
                    MOST_AT_ONCE,
                )
                % {"most": MOST_AT_ONCE},
            )
            return None
        return admin.perform(request, one, rows, many=True)

    return run
