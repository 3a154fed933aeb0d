"""National implementation measures (Article 9): what States reported, and what the ISU knows."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from records.models import Upload
from reporting.models.reports import Report
from states.access import Person
from states.history import kept
from states.models import State
from states.models.actors import Confidence
from states.models.generation import seen_in_public
from states.words import colon


class Measure(models.Model):
    """One row of Form A of one version of a published report, as the State reported it.

    `row` is the id that the row bears in every report that carries it: by it later reports and the
    notes of the ISU are about the same measure. `reporting.measures.drawing` makes the rows, and
    makes them anew at any time: nothing else may be kept here.
    """

    class Kind(models.TextChoices):
        """What Form A offers; a report may leave it open."""

        LAW = "law", _("law")
        REGULATION = "regulation", _("regulation")
        DIRECTIVE = "directive", _("directive")
        TRAINING = "training", _("training of armed forces")
        EXISTING_LAW = "existing-law", _("existing law held sufficient")
        IN_PREPARATION = "in-preparation", _("law in preparation")
        OTHER = "other", _("other")

    report = models.ForeignKey(Report, models.CASCADE, related_name="measures")
    state = models.ForeignKey(State, models.CASCADE, related_name="measures")
    position = models.PositiveIntegerField(_("place in the report"))
    row = models.TextField(_("row"))
    kind = models.TextField(_("kind"), choices=Kind.choices, blank=True)
    title = models.TextField(_("measure"), blank=True)
    citation = models.TextField(_("where it is published"), blank=True)
    effective_on = models.DateField(_("in force since"), null=True, blank=True)
    penal = models.BooleanField(_("penal sanctions"), null=True, blank=True)
    text = models.ForeignKey(
        Upload, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("text")
    )
    remark = models.TextField(_("supplementary information"), blank=True)

    class Meta:
        verbose_name = _("reported measure")
        verbose_name_plural = _("reported measures")
        ordering = ["report", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "position"], name="measure_place_once"),
            models.UniqueConstraint(fields=["report", "row"], name="measure_row_once"),
        ]
        indexes = [models.Index(fields=["state", "row"], name="measure_by_state_and_row")]

    def __str__(self) -> str:
        return colon(self.state, self.title or self.get_kind_display())


class MeasureNoteQuerySet(models.QuerySet["MeasureNote"]):
    """Questions asked of notes on measures."""

    def shown(self) -> "MeasureNoteQuerySet":
        """What pages may show: nothing of low confidence is ever shown as fact."""
        return self.exclude(confidence=Confidence.LOW)

    def visible_to(self, user: Person) -> "MeasureNoteQuerySet":
        """The text of a law that the ISU attached is public with its note."""
        return self.shown()


class MeasureNote(models.Model):
    """What the ISU knows of a measure from a source: a measure of its own, or more about a row.

    What the State reported stays as it is; `about` is the row that the note adds to or corrects,
    empty where no report has the measure. What a note leaves empty it says nothing about.
    """

    state = models.ForeignKey(State, models.PROTECT, related_name="measure_notes")
    about = models.TextField(
        _("about the reported row"),
        blank=True,
        help_text=_("Empty: a measure that no report has."),
    )
    kind = models.TextField(_("kind"), choices=Measure.Kind.choices, blank=True)
    title = models.TextField(_("title in the original language"), blank=True)
    title_en = models.TextField(_("title in English"), blank=True)
    citation = models.TextField(_("where it is published"), blank=True)
    effective_on = models.DateField(_("in force since"), null=True, blank=True)
    penal = models.BooleanField(_("penal sanctions"), null=True, blank=True)
    bans_investment = models.BooleanField(_("forbids investment"), null=True, blank=True)
    text = models.ForeignKey(
        Upload,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measure_notes",
        verbose_name=_("text of the law"),
    )
    link = models.URLField(_("address of the text"), max_length=500, blank=True)
    remark = models.TextField(
        _("remark"), blank=True, help_text=_("Public, with the day and the source.")
    )
    noted_on = models.DateField(_("noted on"), default=localdate)
    source = models.TextField(_("source"), help_text=_("A paper, a page, a report: named exactly."))
    confidence = models.TextField(
        _("confidence"), choices=Confidence.choices, default=Confidence.HIGH
    )

    objects = MeasureNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("ISU note on a measure")
        verbose_name_plural = _("ISU notes on measures")
        ordering = ["state", "-effective_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["state", "about"],
                condition=~Q(about=""),
                name="measure_note_once_a_row",
                violation_error_message=_(
                    "There is a note about this row already: change that one."
                ),
            ),
            models.CheckConstraint(
                name="measure_note_has_a_source",
                condition=~Q(source=""),
                violation_error_message=_("Name the source: a note without one is not kept."),
            ),
        ]

    def __str__(self) -> str:
        said = self.title or self.title_en or self.get_kind_display() or self.about
        return colon(self.state, said)

    def clean(self) -> None:
        """A measure of its own has a kind and a title; a row that is named is one of the State's.

        Raises ValidationError.
        """
        if not self.about:
            needed = {"kind": self.kind, "title": self.title}
            if missing := [name for name, value in needed.items() if not value]:
                sentence = _("Needed for a measure that no report has.")
                raise ValidationError(dict.fromkeys(missing, sentence))
        elif not Measure.objects.filter(state=self.state_id, row=self.about).exists():
            raise ValidationError(
                {
                    "about": _(
                        "“%(row)s” is no row of a published report of this State. Open the "
                        "reported measure and choose “Add an ISU note” there."
                    )
                    % {"row": self.about[:60]}
                }
            )
        if self.noted_on and self.noted_on > localdate():
            raise ValidationError({"noted_on": _("This day has not come yet.")})


class MeasureGroup(models.Model):
    """One word for where States stand under Article 9, and the rule by which a State has it.

    A State has it with one measure that fits: of one of `kinds` (any, where none is named), with
    penal sanctions or a ban of investment where these are asked. Groups overlap. `while_reported`:
    a measure that the newest report no longer names does not count.
    """

    key = models.SlugField(_("word in addresses"), primary_key=True, max_length=40)
    name_en = models.TextField(_("name in English"))
    name_fr = models.TextField(_("name in French"))
    name_es = models.TextField(_("name in Spanish"))
    kinds = ArrayField(
        models.TextField(choices=Measure.Kind.choices),
        verbose_name=_("kinds of measures"),
        default=list,
        blank=True,
    )
    penal = models.BooleanField(_("only with penal sanctions"), default=False)
    bans_investment = models.BooleanField(_("only where investment is forbidden"), default=False)
    while_reported = models.BooleanField(_("only while the newest report names it"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=50)
    to_be_confirmed = models.BooleanField(_("to be confirmed by the ISU"), default=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("status under Article 9")
        verbose_name_plural = _("statuses under Article 9")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language."""
        said: Any = getattr(self, f"name_{(get_language() or 'en')[:2]}", "")
        return str(said or self.name_en)


kept()(MeasureNote)
kept()(MeasureGroup)
seen_in_public(Measure, MeasureNote, of="r.state_id")
seen_in_public(MeasureGroup)
