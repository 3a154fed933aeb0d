"""The cover page of the reporting forms: what is said of each form, changed or unchanged."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from reporting.art7_2010 import ART7_2010
from reporting.schema import CHANGED, NOT_APPLICABLE, UNCHANGED, Form
from states.words import colon

MARKS = {
    CHANGED: lazy("changed"),
    UNCHANGED: lazy("unchanged"),
    NOT_APPLICABLE: lazy("not applicable"),
}


FORMS = ART7_2010.forms
BY_KEY = {form.key: form for form in FORMS}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a cover page, ready to be shown."""

    form: Form
    letter: str
    mark: str
    words: Any
    since: int | None
    sentence: str
    reference: str

    @property
    def boxes(self) -> list[str]:
        """The marks that the form may bear, each with a box to tick on paper."""
        words = {
            CHANGED: str(MARKS[CHANGED]),
            UNCHANGED: f"{MARKS[UNCHANGED]} {_('since the report on %(year)s') % {'year': '____'}}",
            NOT_APPLICABLE: str(MARKS[NOT_APPLICABLE]),
        }
        return [
            f"☒ {self.said}" if mark == self.mark else f"☐ {words[mark]}"
            for mark in self.form.allowed
        ]

    @property
    def said(self) -> str:
        """The mark in words: "unchanged since the report on 2022 (A7-2022-LAO-01)"."""
        text = str(self.words)
        if self.since:
            text += " " + _("since the report on %(year)s") % {"year": self.since}
        if self.reference:
            text += f" ({self.reference})"
        if self.sentence:
            text = colon(text, self.sentence)
        return text


def lines(marks: dict[str, dict[str, Any]], language: str) -> list[Line]:
    """The cover page in the order and with the letters of the report's language."""
    found = []
    for form in ART7_2010.in_order(language):
        said = marks.get(form.key, {})
        mark = said.get("mark", "")
        found.append(
            Line(
                form,
                form.letter_in(language),
                mark,
                MARKS.get(mark, ""),
                said.get("year") if mark == UNCHANGED else None,
                said.get("sentence", "") if mark == NOT_APPLICABLE else "",
                said.get("reference", "") if mark == UNCHANGED else "",
            )
        )
    return found


def letter_across(form: Form, language: str) -> str:
    """The letter where reports in several languages meet: "D (C in English)" for who reads French.

    On a report's own page its letters are those of its language, and nothing more is said.
    """
    letter, french = form.letter_in(language), form.letter_in("fr")
    if french == form.letter:
        return letter
    if letter == french:
        return _("%(letter)s (%(other)s in English)") % {"letter": letter, "other": form.letter}
    return _("%(letter)s (%(other)s in French)") % {"letter": letter, "other": french}


def is_marked(marks: dict[str, dict[str, Any]]) -> bool:
    """Whether the cover page says anything: of what came as a file it may lie in the file alone."""
    return any(said.get("mark") for said in marks.values())


def next_year(marks: dict[str, dict[str, Any]], year: int) -> dict[str, dict[str, Any]]:
    """What a new report may take over from the one on `year`.

    Nothing is marked for the State: only the year in which a form last changed, and the sentence
    given for a form that does not apply, stand ready beside the choice.
    """
    ready: dict[str, dict[str, Any]] = {}
    for key, said in marks.items():
        if said.get("mark") == CHANGED:
            ready[key] = {"year": year}
        elif said.get("mark") == UNCHANGED and said.get("year"):
            ready[key] = {"year": said["year"]}
        elif said.get("mark") == NOT_APPLICABLE and said.get("sentence"):
            ready[key] = {"sentence": said["sentence"]}
    return ready
