"""Django's handle on the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    """What States report."""

    name = "reporting"
    verbose_name = _("Transparency reports")
