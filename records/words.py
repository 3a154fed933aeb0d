"""What events and letters are recorded under, in words for those who read them."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import get_language_info, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from states.models.law import ObligationKind
from states.words import day, day_of_the_year

if TYPE_CHECKING:
    from records.models import Stage

VERBS = {
    "archive-check": _("Archived file checked"),
    "begin": _("Begun"),
    "edit": _("Put better"),
    "readdress": _("Addressed anew"),
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
    "settle-question": _("Question settled"),
    "reopen-question": _("Question opened again"),
    "embargo": _("Not to be published before"),
    "lift-embargo": _("Embargo lifted"),
    "add-language": _("Language version added"),
    "take-language-away": _("Language version taken away"),
    "ask": _("Asked"),
    "settle-enquiry": _("Question settled"),
    "erase": _("Erased"),
    "mailed-on": _("Mailed to the ISU"),
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
    "note": _("Note of the ISU made"),
    "withdraw-note": _("Note of the ISU withdrawn"),
    "stop-letters": _("Letters stopped"),
    "allow-letters": _("Letters allowed again"),
    "certification-on": _("Certification by the mission switched on"),
    "certification-off": _("Certification by the mission switched off"),
    "ask-certification": _("Certification asked"),
    "certify": _("Certified"),
    "send-back": _("Sent back by the mission"),
    "transcribe": _("Transcription begun"),
    "send-figures": _("Figures sent to the State"),
    "take-back-figures": _("Figures taken back from the State"),
    "confirm-figures": _("Figures confirmed by the State"),
    "correct-figures": _("Figures corrected by the State"),
    "withdraw-figures": _("Transcription withdrawn"),
    "mark-not-found": _("Marked as not found"),
    "take-back-not-found": _("No longer marked as not found"),
}

# What a letter is about: what falls due, or what was handed in.
LETTERS = {
    **dict(ObligationKind.choices),
    "receipt": _("Receipt of a report"),
    "report-question": _("Question about a report"),
    "contacts": _("Question about contacts"),
    "certification": _("Certification of a draft"),
    "figures": _("Figures to be confirmed"),
    "enquiry": _("Question to the ISU"),
    "enquiry-answer": _("Answer to a question"),
}


def letter(kind: str) -> str:
    """What letters of the kind are about; a kind that has no words yet is printed as it is."""
    return str(LETTERS.get(kind, kind.replace("-", " ").capitalize()))


def language(code: str) -> str:
    """The language in words; a code that is not known here is printed as it is."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def verb(name: str) -> str:
    """The act in words; a verb that has none yet is printed as it is recorded."""
    return str(VERBS.get(name, name.replace("-", " ").capitalize()))


def act(name: str, was: str, now: str) -> str:
    """What an event says was done, in words; a day that went without another is one taken back."""
    said = verb(name)
    if _day_in(was) is not None and not now:
        return gettext("%(act)s: day taken back") % {"act": said}
    return said


def register(label: str) -> str:
    """What the rows of a model are called, by the label under which an event names it."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


def standing(label: str, value: str) -> str:
    """A status of the model's rows in words, or a day that an event names; else as recorded."""
    if (on := _day_in(value)) is not None:
        return day(on)
    return str(_statuses(label).get(value, value))


def moves(label: str, value: str) -> str:
    """What an event moved, by a value that it names: the status, a day, else a fingerprint."""
    if _day_in(value) is not None:
        return gettext("day")
    return gettext("status") if _statuses(label) else "SHA-256"


def _day_in(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if len(value) == len("2026-11-20") else None
    except ValueError:
        return None


def _statuses(label: str) -> dict[str, Any]:
    """The statuses of the model's rows; none where it has no such column."""
    try:
        column: Any = apps.get_model(label)._meta.get_field("status")
    except (LookupError, ValueError, FieldDoesNotExist):
        return {}
    return dict(column.flatchoices)


def comes(stage: "Stage") -> str:
    """When a stage comes round: "23 June", "7 days before, then every 30 days"."""
    if stage.anchor == stage.Anchor.CALENDAR:
        return day_of_the_year(stage.calendar_month or 1, stage.calendar_day or 1)
    days = stage.offset_days
    if days == 0:
        said = gettext("on the day itself")
    elif days < 0:
        said = ngettext("%(n)d day before", "%(n)d days before", -days) % {"n": -days}
    else:
        said = ngettext("%(n)d day after", "%(n)d days after", days) % {"n": days}
    if stage.repeats_every_days:
        then = gettext("then every %(n)d days") % {"n": stage.repeats_every_days}
        return f"{said}, {then}"
    return said
