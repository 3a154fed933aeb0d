"""The words of documents in the database: folded as in Python, and never too many."""

import random

import pytest
from django.db.models import Value
from django.utils.safestring import mark_safe

from records import documents
from records.models import Revision
from states.models import User
from states.naming import folded
from states.words import fold
from tests import factories


def a_text(body: str, by: User) -> Revision:
    return documents.draft(
        series="ISU",
        year=2026,
        kind="note",
        family="secretariat",
        title="A note",
        body=mark_safe(body),
        by=by,
    )


@pytest.mark.parametrize(
    "text", ["Côte d’Ivoire", "São Tomé", "Türkiye", "ÅLAND ½ ﬁn", "Помощь Ёж", "多边", "Việt"]
)
def test_the_database_folds_as_the_program_does(db: None, text: str) -> None:
    state = factories.StateFactory(iso3="CIV", name_en=text)

    found = type(state).objects.annotate(flat=folded("name_en")).get(pk="CIV")

    assert found.flat == fold(text)
    assert type(state).objects.filter(pk="CIV").annotate(flat=folded(Value(text))).exists()


def test_a_text_of_any_length_can_be_kept(officer: User) -> None:
    """PostgreSQL refuses an index of more than a megabyte; no real text is as rich as this one."""
    chance = random.Random(1)
    letters = "абвгдежзиклмнопрстуфхцчшщэюя"
    words = ("".join(chance.choices(letters, k=8)) for _ in range(60_000))

    row = a_text(f"<p>{' '.join(words)}</p>", officer)

    assert Revision.objects.filter(pk=row.pk, language="en").exists()


def test_nobody_carries_the_index_of_a_text_about(officer: User) -> None:
    row = a_text("<p>Words.</p>", officer)

    assert "search" in Revision.objects.get(pk=row.pk).get_deferred_fields()
    assert "search" in row.document.revisions.get().get_deferred_fields()
