"""The ISU's own word beside a figure or a form of a published report: signed, dated, sourced."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reporting.models.reports import Report
from states.models.generation import seen_in_public


class FigureNoteQuerySet(models.QuerySet["FigureNote"]):
    """Questions asked of notes."""

    def standing(self) -> "FigureNoteQuerySet":
        """Those that nobody withdrew."""
        return self.filter(withdrawn_at__isnull=True)


class FigureNote(models.Model):
    """A note on what a State reported; the State's own figure stays as it is.

    `form`, `question`, `row`, `column` and `part` are the beginning of the path of an answer: a
    note on a question has no row, one on a form no question, one on the whole report no form.
    `corrected` is a number that the ISU holds beside the State's, in the State's unit. `signed_by`
    is a function, never a person.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="figure_notes")
    form = models.TextField(_("form"), blank=True)
    question = models.TextField(_("question"), blank=True)
    row = models.TextField(_("row"), blank=True)
    column = models.TextField(_("column"), blank=True)
    part = models.TextField(_("part"), blank=True)
    text = models.TextField(_("text"))
    corrected = models.DecimalField(
        _("number that the ISU holds"), max_digits=30, decimal_places=15, null=True, blank=True
    )
    source = models.TextField(_("source"))
    signed_by = models.TextField(_("signed by"))
    signed_on = models.DateField(_("signed on"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_why = models.TextField(_("why it was withdrawn"), blank=True)

    objects = FigureNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("ISU note")
        verbose_name_plural = _("ISU notes")
        ordering = ["report", "signed_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="figure_note_withdrawn_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_why="")
                ),
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="figure_note_is_final",
                fields=[
                    "report",
                    "form",
                    "question",
                    "row",
                    "column",
                    "part",
                    "text",
                    "corrected",
                    "source",
                    "signed_by",
                    "signed_on",
                    "made_at",
                    "made_by",
                ],
            ),
            pgtrigger.Protect(
                name="figure_note_withdrawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
            pgtrigger.Protect(name="figure_notes_stay", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.text[:60]}"

    @property
    def path(self) -> tuple[str, str, str, str, str]:
        """Where in the report it stands; empty parts stand for all below."""
        return self.form, self.question, self.row, self.column, self.part


OF_PUBLISHED = "FROM reporting_report p WHERE p.id = r.report_id AND p.status IN ('published')"
seen_in_public(
    FigureNote,
    of=f"(SELECT p.state_id {OF_PUBLISHED})",
    only=f"EXISTS (SELECT 1 {OF_PUBLISHED})",
)
