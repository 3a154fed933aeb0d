"""Names of columns in the reader's language, where Django would make one of the field's name.

They are given when the apps are ready and not in the classes: there each would be a migration.
"""

from collections.abc import Mapping
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

NAMES: Mapping[str, Any] = {
    "appointment.appointed_by": _("appointed by"),
    "deadline.supersedes": _("takes the place of"),
    "obligation.reopens": _("reopens"),
    "pass.made_by": _("made by"),
    "pass.revoked_by": _("revoked by"),
}


def give_names(app: AppConfig, names: Mapping[str, Any]) -> None:
    """Names the columns of the app's models: as in `names`, by "model.field".

    A reference to another register that is not in it is called like the rows of that register.
    """
    for model in app.get_models():
        columns: Any = model._meta.concrete_fields
        for column in columns:
            # The name that the class gives; what Django makes do with stands in `verbose_name`.
            if column._verbose_name is not None:
                continue
            name = names.get(f"{model._meta.model_name}.{column.name}")
            if name is None and column.is_relation:
                name = column.related_model._meta.verbose_name
            if name is not None:
                column.verbose_name = name
