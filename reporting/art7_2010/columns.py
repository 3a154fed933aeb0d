"""Columns that several forms of 2010 have in common."""

from django.utils.translation import gettext_lazy as _

from reporting.schema import (
    Breakdown,
    Level,
    Quantity,
    Text,
)

IF_POSSIBLE, VOLUNTARY = Level.IF_POSSIBLE, Level.VOLUNTARY

TYPE = Text(
    key="type",
    label=_("Type of cluster munition"),
    help=_("Its name and model, as exactly as you know it."),
    example="BL-755",
)
MUNITIONS = Quantity(key="quantity", label=_("Quantity of munitions"), figure=True)
SUBMUNITION = Text(key="submunition", label=_("Type of explosive submunition"))
SUBMUNITIONS = Quantity(
    key="submunitions", label=_("Quantity of explosive submunitions"), figure=True
)
LOTS = Text(key="lots", label=_("Lot numbers"), level=IF_POSSIBLE)
# What every table of munitions counts.
COUNTED = (TYPE, MUNITIONS, LOTS, SUBMUNITION, SUBMUNITIONS)
REMARK = Text(key="remark", label=_("Supplementary information"), level=VOLUNTARY, long=True)
REACHED = Breakdown(
    key="reached", label=_("Persons reached"), level=VOLUNTARY, figure=True, inferred=True
)
