"""The words of documents as PostgreSQL searches them: each text in its own language."""

from typing import Any

from django.contrib.postgres.search import SearchConfig, SearchQuery, SearchVector
from django.db.models import Case, F, Func, TextField, Value, When
from django.db.models.expressions import Combinable

from states.naming import folded

# Of the languages of the United Nations PostgreSQL knows all but Chinese.
CONFIGURATIONS = {
    "en": "english",
    "fr": "french",
    "es": "spanish",
    "ar": "arabic",
    "ru": "russian",
}
# Arabic words stand together with their articles and conjunctions, of which it knows the first
# only; what is written in other languages is searched by its letters too.
BY_WORDS_ALONE = ["en", "fr", "es", "ru"]
# The words of one text must fit into a megabyte, whatever they are: more is not indexed.
MOST_INDEXED = 200_000


def configuration() -> Case:
    """The configuration of a row by its `language`."""
    known = [When(language=code, then=SearchConfig(name)) for code, name in CONFIGURATIONS.items()]
    return Case(*known, default=SearchConfig("simple"))


def plain(html: Combinable | str) -> Func:
    """The words of a column of HTML without its tags; entities stay as they are."""
    html = F(html) if isinstance(html, str) else html
    return Func(
        Func(html, Value(MOST_INDEXED), function="left"),
        Value("<[^>]*>"),
        Value(" "),
        Value("g"),
        function="regexp_replace",
        output_field=TextField(),
    )


def vector() -> Any:
    """Title and text of a row, as written and without accents, so that either is found."""
    config = configuration()
    return (
        SearchVector("title", config=config, weight="A")
        + SearchVector(folded("title"), config=config, weight="A")
        + SearchVector(plain("body"), config=config, weight="B")
        + SearchVector(folded(plain("body")), config=config, weight="B")
    )


def query(text: str, flat: str, config: Any) -> Any:
    """The words as typed, or the same without accents (`flat`); quotation marks hold a phrase."""
    return SearchQuery(text, config=config, search_type="websearch") | SearchQuery(
        flat, config=config, search_type="websearch"
    )
