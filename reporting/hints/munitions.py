"""What to write, with an example, for the questions of Forms A to E; beside the frozen schemas.

Examples are invented: their munitions, places and numbers are no State's.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

# By form, question and column: what to write, and an example. Empty where the schema says it.
MUNITIONS: dict[str, tuple[Any, Any]] = {
    "measures.measures": (
        _(
            "One row for each law, regulation, order or training. A row keeps its place from "
            "year to year: change it where the measure changes."
        ),
        "",
    ),
    "measures.measures.kind": (
        _(
            "“Law in preparation” for a bill; “existing law held sufficient” where general "
            "penal law already covers it."
        ),
        "",
    ),
    "measures.measures.title": (
        _("The title as it was adopted, in the language of the law."),
        _("Act No. 12 on the prohibition of cluster munitions"),
    ),
    "measures.measures.citation": (
        _("Where anybody can read it: gazette, number, page."),
        _("Official Gazette No. 45, page 3"),
    ),
    "measures.measures.penal": (
        _("Whether it threatens a penalty for what the Convention forbids."),
        "",
    ),
    "stockpiles.stock": (
        _(
            "What the State held on the last day of the period, one row for each type. What "
            "is kept for training stands in Form D, not here."
        ),
        "",
    ),
    "stockpiles.marking": (
        _("How the stock is kept apart from other weapons and marked for destruction."),
        _("In a locked bay of its own; each crate bears a red band."),
    ),
    "stockpiles.programme": (
        _("What was done, what is left, and by when it ends. Three or four sentences are enough."),
        _(
            "Destruction goes on at one site. 460 munitions were destroyed in the year, 2300 "
            "are left; the last will be destroyed in 2030."
        ),
    ),
    "stockpiles.sites": (
        _("Every place where munitions are or will be destroyed, also those not yet in use."),
        "",
    ),
    "stockpiles.sites.safety": (
        _("The rules that protect those who work there and live nearby."),
        _("National standard 7 on explosives; inspected twice a year"),
    ),
    "stockpiles.sites.environment": (
        _("What is done about smoke, water and metal."),
        _("Smoke is filtered, water is tested, metal is recycled"),
    ),
    "stockpiles.sites.timetable": (
        _("When work there begins and ends, or how much each year."),
        _("460 munitions a year until 2030"),
    ),
    "stockpiles.destroyed": (
        _("What was destroyed in the period, one row for each type and site."),
        "",
    ),
    "stockpiles.found": (
        _(
            "What came to light after the State had reported that its stocks were destroyed, "
            "and what will become of it."
        ),
        "",
    ),
    "stockpiles.destroyed.standards": (
        _("Name them; “as in the table of sites” is enough where they are the same."),
        _("National standard 7; smoke filtered"),
    ),
    "stockpiles.found.circumstances": (
        _("What was found by whom, where, and when."),
        _("In a closed quarry, by the border police, in May"),
    ),
    "stockpiles.found.plan": (
        _("Where, how and by when it is to be destroyed."),
        _("At the Northern depot, with the next series"),
    ),
    "stockpiles.milestones": (_("How many munitions the plan destroys in each year to come."), ""),
    "technical-characteristics.types": (
        _("What a person who finds one needs to recognise it and make it safe."),
        "",
    ),
    "technical-characteristics.types.part": (
        _("One row for the munition, another for each submunition in it."),
        "",
    ),
    "technical-characteristics.types.dimensions": (
        _("Diameter and length, in millimetres."),
        "450 mm × 2400 mm",
    ),
    "technical-characteristics.types.fusing": (
        _("What sets it off, and what keeps it safe."),
        _("Mechanical, by time; a pin keeps it safe"),
    ),
    "technical-characteristics.types.explosive": (
        _("Kind and weight of the filling."),
        _("Hexogen, 30 g"),
    ),
    "technical-characteristics.types.metal": (
        _("Kind and weight: detectors depend on it."),
        _("Steel, 210 g"),
    ),
    "technical-characteristics.types.remark": (
        _("Colour, marks, ribbon, how it behaves when it fails."),
        _("Olive green, yellow band; the ribbon is often missing"),
    ),
    "retained-transferred.retained": (
        _(
            "What is kept or was acquired for training and countermeasures: the least number "
            "absolutely necessary."
        ),
        "",
    ),
    "retained-transferred.retained.planned": (
        _("What they are kept for, and for how long."),
        _("Training of two clearance teams, until 2028"),
    ),
    "retained-transferred.retained.used": (
        _("What was really done with them in the year, and how many were used up."),
        _("12 used up in one course in September"),
    ),
    "retained-transferred.retained.institution": (
        _("Who may hold them: an institution, not a person."),
        _("School of military engineering"),
    ),
    "retained-transferred.transferred": (
        _("What left the State’s hands, or came to it, for destruction or training."),
        "",
    ),
    "conversion.facilities": (
        _("Every facility that made cluster munitions, also those closed long ago."),
        "",
    ),
    "conversion.facilities.facility": (
        _("Its name, and the nearest town."),
        _("Hall 4 of the state arsenal, Eastbridge"),
    ),
}
