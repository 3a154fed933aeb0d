"""Formats code and templates in place."""

import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent


def main() -> int:
    """Returns the first exit status that is not zero."""
    commands = [[BIN / "ruff", "check", "--fix", "."], [BIN / "ruff", "format", "."]]
    if any(Path("templates").rglob("*.html")):
        commands.append([BIN / "djlint", "templates", "--reformat", "--quiet"])
    status = 0
    for command in commands:
        done = subprocess.run(command, check=False).returncode
        # djlint answers 1 when it has changed a file, which is what was asked.
        status = status or (0 if command[0].name == "djlint" else done)
    return status


if __name__ == "__main__":
    sys.exit(main())
