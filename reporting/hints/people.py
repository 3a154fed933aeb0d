"""What to write, with an example, for the questions of Forms F to J; beside the frozen schemas.

Examples are invented: their munitions, places and numbers are no State's.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

# By form, question and column: what to write, and an example. Empty where the schema says it.
PEOPLE: dict[str, tuple[Any, Any]] = {
    "clearance.areas": (
        _(
            "One row for each area that still holds remnants on the last day of the period, "
            "with its size on that day."
        ),
        "",
    ),
    "clearance.areas.estimated": (_("An estimate is enough."), "1500"),
    "clearance.areas.used": (_("The year or years, as far as known."), "1994"),
    "clearance.areas.certainty": (
        _("Confirmed where remnants were seen, suspected where people speak of them."),
        "",
    ),
    "clearance.areas.marking": (
        _("How people are warned off."),
        _("Fenced along the road, signs every 50 m"),
    ),
    "clearance.programme": (
        "",
        _(
            "Three teams work from March to November; roads and schools come first. 250000 m²"
            " were released, 1330000 m² are left."
        ),
    ),
    "clearance.released": (
        _("Every area given back to people in the period, by whatever method."),
        "",
    ),
    "clearance.work_plan": (_("The plan as it stands now."), "work-plan-2026.pdf"),
    "clearance.milestones": (_("How much land the plan releases in each year to come."), ""),
    "risk-education.warnings": (
        _("How people near an area learn of it at once: signs, radio, messages."),
        _("Signs in two languages around both areas; a notice on the radio each spring"),
    ),
    "risk-education.measures": (_("One row for each kind of lesson or campaign."), ""),
    "risk-education.measures.measure": (
        _("What was done, and by whom."),
        _("Lessons in twelve schools, by the mine action centre"),
    ),
    "risk-education.measures.group": (
        _("For whom it was meant."),
        _("Children from 8 to 14, herders"),
    ),
    "risk-education.plan": (
        _("Its aim, its years, and whom it reaches first."),
        _("2025 to 2029; children and herders first"),
    ),
    "victim-assistance.focal_point": (
        _("A function and an institution, not a person."),
        _("Department for inclusion, Ministry of Social Affairs"),
    ),
    "victim-assistance.needs": (
        _("What victims and their families need, how you know, and what is still to be learnt."),
        _("All 65 victims were visited; eleven wait for a prosthesis, four for a place at school."),
    ),
    "victim-assistance.plan": (
        _("The plan’s name, its years, its budget, and who answers for it."),
        _("Part of the national plan on disability, 2025 to 2029, with a budget line of its own"),
    ),
    "victim-assistance.measures": (
        _("One row for each thing that was done for victims, their families and communities."),
        "",
    ),
    "victim-assistance.measures.measure": (
        _("What was done, by whom, and what came of it."),
        _("A workshop for prostheses opened in the regional hospital"),
    ),
    "victim-assistance.participation": (
        _("Where they sit at the table, and what changed because of it."),
        _("Two seats in the council on disability; the plan was changed on their advice"),
    ),
    "resources.national": (_("What the State itself paid or gave, one row for each purpose."), ""),
    "resources.national.description": (
        _("What it was spent on."),
        _("Three clearance teams, salaries and fuel"),
    ),
    "resources.provided": (
        _("What the State gave to others, one row for each recipient and purpose."),
        "",
    ),
    "resources.provided.recipient": (_("Who received it."), _("A mine action centre")),
    "resources.provided.period": (_("From when until when."), "2025–2027"),
    "resources.provided.description": (
        _("What it was given for, and in which form."),
        _("Training of two survey teams"),
    ),
    "resources.received": (
        _("What others gave to the State, one row for each giver and purpose."),
        "",
    ),
    "resources.received.giver": (_("Who gave it."), _("A trust fund")),
    "resources.received.description": (
        _("What it was used for."),
        _("Ten detectors and a vehicle"),
    ),
    "resources.needs": (
        _(
            "What is missing, for how long, and about how much it costs. Those who can help "
            "read this first."
        ),
        _("One more clearance team for three years, about USD 400000 a year"),
    ),
    "resources.coalition": (
        _("Which States or organisations, and what they would do together."),
        _("With two donors and one operator, for the Lower valley"),
    ),
    "other.matters": (
        _("Whatever fits in no other form; most States leave it empty."),
        _("A regional workshop is planned for the autumn."),
    ),
}
