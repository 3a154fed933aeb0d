"""The words of answers as PostgreSQL searches them: what was typed, and not what was asked."""

from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import F, Func, TextField, Value

from states.naming import folded

# The words of one row must fit into a megabyte, whatever they are: more is not indexed.
MOST_INDEXED = 200_000
EVERY_TEXT = 'strict $.**?(@.type() == "string")'
# A line end or a quotation mark within a text, as JSON writes it.
ESCAPED = r'\\[nrtbf"\\]'


def words_said(answers: str = "said") -> Any:
    """The words of all texts in a column of answers, without accents, in no language's grammar.

    Words are letters and digits, as `states.words.words_in` has them: of "BLU-26" both are found.
    An index of `FormAnswers` stands on the same expression: change both, or neither.
    """
    texts = Func(
        Func(
            F(answers),
            Value(EVERY_TEXT),
            template="jsonb_path_query_array(%(expressions)s::jsonpath)::text",
        ),
        Value(MOST_INDEXED),
        function="left",
        output_field=TextField(),
    )
    flat = folded(_without(ESCAPED, texts))
    return SearchVector(_without("[^[:alnum:]]+", flat), config="simple")


def _without(what: str, text: Any) -> Func:
    return Func(
        text,
        Value(what),
        Value(" "),
        Value("g"),
        function="regexp_replace",
        output_field=TextField(),
    )
