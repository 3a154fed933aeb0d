"""Lists that a person of the secretariat returns to: a name for an address."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from states.models.actors import User


class SavedFilter(models.Model):
    """A register as one person filtered it; a filter is an address, so that is what is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=1000)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="saved_filter_once",
                violation_error_message=_("You have a filter of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
