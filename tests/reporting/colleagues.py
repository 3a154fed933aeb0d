"""Forms handed to colleagues, by the acts that hand out real ones."""

import datetime as dt

from django.utils.timezone import localdate

from reporting import delegating
from reporting.art7_2010 import ART7_2010
from reporting.models import Delegation, Report
from states.models import User

MAILBOX = "mac@ministry.example"


def handed_out(report: Report, by: User, form: str = "clearance", **facts: object) -> Delegation:
    """The form is with the mine action centre for a fortnight."""
    return delegating.hand_out(
        report,
        ART7_2010.form(form),
        **{
            "mailbox": MAILBOX,
            "function": "Mine action centre",
            "until_on": localdate() + dt.timedelta(days=14),
            "word": "The areas of last autumn, please.",
            "by": by,
        }
        | facts,
    )


def link_to(delegation: Delegation, by: User) -> str:
    """The path of a link to it, as it is shown once."""
    return "/" + delegating.show_link(delegation, by=by).split("/", 3)[3].partition("?")[0]
