"""What a State answered in each form of a report; final with the report that it belongs to."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.models import Upload
from reporting.models.reports import Report
from reporting.models.words import words_said
from states.access import Person
from states.models.generation import seen_in_public

# Of a report that was handed in nothing is added, changed or taken away.
FINAL = """
IF EXISTS (
    SELECT 1 FROM reporting_report r
    WHERE r.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.report_id ELSE NEW.report_id END
      AND r.status <> 'draft'
) THEN
    RAISE EXCEPTION 'pgtrigger: Cannot % the answers of a report that was handed in', lower(TG_OP);
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
"""


def final_with_report(name: str) -> pgtrigger.Trigger:
    """Refuses every change of the rows of a report that was handed in."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=FINAL,
    )


class FormAnswers(models.Model):
    """The answers to one form of one version of a report.

    One row a form, so that two people fill in two forms without meeting. `said` is in the shape of
    the report's schema; `unread` keeps what was typed and is no answer yet, by the place where it
    stands: nothing that a person typed is lost, and nothing of it is handed in as an answer.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="forms")
    form = models.TextField(_("form"))
    said = models.JSONField(_("answers"), default=dict, blank=True)
    unread = models.JSONField(_("not yet answers"), default=dict, blank=True, editable=False)
    touched_at = models.DateTimeField(_("last touched"), default=timezone.now)
    touched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("answers to a form")
        verbose_name_plural = _("answers to forms")
        ordering = ["report", "form"]
        constraints = [
            models.UniqueConstraint(fields=["report", "form"], name="form_answered_once")
        ]
        indexes = [GinIndex(words_said(), name="words_of_answers")]
        triggers = [final_with_report("answers_are_final")]

    def __str__(self) -> str:
        return f"{self.report}: {self.form}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Questions asked of attachments."""

    def visible_to(self, user: Person) -> "AttachmentQuerySet":
        """A file of a report is read by whoever reads the report."""
        return self.filter(report__in=Report.objects.visible_to(user))


class Attachment(models.Model):
    """A file that an answer names: a law, a photograph."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="attachments")
    form = models.TextField(_("form"))
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="attachments")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")
        ordering = ["report", "form", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "form", "upload"], name="attachment_once")
        ]
        triggers = [final_with_report("attachments_are_final")]

    def __str__(self) -> str:
        return str(self.upload)

    def get_absolute_url(self) -> str:
        return self.report.get_absolute_url()


# They are public with their report, and final before that: the report's own publication moves the
# generation, and a draft that is saved moves nothing.
OF_PUBLISHED = "FROM reporting_report p WHERE p.id = r.report_id AND p.status IN ('published')"
seen_in_public(
    FormAnswers,
    Attachment,
    of=f"(SELECT p.state_id {OF_PUBLISHED})",
    only=f"EXISTS (SELECT 1 {OF_PUBLISHED})",
)
