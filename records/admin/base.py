"""What the registers of evidence share: refusals of workflows and of files are sentences."""

from django.core.exceptions import ValidationError

from records.uploads import FileRefused
from records.workflow import Refused
from states.admin.base import ReadOnlyAdmin, WorkplaceAdmin

REFUSALS: tuple[type[Exception], ...] = (ValidationError, Refused, FileRefused)


class EvidenceAdmin(WorkplaceAdmin):
    """A register whose acts go through the doors of records."""

    refusals = REFUSALS


class FinalAdmin(ReadOnlyAdmin):
    """A register whose rows are written once."""

    refusals = REFUSALS
