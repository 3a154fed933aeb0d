"""The numbers that published reports hold, row by row: derived from the answers, disposable."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reporting.models.reports import Report
from states.models import State
from states.models.generation import seen_in_public


class Figure(models.Model):
    """One number of a published report, as the State reported it.

    `form`, `question`, `row`, `column` and `part` are the path of the answer in the schema of the
    report; `row_label` says in the State's words what the row is about. `unit` is a unit such as
    m², the code of a currency, or empty where things or persons are counted. `reporting.counted`
    makes the rows, and makes them anew at any time: nothing else may be kept here. `transcribed`
    is true where the State gave a file, the ISU typed what it says, and the State confirmed it.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="figures")
    state = models.ForeignKey(State, models.CASCADE, related_name="figures")
    year = models.PositiveSmallIntegerField(_("year"))
    position = models.PositiveIntegerField(_("place in the report"))
    form = models.TextField(_("form"))
    question = models.TextField(_("question"))
    row = models.TextField(_("row"), blank=True)
    row_label = models.TextField(_("what the row is about"), blank=True)
    column = models.TextField(_("column"), blank=True)
    part = models.TextField(_("part"), blank=True)
    # An answer has fifteen digits at most, before the point or after it.
    number = models.DecimalField(_("number"), max_digits=30, decimal_places=15)
    unit = models.TextField(_("unit"), blank=True)
    transcribed = models.BooleanField(_("transcribed by the ISU"), default=False)

    class Meta:
        verbose_name = _("figure of a report")
        verbose_name_plural = _("figures of reports")
        ordering = ["report", "position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "position"], name="figure_place_once")
        ]
        indexes = [models.Index(fields=["state", "year"], name="figure_by_state_and_year")]

    def __str__(self) -> str:
        return f"{self.report}: {self.form} {self.question} {self.number:f}"


seen_in_public(Figure, of="r.state_id")
