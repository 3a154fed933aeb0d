"""The cover page of the reporting forms: which forms there are, and what may be said of each."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

CHANGED, UNCHANGED, NOT_APPLICABLE = "changed", "unchanged", "not-applicable"
MARKS = {
    CHANGED: lazy("changed"),
    UNCHANGED: lazy("unchanged"),
    NOT_APPLICABLE: lazy("not applicable"),
}


@dataclass(frozen=True, slots=True)
class Form:
    """One form of the template of 2010. `key` is for ever; the letter depends on the language."""

    key: str
    letter: str
    title: Any
    article: str
    allowed: tuple[str, ...] = (CHANGED, UNCHANGED, NOT_APPLICABLE)

    def letter_in(self, language: str) -> str:
        """The letter of the form in a language: French prints C and D the other way round."""
        if language[:2] == "fr":
            return {"C": "D", "D": "C"}.get(self.letter, self.letter)
        return self.letter


FORMS = (
    Form(
        "measures",
        "A",
        lazy("National implementation measures"),
        "7(1)(a)",
        allowed=(CHANGED, UNCHANGED),
    ),
    Form("stockpiles", "B", lazy("Stockpiles and destruction"), "7(1)(b), (e), (f), (g)"),
    Form(
        "technical-characteristics",
        "C",
        lazy("Technical characteristics of each type produced, owned or possessed"),
        "7(1)(c)",
    ),
    Form(
        "retained-transferred",
        "D",
        lazy("Cluster munitions retained and transferred"),
        "3(8)",
    ),
    Form("conversion", "E", lazy("Status of conversion programmes"), "7(1)(d)"),
    Form("clearance", "F", lazy("Contaminated areas and clearance"), "7(1)(h), (i)"),
    Form("risk-education", "G", lazy("Warning to the population and risk education"), "7(1)(j)"),
    Form("victim-assistance", "H", lazy("Victim assistance"), "7(1)(k)"),
    Form(
        "resources",
        "I",
        lazy("National resources and international cooperation and assistance"),
        "7(1)(m), (n)",
    ),
    Form("other", "J", lazy("Other relevant matters"), ""),
)
BY_KEY = {form.key: form for form in FORMS}


def in_order(language: str) -> list[Form]:
    """The forms in the order of their letters in the language."""
    return sorted(FORMS, key=lambda form: form.letter_in(language))


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
    def said(self) -> str:
        """The mark in words: "unchanged since the report on 2022 (A7-2022-LAO-01)"."""
        text = str(self.words)
        if self.since:
            text += " " + _("since the report on %(year)s") % {"year": self.since}
        if self.reference:
            text += f" ({self.reference})"
        if self.sentence:
            text += f": {self.sentence}"
        return text


def lines(marks: dict[str, dict[str, Any]], language: str) -> list[Line]:
    """The cover page in the order and with the letters of the report's language."""
    found = []
    for form in in_order(language):
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
