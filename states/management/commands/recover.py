"""Lets a person in anew from the server, where no second member of the secretariat is left."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from states import invitations, recovery
from states.models import User


class Command(BaseCommand):
    """For the case that one person is left; otherwise two people do it in the portal."""

    help = "Takes a person's second factor off, ends the sessions, prints a new invitation link."

    def add_arguments(self, parser: CommandParser) -> None:
        """For whom, and why it is right."""
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="how you know that it is this person")

    def handle(self, *args: Any, **options: Any) -> None:
        """The reason stands in the history for good."""
        user = User.objects.filter(email=options["email"].lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in with {options['email']}.")
        try:
            invited = recovery.from_the_machine(user, reason=options["reason"])
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        except OSError as refused:
            raise CommandError(
                f"Done, but the letter could not be sent ({refused}). Run it again when mail works."
            ) from refused
        self.stdout.write(f"{user} is let in anew. A letter was sent; the link works once:")
        self.stdout.write(invitations.link(invited.secret))
