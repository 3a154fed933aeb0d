"""The statuses under Article 9 that ship with the portal, until the ISU confirms or changes them.

The overview of the ISU's own page counts legal measures with penal sanctions, laws that forbid
investment, legislation under way, and other measures; the groups overlap.
"""

import csv
from pathlib import Path
from typing import Any

from reporting.models import MeasureGroup
from states.history import act

FIXTURE = Path(__file__).parent.parent / "fixtures" / "measure_groups.csv"
NAMES = ("key", "name_en", "name_fr", "name_es")
MARKS = ("penal", "bans_investment", "while_reported")


def shipped() -> list[MeasureGroup]:
    """The statuses as they ship, in their order; not saved."""
    with FIXTURE.open(newline="", encoding="utf-8") as file:
        return [
            MeasureGroup(
                kinds=line["kinds"].split(),
                position=10 * place,
                **{name: line[name] for name in NAMES},
                **{name: line[name] == "yes" for name in MARKS},
            )
            for place, line in enumerate(csv.DictReader(file), start=1)
        ]


def ship_groups() -> int:
    """Adds the statuses that are missing; what staff changed stays. Returns how many it added."""
    # One that the ISU has taken away does not come back by itself.
    history: Any = MeasureGroup
    once = set(history.pgh_event_models["insert"].objects.values_list("key", flat=True))
    missing = [group for group in shipped() if group.key not in once]
    if missing:
        with act(by=None, reason="Shipped with the portal; to be confirmed by the ISU"):
            MeasureGroup.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)
