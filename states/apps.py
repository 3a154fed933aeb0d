"""Django's handle on the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from states.columns import NAMES, give_names


class StatesConfig(AppConfig):
    """Actors and law."""

    name = "states"
    verbose_name = _("States and law")

    def ready(self) -> None:
        """Columns are called in the reader's language."""
        give_names(self, NAMES)
