"""What the ISU typed from the file of a report, and what the State says of it: never its answers.

The answers of a report that was handed in are final. A transcription stands beside them: the ISU's
work until the State has confirmed the figures, and final from then on.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reporting.models.reports import Report
from states import access
from states.models import State
from states.models.generation import seen_in_public

TYPING, SENT, CORRECTED = "typing", "sent", "corrected"
CONFIRMED, WITHDRAWN = "confirmed", "withdrawn"
# While one of these stands, the ISU types.
OPEN = (TYPING, CORRECTED)

# What the State has before it, or has confirmed, does not change below its eyes.
STANDS = """
IF NOT EXISTS (
    SELECT 1 FROM reporting_transcription t
    WHERE t.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.transcription_id ELSE NEW.transcription_id END
      AND t.status IN ('typing', 'corrected')
) THEN
    RAISE EXCEPTION 'pgtrigger: Cannot % a transcription that the State has', lower(TG_OP);
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
"""


class TranscriptionQuerySet(models.QuerySet["Transcription"]):
    """Questions asked of transcriptions."""

    def confirmed(self) -> "TranscriptionQuerySet":
        """Those whose figures the State has confirmed: as reported by it."""
        return self.filter(status=CONFIRMED)

    def standing(self) -> "TranscriptionQuerySet":
        """All but those that were withdrawn: one of a report at the most."""
        return self.exclude(status=WITHDRAWN)


class Transcription(models.Model):
    """What one report that came as a file says, form by form, as typed by the ISU.

    `sent_at` is the moment at which the State was last asked; what it answered, and as whom, stands
    in `answered_…`: a function and never a name, and the mailbox of the pass where it was by pass.
    """

    class Status(models.TextChoices):
        """Where it stands."""

        TYPING = TYPING, _("being typed")
        SENT = SENT, _("with the State")
        CORRECTED = CORRECTED, _("corrections by the State")
        CONFIRMED = CONFIRMED, _("confirmed by the State")
        WITHDRAWN = WITHDRAWN, _("withdrawn")

    report = models.ForeignKey(Report, models.PROTECT, related_name="transcriptions")
    status = models.TextField(_("status"), choices=Status.choices, default=Status.TYPING)
    begun_at = models.DateTimeField(_("begun at"), default=timezone.now)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("begun by")
    )
    times_sent = models.PositiveSmallIntegerField(_("times sent to the State"), default=0)
    sent_at = models.DateTimeField(_("sent to the State at"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_as = models.TextField(_("answered as"), blank=True)
    mailbox = models.EmailField(_("mailbox of the pass"), blank=True)
    word = models.TextField(_("a word of the State"), blank=True)

    objects = TranscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("transcription of a report")
        verbose_name_plural = _("transcriptions of reports")
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"],
                condition=~Q(status=WITHDRAWN),
                name="transcription_once_a_report",
            ),
            models.CheckConstraint(
                name="transcription_confirmed_by_somebody",
                condition=~Q(status=CONFIRMED)
                | (Q(answered_at__isnull=False, sent_at__isnull=False) & ~Q(answered_as="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="confirmed_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.status IN ('confirmed', 'withdrawn')"),
            ),
            pgtrigger.ReadOnly(
                name="beginning_is_final", fields=["report", "begun_at", "begun_by"]
            ),
            pgtrigger.Protect(name="transcriptions_stay", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.report)

    def desk_url(self) -> str:
        """Where the ISU finds its forms and sends it to the State."""
        return reverse("admin:reporting_transcription_change", args=[self.pk])

    def owners(self) -> list[State]:
        """The State whose report it is."""
        return [self.report.state]

    def visible_to_state(self, user: access.Person) -> bool:
        """Whether the person acts for the State, and the State was asked already."""
        asked = self.times_sent > 0 and self.status != WITHDRAWN
        return asked and self.report.state_id in access.states_where(user, "view_drafts")


class TranscribedForm(models.Model):
    """What the ISU typed of one form; in the shape of `FormAnswers`."""

    transcription = models.ForeignKey(Transcription, models.PROTECT, related_name="forms")
    form = models.TextField(_("form"))
    said = models.JSONField(_("answers"), default=dict, blank=True)
    unread = models.JSONField(_("not yet answers"), default=dict, blank=True, editable=False)
    touched_at = models.DateTimeField(_("last touched"), default=timezone.now)
    touched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("transcribed form")
        verbose_name_plural = _("transcribed forms")
        ordering = ["transcription", "form"]
        constraints = [
            models.UniqueConstraint(fields=["transcription", "form"], name="transcribed_form_once")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="stands_while_the_state_has_it",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=STANDS,
            )
        ]

    def __str__(self) -> str:
        return f"{self.transcription}: {self.form}"


class Correction(models.Model):
    """What the State says is wrong in one form of a transcription; settled when it is sent anew."""

    transcription = models.ForeignKey(Transcription, models.PROTECT, related_name="corrections")
    form = models.TextField(_("form"))
    text = models.TextField(_("text"))
    said_at = models.DateTimeField(_("said at"), default=timezone.now)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    said_as = models.TextField(_("said as"), blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("correction of a transcription")
        verbose_name_plural = _("corrections of transcriptions")
        ordering = ["said_at", "pk"]
        triggers = [
            pgtrigger.ReadOnly(
                name="text_is_final",
                fields=["transcription", "form", "text", "said_at", "said_by", "said_as"],
            ),
            pgtrigger.Protect(name="corrections_stay", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.text[:60]


# Its forms do not change once it is confirmed: the confirmation alone moves the generation.
OF_PUBLISHED = "FROM reporting_report p WHERE p.id = r.report_id AND p.status IN ('published')"
seen_in_public(
    Transcription,
    of=f"(SELECT p.state_id {OF_PUBLISHED})",
    only=f"r.status IN ('confirmed') AND EXISTS (SELECT 1 {OF_PUBLISHED})",
)
OF_CONFIRMED = (
    "FROM reporting_transcription t JOIN reporting_report p ON p.id = t.report_id "
    "WHERE t.id = r.transcription_id AND t.status IN ('confirmed') AND p.status IN ('published')"
)
seen_in_public(
    TranscribedForm,
    of=f"(SELECT p.state_id {OF_CONFIRMED})",
    only=f"EXISTS (SELECT 1 {OF_CONFIRMED})",
)
