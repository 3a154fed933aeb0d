"""Past reports on their way in: archives, what becomes of each line, and what was not found."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reporting.models.reports import UN_LANGUAGES, Report
from states.models import State


class Archive(models.Model):
    """A .zip of past reports with its index. Where it stands is read from its moments."""

    name = models.TextField(_("archive"), editable=False)
    path = models.TextField(editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    received_at = models.DateTimeField(_("received at"), default=timezone.now, editable=False)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("received from"),
    )
    problem = models.TextField(_("why it cannot be read"), blank=True, editable=False)
    notes = models.JSONField(default=dict, blank=True, editable=False)
    listed_at = models.DateTimeField(null=True, blank=True, editable=False)
    looked_at = models.DateTimeField(_("read through at"), null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("confirmed by"),
    )
    rested_at = models.DateTimeField(_("taken in until"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("archive of past reports")
        verbose_name_plural = _("archives of past reports")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="archive_confirmed_by_somebody",
                condition=Q(confirmed_at__isnull=True) | Q(confirmed_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="archive_as_received",
                fields=["name", "path", "sha256", "size", "received_at", "received_by"],
            ),
            pgtrigger.Protect(name="archives_stay", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"

    @property
    def stage(self) -> str:
        """One of reading, refused, read, importing, done, closed."""
        if self.closed_at:
            return "closed"
        if self.problem:
            return "refused"
        if not self.looked_at:
            return "reading"
        if not self.confirmed_at:
            return "read"
        return "done" if self.rested_at else "importing"


class Finding(models.TextChoices):
    """What a line would do."""

    NEW = "new", _("new report")
    VERSION = "version", _("new version")
    SAME = "same", _("already here")
    REFUSED = "refused", _("cannot be taken")


class Outcome(models.TextChoices):
    """What became of a line."""

    TAKEN = "taken", _("taken in")
    SAME = "same", _("was already here")
    REFUSED = "refused", _("was not taken")
    LEFT_OUT = "left-out", _("left out")


class ArchiveLine(models.Model):
    """One line of the index of an archive: what it says, how it was read, what became of it."""

    archive = models.ForeignKey(Archive, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField(_("line"))
    given = models.JSONField(default=dict)
    file = models.TextField(_("file"), blank=True)

    state = models.ForeignKey(
        State, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("State")
    )
    kind = models.TextField(_("kind"), choices=Report.Kind.choices, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    covers_from = models.DateField(_("covers from"), null=True, blank=True)
    covers_to = models.DateField(_("covers to"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=UN_LANGUAGES, default="en")
    received_by_isu = models.DateField(_("received by the ISU"), null=True, blank=True)
    sent_to_unoda = models.DateField(_("sent to UNODA"), null=True, blank=True)
    received_by_unoda = models.DateField(_("received by UNODA"), null=True, blank=True)
    publish = models.BooleanField(_("to be published"), default=False)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    as_published = models.JSONField(default=dict, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    looked_at = models.DateTimeField(null=True, blank=True)
    finding = models.TextField(_("what it would do"), choices=Finding.choices, blank=True)
    sentence = models.TextField(_("why"), blank=True)
    doubts = models.JSONField(_("doubts"), default=list, blank=True)
    notes = models.JSONField(default=list, blank=True)

    left_out = models.BooleanField(_("left out"), default=False)
    answer = models.JSONField(default=dict, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    released = models.BooleanField(default=False)

    outcome = models.TextField(_("what became of it"), choices=Outcome.choices, blank=True)
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="archive_lines"
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("line of an archive")
        verbose_name_plural = _("lines of archives")
        ordering = ["archive", "number"]
        # What is next is found at once, however much is done.
        indexes = [
            models.Index(
                fields=["archive", "number"],
                name="archive_line_to_look_at",
                condition=Q(looked_at__isnull=True),
            ),
            models.Index(
                fields=["archive", "number"],
                name="archive_line_to_take",
                condition=Q(released=True, outcome=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["archive", "number"], name="archive_line_once"),
            models.CheckConstraint(
                name="archive_line_done_with_an_outcome",
                condition=Q(outcome="", done_at__isnull=True)
                | (~Q(outcome="") & Q(done_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="archive_line_taken_is_a_report",
                condition=~Q(outcome__in=["taken", "same"]) | Q(report__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="archive_line_done_is_final",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__outcome=""),
            ),
            pgtrigger.Protect(name="archive_lines_stay", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.archive}, {self.number}"

    @property
    def waits(self) -> bool:
        """Whether a person has to say what is meant before it can be taken."""
        return bool(self.doubts) and not (self.answered_at or self.left_out or self.outcome)


class NotFound(models.Model):
    """The ISU looked for a report that was due, and there is none to be found."""

    state = models.ForeignKey(State, models.PROTECT, related_name="+")
    kind = models.TextField(_("kind"), choices=Report.Kind.choices)
    year = models.PositiveSmallIntegerField(_("year"))
    reason = models.TextField(_("where it was looked for"))
    marked_at = models.DateTimeField(_("marked at"), default=timezone.now)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("report not found")
        verbose_name_plural = _("reports not found")
        ordering = ["state", "kind", "year"]
        constraints = [
            models.UniqueConstraint(fields=["state", "kind", "year"], name="not_found_once")
        ]

    def __str__(self) -> str:
        return f"{self.state}, {self.get_kind_display()} {self.year}"
