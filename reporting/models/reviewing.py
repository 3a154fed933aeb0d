"""What stands beside a report: confirmed doubts, the wish of the State, embargo, translations.

None of it changes what was handed in, and none but the language versions is ever public.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.models import Upload
from reporting.languages import LANGUAGES
from reporting.models.answers import OF_PUBLISHED, final_with_report
from reporting.models.reports import Report
from states.access import Person
from states.models.generation import seen_in_public
from states.words import day


class ConfirmedDoubt(models.Model):
    """The State's word that what may be doubted is right; final with the report.

    `facts` is the fingerprint of what was doubted (`reporting.doubting.facts_of`): where the
    doubt says something else the confirmation no longer counts. `text` is the doubt as the person
    read it. Read by the State and the secretariat, and by nobody else.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="confirmed_doubts")
    facts = models.CharField(_("fingerprint of the doubt"), max_length=64)
    rule = models.TextField(_("rule"), blank=True)
    form = models.TextField(_("form"), blank=True)
    place = models.TextField(_("place"), blank=True)
    text = models.TextField(_("doubt"))
    word = models.TextField(_("the word of the State"))
    confirmed_at = models.DateTimeField(_("confirmed at"), default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("confirmed by")
    )

    class Meta:
        verbose_name = _("confirmed doubt")
        verbose_name_plural = _("confirmed doubts")
        ordering = ["report", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "facts"], name="doubt_confirmed_once"),
            models.CheckConstraint(name="doubt_confirmed_in_words", condition=~Q(word="")),
        ]
        triggers = [final_with_report("confirmed_doubts_are_final")]

    def __str__(self) -> str:
        return self.text[:60]


class KeptDoubts(models.Model):
    """What could be doubted in a report when it was handed in: asked once, and kept as it was said.

    `doubts` holds for each its rule, form, field, place, facts, and its text in every language of
    the portal. `number` counts them, `confirmed` those that the State has confirmed.
    """

    report = models.OneToOneField(Report, models.CASCADE, related_name="kept_doubts")
    doubts = models.JSONField(_("doubts"), default=list)
    number = models.PositiveIntegerField(_("number of doubts"))
    confirmed = models.PositiveIntegerField(_("confirmed"))
    kept_at = models.DateTimeField(_("kept at"), default=timezone.now)

    class Meta:
        verbose_name = _("doubts at hand-in")
        verbose_name_plural = _("doubts at hand-in")
        ordering = ["report"]
        constraints = [
            models.CheckConstraint(
                name="no_more_doubts_confirmed_than_there_are",
                condition=Q(confirmed__lte=models.F("number")),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="kept_doubts_are_final", operation=pgtrigger.Update),
            pgtrigger.Protect(name="kept_doubts_stay", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.number}"


class PublicationWish(models.Model):
    """The State asks that its report be not published before a day; the secretariat decides."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="publication_wish")
    not_before = models.DateField(_("not before"))
    why = models.TextField(_("why"), blank=True)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("wish about publication")
        verbose_name_plural = _("wishes about publication")
        ordering = ["report"]
        triggers = [final_with_report("wishes_are_final")]

    def __str__(self) -> str:
        return f"{self.report}: {day(self.not_before)}"


class EmbargoQuerySet(models.QuerySet["Embargo"]):
    """Questions asked of embargoes."""

    def standing(self) -> "EmbargoQuerySet":
        """The last word on each report, where it names a day; lifted ones are left out."""
        later = Embargo.objects.filter(
            report=models.OuterRef("report"), pk__gt=models.OuterRef("pk")
        )
        return self.filter(~models.Exists(later), not_before__isnull=False)


class Embargo(models.Model):
    """A report is not published before a day, and then by the portal itself. Each move is a row.

    The last row counts; without a day it says that the embargo was lifted.
    """

    class AskedBy(models.TextChoices):
        """Whose wish it is."""

        STATE = "state", _("the State")
        SECRETARIAT = "secretariat", _("the ISU")

    report = models.ForeignKey(Report, models.PROTECT, related_name="embargoes")
    not_before = models.DateField(_("not before"), null=True, blank=True)
    asked_by = models.TextField(_("asked by"), choices=AskedBy.choices)
    why = models.TextField(_("why"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    # Nobody: the portal carried it over to the version that replaces the report.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = EmbargoQuerySet.as_manager()

    class Meta:
        verbose_name = _("embargo")
        verbose_name_plural = _("embargoes")
        ordering = ["report", "pk"]
        constraints = [models.CheckConstraint(name="embargo_has_a_reason", condition=~Q(why=""))]
        triggers = [
            pgtrigger.Protect(name="embargoes_stay", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.report}: {day(self.not_before) if self.not_before else _('lifted')}"


class LanguageVersionQuerySet(models.QuerySet["LanguageVersion"]):
    """Questions asked of language versions."""

    def standing(self) -> "LanguageVersionQuerySet":
        """Those that were not taken away."""
        return self.filter(removed_at__isnull=True)

    def visible_to(self, user: Person) -> "LanguageVersionQuerySet":
        """A language version is read by whoever reads the report, for as long as it stands."""
        return self.standing().filter(report__in=Report.objects.visible_to(user))


class LanguageVersion(models.Model):
    """A file with what a report says in another language. It changes nothing that was handed in."""

    class Kind(models.TextChoices):
        """How far its words are the State's."""

        ORIGINAL = "original", _("original")
        OFFICIAL = "official", _("official translation")
        COURTESY = "courtesy", _("courtesy translation")

    class AddedBy(models.TextChoices):
        """Whose file it is."""

        STATE = "state", _("the State")
        SECRETARIAT = "secretariat", _("the ISU")

    report = models.ForeignKey(Report, models.PROTECT, related_name="language_versions")
    language = models.CharField(
        _("language"), max_length=8, choices=[(code, one.name) for code, one in LANGUAGES.items()]
    )
    kind = models.TextField(_("kind"), choices=Kind.choices)
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="language_versions")
    side = models.TextField(_("added by"), choices=AddedBy.choices)
    added_at = models.DateTimeField(_("added at"), default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(_("taken away at"), null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_why = models.TextField(_("why it was taken away"), blank=True)

    objects = LanguageVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("language version")
        verbose_name_plural = _("language versions")
        ordering = ["report", "language", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "language", "kind"],
                condition=Q(removed_at__isnull=True),
                name="language_version_once",
            ),
            models.CheckConstraint(
                name="language_version_taken_away_with_a_reason",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True, removed_why="")
                | (Q(removed_at__isnull=False, removed_by__isnull=False) & ~Q(removed_why="")),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="language_version_is_final",
                fields=["report", "language", "kind", "upload", "side", "added_at", "added_by"],
            ),
            pgtrigger.Protect(
                name="taken_away_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__removed_at__isnull=False),
            ),
            pgtrigger.Protect(name="language_versions_stay", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {LANGUAGES[self.language].own}, {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return self.report.get_absolute_url()

    @property
    def own_name(self) -> str:
        """The language as its readers call it."""
        return LANGUAGES[self.language].own

    @property
    def direction(self) -> str:
        """Which way it is written: ltr or rtl."""
        return LANGUAGES[self.language].direction

    @property
    def file_url(self) -> str:
        """Where the file is read."""
        return reverse("file", args=[self.upload_id, self.upload.name])


seen_in_public(
    LanguageVersion,
    of=f"(SELECT p.state_id {OF_PUBLISHED})",
    only=f"EXISTS (SELECT 1 {OF_PUBLISHED})",
)
