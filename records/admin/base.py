"""What the registers of evidence share: refusals of workflows and of files are sentences."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as lazy

from records import words
from records.uploads import FileRefused
from records.workflow import Refused
from states.admin.base import ReadOnlyAdmin, WorkplaceAdmin

REFUSALS: tuple[type[Exception], ...] = (ValidationError, Refused, FileRefused)


class EvidenceAdmin(WorkplaceAdmin):
    """A register whose acts go through the doors of records."""

    refusals = REFUSALS


class WordsFilter(admin.AllValuesFieldListFilter):
    """The values that a column has, each by what it means."""

    def in_words(self, value: str) -> str:
        """What the value means."""
        raise NotImplementedError

    def choices(self, changelist: Any) -> Any:
        """As Django lists them, in words."""
        known = {str(value) for value in self.lookup_choices}
        for one in super().choices(changelist):
            said = str(one["display"])
            yield {**one, "display": self.in_words(said) if said in known else said}


class KindFilter(WordsFilter):
    """The kinds of letters and documents."""

    def in_words(self, value: str) -> str:
        """What letters and documents of the kind are about."""
        return words.letter(value)


class LanguageFilter(WordsFilter):
    """Languages that are kept by their code."""

    def in_words(self, value: str) -> str:
        """The language."""
        return words.language(value)


class VerbFilter(WordsFilter):
    """What was done."""

    def in_words(self, value: str) -> str:
        """The act."""
        return words.verb(value)


class SubjectFilter(WordsFilter):
    """To what it was done."""

    def in_words(self, value: str) -> str:
        """What the rows of the register are called."""
        return capfirst(words.register(value))


class NamedEmptyFilter(admin.EmptyFieldListFilter):
    """Whether something is there, asked in words: `title`, and what empty and full mean."""

    title: Any = ""
    empty: Any = lazy("no")
    full: Any = lazy("yes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        said = self.title
        super().__init__(*args, **kwargs)
        self.title = said

    def choices(self, changelist: Any) -> Any:
        """As Django lists them: all, empty, not empty."""
        said = [None, self.empty, self.full]
        for one, instead in zip(super().choices(changelist), said, strict=True):
            yield {**one, "display": instead or one["display"]}


class FinalAdmin(ReadOnlyAdmin):
    """A register whose rows are written once."""

    refusals = REFUSALS
