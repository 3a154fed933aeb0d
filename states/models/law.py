"""What the law asks of a State: obligations, and what happened to them."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.utils.translation import gettext_lazy as _

from states.deadlines import PartialDate, Precision
from states.history import kept
from states.models.actors import Confidence, State
from states.models.outage import Outage
from states.models.practice import Practice

PRECISIONS = [
    (Precision.DAY.value, _("day")),
    (Precision.MONTH.value, _("month")),
    (Precision.YEAR.value, _("year")),
]


class ObligationKind(models.TextChoices):
    """The obligations with a day; the words are those of the public API."""

    ART7_INITIAL = "art7-initial", _("Initial transparency report")
    ART7_ANNUAL = "art7-annual", _("Annual transparency report")
    ART3 = "art3", _("Destruction of stockpiles")
    ART4 = "art4", _("Clearance of contaminated areas")


# Articles 3(3) and 4(5): a meeting may extend these deadlines, and no other.
EXTENSIBLE = frozenset({ObligationKind.ART3, ObligationKind.ART4})

# The clause that gives the rule of each kind; Article 4 has a second clock, 4(1)(b).
CLAUSES = {
    ObligationKind.ART7_INITIAL: "7(1)",
    ObligationKind.ART7_ANNUAL: "7(2)",
    ObligationKind.ART3: "3(2)",
    ObligationKind.ART4: "4(1)(a)",
}


class Obligation(models.Model):
    """That a State owes something under the Convention, since when, and whether it is fulfilled."""

    state = models.ForeignKey(State, models.PROTECT, related_name="obligations")
    kind = models.TextField(_("kind"), choices=ObligationKind.choices)
    clause = models.TextField(_("clause"), help_text=_("Such as 4(1)(a) or 4(1)(b)."))
    clock_from = models.DateField(
        _("clock runs from"),
        help_text=_("Entry into force, or the end of hostilities under Article 4(1)(b)."),
    )
    known_on = models.DateField(_("known since"))
    fulfilled_on = models.DateField(_("fulfilled on"), null=True, blank=True)
    fulfilled_precision = models.TextField(
        _("precision"), choices=PRECISIONS, default=Precision.DAY.value
    )
    reopens = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reopened_by"
    )
    origin = models.TextField(_("origin"), blank=True)
    confidence = models.TextField(
        _("confidence"), choices=Confidence.choices, default=Confidence.HIGH
    )

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        ordering = ["state", "kind", "clause", "known_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["state", "kind", "clause", "reopens"],
                nulls_distinct=False,
                name="obligation_once",
                violation_error_message=_("This State already has this obligation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state_id} {self.get_kind_display()}"

    @property
    def fulfilled(self) -> PartialDate | None:
        """The day of fulfilment as far as it is known."""
        if self.fulfilled_on is None:
            return None
        return PartialDate(self.fulfilled_on, Precision(self.fulfilled_precision))


class ObligationEvent(models.Model):
    """Something that sources say of an Article 3 or 4 obligation; the evidence for its rows."""

    class Kind(models.TextChoices):
        """What happened."""

        OPEN = "open", _("obligation known")
        REQUEST = "extension_request", _("extension requested")
        EXTENSION = "extension", _("extension granted")
        COMPLETION = "completion", _("completed")
        NO_STOCKS = "clarified_no_stocks", _("clarified: no stocks")

    state = models.ForeignKey(State, models.PROTECT, related_name="obligation_events")
    article = models.PositiveSmallIntegerField(_("article"), choices=[(3, "3"), (4, "4")])
    obligation = models.ForeignKey(
        Obligation, models.PROTECT, null=True, blank=True, related_name="events"
    )
    position = models.PositiveIntegerField(_("position"))
    kind = models.TextField(_("event"), choices=Kind.choices)
    requested_until = models.DateField(_("asked until"), null=True, blank=True)
    new_deadline = models.DateField(_("new deadline"), null=True, blank=True)
    decided_at = models.TextField(_("decided at"), blank=True)
    happened_on = models.DateField(_("happened on"), null=True, blank=True)
    happened_precision = models.TextField(
        _("precision"), choices=PRECISIONS, default=Precision.DAY.value
    )
    assumed = models.BooleanField(_("day assumed"), default=False)
    source = models.TextField(_("source"))
    confidence = models.TextField(_("confidence"), choices=Confidence.choices)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("event of an obligation")
        verbose_name_plural = _("events of obligations")
        ordering = ["state", "article", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["state", "article", "position"], name="obligation_event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state_id} {self.article}: {self.get_kind_display()}"

    @property
    def happened(self) -> PartialDate | None:
        """When it happened, as far as sources say."""
        if self.happened_on is None:
            return None
        return PartialDate(self.happened_on, Precision(self.happened_precision))


class DecisionDay(models.Model):
    """The day on which a meeting decided, for sources that name the meeting only."""

    code = models.TextField(_("meeting"), primary_key=True, help_text=_("Such as 12MSP or 2RC."))
    decided_on = models.DateField(_("decided on"))
    assumed = models.BooleanField(_("assumed"), default=True)
    source = models.TextField(_("source"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("decision day")
        verbose_name_plural = _("decision days")
        ordering = ["decided_on", "pk"]

    def __str__(self) -> str:
        return self.code


class RecordsKeptManager(models.Manager["RecordsKept"]):
    """Each row comes with what else bears on lateness: the days on which the portal was down."""

    def get_queryset(self) -> models.QuerySet["RecordsKept"]:
        """Annotates `down_from` and `down_until` (days, in order) and `days_after`, as recorded."""
        down = Outage.objects.confirmed().order_by("first_on", "pk")
        after = Practice.objects.filter(key=Practice.Key.AFTER_OUTAGE).values("value")
        return (
            super()
            .get_queryset()
            .annotate(
                down_from=ArraySubquery(down.values("first_on")),
                down_until=ArraySubquery(down.values("last_on")),
                days_after=models.Subquery(after[:1]),
            )
        )


class RecordsKept(models.Model):
    """What the portal's own records cover, for one kind of obligation: the rest is not known."""

    kind = models.TextField(_("kind"), choices=ObligationKind.choices, primary_key=True)
    complete_from = models.DateField(
        _("complete for what falls due from"),
        null=True,
        blank=True,
        help_text=_("Empty: the records are not complete, and nothing is called late."),
    )
    decisions_known_until = models.DateField(
        _("decisions known until"),
        null=True,
        blank=True,
        help_text=_("Empty: no decision can move this deadline."),
    )
    to_be_confirmed = models.BooleanField(_("to be confirmed by the ISU"), default=True)
    note = models.TextField(_("note"), blank=True)

    objects = RecordsKeptManager()

    class Meta:
        verbose_name = _("coverage of the records")
        verbose_name_plural = _("coverage of the records")
        ordering = ["kind"]

    def __str__(self) -> str:
        return str(self.get_kind_display())


kept()(Obligation)
kept()(ObligationEvent)
kept()(DecisionDay)
kept()(RecordsKept)
