"""Files as received: kept byte for byte, stored once by their hash."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from states.models import State


class Upload(models.Model):
    """One file as somebody handed it in; two uploads of the same bytes share the stored file."""

    class Verdict(models.TextChoices):
        """What the antivirus said."""

        CLEAN = "clean", _("no virus found")
        INFECTED = "infected", _("virus found")
        NOT_SCANNED = "not-scanned", _("not scanned")

    path = models.TextField(_("stored as"), editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    media_type = models.TextField(_("kind of file"), editable=False)
    name = models.TextField(_("name as received"), editable=False)
    state = models.ForeignKey(
        State, models.PROTECT, null=True, blank=True, related_name="uploads", editable=False
    )
    received_at = models.DateTimeField(_("received at"), default=timezone.now, editable=False)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    verdict = models.TextField(_("antivirus"), choices=Verdict.choices, default=Verdict.NOT_SCANNED)
    scanned_at = models.DateTimeField(_("scanned at"), null=True, blank=True)
    finding = models.TextField(_("finding"), blank=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["sha256"])]
        constraints = [
            models.CheckConstraint(
                name="upload_scan_has_a_moment",
                condition=Q(verdict="not-scanned") | Q(scanned_at__isnull=False),
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="bytes_are_final",
                fields=["path", "sha256", "size", "media_type", "name", "state", "received_at"],
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.name
