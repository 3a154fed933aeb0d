"""`manage.py draw_workflows`: draws the tables of steps into docs/workflows.md."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from records.workflow import Workflow
from reporting.transcription.steps import TRANSCRIPTIONS
from reporting.workflow import DELEGATIONS, REPORTS

WORKFLOWS: tuple[Workflow, ...] = (REPORTS, DELEGATIONS, TRANSCRIPTIONS)
PATH = settings.BASE_DIR / "docs" / "workflows.md"
HEAD = """# Workflows

Drawn by `make draw` from the tables in each app's `workflow.py`; do not edit by hand. Every step is
taken through `records.workflow.Workflow.take`, which asks for the right named here and leaves an
event.
"""


def drawn() -> str:
    """The page as it should be."""
    parts = [HEAD]
    with translation.override("en"):
        for workflow in WORKFLOWS:
            parts.append(
                f"## {workflow.name.capitalize()}\n\n```mermaid\n{workflow.mermaid()}\n```\n"
            )
            rows = [
                f"| {step.name} | {step.label} | {', '.join(sorted(step.sources))} | {step.target} "
                f"| `{step.permission}` |"
                for step in workflow.steps
            ]
            table = [
                "| step | button | from | to | right |",
                "| --- | --- | --- | --- | --- |",
                *rows,
            ]
            parts.append("\n".join(table) + "\n")
    return "\n".join(parts)


class Command(BaseCommand):
    """Writes the page, or with --check says whether it is true."""

    help = "Draws docs/workflows.md from the code; --check only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--check` writes nothing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fails where the page and the code disagree."""
        if not options["check"]:
            PATH.write_text(drawn(), encoding="utf-8")
        elif PATH.read_text(encoding="utf-8") != drawn():
            raise CommandError("docs/workflows.md is not what the code does: run make draw.")
