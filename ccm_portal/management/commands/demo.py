"""`manage.py demo`: a site with real treaty data, fictional States, and people to sign in as."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localdate

from ccm_portal.contributions import DEMO
from ccm_portal.management.commands.set_up import set_up
from ccm_portal.tasks import plan_letters
from states import demo_people
from states.models import User


class Command(BaseCommand):
    """Makes the demonstration once, or says whom to sign in as."""

    help = "Makes the demonstration (any number of times), or with --who says whom to sign in as."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--who` changes nothing."""
        parser.add_argument("--who", action="store_true", help="only say whom to sign in as")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses on a site that is not a demonstration."""
        if not settings.DEMO_IS_ALLOWED:
            raise CommandError(
                "This site is not a demonstration: set DEMO=1, and never on a site that States use."
            )
        if not options["who"]:
            make()
        self.stdout.write(who())


def make() -> None:
    """Treaty data, what every app invents for a demonstration, and planned letters; idempotent."""
    set_up()
    today = localdate()
    people: dict[str, User] = {}
    for source in DEMO:
        source(today, people)
    plan_letters()


def who() -> str:
    """Whom to sign in as, in lines fit for a terminal."""
    lines = ["Sign in as (all with the same password):"]
    lines += [f"  {user.email:<32} {user.name}" for user in demo_people.everybody()]
    lines += [
        f"  password: {demo_people.password()}",
        "  The secretariat is asked for a code as well: make code",
    ]
    return "\n".join(lines)
