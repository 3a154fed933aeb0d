"""Letters: one row each, under a key no second letter can have; and the stages of reminding."""

import datetime as dt
import hashlib

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records import words
from states.history import kept
from states.models import Contact, State
from states.models.actors import LANGUAGES


class Stage(models.Model):
    """When, to whom and how a reminder goes out for one kind of due. Staff edit these rows."""

    class Anchor(models.TextChoices):
        """From which day the stage is counted."""

        DUE = "due", _("days after the due day (negative: before)")
        CALENDAR = "calendar", _("a day of the year in which it is due")
        START = "start", _("days after the obligation begins")

    slug = models.SlugField(_("stable name"), primary_key=True, max_length=60)
    kind = models.TextField(_("kind of due"), help_text=_("Such as art7-annual."))
    anchor = models.TextField(_("counted from"), choices=Anchor.choices)
    offset_days = models.IntegerField(_("days"), default=0)
    calendar_month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    calendar_day = models.PositiveSmallIntegerField(_("day"), null=True, blank=True)
    repeats_every_days = models.PositiveSmallIntegerField(
        _("again every so many days"), null=True, blank=True
    )
    purposes = models.TextField(
        _("recipients"),
        default="article-7 general",
        help_text=_("Purposes of contacts, the first that the State has named is used."),
    )
    template = models.TextField(_("template"))
    held = models.BooleanField(
        _("held until a person releases it"),
        default=True,
        help_text=_("Letters to governments are read by a person first."),
    )
    resend = models.BooleanField(
        _("sent again when in doubt"),
        default=False,
        help_text=_("Only where a second copy is better than none."),
    )
    active = models.BooleanField(_("in use"), default=True)
    to_be_confirmed = models.BooleanField(_("to be confirmed by the ISU"), default=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("stage of reminding")
        verbose_name_plural = _("stages of reminding")
        ordering = ["kind", "anchor", "calendar_month", "calendar_day", "offset_days", "pk"]
        constraints = [
            models.CheckConstraint(
                name="stage_calendar_day_named",
                condition=~Q(anchor="calendar")
                | Q(calendar_month__isnull=False, calendar_day__isnull=False),
                violation_error_message=_("A day of the year needs a month and a day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{words.letter(self.kind)}: {words.comes(self)}"


class LetterQuerySet(models.QuerySet["Letter"]):
    """Questions asked of letters."""

    def due(self, at: dt.datetime) -> "LetterQuerySet":
        """Queued letters whose moment has come (a refused one waits), and those of a kind that
        resends whose lease has run out.
        """
        return self.filter(
            Q(status=Letter.Status.QUEUED, queued_at__lte=at)
            | Q(status=Letter.Status.SENDING, resend=True, lease_until__lt=at)
        ).order_by("queued_at", "pk")

    def of_desk(self) -> "LetterQuerySet":
        """What the secretariat reads: not what a State sends to its own people about a draft."""
        return self.filter(of_state_itself=False)

    def unsent(self) -> "LetterQuerySet":
        """Letters that can still be stopped."""
        return self.filter(status__in=[Letter.Status.HELD, Letter.Status.QUEUED])


class Letter(models.Model):
    """One letter to one mailbox. The unique key is the promise that it is planned once."""

    class Status(models.TextChoices):
        """Where the letter stands."""

        HELD = "held", _("held")
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        OVERTAKEN = "overtaken", _("overtaken by events")
        FAILED = "failed", _("refused by the mail host")
        DOUBTFUL = "doubtful", _("doubtful")

    key = models.TextField(_("key"), unique=True, editable=False)
    kind = models.TextField(_("kind"))
    due_key = models.TextField(editable=False, blank=True)
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, blank=True, related_name="letters")
    state = models.ForeignKey(State, models.PROTECT, null=True, blank=True, related_name="letters")
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="letters"
    )
    to = models.EmailField(_("to"))
    cc = models.TextField(_("copy to"), blank=True)
    reply_to = models.EmailField(_("answers go to"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="en")
    subject = models.TextField(_("subject"))
    body = models.TextField(_("text"))
    why = models.TextField(_("why"), blank=True)
    enclosures = models.JSONField(_("enclosures"), default=list, blank=True)
    # Purpose, subject, days and uses of the pass, and the words in the text that its link replaces.
    opens = models.JSONField(_("link"), default=dict, blank=True)
    resend = models.BooleanField(_("sent again when in doubt"), default=False)
    # From a State to its own people about its draft: not read at the desk, not even to whom.
    of_state_itself = models.BooleanField(
        _("the State's own letter"), default=False, editable=False
    )
    status = models.TextField(_("status"), choices=Status.choices)
    planned_at = models.DateTimeField(_("planned at"), default=timezone.now)
    queued_at = models.DateTimeField(_("queued at"), null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    settled_note = models.TextField(_("how the doubt was settled"), blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-planned_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "queued_at"]),
            models.Index(fields=["due_key"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="letter_sent_has_a_moment",
                condition=~Q(status="sent") | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_sending_has_a_lease",
                condition=~Q(status="sending") | Q(lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_released_by_somebody",
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="sent_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status="sent"),
            ),
            pgtrigger.Protect(name="letters_stay", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="key_is_final", fields=["key"]),
        ]

    def __str__(self) -> str:
        return self.subject if self.of_state_itself else f"{self.subject} → {self.to}"

    @property
    def message_id(self) -> str:
        """The same for every copy of this letter, so that a copy is known as a copy."""
        digest = hashlib.sha256(self.key.encode()).hexdigest()
        return f"<{digest[:40]}@{settings.SITE_HOST}>"


kept()(Stage)
