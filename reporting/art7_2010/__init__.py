"""The reporting forms of 2010 (CCM/MSP/2010/PM/10), A to J. Released: never edited, see its hash.

What the Convention forces is sure; where a column was remembered and not seen it says `inferred`.
"""

from django.utils.translation import gettext_lazy as _

from reporting.art7_2010.munitions import (
    CONVERSION,
    MEASURES,
    RETAINED_TRANSFERRED,
    STOCKPILES,
    TECHNICAL_CHARACTERISTICS,
)
from reporting.art7_2010.people import (
    CLEARANCE,
    OTHER,
    RESOURCES,
    RISK_EDUCATION,
    VICTIM_ASSISTANCE,
)
from reporting.rules import RULES
from reporting.schema import Schema

ART7_2010 = Schema(
    version="art7-2010",
    title=_("Reporting forms of 2010"),
    forms=(
        MEASURES,
        STOCKPILES,
        TECHNICAL_CHARACTERISTICS,
        RETAINED_TRANSFERRED,
        CONVERSION,
        CLEARANCE,
        RISK_EDUCATION,
        VICTIM_ASSISTANCE,
        RESOURCES,
        OTHER,
    ),
    rules=RULES,
)
