"""What records holds of a State, for the State's page in the admin."""

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from records.models import Letter, NoteVerbale
from states import access
from states.admin.parts import Part, add_url, lines, list_url
from states.models import State
from states.words import day

NEWEST = 15


def letters_of(request: HttpRequest, state: State) -> Part:
    """The newest letters to the State."""
    part = Part(
        "letters",
        _("Letters"),
        (_("Subject"), _("To"), _("Status"), _("Planned"), _("Sent")),
        empty=_("No letter has been planned."),
    )
    if not access.may(request.user, "release_letters"):
        part.empty = _("Letters are read by those who release them.")
        return part
    rows = state.letters.filter(of_state_itself=False).order_by("-planned_at", "-pk")
    part.lines = lines(
        (
            row,
            (
                row.subject,
                row.to,
                str(row.get_status_display()),
                day(localdate(row.planned_at)),
                day(localdate(row.sent_at)) if row.sent_at else "",
            ),
        )
        for row in rows[:NEWEST]
    )
    if len(part.lines) == NEWEST:
        part.links = [
            {"url": list_url(Letter, state__iso3__exact=state.pk), "label": _("All letters")}
        ]
    return part


def notes_of(request: HttpRequest, state: State) -> Part:
    """The newest notes verbales and letters in the register."""
    part = Part(
        "notes",
        _("Notes verbales and letters in the register"),
        (_("Reference"), _("Direction"), _("Subject"), _("Day")),
    )
    if not access.may(request.user, "register_notes"):
        part.empty = _("The register is read by those who keep it.")
        return part
    rows = state.notes_verbales.filter(corrected_by__isnull=True)
    part.lines = lines(
        (
            row,
            (
                row.reference,
                str(row.get_direction_display()),
                row.subject,
                day(row.received_on),
            ),
        )
        for row in rows[:NEWEST]
    )
    part.links = [
        {
            "url": add_url(NoteVerbale, state=state.pk),
            "label": _("Register a note verbale"),
        }
    ]
    return part
