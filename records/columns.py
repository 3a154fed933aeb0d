"""Names of columns that `states.columns.give_names` gives when the apps are ready."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

NAMES: Mapping[str, Any] = {
    "letter.released_by": _("released by"),
    "noteverbale.answers": _("answers the paper"),
    "noteverbale.corrects": _("corrects the paper"),
    "noteverbale.registered_by": _("registered by"),
    "noteverbale.upload": _("file"),
    "revision.issued_by": _("issued by"),
    "revision.upload": _("file"),
    "upload.received_by": _("received by"),
}
