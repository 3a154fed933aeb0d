"""Times in which the portal was down: nobody is late because of them."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from states.history import kept
from states.words import day


class OutageQuerySet(models.QuerySet["Outage"]):
    """Questions asked of outages."""

    def confirmed(self) -> "OutageQuerySet":
        """Those that a person has looked at: the others move nothing."""
        return self.filter(confirmed=True)

    def announced(self, now: dt.datetime) -> "OutageQuerySet":
        """Those to come, or under way, that pages tell of beforehand."""
        return self.confirmed().filter(
            Q(ended_at__gt=now) | Q(ended_at__isnull=True), announce=True
        )


class Outage(models.Model):
    """The portal could not be reached from one moment to another; no end: it is still so.

    `first_on` and `last_on` are the days in Geneva that it touched.
    """

    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty while it lasts. Times are Geneva's.")
    )
    first_on = models.DateField(editable=False)
    last_on = models.DateField(null=True, blank=True, editable=False)
    note = models.TextField(_("note"), blank=True, help_text=_("What happened, in a sentence."))
    announce = models.BooleanField(
        _("announce it"),
        default=False,
        help_text=_("The page of what a State owes says so beforehand and while it lasts."),
    )
    confirmed = models.BooleanField(
        _("confirmed"),
        default=True,
        help_text=_("Proposed by the portal until a person has looked at it."),
    )

    objects = OutageQuerySet.as_manager()

    class Meta:
        verbose_name = _("time in which the portal was down")
        verbose_name_plural = _("times in which the portal was down")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="outage_in_order",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("started_at")),
                violation_error_message=_("It ends before it begins."),
            )
        ]

    def __str__(self) -> str:
        if self.last_on is None or self.last_on == self.first_on:
            return day(self.first_on)
        return f"{day(self.first_on)} – {day(self.last_on)}"

    def clean(self) -> None:
        """A mistyped century is refused."""
        for at in (self.started_at, self.ended_at):
            if at is not None and not 2008 <= at.year <= 2099:
                raise ValidationError(_("Choose a day from 2008 to 2099."))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The days follow from the moments; an end at midnight is of the day before."""
        self.first_on = timezone.localdate(self.started_at)
        last = self.ended_at - dt.timedelta(microseconds=1) if self.ended_at else None
        self.last_on = timezone.localdate(last) if last else None
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "first_on", "last_on"}
        super().save(*args, **kwargs)


class LastSign(models.Model):
    """The last moment in which the clock, a worker and the database lived: one row, moved on."""

    at = models.DateTimeField()

    class Meta:
        verbose_name = _("last sign of life")
        verbose_name_plural = _("last signs of life")

    def __str__(self) -> str:
        return self.at.isoformat()


kept()(Outage)
