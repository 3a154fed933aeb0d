"""Prints how the people of the demonstration sign in at this moment."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from states import access, demo_people
from states.models import User


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
        if User._meta.db_table not in connection.introspection.table_names():
            raise CommandError(
                "No portal was ever started on this folder of data: start one with `make run`,"
                " or give the DATA of the one that runs, such as `make code DATA=/srv/portal`."
            )
        people = demo_people.everybody()
        if options["email"]:
            people = people.filter(email=options["email"].lower())
        if not people:
            who = "has this address" if options["email"] else "is here"
            raise CommandError(f"Nobody of the demonstration {who}; `make demo` makes them.")
        for person in people:
            line = f"{person.email:<36} {password}"
            if access.is_secretariat(person):
                code, seconds = demo_people.code(person)
                line += f"  {code}  (for {seconds} s more)"
            self.stdout.write(line)
