"""`manage.py makemessages`: Django's own, which also knows the short name that we import by."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Where a module needs both, gettext is `_` and gettext_lazy is `lazy`."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=lazy"]
