"""What migrations of the portal need beside what Django and pgtrigger bring."""

from typing import Any

from django.db.migrations.operations.base import Operation
from pgtrigger.migrations import AddTrigger


class InstallTriggers(Operation):
    """Creates the triggers that the models of the app bear by now.

    `AddTrigger` renders the model and all that it is related to anew for each trigger; a first
    migration makes a hundred of them, and whoever begins with an empty database waits for it. Here
    the models are made with their triggers and the database is told of all at once.
    """

    reduces_to_sql = True
    reversible = False

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models bear them already."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Creates each trigger of each model."""
        for (app, name), model in sorted(to_state.models.items()):
            if app == app_label:
                for trigger in model.options.get("triggers", []):
                    AddTrigger(model_name=name, trigger=trigger).database_forwards(
                        app_label, schema_editor, from_state, to_state
                    )

    def describe(self) -> str:
        """Said by `migrate` and `sqlmigrate`."""
        return "Create the triggers of the models"
