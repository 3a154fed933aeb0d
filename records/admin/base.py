"""What the registers of evidence share: refusals of workflows and of files are sentences."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError

from records import words
from records.uploads import FileRefused
from records.workflow import Refused
from states.admin.base import ReadOnlyAdmin, WorkplaceAdmin

REFUSALS: tuple[type[Exception], ...] = (ValidationError, Refused, FileRefused)


class EvidenceAdmin(WorkplaceAdmin):
    """A register whose acts go through the doors of records."""

    refusals = REFUSALS


class KindFilter(admin.AllValuesFieldListFilter):
    """The kinds of letters, in words."""

    def choices(self, changelist: Any) -> Any:
        """As Django lists them, each value by what it means."""
        known = {str(value) for value in self.lookup_choices}
        for one in super().choices(changelist):
            said = str(one["display"])
            yield {**one, "display": words.letter(said) if said in known else said}


class FinalAdmin(ReadOnlyAdmin):
    """A register whose rows are written once."""

    refusals = REFUSALS
