"""What a page showed when it was opened: nobody overwrites unawares what came in since."""

import json
from copy import copy
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

# The hidden field in which a page carries what it showed.
SEEN = "seen"


class SeenForm(forms.ModelForm):
    """A form of a row that another person may change while the page is open.

    The page carries what it showed. On the way back `moved` names the fields whose row says
    something else by then: those that were left alone take what the row says now, what was typed
    stays. The form that inherits says so in its own words; sent once more, it is taken as meant.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moved: list[str] = []

    @cached_property
    def now(self) -> dict[str, Any]:
        """What the row says, as the fields of the page would show and send it."""
        columns = {column.name for column in self._meta.model._meta.fields}
        names = columns.intersection(self._meta.fields or ()) - set(self._meta.exclude or ())
        return {
            name: _sent(field.widget, field.prepare_value(self.get_initial_for_field(field, name)))
            for name, field in self.fields.items()
            if name in names and not field.disabled
        }

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """What the page is to carry, and all other values as ever."""
        if field_name == SEEN:
            return json.dumps(self.now)
        return super().get_initial_for_field(field, field_name)

    def full_clean(self) -> None:
        """Looks at the row once more before what was sent is read."""
        if self.is_bound and not self.instance._state.adding:
            self.moved = self._look_again()
        super().full_clean()

    def _look_again(self) -> list[str]:
        """The fields that changed since the page was opened.

        A page that does not say what it showed is taken at its word.
        """
        try:
            seen = dict(json.loads(self.data.get(self.add_prefix(SEEN), "")))
        except (ValueError, TypeError):
            return []
        moved = [name for name, now in self.now.items() if seen.get(name, now) != now]
        if moved:
            data: Any = copy(self.data)
            data[self.add_prefix(SEEN)] = json.dumps(self.now)
            for name in moved:
                widget, key = self.fields[name].widget, self.add_prefix(name)
                if _sent(widget, widget.value_from_datadict(data, self.files, key)) == seen[name]:
                    _put(data, key, self.now[name])
            self.data = data
        return moved

    def keeps(self, name: str) -> bool:
        """Whether something else was typed into the field than the row says now."""
        widget = self.fields[name].widget
        typed = widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        return _sent(widget, typed) != self.now[name]

    def says(self, name: str) -> str:
        """What the row says in the field, in words."""
        value, field = self.now[name], self.fields[name]
        chosen = value if isinstance(value, list) else [value]
        if isinstance(field, forms.ModelChoiceField):
            rows = field.queryset.filter(pk__in=[one for one in chosen if one])  # type: ignore[union-attr]
            return ", ".join(str(row) for row in rows)
        if isinstance(field, forms.ChoiceField):
            words = dict(_flat(field.choices))
            return ", ".join(str(words.get(one, one)) for one in chosen)
        if isinstance(field, forms.BooleanField):
            return str(_("yes") if value else _("no"))
        return str(value)


def _flat(choices: Any) -> Any:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(key), label


def _sent(widget: forms.Widget, value: Any) -> Any:
    """What a browser sends back of a value that nobody touches; it knows one end of a line."""
    if isinstance(widget, forms.CheckboxInput):
        return bool(value)
    shown = widget.format_value(value)
    if isinstance(shown, list | tuple | set):
        parts = sorted(str(part) for part in shown)
        return parts if getattr(widget, "allow_multiple_selected", False) else "".join(parts[:1])
    return "" if shown is None else str(shown).replace("\r\n", "\n")


def _put(data: Any, key: str, value: Any) -> None:
    if value is False:
        data.pop(key, None)
    elif isinstance(value, list) and hasattr(data, "setlist"):
        data.setlist(key, value)
    else:
        data[key] = "on" if value is True else value
