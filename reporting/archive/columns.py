"""The columns of an index of past reports, and the words in which a line may be written."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as lazy

from records.archive.index import Column
from reporting.models import UN_LANGUAGES, Report
from states.models import State
from states.naming import names_of
from states.words import fold

COLUMNS = (
    Column("state", ("état", "estado", "country", "pays", "país", "iso3"), needed=True),
    Column("year", ("année", "año", "reporting year", "report year"), needed=True),
    Column("file", ("fichier", "archivo", "filename", "file name", "path"), needed=True),
    Column("kind", ("type", "report", "rapport", "genre", "tipo", "clase")),
    Column("language", ("langue", "idioma")),
    Column("covers_from", ("from", "period from", "du", "desde", "période du")),
    Column("covers_to", ("to", "until", "period to", "au", "hasta", "période au")),
    Column("received_by_isu", ("received isu", "isu")),
    Column("sent_to_unoda", ("sent", "sent unoda", "envoyé", "enviado")),
    Column("received_by_unoda", ("received", "submitted", "unoda", "reçu", "recibido")),
    Column("published_on", ("published", "publié le", "publié", "publicado")),
    Column("note", ("remarks", "remarque", "nota", "source")),
)
HELP: Mapping[str, object] = {
    "state": lazy(
        "Code of three letters, or a name in English, French or Spanish, former ones too."
    ),
    "year": lazy("The calendar year reported on; of a report on several years 2019-2021."),
    "file": lazy("The name of the file in the archive, with its folder if it has one."),
    "kind": lazy("initial, annual or voluntary. Empty: what is usual for the State in that year."),
    "language": lazy("en, fr, es, ar, ru or zh. Empty: English."),
    "covers_from": lazy("First day of the period. Empty: the usual period."),
    "covers_to": lazy("Last day of the period."),
    "received_by_isu": lazy("Days as 2012-04-30. Other ways of writing are kept as they stand."),
    "sent_to_unoda": lazy("When it was sent to UNODA, if it is known."),
    "received_by_unoda": lazy("When UNODA received it: most often the day that counts."),
    "published_on": lazy("The day, or “yes” where the day is not known. Empty: not published."),
    "note": lazy("Read by the ISU only, such as where the file was found."),
}
EXAMPLE = (
    ("state", "XAA"),
    ("year", "2015"),
    ("file", "XAA/2015-en.pdf"),
    ("kind", "annual"),
    ("language", "en"),
    ("covers_from", "2015-01-01"),
    ("covers_to", "2015-12-31"),
    ("received_by_isu", ""),
    ("sent_to_unoda", "2016-04-20"),
    ("received_by_unoda", "2016-04-22"),
    ("published_on", "2016-05-10"),
    ("note", ""),
)
PERIOD = ("covers_from", "covers_to")
RECEIPT = ("received_by_isu", "sent_to_unoda", "received_by_unoda")

KINDS = {
    Report.Kind.INITIAL: ("initial", "first", "initiale", "inicial", "premier", "primero"),
    Report.Kind.ANNUAL: ("annual", "annuel", "anual", "update", "annual update"),
    Report.Kind.VOLUNTARY: ("voluntary", "volontaire", "voluntario"),
}
LANGUAGES = {
    "ar": ("arabic", "arabe"),
    "zh": ("chinese", "chinois", "chino"),
    "en": ("english", "anglais", "ingles"),
    "fr": ("french", "francais", "frances"),
    "ru": ("russian", "russe", "ruso"),
    "es": ("spanish", "espagnol", "espanol"),
}
YES = frozenset({"yes", "oui", "si", "x", "true", "1", "published", "publie", "publicado"})
NO = frozenset({"no", "non", "false", "0", "-", "–"})
_YEAR = re.compile(r"(\d{4})(?:\.0+)?")
_YEARS = re.compile(r"(\d{4})\s*(?:-|–|/|to|a|au|hasta)\s*(\d{4})")


def kind_in(text: str) -> str:
    """The kind of report that the word means; empty where it means none."""
    said = plain(text)
    return next(
        (
            kind.value
            for kind, words in KINDS.items()
            if said in words or any(said == f"{word} {rest}" for word in words for rest in REST)
        ),
        "",
    )


REST = ("report", "transparency report")


def language_in(text: str) -> str:
    """The language that the word or the code means; empty where it means none."""
    said = plain(text)
    if said in dict(UN_LANGUAGES):
        return said
    return next((code for code, words in LANGUAGES.items() if said in words), "")


def years_in(text: str) -> tuple[int, int] | None:
    """The first and the last year: of "2012" twice the same, of "2019-2021" the two."""
    said = text.strip()
    if found := _YEAR.fullmatch(said):
        return int(found[1]), int(found[1])
    if (found := _YEARS.fullmatch(fold(said))) and int(found[1]) <= int(found[2]):
        return int(found[1]), int(found[2])
    return None


class States:
    """Every State by its code and by all names that it bears or bore; read once, three queries.

    A name is also known without what is formal in it: "Moldova", "Lao PDR". One that several States
    then share, such as "Korea", is none.
    """

    def __init__(self) -> None:
        self._found: dict[str, dict[str, State]] = {}
        self._short: dict[str, dict[str, State]] = {}
        for state in State.objects.with_past().defer("source", "note").order_by():
            for name in (state.iso3, *names_of(state)):
                self._found.setdefault(plain(name), {})[state.iso3] = state
                if short := informal(name):
                    self._short.setdefault(short, {})[state.iso3] = state
            for name in names_of(state):
                for short in USUAL:
                    if plain(name).startswith(f"{short} "):
                        self._short.setdefault(short, {})[state.iso3] = state

    def called(self, text: str) -> list[State]:
        """The States that the text may mean: one, none, or several that bore the name."""
        found = self._found.get(plain(text)) or self._short.get(plain(text))
        return list((found or self._short.get(informal(text), {})).values())


# What stands before or after the name that people use, in the three languages, and its initials.
_FORMAL = (
    "the la le les el los las l d de del des du of and s republic republique republica kingdom "
    "royaume reino state etat estado principality principaute principado federation confederation "
    "democratic democratique democratica people peoples populaire popular united unie unida "
    "islamic islamique islamica arab arabe plurinational bolivarian federal pdr dr dpr rd rdp rpd"
)
FORMAL = frozenset(_FORMAL.split())
# Of these the beginning is what people write, and all of it is formal.
USUAL = (
    "united kingdom",
    "royaume uni",
    "reino unido",
    "united states",
    "etats unis",
    "estados unidos",
)


def informal(text: str) -> str:
    """The name without formal words at its ends, plain; empty where nothing is left."""
    words = plain(text).split()
    while words and words[0] in FORMAL:
        words.pop(0)
    while words and words[-1] in FORMAL:
        words.pop()
    return " ".join(words)


def plain(text: str) -> str:
    """Words alone, folded, without what stands in brackets: "Lao PDR (fictional)"."""
    without = re.sub(r"\([^)]*\)", " ", text)
    return " ".join(re.findall(r"[^\W_]+", fold(without)))
