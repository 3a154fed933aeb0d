"""The mission certifies first, where the State has switched that on."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reporting.models.reports import Report
from states.models import State
from states.words import moment


class CertifiedFirst(models.Model):
    """A State's own rule, for as long as it stands: its mission certifies before hand-in."""

    state = models.ForeignKey(State, models.CASCADE, related_name="certified_first")
    since = models.DateTimeField(_("since"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("switched on by")
    )
    reason = models.TextField(_("reason"))
    ended_at = models.DateTimeField(_("switched off at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("switched off by"),
    )
    end_reason = models.TextField(_("reason for switching off"), blank=True)

    class Meta:
        verbose_name = _("certification by the mission")
        verbose_name_plural = _("certification by the missions")
        ordering = ["state", "-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(ended_at__isnull=True),
                name="certified_first_once",
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="switched_on_is_final", fields=["state", "since", "by", "reason"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} – {moment(self.since)}"


class Certification(models.Model):
    """The mission's word on a draft as it stood: certified, or sent back. Written once.

    `stood` is the moment at which the draft and each of its forms had last been saved.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="certifications")
    certified = models.BooleanField(_("certified"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    word = models.TextField(_("word"), blank=True)
    stood = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("word of the mission")
        verbose_name_plural = _("words of the missions")
        ordering = ["report", "-at", "-pk"]
        triggers = [pgtrigger.Protect(name="final", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.report} – {moment(self.at)}"
