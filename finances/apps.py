"""Django's handle on the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FinancesConfig(AppConfig):
    """Contributions and the unit's money."""

    name = "finances"
    verbose_name = _("Finances")
