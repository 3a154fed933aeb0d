"""`manage.py set_up`: what a site needs after each migration; run any number of times."""

from typing import Any

from django.core.management.base import BaseCommand

from records import letters, tools
from states import access
from states.loading import load_treaty


def set_up() -> dict[str, int]:
    """Adds the treaty data, stages of reminding, tools and rights of roles that are missing."""
    added = load_treaty()
    added["stages of reminding"] = letters.ship_stages()
    added["tools"] = tools.ship()
    access.sync_roles()
    return added


class Command(BaseCommand):
    """Adds what is missing; changes nothing that is there."""

    help = "Adds treaty data, stages, tools and rights that are missing; overwrites nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was added."""
        for kind, count in set_up().items():
            self.stdout.write(f"{count:6} {kind}")
