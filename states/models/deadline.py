"""Deadlines: by which day an obligation is to be met, and the chain of days that it had."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from states.history import kept
from states.models.actors import Confidence, TreatyAction
from states.models.law import EXTENSIBLE, Obligation, ObligationEvent
from states.standing import WITHDRAWAL
from states.words import day

SAID_BY_SOURCES = _(
    "This is what sources say, and they are listed on the State's page. Ask whoever keeps the"
    " treaty data."
)


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    """Questions asked of deadlines. `on` is the reader's day; a reader never sees `recorded_at`."""

    def confirmed(self) -> "DeadlineQuerySet":
        """Rows that may be shown as fact."""
        return self.exclude(confidence=Confidence.LOW).exclude(
            obligation__confidence=Confidence.LOW
        )

    def decided_by(self, on: dt.date) -> "DeadlineQuerySet":
        """Rows, superseded ones among them, that stood or had stood on the day.

        Nothing falls due after a withdrawal takes effect (Article 20); annual reports are listed
        up to the end of the next calendar year.
        """
        left_before_due = TreatyAction.objects.filter(
            state=OuterRef("obligation__state"),
            kind=WITHDRAWAL,
            done_on__lte=on,
            done_on__gte=OuterRef("obligation__clock_from"),
            takes_effect_on__lte=OuterRef("due_on"),
        )
        return self._known(on).filter(~Exists(left_before_due), obligation__known_on__lte=on)

    def _known(self, on: dt.date) -> "DeadlineQuerySet":
        """What the row alone says of `decided_by`."""
        return self.filter(
            Q(year__isnull=True) | Q(due_on__lte=dt.date(on.year + 1, 12, 31)),
            stands_from__lte=on,
        )

    def standing(self, on: dt.date) -> "DeadlineQuerySet":
        """The confirmed row last in its chain on the day, one for each obligation and year.

        `later_unknown` is true where a later request or an unconfirmed row exists: then the row
        is shown with "later decisions are not recorded here", and never called late. Of one State,
        `states.chains` gives the same answer from rows in memory.
        """
        later = self._later(on)
        requests = ObligationEvent.objects.filter(
            obligation=OuterRef("obligation"),
            kind=ObligationEvent.Kind.REQUEST,
            happened_on__gt=OuterRef("stands_from"),
            happened_on__lte=on,
        )
        return (
            self.confirmed()
            .decided_by(on)
            .filter(~Exists(later.exclude(confidence=Confidence.LOW)))
            .annotate(later_unknown=Q(Exists(later)) | Q(Exists(requests)))
        )

    def numbers(self, on: dt.date, *, replaced: bool = False) -> dict[int, int]:
        """How many rows of `standing(on)` each obligation has, or of `decided_by(on)`, confirmed.

        `replaced` counts the latter. By the key of the obligation, in the order of the State's
        code, kind and clause; those without rows are left out. Nearly all rows are alone in their
        chain and of a State that never withdrew: those are counted without asking what follows
        each.
        """
        withdrawn = TreatyAction.objects.filter(kind=WITHDRAWAL, done_on__lte=on).values("state")
        extended = Deadline.objects.filter(position__gte=1).values("obligation")
        obligations = Obligation.objects.filter(known_on__lte=on).exclude(confidence=Confidence.LOW)
        chained = obligations.annotate(chained=Q(state__in=withdrawn) | Q(pk__in=extended))
        is_chained: dict[int, bool] = dict(
            chained.order_by("state_id", "kind", "clause", "pk").values_list("pk", "chained")
        )
        plain = self._known(on).exclude(confidence=Confidence.LOW)._by_obligation()
        asked = self.filter(obligation__in=[pk for pk, yes in is_chained.items() if yes])
        exact = (
            asked.confirmed().decided_by(on) if replaced else asked.standing(on)
        )._by_obligation()
        found = {pk: (exact if yes else plain).get(pk, 0) for pk, yes in is_chained.items()}
        return {pk: number for pk, number in found.items() if number}

    def _by_obligation(self) -> dict[int, int]:
        counted = self.order_by().values("obligation").annotate(number=Count("pk"))
        return dict(counted.values_list("obligation", "number"))

    @staticmethod
    def _later(on: dt.date) -> "models.QuerySet[Deadline]":
        return (
            Deadline.objects.alias(of_year=Coalesce(F("year"), 0))
            .filter(
                obligation=OuterRef("obligation"),
                of_year=Coalesce(OuterRef("year"), 0),
                position__gt=OuterRef("position"),
                # Follows from the line above, and says it to the index of the few decisions.
                position__gte=1,
                stands_from__lte=on,
            )
            .order_by()
        )

    def open(self) -> "DeadlineQuerySet":
        """Rows that nothing supersedes and nothing has met."""
        return self.filter(
            superseded_by__isnull=True, met_on__isnull=True, obligation__fulfilled_on__isnull=True
        )


class Deadline(models.Model):
    """The day by which an obligation is to be met, and on what authority."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="deadlines")
    year = models.PositiveSmallIntegerField(
        _("year reported on"), null=True, blank=True, help_text=_("Of annual reports only.")
    )
    position = models.PositiveSmallIntegerField(_("position in the chain"), default=0)
    by_rule_on = models.DateField(_("by rule"))
    due_on = models.DateField(_("due on"))
    stands_from = models.DateField(_("stands from"), help_text=_("The day of the decision."))
    stands_assumed = models.BooleanField(_("day of the decision assumed"), default=False)
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    basis = models.TextField(_("decision"), blank=True)
    symbol = models.TextField(_("symbol"), blank=True)
    reason = models.TextField(_("reason to differ from the rule"), blank=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    met_on = models.DateField(_("met on"), null=True, blank=True)
    confidence = models.TextField(
        _("confidence"), choices=Confidence.choices, default=Confidence.HIGH
    )
    source = models.TextField(_("source"), blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["due_on", "obligation", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "year", "position"],
                nulls_distinct=False,
                name="deadline_one_chain",
                violation_error_message=_("This obligation already has a deadline at this place."),
            ),
            models.CheckConstraint(
                name="deadline_root_supersedes_nothing",
                condition=Q(position=0, supersedes__isnull=True)
                | Q(position__gt=0, supersedes__isnull=False),
            ),
            models.CheckConstraint(
                name="deadline_differs_with_authority",
                condition=Q(due_on=F("by_rule_on"))
                | (~Q(basis="") & Q(supersedes__isnull=False))
                | ~Q(reason=""),
                violation_error_message=_(
                    "A day other than the rule's needs a decision or a reason."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["obligation", "year", "position"]),
            models.Index(fields=["due_on"]),
            models.Index(
                fields=["obligation", "position"],
                condition=Q(position__gte=1),
                name="deadline_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation} – {day(self.due_on)}"

    @property
    def may_have_moved(self) -> bool:
        """Whether a later decision that is not recorded here may exist; asked by `standing()`."""
        return bool(vars(self).get("later_unknown"))

    @property
    def may_be_extended(self) -> bool:
        """Articles 3(3) and 4(5); Article 7 knows no extension."""
        return self.obligation.kind in EXTENSIBLE

    @transaction.atomic
    def extend(self, *, to: dt.date, basis: str, decided_on: dt.date, **facts: Any) -> "Deadline":
        """A granted extension replaces the deadline; the old one stays on the record.

        Raises ValidationError where the obligation is of Article 7, where `to` is not later, or
        where this row is not the last of its chain: a second extension of the same row would make
        two deadlines of one.
        """
        if not self.may_be_extended:
            raise ValidationError(
                _("Only Articles 3 and 4 know extensions: a report falls due on its day.")
            )
        current = self._last_of_its_chain()
        if to <= current.due_on:
            raise ValidationError(
                _("%(to)s is not later than the deadline of %(due)s.")
                % {"to": day(to), "due": day(current.due_on)}
            )
        return current._followed_by(due_on=to, basis=basis, stands_from=decided_on, **facts)

    @transaction.atomic
    def set_day(self, to: dt.date, *, reason: str) -> "Deadline":
        """Another day than was reckoned, decided or set, for the reason given; returns the row that
        stands. The rule's day is kept on the row; any other stays on the record as a row before it.

        Raises ValidationError where the day stands already or lies before the obligation begins, or
        where another row has replaced this one.
        """
        current = self._last_of_its_chain()
        if to == current.due_on:
            raise ValidationError(_("The deadline falls on this day already."))
        if to < (begins := current.obligation.clock_from):
            raise ValidationError(
                _("The obligation begins on %(day)s: it cannot fall due before.")
                % {"day": day(begins)}
            )
        if current.position == 0 and not current.reason:
            current.due_on, current.reason = to, reason
            current.full_clean()
            current.save(update_fields=["due_on", "reason"])
            return current
        # It corrects what was recorded, and so stands for as long as that has stood.
        return current._followed_by(
            due_on=to,
            reason=reason,
            stands_from=current.stands_from,
            stands_assumed=current.stands_assumed,
            met_on=current.met_on,
            confidence=current.confidence,
        )

    @transaction.atomic
    def take_back(self) -> "Deadline":
        """A decision or a day that was recorded by mistake goes; returns the row that stands again,
        which the same day meets. The history keeps what went, with the reason of the act.

        Raises ValidationError where another row has replaced this one, where the rule gives the
        day, or where a source says it: then the treaty data are wrong, not what a person recorded.
        """
        current = self._last_of_its_chain()
        before = current.supersedes
        if before is None:
            if not current.reason:
                raise ValidationError(_("The rule gives this day: there is nothing to take back."))
            current.due_on, current.reason = current.by_rule_on, ""
            current.save(update_fields=["due_on", "reason"])
            return current
        granted = ObligationEvent.Kind.EXTENSION
        if current.obligation.events.filter(kind=granted, new_deadline=current.due_on).exists():
            raise ValidationError(SAID_BY_SOURCES)
        if current.met_on != before.met_on:
            before.met_on = current.met_on
            before.save(update_fields=["met_on"])
        current.delete()
        return before

    @property
    def is_by_rule(self) -> bool:
        """Whether nobody decided or set the day: there is nothing to take back."""
        return self.position == 0 and not self.reason

    def _last_of_its_chain(self) -> "Deadline":
        current = Deadline.objects.select_for_update(of=("self",)).get(pk=self.pk)
        later = Deadline.objects.filter(supersedes=current).first()
        if later is None:
            return current
        raise ValidationError(
            _("This deadline was extended already; extend the one that stands.")
            if later.basis
            else _("Another deadline took the place of this one; open the one that stands.")
        )

    def _followed_by(self, **facts: Any) -> "Deadline":
        return Deadline.objects.create(
            obligation=self.obligation,
            year=self.year,
            position=self.position + 1,
            by_rule_on=self.by_rule_on,
            supersedes=self,
            **facts,
        )


kept()(Deadline)
