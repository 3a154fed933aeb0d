"""`manage.py load_treaty`: adds the treaty data that ships with the portal."""

from typing import Any

from django.core.management.base import BaseCommand

from states.loading import load_treaty


class Command(BaseCommand):
    """Adds what is missing; changes nothing that is there."""

    help = "Adds the treaty data that ships with the portal; changes nothing that is there."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was added."""
        for kind, count in load_treaty().items():
            self.stdout.write(f"{count:6} {kind}")
