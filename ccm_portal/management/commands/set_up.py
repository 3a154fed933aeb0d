"""`manage.py set_up`: what a site needs after each migration; run any number of times."""

from typing import Any

from django.core.management.base import BaseCommand

from records import letters, tools
from reporting.measures import drawing, shipping
from states import access
from states.loading import load_treaty


def set_up() -> dict[str, int]:
    """Adds what is missing of treaty data, stages, tools, statuses, measures and rights."""
    added = load_treaty()
    added["stages of reminding"] = letters.ship_stages()
    added["tools"] = tools.ship()
    added["statuses under Article 9"] = shipping.ship_groups()
    added["reports whose measures were drawn"] = drawing.draw_missing()
    access.sync_roles()
    return added


class Command(BaseCommand):
    """Adds what is missing; changes nothing that is there."""

    help = "Adds treaty data, stages, tools, statuses and rights that are missing; nothing else."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was added."""
        for kind, count in set_up().items():
            self.stdout.write(f"{count:6} {kind}")
