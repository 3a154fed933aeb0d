"""How the ISU's notes on measures are written in .xlsx and .csv, both ways."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from reporting.models import Measure, MeasureNote
from states.models import State
from states.models.actors import Confidence
from states.resources import (
    ChoiceWidget,
    Column,
    DayWidget,
    PastDayWidget,
    RegisterResource,
    RowWidget,
    TextWidget,
    YesNoWidget,
)


class KnownWidget(YesNoWidget):
    """Yes, no, or an empty cell: nobody has said."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool | None:  # type: ignore[override]
        """The truth value, None for an empty cell."""
        return None if value is None or str(value).strip() == "" else super().clean(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Yes, no, or nothing."""
        return "" if value is None else super().render(value)


def _column(attribute: str, name: str, widget: Any = None) -> Column:
    return Column(attribute=attribute, column_name=name, widget=widget or TextWidget())


class MeasureNoteResource(RegisterResource):
    """The notes, each by its number, or by the row that it is about, or by its title."""

    number = _column("pk", "No.")
    state = _column("state", "State", RowWidget(State, "LAO"))
    about = _column("about", "About the reported row")
    kind = _column("kind", "Kind", ChoiceWidget([("", ""), *Measure.Kind.choices]))
    title = _column("title", "Title in the original language")
    title_en = _column("title_en", "Title in English")
    citation = _column("citation", "Where it is published")
    effective_on = _column("effective_on", "In force since", DayWidget())
    penal = _column("penal", "Penal sanctions", KnownWidget())
    bans_investment = _column("bans_investment", "Forbids investment", KnownWidget())
    link = _column("link", "Address of the text")
    remark = _column("remark", "Remark")
    noted_on = _column("noted_on", "Noted on", PastDayWidget())
    source = _column("source", "Source")
    confidence = _column("confidence", "Confidence", ChoiceWidget(Confidence.choices))

    class Meta(RegisterResource.Meta):
        model = MeasureNote
        import_id_fields: list[str] = []
        fields = [
            "number",
            "state",
            "about",
            "kind",
            "title",
            "title_en",
            "citation",
            "effective_on",
            "penal",
            "bans_investment",
            "link",
            "remark",
            "noted_on",
            "source",
            "confidence",
        ]

    @classmethod
    def needed(cls) -> list[str]:
        """A line names at least a State, when it was noted, and from where."""
        return ["State", "Noted on", "Source", "Confidence"]

    def get_queryset(self) -> models.QuerySet[MeasureNote]:
        """With their States, which every line prints."""
        return MeasureNote.objects.select_related("state")

    def get_import_order(self) -> list[str]:
        """The number finds the row; it is never written."""
        return [name for name in super().get_import_order() if name != "number"]

    def get_instance(self, instance_loader: Any, row: Any) -> MeasureNote | None:
        """By its number; without one, by State and row, or by State and title.

        The second way makes the same file harmless when it is imported twice.
        """
        number = TextWidget().clean(row.get("No."))
        if number:
            plain = number.isascii() and number.isdecimal() and len(number) < 18
            found = self.get_queryset().filter(pk=int(number)).first() if plain else None
            if found is None:
                raise ValidationError(
                    _("There is no note No. %(number)s; leave the cell empty for a new one.")
                    % {"number": number}
                )
            return found
        try:
            wanted = {name: self.fields[name].clean(row) for name in ("state", "about")}
            wanted["title"] = self.fields["title"].clean(row)
        except ValueError:
            return None  # the line's own sentences follow when its cells are read
        wanted.pop("title" if wanted["about"] else "about")
        return self.get_queryset().filter(**wanted).order_by("pk").first()
