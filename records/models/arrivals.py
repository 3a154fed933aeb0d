"""Files on their way: what has arrived of each, piece by piece, until it is whole."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.models.uploads import Upload
from states.models import State


class Arrival(models.Model):
    """One file that somebody sends in pieces; only that person goes on with it.

    `pieces` are the names, in order, under which the storage holds what has arrived. A whole file
    has an `upload` or a sentence why it was `refused`, and no pieces any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.ForeignKey(State, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.TextField(_("name as received"))
    size = models.PositiveBigIntegerField(_("size in bytes"))
    received = models.PositiveBigIntegerField(_("received so far"), default=0)
    pieces = models.JSONField(default=list, blank=True)
    begun_at = models.DateTimeField(_("begun at"), default=timezone.now)
    expires_at = models.DateTimeField(_("kept until"))
    upload = models.ForeignKey(
        Upload, models.PROTECT, null=True, blank=True, related_name="arrivals"
    )
    refused = models.TextField(_("why it was not taken"), blank=True)

    class Meta:
        verbose_name = _("file on its way")
        verbose_name_plural = _("files on their way")
        ordering = ["-begun_at", "pk"]
        indexes = [models.Index(fields=["expires_at"])]
        constraints = [
            models.CheckConstraint(
                name="arrival_not_more_than_announced", condition=Q(received__lte=F("size"))
            ),
            models.CheckConstraint(
                name="arrival_whole_before_it_is_judged",
                condition=Q(received=F("size")) | Q(upload__isnull=True, refused=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_whole(self) -> bool:
        """Whether everything has arrived and was judged."""
        return self.upload_id is not None or bool(self.refused)
