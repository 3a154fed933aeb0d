"""Names of columns that `states.columns.give_names` gives when the apps are ready."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

NAMES: Mapping[str, Any] = {
    "certification.by": _("by"),
    "draftinvitation.invited_by": _("invited by"),
    "remark.made_by": _("made by"),
    "report.certified_by": _("certified by"),
    "report.amends": _("new version of"),
    "report.drafted_by": _("drafted by"),
    "report.handed_in_by": _("handed in by"),
    "report.original": _("file"),
    "report.receipt": _("receipt"),
    "report.touched_by": _("last touched by"),
}
