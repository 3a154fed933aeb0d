"""The tools that a new site begins with: those that published sources name."""

from typing import Any

from records.models import Tool
from states.models.actors import Confidence

ISU = "clusterconvention.org"

# fmt: off
OF_OTHERS: tuple[dict[str, Any], ...] = (
    {
        "key": "reporting-forms", "kind": Tool.Kind.TEMPLATE, "use": "report",
        "title_en": "Reporting template in six languages",
        "title_fr": "Modèle de rapport en six langues",
        "title_es": "Modelo de informe en seis idiomas",
        "link": f"https://www.{ISU}/reporting-forms", "position": 20,
    },
    {
        "key": "model-law", "kind": Tool.Kind.MODEL_LAW, "use": "laws measures",
        "title_en": "Model law, submitted by New Zealand",
        "title_fr": "Loi type, présentée par la Nouvelle-Zélande",
        "title_es": "Ley modelo, presentada por Nueva Zelandia",
        "symbol": "CCM/MSP/2011/WP.6", "position": 30,
    },
    {
        "key": "law-checklist", "kind": Tool.Kind.CHECKLIST, "use": "laws measures",
        "title_en": "Checklist for national implementation",
        "title_fr": "Liste de contrôle pour la mise en œuvre nationale",
        "title_es": "Lista de verificación para la aplicación nacional",
        "symbol": "CCM/MSP/2011/WP.7", "position": 31,
    },
    {
        "key": "national-measures", "kind": Tool.Kind.GUIDE, "use": "laws measures",
        "title_en": "National implementation measures: status of all States Parties",
        "title_fr": "Mesures nationales d'application : situation de tous les États parties",
        "title_es": "Medidas nacionales de aplicación: situación de todos los Estados partes",
        "link": f"https://www.{ISU}/national-implementation-measures", "position": 32,
    },
    {
        "key": "extension-guidelines", "kind": Tool.Kind.GUIDE, "use": "extension",
        "title_en": "Guidelines for extension requests under Articles 3 and 4 (annexes II and III)",
        "title_fr": "Directives pour les demandes de prolongation au titre des articles 3 et 4 "
                    "(annexes II et III)",
        "title_es": "Directrices para las solicitudes de prórroga con arreglo a los artículos 3 y "
                    "4 (anexos II y III)",
        "symbol": "CCM/MSP/2018/9", "position": 40,
    },
)
# fmt: on


def ship() -> int:
    """Adds what a site does not have; nothing that staff wrote is changed. How many were added."""
    facts = {
        "confidence": Confidence.MEDIUM,
        "to_be_confirmed": True,
    }
    held = set(Tool.objects.values_list("key", flat=True))
    # A paper of the United Nations is its own source; of a link it is the site.
    new = [
        Tool(**facts, source=one.get("symbol") or ISU, **one)
        for one in OF_OTHERS
        if one["key"] not in held
    ]
    return len(Tool.objects.bulk_create(new))
