"""Django's handle on the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExtensionsConfig(AppConfig):
    """Requests for more time and declarations."""

    name = "extensions"
    verbose_name = _("Extension requests")
