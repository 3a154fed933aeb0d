"""The names by which States are looked up: present and former, in every language, and codes."""

from collections.abc import Iterable

from django.db.models import F, Func, TextField, Value
from django.db.models.expressions import Combinable

from states.models import FormerName, State
from states.words import fold, words_in


def names_of(state: State) -> list[str]:
    """Every name that the State bears or bore, former ones from the oldest."""
    past = sorted(state.past_names(), key=lambda name: name.until_on)
    rows: list[State | FormerName] = [state, *past]
    return [name for row in rows for name in (row.name_en, row.name_fr, row.name_es)]


def haystack(state: State) -> str:
    """Names and codes in one folded text, each on a line."""
    return fold("\n".join([*names_of(state), state.iso3, state.iso2]))


def as_words(text: str) -> str:
    """The folded words of a text with a space before each, so that ` ang` finds what begins so."""
    return "".join(f" {word}" for word in words_in(text))


def has_all(words: Iterable[str], text: str) -> bool:
    """Whether each stands somewhere in the text."""
    return all(word in text for word in words)


def folded(text: Combinable | str) -> Func:
    """What `states.words.fold` does, for a column or an expression in PostgreSQL; immutable."""
    text = F(text) if isinstance(text, str) else text
    flat = Func(
        Func(text, Value("’"), Value("'"), function="replace"),
        template="normalize(%(expressions)s, NFKD)",
    )
    bare = Func(flat, Value(r"[\u0300-\u036f]"), Value(""), Value("g"), function="regexp_replace")
    return Func(bare, function="lower", output_field=TextField())


class Names:
    """Every State with its past and its names, read once for one search; three queries."""

    def __init__(self, *, with_fictional: bool) -> None:
        states = State.objects.all() if with_fictional else State.objects.of_the_treaty()
        self.states = list(states.with_past().defer("source", "note").order_by())
        self._texts = {state.iso3: as_words(haystack(state)) for state in self.states}

    def with_all(self, words: Iterable[str]) -> list[State]:
        """The States among whose names and codes all the words, or longer ones, stand."""
        words = tuple(f" {word}" for word in words)
        return [state for state in self.states if has_all(words, self._texts[state.iso3])]
