"""Django's handle on the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """What is said and decided."""

    name = "meetings"
    verbose_name = _("Meetings")
