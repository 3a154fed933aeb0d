"""National points of contact of a report, Article 7(1)(l): public only where the State agrees."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from reporting.models.reports import Report
from states.models.generation import seen_in_public

# Of a report that was handed in nothing is added, changed or taken away; erasing alone is possible.
FINAL = """
IF EXISTS (
    SELECT 1 FROM reporting_report r
    WHERE r.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.report_id ELSE NEW.report_id END
      AND r.status <> 'draft'
) AND NOT (
    TG_OP = 'UPDATE' AND NEW.erased AND NEW.institution = OLD.institution
    AND NEW.report_id = OLD.report_id AND NEW.position = OLD.position
    AND NEW.name = '' AND NEW.telephone = '' AND NEW.email = '' AND NEW.fax = ''
) THEN
    RAISE EXCEPTION 'pgtrigger: Cannot % a contact of a report that was handed in', lower(TG_OP);
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
"""


class PointOfContact(models.Model):
    """One institution mandated to inform, and how to reach it, as the State names it."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="points_of_contact")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    institution = models.TextField(_("institution"))
    name = models.TextField(_("function or name"), blank=True)
    telephone = models.TextField(_("telephone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    fax = models.TextField(_("fax"), blank=True)
    erased = models.BooleanField(_("erased on request"), default=False, editable=False)

    class Meta:
        verbose_name = _("national point of contact")
        verbose_name_plural = _("national points of contact")
        ordering = ["report", "position", "pk"]
        triggers = [
            pgtrigger.Trigger(
                name="contacts_are_final",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=FINAL,
            )
        ]

    def __str__(self) -> str:
        return self.institution


OF_PUBLISHED = (
    "FROM reporting_report p WHERE p.id = r.report_id AND p.status IN ('published') "
    "AND p.contacts_public"
)
seen_in_public(
    PointOfContact,
    of=f"(SELECT p.state_id {OF_PUBLISHED})",
    only=f"EXISTS (SELECT 1 {OF_PUBLISHED})",
)
