"""What was done, by whom, from what to what, why. Written once."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.words import act
from states.models import State, User
from states.words import moment

FINAL = pgtrigger.Protect(name="final", operation=pgtrigger.Update | pgtrigger.Delete)


class EventQuerySet(models.QuerySet["Event"]):
    """Questions asked of events."""

    def about(self, subject: models.Model) -> "EventQuerySet":
        """The events of one row, newest first."""
        return self.filter(subject=subject._meta.label_lower, subject_id=str(subject.pk))


class Event(models.Model):
    """One act. It has no foreign key to its subject: it must not block or follow its life."""

    at = models.DateTimeField(_("at"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor_name = models.TextField(_("who"))
    verb = models.TextField(_("act"))
    state = models.ForeignKey(State, models.PROTECT, null=True, blank=True, related_name="+")
    subject = models.TextField(_("kind of subject"))
    subject_id = models.TextField(_("subject"))
    label = models.TextField(_("subject in words"), blank=True)
    was = models.TextField(_("from"), blank=True)
    now = models.TextField(_("to"), blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject", "subject_id"])]
        triggers = [FINAL]

    def __str__(self) -> str:
        done = act(self.verb, self.was, self.now)
        return f"{moment(self.at)} – {self.actor_name}: {done} – {self.label}"


def record(
    verb: str,
    subject: models.Model,
    *,
    by: User | None,
    state: State | None = None,
    was: str = "",
    now: str = "",
    note: str = "",
) -> Event:
    """Writes that `by` (None: the portal) did `verb` to `subject`."""
    return Event.objects.create(
        actor=by,
        actor_name=str(by) if by is not None else "portal",
        verb=verb,
        state=state,
        subject=subject._meta.label_lower,
        subject_id=str(subject.pk),
        label=str(subject)[:200],
        was=was,
        now=now,
        note=note,
    )
