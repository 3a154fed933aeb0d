"""How rows of the registry are written in .xlsx and .csv, both ways: columns, values, sentences."""

import datetime as dt
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from import_export import fields, resources, widgets

from states import objections, registry
from states.models import Contact, Organisation, State, TreatyAction
from states.words import out_of_reach

# A cell that begins like a formula is a formula to the programs that open the file.
FORMULA = re.compile(r"^[=+\-@\t\r]")


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run is written as text, behind an apostrophe."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


class TextWidget(widgets.Widget):
    """Text; an empty cell is an empty text, a number keeps its digits."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """The text of the cell."""
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = str(value).strip()
        return text[1:] if text.startswith("'") and FORMULA.match(text[1:]) else text

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The text as stored."""
        return "" if value is None else str(value)


class CodeWidget(TextWidget):
    """A code with leading noughts, which a spreadsheet likes to eat: M49 004 comes back as 4."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """The code, with its noughts."""
        text = super().clean(value)
        return text.zfill(self.width) if text.isdigit() else text


class DayWidget(widgets.Widget):
    """A day: a date cell, or text such as 2027-04-30."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> dt.date | None:
        """The day, or a sentence that says how to write one."""
        if value is None or value == "":
            return None
        if isinstance(value, dt.datetime):
            value = value.date()
        if not isinstance(value, dt.date):
            try:
                value = dt.date.fromisoformat(str(value).strip())
            except ValueError:
                raise ValueError(
                    _("“%(value)s” is not a day; write it as 2027-04-30.") % {"value": value}
                ) from None
        if why := out_of_reach(value):
            raise ValueError(why)
        return value

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The day as 2027-04-30: a spreadsheet in any language reads it the same way."""
        return value.isoformat() if value else ""


class PastDayWidget(DayWidget):
    """A day on which something was done."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> dt.date | None:
        """Today or before, or a sentence."""
        on = super().clean(value)
        if on is not None and on > localdate():
            raise ValueError(_("This day has not come yet."))
        return on


class YesNoWidget(widgets.Widget):
    """Yes or no."""

    WORDS = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        """True or false; an empty cell is no."""
        text = str("no" if value is None or value == "" else value).strip().lower()
        if text not in self.WORDS:
            raise ValueError(_("“%(value)s” is neither yes nor no.") % {"value": value})
        return self.WORDS[text]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Yes or no, in English as the column's name is."""
        return "yes" if value else "no"


class ChoiceWidget(TextWidget):
    """One of a few words."""

    def __init__(self, choices: Any) -> None:
        super().__init__()
        self.choices = dict(choices)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """The stored word, from itself or from what the page shows for it."""
        text = super().clean(value)
        for key, label in self.choices.items():
            if text.casefold() in {key.casefold(), str(label).casefold()}:
                return key
        known = ", ".join(key or _("(empty)") for key in self.choices)
        raise ValueError(
            _("“%(value)s” is not one of: %(known)s.") % {"value": text, "known": known}
        )


class RowWidget(TextWidget):
    """A row of another register, by its code or its English name."""

    def __init__(self, model: type[models.Model], example: str) -> None:
        super().__init__()
        self.model = model
        self.example = example

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The row, or a sentence that says how to name one."""
        text = super().clean(value)
        if not text:
            return None
        found = self.model._default_manager.filter(
            models.Q(pk__iexact=text) | models.Q(name_en__iexact=text)
        )[:2]
        if len(found) != 1:
            raise ValueError(
                _("“%(value)s” is not known here; use the code, such as %(example)s.")
                % {"value": text, "example": self.example}
            )
        return found[0]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The code."""
        return str(value.pk) if value is not None else ""


class Column(fields.Field):
    """A column whose sentences stand alone: where it is, the import page says."""

    def clean(self, row: Any, **kwargs: Any) -> Any:
        """The value of the cell; ValueError with a sentence."""
        return self.widget.clean(row.get(self.column_name), row=row, **kwargs)


class Changes(resources.Diff):
    """What a row of the file would change, as plain (column, was, now)."""

    def __init__(self, resource: Any, instance: Any, new: bool) -> None:
        self.names = [column.column_name for column in resource.get_import_fields()]
        super().__init__(resource, instance, new)

    def as_html(self) -> list[tuple[str, str, str]]:  # type: ignore[override]
        """Nothing of it is HTML; the template writes it."""
        return [
            (name, "" if self.new else str(was), str(now))
            for name, was, now in zip(self.names, self.left, self.right, strict=True)
            if (str(now) if self.new else was != now)
        ]


class RegisterResource(resources.ModelResource):
    """Rows of a register: skipped when unchanged, checked like a form, all of a file or nothing.

    `unknown` is the sentence of a register whose rows a file may change and not add to.
    """

    unknown: Any = ""

    class Meta:
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        clean_model_instances = True
        store_instance = True

    def get_diff_class(self) -> type[Changes]:
        """Changes as data."""
        return Changes

    def get_instance(self, instance_loader: Any, row: Any) -> Any:
        """The row that the line is about; a wrong key is a sentence like any other."""
        errors: dict[str, str] = {}
        wanted: dict[str, Any] = {}
        for name in self.get_import_id_fields():
            column = self.fields[name]
            try:
                wanted[column.attribute] = column.clean(row)
            except ValueError as wrong:
                errors[column.attribute] = str(wrong)
            else:
                if wanted[column.attribute] in (None, ""):
                    errors[column.attribute] = _("This cell must not be empty.")
        if errors:
            raise ValidationError(errors)
        found = self.get_queryset().filter(**wanted).first()
        if found is None and self.unknown:
            said = self.unknown % {"value": next(iter(wanted.values()))}
            raise ValidationError({next(iter(wanted)): said})
        return found

    @classmethod
    def columns(cls) -> list[str]:
        """The names of the columns, in order."""
        return [column.column_name for column in cls().get_import_fields()]

    @classmethod
    def needed(cls) -> list[str]:
        """The columns that a file cannot do without."""
        made = cls()
        return [made.fields[name].column_name for name in made.get_import_id_fields()]

    @classmethod
    def column_of(cls, attribute: str) -> str:
        """The column in which an attribute of the row is written."""
        for column in cls().get_import_fields():
            if column.attribute == attribute:
                return column.column_name
        return attribute

    def doubtful(self, new: Any) -> str:
        """What to look at again before the new row is taken in; empty where nothing is doubtful."""
        return ""

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """While all rows of the file stand: what is doubtful in the new ones, by their place."""
        self.doubts = {
            place: said
            for place, row in enumerate(result.rows)
            if row.import_type == "new" and (said := self.doubtful(row.instance))
        }

    def after_rows(self, touched: list[Any]) -> None:
        """What follows from the rows that a confirmed import changed."""


def _column(attribute: str, name: str, widget: widgets.Widget | None = None) -> Column:
    return Column(attribute=attribute, column_name=name, widget=widget or TextWidget())


class StateResource(RegisterResource):
    """The States: names and codes; their status follows from treaty actions."""

    unknown = lazy(
        "“%(value)s” is the code of no State here. A file changes the States that there are; a new"
        " State comes with the treaty data of the portal."
    )
    iso3 = _column("iso3", "Code")
    iso2 = _column("iso2", "Two-letter code")
    m49 = _column("m49", "M49 code", CodeWidget(3))
    name_en = _column("name_en", "Name in English")
    name_fr = _column("name_fr", "Name in French")
    name_es = _column("name_es", "Name in Spanish")
    regional_group = _column(
        "regional_group",
        "Regional group",
        ChoiceWidget(State._meta.get_field("regional_group").choices),
    )
    un_member = _column("un_member", "Member of the United Nations", YesNoWidget())
    time_zone = _column("time_zone", "Time zone of the capital")
    confidence = _column(
        "confidence", "Confidence", ChoiceWidget(State._meta.get_field("confidence").choices)
    )
    source = _column("source", "Source")
    note = _column("note", "Note")

    class Meta(RegisterResource.Meta):
        model = State
        import_id_fields = ["iso3"]
        fields = [
            "iso3",
            "iso2",
            "m49",
            "name_en",
            "name_fr",
            "name_es",
            "regional_group",
            "un_member",
            "time_zone",
            "confidence",
            "source",
            "note",
        ]


class TreatyActionResource(RegisterResource):
    """What States did towards the Convention; the day of effect follows unless a reason differs."""

    state = _column("state", "State", RowWidget(State, "LAO"))
    kind = _column("kind", "Action", ChoiceWidget(TreatyAction.Kind.choices))
    done_on = _column("done_on", "Done on", DayWidget())
    takes_effect_on = _column("takes_effect_on", "Takes effect on", DayWidget())
    effect_reason = _column("effect_reason", "Why the effect differs from the rule")
    notification = _column("notification", "Depositary notification")
    confidence = _column(
        "confidence",
        "Confidence",
        ChoiceWidget(TreatyAction._meta.get_field("confidence").choices),
    )
    source = _column("source", "Source")
    note = _column("note", "Note")

    class Meta(RegisterResource.Meta):
        model = TreatyAction
        import_id_fields = ["state", "kind", "done_on"]
        fields = [
            "state",
            "kind",
            "done_on",
            "takes_effect_on",
            "effect_reason",
            "notification",
            "confidence",
            "source",
            "note",
        ]

    def get_queryset(self) -> models.QuerySet[TreatyAction]:
        """With their States, which every line prints."""
        return TreatyAction.objects.select_related("state")

    def import_instance(self, instance: TreatyAction, row: Any, **kwargs: Any) -> None:
        """Without a reason to differ, the rule gives the day of effect."""
        super().import_instance(instance, row, **kwargs)
        if not instance.effect_reason and instance.done_on and instance.takes_effect_on is None:
            instance.takes_effect_on = instance.by_rule()

    def doubtful(self, new: TreatyAction) -> str:
        """Who ratifies without having signed, and who accedes having signed."""
        return objections.doubtful(new)

    def after_rows(self, touched: list[TreatyAction]) -> None:
        """Obligations and deadlines follow from the treaty actions."""
        registry.bring_up_to_date(localdate(), sorted({row.state_id for row in touched}))


class ContactResource(RegisterResource):
    """Contacts of States and organisations."""

    number = _column("pk", "No.")
    state = _column("state", "State", RowWidget(State, "LAO"))
    organisation = _column("organisation", "Organisation", RowWidget(Organisation, "icrc"))
    purpose = _column("purpose", "Purpose", ChoiceWidget(Contact.Purpose.choices))
    place = _column("place", "Place", ChoiceWidget(Contact.Place.choices))
    role_mailbox = _column("role_mailbox", "Mailbox of a function", YesNoWidget())
    form_of_address = _column("form_of_address", "Form of address")
    name = _column("name", "Name")
    function = _column("function", "Function")
    institution = _column("institution", "Institution")
    email = _column("email", "E-mail")
    telephone = _column("telephone", "Telephone")
    language = _column(
        "language", "Language", ChoiceWidget(Contact._meta.get_field("language").choices)
    )
    from_on = _column("from_on", "From", DayWidget())
    until_on = _column("until_on", "Until", DayWidget())
    may_publish = _column("may_publish", "May be published", YesNoWidget())
    confirmed_on = _column("confirmed_on", "Last confirmed", PastDayWidget())
    source = _column("source", "Source")

    class Meta(RegisterResource.Meta):
        model = Contact
        import_id_fields: list[str] = []
        fields = [
            "number",
            "state",
            "organisation",
            "purpose",
            "place",
            "role_mailbox",
            "form_of_address",
            "name",
            "function",
            "institution",
            "email",
            "telephone",
            "language",
            "from_on",
            "until_on",
            "may_publish",
            "confirmed_on",
            "source",
        ]

    @classmethod
    def needed(cls) -> list[str]:
        """A line names at least a State, what for, where, and an address."""
        return ["State", "Purpose", "Place", "E-mail"]

    def get_queryset(self) -> models.QuerySet[Contact]:
        """With whom they belong to."""
        return Contact.objects.select_related("state", "organisation")

    def get_import_order(self) -> list[str]:
        """The number finds the row; it is never written."""
        return [name for name in super().get_import_order() if name != "number"]

    def import_instance(self, instance: Contact, row: Any, **kwargs: Any) -> None:
        """A corrected address has not come back yet."""
        was = instance.email
        super().import_instance(instance, row, **kwargs)
        if instance.email != was:
            instance.bounced_on = None

    def get_instance(self, instance_loader: Any, row: Any) -> Contact | None:
        """By its number; without one, by State, purpose, place and address.

        The second way makes the same file harmless when it is imported twice.
        """
        number = TextWidget().clean(row.get("No."))
        if number:
            if not number.isdecimal() or not (
                found := self.get_queryset().filter(pk=int(number)).first()
            ):
                raise ValidationError(
                    _("There is no contact No. %(number)s; leave the cell empty for a new one.")
                    % {"number": number}
                )
            return found
        try:
            wanted = {
                name: self.fields[name].clean(row)
                for name in ("state", "organisation", "purpose", "place", "email")
            }
        except ValueError:
            return None  # the line's own sentences follow when its cells are read
        wanted["email__iexact"] = wanted.pop("email")
        if not wanted["email__iexact"]:
            return None
        return self.get_queryset().filter(**wanted).order_by("pk").first()
