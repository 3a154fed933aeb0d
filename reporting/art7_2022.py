"""The adapted forms of 2022, as far as they are known: the forms of 2010 and what plans ask since.

The text that the tenth Meeting of States Parties adopted was not seen. Each question that is new
here follows from the Lausanne Action Plan and is `inferred`: to be confirmed by the ISU, and
offered to States only once the ISU has switched the version on (`Practice.Key.FORMS_OF_2022`).
"""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from reporting.art7_2010 import ART7_2010
from reporting.schema import Area, Field, File, Level, Quantity, Schema, Table, Text, YesNo

YEAR = Text(key="year", label=_("Year"), example="2027", level=Level.VOLUNTARY, inferred=True)


def _yes_no(key: str, label: object) -> Field:
    return YesNo(key=key, label=label, level=Level.VOLUNTARY, inferred=True)


def _text(key: str, label: object) -> Field:
    return Text(key=key, label=label, level=Level.VOLUNTARY, long=True, inferred=True)


NEW: dict[str, tuple[Field, ...]] = {
    "stockpiles": (
        Table(
            key="milestones",
            label=_("Milestones of destruction"),
            level=Level.VOLUNTARY,
            inferred=True,
            columns=(
                YEAR,
                Quantity(
                    key="quantity",
                    label=_("Munitions to be destroyed"),
                    level=Level.VOLUNTARY,
                    inferred=True,
                ),
            ),
            totals=("quantity",),
        ),
    ),
    "clearance": (
        _yes_no("has_work_plan", _("There is a work plan, brought up to date in the period")),
        File(key="work_plan", label=_("The work plan"), level=Level.VOLUNTARY, inferred=True),
        Table(
            key="milestones",
            label=_("Milestones of clearance"),
            level=Level.VOLUNTARY,
            inferred=True,
            columns=(
                YEAR,
                Area(
                    key="size", label=_("Area to be released"), level=Level.VOLUNTARY, inferred=True
                ),
            ),
            totals=("size",),
        ),
    ),
    "risk-education": (
        _yes_no("has_plan", _("There is a national plan of risk education")),
        _text("plan", _("What the plan says, and for whom")),
    ),
    "victim-assistance": (
        _yes_no("has_focal_point", _("A government focal point is named")),
        _yes_no("has_plan", _("A national plan with a budget is in force")),
        _text("participation", _("How victims take part in what concerns them")),
    ),
    "resources": (
        _yes_no("wants_coalition", _("The State would welcome a country coalition")),
        _text("coalition", _("With whom, and for what")),
    ),
}

ART7_2022 = Schema(
    version="art7-2022",
    title=_("Adapted reporting forms of 2022"),
    rules=ART7_2010.rules,
    to_be_confirmed=True,
    forms=tuple(
        replace(form, fields=(*form.fields, *NEW.get(form.key, ()))) for form in ART7_2010.forms
    ),
)
