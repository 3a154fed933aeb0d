"""The register of notes verbales and letters that come in and go out on paper or by e-mail."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.models.uploads import Upload
from states import access
from states.models import Organisation, State


class NoteVerbaleQuerySet(models.QuerySet["NoteVerbale"]):
    """Questions asked of the register."""

    def visible_to(self, user: access.Person) -> "NoteVerbaleQuerySet":
        """The register, and the papers in it, are read by the secretariat's desk."""
        return self if access.may(user, "register_notes") else self.none()


class NoteVerbale(models.Model):
    """One formal communication: who wrote to whom, under which number and date, about what."""

    class Direction(models.TextChoices):
        """Which way it went."""

        RECEIVED = "received", _("received")
        SENT = "sent", _("sent")

    reference = models.TextField(_("our reference"), unique=True, editable=False)
    direction = models.TextField(_("direction"), choices=Direction.choices)
    state = models.ForeignKey(
        State, models.PROTECT, null=True, blank=True, related_name="notes_verbales"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="notes_verbales"
    )
    their_number = models.TextField(_("number on the paper"), blank=True)
    dated_on = models.DateField(_("dated"), null=True, blank=True)
    received_on = models.DateField(_("received or sent on"))
    subject = models.TextField(_("subject"))
    upload = models.ForeignKey(
        Upload, models.PROTECT, null=True, blank=True, related_name="notes_verbales"
    )
    answers = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="answered_by"
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    registered_at = models.DateTimeField(_("registered at"), default=timezone.now, editable=False)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )

    objects = NoteVerbaleQuerySet.as_manager()

    class Meta:
        verbose_name = _("note verbale or letter")
        verbose_name_plural = _("register of notes verbales and letters")
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="note_of_one",
                condition=~Q(state__isnull=False, organisation__isnull=False),
                violation_error_message=_("A note comes from one State or one organisation."),
            )
        ]
        triggers = [pgtrigger.Protect(name="final", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.reference} – {self.subject}"
