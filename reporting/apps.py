"""Django's handle on the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from reporting.columns import NAMES
from states.columns import give_names


class ReportingConfig(AppConfig):
    """What States report."""

    name = "reporting"
    verbose_name = _("Transparency reports")

    def ready(self) -> None:
        """Columns are called in the reader's language; passes know what they open."""
        from states import passes  # noqa: PLC0415 -- its rows are known only now

        give_names(self, NAMES)
        passes.know("delegation", self.get_model("Delegation"))
        passes.know("transcription", self.get_model("Transcription"))
