"""Django's handles on the project and on the admin, and what is handed down when apps are ready."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The project, assembled."""

    name = "ccm_portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Hands down who answers for audiences, what can fall due, and which language one reads."""
        from ccm_portal import contributions, language  # noqa: PLC0415 -- needs the apps loaded
        from records import letters  # noqa: PLC0415 -- needs the apps loaded
        from states import access  # noqa: PLC0415 -- needs the apps loaded

        access.ask_for_audiences(contributions.AUDIENCES)
        letters.ask_for_dues(contributions.DUES)
        user_logged_in.connect(language.as_the_account)


class WorkplaceConfig(AdminConfig):
    """Django's admin, opened by appointment and a second factor."""

    default_site = "ccm_portal.workplace.Workplace"
