"""What events and letters are recorded under, in words for those who read them."""

from django.utils.translation import gettext_lazy as _

from states.models.law import ObligationKind

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

# What a letter is about: what falls due, or what was handed in.
LETTERS = {
    **dict(ObligationKind.choices),
    "receipt": _("Receipt of a report"),
    "report-question": _("Question about a report"),
    "contacts": _("Question about contacts"),
}


def letter(kind: str) -> str:
    """What letters of the kind are about; a kind that has no words yet is printed as it is."""
    return str(LETTERS.get(kind, kind.replace("-", " ").capitalize()))


def verb(name: str) -> str:
    """The act in words; a verb that has none yet is printed as it is recorded."""
    return str(VERBS.get(name, name.replace("-", " ").capitalize()))
