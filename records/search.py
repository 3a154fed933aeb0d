"""Finds issued documents by their words, each in its own language, and by reference or symbol."""

import html
import re
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchRank
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Greatest, Left, StrIndex, Substr
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from records import documents, fulltext
from records.models import Revision
from records.seams import Found, Hit, SearchSource, Sought
from states.marking import between, marked, snippet
from states.naming import folded
from states.words import fold

# Signs of no script, to be replaced once the text between them is escaped.
OPENS, CLOSES = "\ue000", "\ue001"
EXCERPT_BEFORE, EXCERPT = 100, 600


def find(sought: Sought) -> Found:
    """The issued documents that the reader may see, one hit each, in the language of the page."""
    matching = _matching(sought)
    return Found(
        matching.order_by().values("document").distinct().count(),
        lambda start, stop: [_hit(row, sought) for row in _best(matching, sought)[start:stop]],
    )


def _in_use(sought: Sought) -> QuerySet[Revision]:
    """The newest issued text of each document and language, of those that the reader may see."""
    issued = Revision.objects.filter(status=Revision.Status.ISSUED)
    newer = issued.filter(
        document=OuterRef("document"), language=OuterRef("language"), number__gt=OuterRef("number")
    )
    rows = issued.filter(
        ~Exists(newer), document__in=documents.readable_by(sought.reader, sought.on)
    )
    return rows if sought.with_fictional else rows.exclude(document__state__demo=True)


def _matching(sought: Sought) -> QuerySet[Revision]:
    asked = _named(sought)
    for language, name in fulltext.CONFIGURATIONS.items():
        asked |= Q(language=language, search=_query(sought, name))
    letters = ~Q(language__in=fulltext.BY_WORDS_ALONE)
    for word in sought.words:
        letters &= Q(letters__contains=word) | Q(title_letters__contains=word)
    return (
        _in_use(sought)
        .alias(letters=folded(fulltext.plain("body")), title_letters=folded("title"))
        .filter(asked | letters)
    )


def _named(sought: Sought) -> Q:
    """By a reference of ours or a symbol; one word at least of them is typed whole."""
    text = sought.text
    return Q(document__reference__icontains=text) | Q(document__symbol__icontains=text)


def _query(sought: Sought, config: Any) -> Any:
    # PostgreSQL takes a word with a stroke before it for one that must not be there.
    text = re.sub(r"(?<!\S)-+", "", sought.text)
    return fulltext.query(text, fold(text), config)


def _best(matching: QuerySet[Revision], sought: Sought) -> QuerySet[Revision]:
    """Of each document the text in the reader's language, else the best; best document first."""
    query = _query(sought, fulltext.configuration())
    own = Case(When(language=(get_language() or "en")[:2], then=Value(0)), default=Value(1))
    rank = SearchRank(F("search"), query)
    of_each = (
        matching.annotate(rank=rank, own=own)
        .order_by("document_id", "own", "-rank", "language")
        .distinct("document_id")
    )
    words = fulltext.plain("body")
    place = StrIndex(folded(words), Value(sought.words[0]))
    return (
        Revision.objects.filter(pk__in=Subquery(of_each.values("pk")))
        .select_related("document__state")
        .annotate(
            rank=rank,
            named=Case(When(_named(sought), then=Value(0)), default=Value(1)),
            headline=SearchHeadline(
                words,
                query,
                config=fulltext.configuration(),
                start_sel=OPENS,
                stop_sel=CLOSES,
                max_words=40,
                min_words=20,
            ),
            # For a find that the language's own words do not explain: typed without accents.
            excerpt=Substr(words, Greatest(place - EXCERPT_BEFORE, Value(1)), EXCERPT),
            opening=Left(words, EXCERPT),
        )
        .defer("search", "body", "html")
        .order_by("named", "-rank", F("issued_at").desc(), "-pk")
    )


def _hit(row: Any, sought: Sought) -> Hit:
    document = row.document
    return Hit(
        title=marked(row.title, sought.words),
        url=f"{reverse('document', args=[document.reference])}?text={row.language}",
        snippet=_snippet(row, sought),
        said=_("issued"),
        day=localdate(row.issued_at),
        mark=str(document),
        language=row.language,
        demo=bool(document.state and document.state.demo),
    )


def _snippet(row: Any, sought: Sought) -> SafeString:
    headline = _words(row.headline)
    if OPENS in headline:
        return between(headline, OPENS, CLOSES)
    excerpt = _words(row.excerpt)
    holds = any(word in fold(excerpt) for word in sought.words)
    return snippet(excerpt if holds else _words(row.opening), sought.words)


def _words(text: str) -> str:
    return " ".join(html.unescape(text).split())


DOCUMENTS = SearchSource("documents", lazy("Documents"), find)
