"""Makes the figures of published reports anew from their answers."""

from typing import Any

from django.core.management.base import BaseCommand

from reporting import counted


class Command(BaseCommand):
    """All or nothing, as often as one likes."""

    help = "Makes the figures of all published reports anew; writes only where they differ."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many reports had other figures."""
        self.stdout.write(f"{counted.rebuild():6} reports with other figures than before")
