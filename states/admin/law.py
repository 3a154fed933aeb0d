"""The registers of what the law asks: obligations, deadlines, what our records cover."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from states import deadlines, explanation, registry
from states.admin.acts import Act, DayField, StaffRequest, WhyForm
from states.admin.base import ReadOnlyAdmin, ReasonedForm, WorkplaceAdmin
from states.admin.parts import Line, Part, change_url, lines
from states.deadlines import Precision
from states.models import Deadline, DecisionDay, Obligation, ObligationEvent, RecordsKept
from states.models.law import EXTENSIBLE, ObligationKind
from states.words import day, partial

ARTICLE = {ObligationKind.ART3: 3, ObligationKind.ART4: 4}


def why_url(row: Deadline) -> str:
    """Where the deadline's own page says why it falls on its day."""
    return f"{change_url(row)}#part-why"


def due_day(row: Deadline) -> str:
    """The day of a deadline as a link to its sum."""
    return format_html('<a href="{}">{}</a>', why_url(row), day(row.due_on))


class ExtensionForm(WhyForm):
    """An extension that a meeting granted."""

    to = DayField(label=lazy("Extended to"))
    basis = forms.CharField(
        label=lazy("Decision"), help_text=lazy("Who decided and where, such as “14MSP, 19(a)”.")
    )
    decided_on = DayField(label=lazy("Decided on"))
    assumed = forms.BooleanField(
        label=lazy("The day of the decision is assumed"),
        required=False,
        help_text=lazy("Where only the meeting is known: give its last day."),
    )
    symbol = forms.CharField(
        label=lazy("Symbol"), required=False, help_text=lazy("Such as CCM/MSP/2026/12.")
    )
    source = forms.CharField(label=lazy("Source"), required=False)

    def clean_to(self) -> Any:
        """Later than the deadline that it replaces."""
        to = self.cleaned_data["to"]
        if to <= self.row.due_on:
            raise forms.ValidationError(
                _("%(to)s is not later than the present deadline, %(due)s.")
                % {"to": day(to), "due": day(self.row.due_on)}
            )
        return to

    def clean_decided_on(self) -> Any:
        """A decision lies in the past, and after what it moves."""
        on = self.cleaned_data["decided_on"]
        if on > localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        if on < self.row.stands_from:
            raise forms.ValidationError(
                _("The present deadline stands since %(day)s only: no meeting extended it before.")
                % {"day": day(self.row.stands_from)}
            )
        return on


REPLACED = lazy("Another deadline took the place of this one; open the one that stands.")


def _now_stands(request: StaffRequest, row: Deadline, doubt: str = "") -> HttpResponseRedirect:
    """Goes on to the day that stands now, and says which it is."""
    said = _("The deadline is now %(day)s.") % {"day": day(row.due_on)}
    messages.success(request, f"{said} {doubt}".strip())
    return HttpResponseRedirect(change_url(row))


def _extend(request: StaffRequest, row: Deadline, data: dict[str, Any]) -> HttpResponseRedirect:
    new = row.extend(
        to=data["to"],
        basis=data["basis"],
        decided_on=data["decided_on"],
        stands_assumed=data["assumed"],
        symbol=data["symbol"],
        source=data["source"],
    )
    doubt = ""
    article = ARTICLE.get(ObligationKind(row.obligation.kind))
    if article and new.due_on > deadlines.longest_extension(article, row.due_on):
        doubt = _(
            "This is more than Article %(article)s allows on one request; check the decision."
        ) % {"article": "3(3)" if article == 3 else "4(5)"}
    return _now_stands(request, new, doubt)


class OverrideForm(WhyForm):
    """Another day than the rule gives, without a decision of a meeting."""

    due_on = DayField(label=lazy("Due on"))

    def prepare(self) -> None:
        """From the present day."""
        super().prepare()
        self.fields["due_on"].initial = self.row.due_on
        self.fields["reason"].help_text = lazy(
            "Shown wherever the deadline is explained, and kept in the history."
        )


def _what_stands_again(rows: list[Deadline]) -> list[str]:
    said = []
    for row in rows:
        again = row.supersedes.due_on if row.supersedes else row.by_rule_on
        said.append(_("The deadline stands again at %(day)s.") % {"day": day(again)})
    return [*said, _("What goes stays in the history, with the reason.")]


def _may_go(user: Any, row: Deadline) -> bool:
    return not row.is_by_rule and _last(user, row)


def _take_obligation_back(request: StaffRequest, row: Obligation, data: dict[str, Any]) -> Any:
    state = registry.take_back_obligation(row)
    messages.success(request, _("Taken back: %(what)s.") % {"what": row})
    return HttpResponseRedirect(change_url(state))


def _what_goes(rows: list[Obligation]) -> list[str]:
    gone = Deadline.objects.filter(obligation__in=rows).order_by("due_on", "pk")
    said = [_("The deadline of %(day)s goes with it.") % {"day": day(row.due_on)} for row in gone]
    return [*said, _("What goes stays in the history, with the reason.")]


def _on_evidence(user: Any, row: Obligation) -> bool:
    return row.kind in EXTENSIBLE


def _last(user: Any, row: Deadline) -> bool:
    return not Deadline.objects.filter(supersedes=row).exists()


def _may_be_extended(user: Any, row: Deadline) -> bool:
    return row.may_be_extended and _last(user, row)


def _explain(rows: list[Deadline]) -> list[str]:
    said = [_("The deadline stands at %(day)s.") % {"day": day(row.due_on)} for row in rows]
    return [*said, _("The present deadline stays on the record.")]


class ReplacedFilter(admin.SimpleListFilter):
    """Whether an extension, or a day set by hand, took the place of the deadline."""

    title = lazy("replaced by another day")
    parameter_name = "replaced"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Yes or no."""
        return [("no", lazy("no")), ("yes", lazy("yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Deadline]) -> QuerySet[Deadline]:
        """Deadlines that stand last in their chain, or those before them."""
        if self.value() in {"yes", "no"}:
            return queryset.filter(superseded_by__isnull=self.value() == "no")
        return queryset


@admin.register(Deadline)
class DeadlineAdmin(WorkplaceAdmin):
    """By which day, and on what authority. Rows are made by the law and by acts, not typed in."""

    section = "states"
    change_right = "keep_registry"
    asks_why = True
    guidance = lazy(
        "An extension replaces a deadline and never edits it. Annual ones appear by themselves."
    )
    list_display = ["state", "due", "kind", "year", "authority", "stands_from", "met_on"]
    # In a file the day is a day, and its link leads nowhere.
    file_columns = ("state", "due_on", "kind", "year", "authority", "stands_from", "met_on")
    list_filter = [
        "obligation__kind",
        ("met_on", admin.EmptyFieldListFilter),
        ReplacedFilter,
        "confidence",
        "year",
    ]
    list_select_related = ["obligation__state"]
    date_hierarchy = "due_on"
    search_fields = ["obligation__state__name_en", "obligation__state__iso3", "basis", "symbol"]
    fields = [
        "obligation",
        ("year", "position"),
        ("by_rule_on", "due_on", "met_on"),
        ("stands_from", "stands_assumed"),
        ("basis", "symbol"),
        "differs",
        "supersedes",
        ("confidence", "source"),
        "note",
    ]
    readonly_fields = [
        "obligation",
        "year",
        "position",
        "by_rule_on",
        "due_on",
        "met_on",
        "stands_from",
        "basis",
        "differs",
        "supersedes",
    ]
    acts = (
        Act(
            "extend",
            lazy("Record an extension"),
            "keep_registry",
            does=_extend,
            form=ExtensionForm,
            open_to=_may_be_extended,
            explains=_explain,
        ),
        Act(
            "override",
            lazy("Set another day"),
            "keep_registry",
            does=lambda request, row, data: _now_stands(
                request, row.set_day(data["due_on"], reason=data["reason"])
            ),
            form=OverrideForm,
            open_to=_last,
            explains=_explain,
            closed=REPLACED,
            help=lazy("Where what was published differs from the rule; never for an extension."),
        ),
        Act(
            "take-back",
            lazy("Take it back"),
            "keep_registry",
            does=lambda request, row, _data: _now_stands(request, row.take_back()),
            form=WhyForm,
            open_to=_may_go,
            explains=_what_stands_again,
            reads=("supersedes",),
            closed=lazy("Only the day that stands, and that a person recorded, is taken back."),
            help=lazy("Where an extension, or a day, was recorded by mistake."),
        ),
    )

    def final_sentence(self, obj: Deadline) -> str:
        """Of a day that no longer stands, before anything else."""
        return "" if _last(None, obj) else str(REPLACED)

    @admin.display(description=lazy("State"), ordering="obligation__state__name_en")
    def state(self, row: Deadline) -> str:
        """Whose deadline."""
        return str(row.obligation.state)

    @admin.display(description=lazy("obligation"), ordering="obligation__kind")
    def kind(self, row: Deadline) -> str:
        """Of what."""
        return str(row.obligation.get_kind_display())

    @admin.display(description=lazy("due on"), ordering="due_on")
    def due(self, row: Deadline) -> str:
        """The day; one click away is why."""
        return due_day(row)

    @admin.display(description=Deadline._meta.get_field("reason").verbose_name)
    def differs(self, row: Deadline) -> str:
        """The column `reason`, under another name than the reason that the page asks for."""
        return row.reason

    @admin.display(description=lazy("authority"))
    def authority(self, row: Deadline) -> str:
        """The decision, the reason, or the rule."""
        return row.basis or row.reason or _("the rule")

    def parts(self, request: HttpRequest, obj: Deadline) -> list[Part]:
        """Why this date, and the chain that it stands in."""
        today = localdate()
        # A day that an extension replaced is explained as well: it stood once.
        found = list(Deadline.objects.standing(today).filter(pk=obj.pk)) or [obj]
        made = []
        for steps in explanation.explain(found, today).values():
            part = Part(
                "why", _("Why this date?"), (_("Step"), _("Day"), _("Article"), _("Source"))
            )
            part.lines = [
                Line((step.text, day(step.day) if step.day else "", step.article, step.source))
                for step in steps
            ]
            made.append(part)
        chain = Part(
            "chain", _("The chain of this deadline"), (_("Due"), _("Authority"), _("From"))
        )
        chain.lines = [
            Line((day(row.due_on), self.authority(row), day(row.stands_from)), why_url(row))
            for row in obj.obligation.deadlines.filter(year=obj.year).order_by("position")
        ]
        return [*made, chain]


class ObligationForm(ReasonedForm):
    """What may be corrected about an obligation."""

    def clean(self) -> dict[str, Any]:
        """It is fulfilled on a day that has come; of a month or year, on one that has begun."""
        data = super().clean()
        on, precision = data.get("fulfilled_on"), data.get("fulfilled_precision")
        first = {Precision.YEAR: {"month": 1, "day": 1}, Precision.MONTH: {"day": 1}}
        if on and on.replace(**first.get(Precision(precision or "day"), {})) > localdate():
            self.add_error("fulfilled_on", _("This day has not come yet."))
        return data


@admin.register(Obligation)
class ObligationAdmin(WorkplaceAdmin):
    """What States owe. New ones are added on the page of the State."""

    section = "states"
    change_right = "keep_registry"
    asks_why = True
    form = ObligationForm
    guidance = lazy(
        "Article 7 obligations follow from entry into force; Article 3 and 4 obligations are added "
        "on the State's page, on evidence."
    )
    list_display = ["state", "kind", "clause", "clock_from", "fulfilled", "confidence"]
    list_filter = ["kind", "clause", ("fulfilled_on", admin.EmptyFieldListFilter), "confidence"]
    list_select_related = ["state"]
    search_fields = ["state__name_en", "state__iso3", "origin"]
    fields = [
        ("state", "kind", "clause"),
        ("clock_from", "known_on"),
        "reopens",
        ("fulfilled_on", "fulfilled_precision"),
        "origin",
        "confidence",
    ]
    readonly_fields = ["state", "kind", "clause", "clock_from", "known_on", "reopens"]
    acts = (
        Act(
            "take-back",
            lazy("Take it back"),
            "keep_registry",
            does=_take_obligation_back,
            form=WhyForm,
            open_to=_on_evidence,
            explains=_what_goes,
            help=lazy("Where it was recorded by mistake."),
        ),
    )

    @admin.display(description=lazy("fulfilled"))
    def fulfilled(self, row: Obligation) -> str:
        """As far as the day is known."""
        return partial(row.fulfilled) if row.fulfilled else ""

    def parts(self, request: HttpRequest, obj: Obligation) -> list[Part]:
        """Its deadlines, and what sources say of it."""
        part = Part("deadlines", _("Deadlines"), (_("Due"), _("Year"), _("Authority"), _("Met")))
        part.lines = [
            Line(
                (
                    day(row.due_on),
                    row.year or "",
                    row.basis or row.reason or _("the rule"),
                    day(row.met_on) if row.met_on else "",
                ),
                why_url(row),
            )
            for row in obj.deadlines.order_by("-due_on", "-position", "-pk")
        ]
        events = Part("events", _("What sources say"), (_("Event"), _("When"), _("Source")))
        events.lines = lines(
            (
                row,
                (
                    str(row.get_kind_display()),
                    partial(row.happened) if row.happened else "",
                    row.source,
                ),
            )
            for row in obj.events.all()
        )
        return [part, events]


@admin.register(ObligationEvent)
class ObligationEventAdmin(ReadOnlyAdmin):
    """What the sources of Articles 3 and 4 say, as they were taken in."""

    section = "states"
    final = lazy(
        "This is what a source said when it was taken in; it is not edited. A correction is made "
        "on the obligation or its deadline, with the better source."
    )
    list_display = ["state", "article", "kind", "happened_on", "new_deadline", "confidence"]
    list_filter = ["article", "kind", "confidence"]
    list_select_related = ["state"]
    search_fields = ["state__name_en", "state__iso3", "source", "note"]


@admin.register(DecisionDay)
class DecisionDayAdmin(WorkplaceAdmin):
    """The days of decisions of which only the meeting is known."""

    section = "states"
    change_right = add_right = "keep_registry"
    asks_why = True
    list_display = ["code", "decided_on", "assumed", "source"]
    search_fields = ["code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The meeting's code names the row."""
        return ["code"] if obj is not None else []


@admin.register(RecordsKept)
class RecordsKeptAdmin(WorkplaceAdmin):
    """What the portal's own records cover: outside of it nothing is called late."""

    section = "practice"
    change_right = add_right = "keep_registry"
    asks_why = True
    guidance = lazy(
        "What is not known is not late. Until these days are filled in, pages and letters say that "
        "later decisions are not recorded here."
    )
    list_display = ["kind", "complete_from", "decisions_known_until", "to_be_confirmed"]
    search_fields = ["kind"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The kind names the row."""
        return ["kind"] if obj is not None else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[RecordsKept]:
        """All of the few."""
        return super().get_queryset(request).order_by("kind")
