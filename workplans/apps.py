"""Django's handle on the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkplansConfig(AppConfig):
    """What coordinators plan."""

    name = "workplans"
    verbose_name = _("Work plans")
