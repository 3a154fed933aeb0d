"""Django's handle on the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatesConfig(AppConfig):
    """Actors and law."""

    name = "states"
    verbose_name = _("States and law")
