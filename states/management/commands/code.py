"""Prints how the people of the demonstration sign in at this moment."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from states import access, demo_people


class Command(BaseCommand):
    """Codes of the demonstration only: there is no way to print anybody else's."""

    help = "Prints the current second-factor codes of the people of the demonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        """Everybody, or one."""
        parser.add_argument("email", nargs="?", help="one person only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses where the demonstration is not allowed, and for people who are not of it."""
        try:
            password = demo_people.password()
        except ImproperlyConfigured as refused:
            raise CommandError(str(refused)) from refused
        people = demo_people.everybody()
        if options["email"]:
            people = people.filter(email=options["email"].lower())
        if not people:
            raise CommandError(
                "Nobody of the demonstration has this address; `make demo` makes them."
            )
        for person in people:
            line = f"{person.email:<36} {password}"
            if access.is_secretariat(person):
                code, seconds = demo_people.code(person)
                line += f"  {code}  (for {seconds} s more)"
            self.stdout.write(line)
