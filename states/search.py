"""Finds States by any name that they bear or bore, in three languages, and by code."""

import datetime as dt
from collections.abc import Sequence

from django.contrib.postgres.search import TrigramStrictWordSimilarity
from django.db.models.functions import Greatest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from states.marking import marked
from states.models import State
from states.naming import Names, as_words, folded, has_all, names_of
from states.seams import Found, Hit, SearchSource, Sought
from states.standing import Standing, Status
from states.words import STATUSES, fold, words_in

# What PostgreSQL itself takes for alike.
LIKE_ENOUGH = 0.3
# How near a second suggestion must come to the first.
NEARLY = 0.8
MOST_MEANT = 3
NAMES = ("name_en", "name_fr", "name_es")


def find(sought: Sought) -> Found:
    """The States all of whose words are asked for; where there are none, whom it may have meant."""
    found = sorted(sought.names.with_all(sought.words), key=lambda state: _rank(state, sought))
    return Found(
        len(found),
        lambda start, stop: [_hit(state, sought) for state in found[start:stop]],
        lambda: () if found else _meant(sought),
    )


def codes(text: str) -> list[str]:
    """The codes of the States that a search for the text finds, else of those it may have meant."""
    words = tuple(dict.fromkeys(words_in(text)))
    if not words:
        return []
    found = Names(with_fictional=True).with_all(words) or _near(text, with_fictional=True)
    return [state.iso3 for state in found]


def _rank(state: State, sought: Sought) -> tuple[int, str]:
    """A code or a whole name first, then the beginning of a name, then the rest by the alphabet."""
    text = fold(sought.text)
    names = [fold(name) for name in names_of(state)]
    if text in {state.iso3.lower(), state.iso2.lower(), *names}:
        place = 0
    elif any(name.startswith(text) for name in names):
        place = 1
    else:
        place = 2
    return place, fold(state.name())


def _hit(state: State, sought: Sought) -> Hit:
    facts = state.standing(sought.on)
    return Hit(
        title=marked(state.name(), sought.words),
        url=state.get_absolute_url(),
        snippet=_snippet(state, sought),
        said=_said(facts),
        day=_since(facts),
        mark=state.iso3,
        demo=state.demo,
    )


def _said(facts: Standing) -> str:
    said = str(STATUSES[facts.status])
    return said if _since(facts) is None else _("%(status)s, since") % {"status": said}


def _since(facts: Standing) -> dt.date | None:
    """The day from which the State stands where it stands."""
    return {
        Status.PARTY: facts.in_force_on,
        Status.DEPOSITED: facts.deposited_on,
        Status.SIGNATORY: facts.signed_on,
        Status.NOT_PARTY: None,
        Status.WITHDRAWN: facts.left_on,
    }[facts.status]


def _snippet(state: State, sought: Sought) -> SafeString:
    """The names that hold the words, where the title alone would not explain the find."""
    words = [f" {word}" for word in sought.words]
    if has_all(words, as_words(state.name())):
        return SafeString("")
    called = [*names_of(state), state.iso3, state.iso2]
    said = dict.fromkeys(name for name in called if any(word in as_words(name) for word in words))
    return marked(" · ".join(said), sought.words)


def _meant(sought: Sought) -> tuple[str, ...]:
    """Names that look like what was typed, nearest first; one query."""
    near = _near(sought.text, with_fictional=sought.with_fictional)
    return tuple(state.name() for state in near)


def _near(text: str, *, with_fictional: bool) -> Sequence[State]:
    """The few States one of whose names looks like the text, nearest first; one query."""
    states = State.objects.all() if with_fictional else State.objects.of_the_treaty()
    columns = [*NAMES, *(f"former_names__{name}" for name in NAMES)]
    text = fold(text)
    near = (
        states.annotate(
            near=Greatest(*(TrigramStrictWordSimilarity(text, folded(name)) for name in columns))
        )
        .filter(near__gte=LIKE_ENOUGH)
        .order_by("-near", "iso3")
    )
    # A State comes once for each name that it bore.
    found = list(near[: MOST_MEANT * 3])
    best = {state.iso3: state for state in found if state.near >= found[0].near * NEARLY}
    return list(best.values())[:MOST_MEANT]


STATES = SearchSource("states", lazy("States"), find)
