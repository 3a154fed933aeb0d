"""Forms: one question, what must be mended, the acts that are open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms, template

register = template.Library()


@register.inclusion_tag("components/steps.html", takes_context=True)
def steps(context: template.Context, steps: Sequence[Any]) -> dict[str, Any]:
    """The acts open on an object as buttons; see the component for the shape of a step."""
    return {"steps": steps, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/field.html")
def field(field: forms.BoundField) -> dict[str, Any]:
    """One question of a form: label, help, errors, widget, in this order."""
    widget = field.field.widget
    return {
        "field": field,
        "is_tick": isinstance(widget, forms.CheckboxInput),
        "is_group": widget.use_fieldset,
        "is_asked": getattr(field.field, "is_asked", False),
    }


@register.inclusion_tag("components/errors.html")
def errors(
    *given: forms.BaseForm | forms.BaseFormSet | list[forms.BaseForm] | None,
) -> dict[str, Any]:
    """What must be mended, first on the page, each sentence a link to its field."""
    found: list[dict[str, str]] = []
    for form in _flat(given):
        if not form.is_bound:
            continue
        found += [{"text": str(text), "id": "", "label": ""} for text in form.non_field_errors()]
        for bound in form:
            found += [
                {"text": str(text), "id": _target(bound), "label": str(bound.label)}
                for text in bound.errors
            ]
    return {"found": found}


def _flat(
    given: Iterable[forms.BaseForm | forms.BaseFormSet | list[forms.BaseForm] | None],
) -> Iterable[forms.BaseForm]:
    for one in given:
        if isinstance(one, forms.BaseFormSet):
            yield from one.forms
        elif isinstance(one, list):
            yield from one
        elif one is not None:
            yield one


def _target(bound: forms.BoundField) -> str:
    # A group has no field of its own name: its first choice is where an answer is given.
    return f"{bound.auto_id}_0" if bound.field.widget.use_fieldset else str(bound.auto_id)
