"""Invites the first person of a new site, whom nobody is there yet to invite."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils.timezone import localdate

from states import invitations
from states.models import Appointment
from states.models.rights import Role


class Command(BaseCommand):
    """Prints the link; everybody else is invited from the portal."""

    help = "Appoints the first Director of a new site and prints the invitation link."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and on what authority."""
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--reference", required=True, help="the decision of appointment")
        parser.add_argument(
            "--from", dest="from_on", type=dt.date.fromisoformat, help="YYYY-MM-DD; today"
        )
        parser.add_argument("--language", default="en", choices=["en", "fr", "es"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses where a Director is in office: that person, or a recovery, is the way in."""
        in_office = (
            Appointment.objects.in_force(localdate())
            .filter(role=Role.DIRECTOR, user__is_active=True)
            .exclude(user__email=options["email"].lower())
            .select_related("user")
            .first()
        )
        if in_office is not None:
            raise CommandError(
                f"{in_office.user} is Director already. Invitations are written in the portal; "
                "for a lost second factor use: manage.py recover EMAIL --reason …"
            )
        try:
            validate_email(options["email"])
            invited = invitations.invite(
                email=options["email"],
                name=options["name"],
                role=Role.DIRECTOR,
                of=None,
                from_on=options["from_on"] or localdate(),
                reference=options["reference"],
                by=None,
                language=options["language"],
            )
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        if invited.row is None:
            self.stdout.write(f"{invited.user} is appointed and signs in as before.")
            return
        self.stdout.write(f"{invited.user} is appointed. The link works once, for 14 days:")
        self.stdout.write(invitations.link(invited.secret))
