"""The statuses under Article 9 that ship with the portal, until the ISU confirms or changes them.

From states_and_compliance.md, section 3: the overview of the ISU's own page counts legal measures
with penal sanctions, laws that forbid investment, legislation under way, and other measures.
"""

from typing import Any

from reporting.models import Measure, MeasureGroup
from states.history import act

Kind = Measure.Kind
_LEGAL = [Kind.LAW, Kind.REGULATION, Kind.EXISTING_LAW]

# key: name in English, French and Spanish, and the rule
SHIPPED: dict[str, tuple[tuple[str, str, str], dict[str, Any]]] = {
    "legislation": (
        ("Legislation adopted", "Législation adoptée", "Legislación aprobada"),
        {"kinds": [Kind.LAW, Kind.REGULATION]},
    ),
    "existing-law": (
        (
            "Existing law held sufficient",
            "Droit existant jugé suffisant",
            "Legislación vigente considerada suficiente",
        ),
        {"kinds": [Kind.EXISTING_LAW]},
    ),
    "penal-sanctions": (
        (
            "Legal measures with penal sanctions",
            "Mesures juridiques assorties de sanctions pénales",
            "Medidas jurídicas con sanciones penales",
        ),
        {"kinds": _LEGAL, "penal": True},
    ),
    "investment": (
        (
            "Investment forbidden by law",
            "Investissements interdits par la loi",
            "Inversiones prohibidas por ley",
        ),
        {"bans_investment": True},
    ),
    "in-progress": (
        ("Legislation in preparation", "Législation en préparation", "Legislación en preparación"),
        {"kinds": [Kind.IN_PREPARATION], "while_reported": True},
    ),
    "other-measures": (
        (
            "Administrative or other measures",
            "Mesures administratives ou autres",
            "Medidas administrativas o de otra índole",
        ),
        {"kinds": [Kind.DIRECTIVE, Kind.TRAINING, Kind.OTHER]},
    ),
}


def ship_groups() -> int:
    """Adds the statuses that are missing; what staff changed stays. Returns how many it added."""
    # One that the ISU has taken away does not come back by itself.
    history: Any = MeasureGroup
    once = set(history.pgh_event_models["insert"].objects.values_list("key", flat=True))
    missing = [
        MeasureGroup(
            key=key,
            name_en=names[0],
            name_fr=names[1],
            name_es=names[2],
            position=10 * place,
            **rule,
        )
        for place, (key, (names, rule)) in enumerate(SHIPPED.items(), start=1)
        if key not in once
    ]
    if missing:
        with act(by=None, reason="Shipped with the portal; to be confirmed by the ISU"):
            MeasureGroup.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)
