"""Django's handle on the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from records.columns import NAMES
from states.columns import give_names


class RecordsConfig(AppConfig):
    """Evidence."""

    name = "records"
    verbose_name = _("Records")

    def ready(self) -> None:
        """Columns are called in the reader's language."""
        give_names(self, NAMES)
