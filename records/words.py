"""The acts that events record, in words for those who read the history."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "begin": _("Begun"),
    "hand-in": _("Handed to the ISU"),
    "file": _("Filed for the State"),
    "publish": _("Published"),
    "discard": _("Draft thrown away"),
    "invite": _("The ISU invited to read the draft"),
    "take-back-invitation": _("Invitation to the draft taken back"),
    "received-by-isu": _("Received by the ISU"),
    "sent-to-unoda": _("Sent to UNODA"),
    "received-by-unoda": _("Received by UNODA"),
    "ask-clarification": _("Clarification asked"),
    "answer": _("Answered"),
    "ask": _("Asked"),
    "release": _("Released"),
    "set-aside": _("Set aside"),
    "overtake": _("Overtaken by events"),
    "settle": _("Doubt settled"),
    "send": _("Sent"),
    "plan": _("Planned"),
    "come-back": _("Taken up again"),
    "doubt": _("Left in doubt"),
    "fail": _("Refused by the mail host"),
    "copy-refused": _("The copy was refused by the mail host"),
    "draft": _("Drafted"),
    "issue": _("Issued"),
    "withdraw": _("Withdrawn"),
    "register": _("Registered"),
    "correct": _("Corrected"),
    "stop-letters": _("Letters stopped"),
    "allow-letters": _("Letters allowed again"),
}


def verb(name: str) -> str:
    """The act in words; a verb that has none yet is printed as it is recorded."""
    return str(VERBS.get(name, name.replace("-", " ").capitalize()))
