"""Makes the measures of published reports anew from their answers."""

from typing import Any

from django.core.management.base import BaseCommand

from reporting.measures import drawing


class Command(BaseCommand):
    """All or nothing, as often as one likes."""

    help = "Makes the measures of all published reports anew; writes only where they differ."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many reports had other measures."""
        self.stdout.write(f"{drawing.rebuild():6} reports with other measures than before")
