"""Sends `python -m tools COMMAND` to the module that does it, inside the environment."""

import os
import sys
from pathlib import Path

from tools import environment, system

ROOT = Path(__file__).resolve().parent.parent

# command: (module, needs the development packages, needs the packages of the distribution)
COMMANDS = {
    "setup": ("", True, True),
    "run": ("tools.run", False, True),
    "test": ("tools.test", True, True),
    "check": ("tools.check", True, False),
    "fmt": ("tools.fmt", True, False),
    "manage": ("tools.manage", False, True),
    "bench": ("tools.bench", True, True),
    "restore-drill": ("tools.restore_drill", False, False),
}


def main(arguments: list[str]) -> int:
    """Makes what the command needs, then becomes it; returns an exit status when it cannot."""
    if not arguments or arguments[0] not in COMMANDS:
        print(f"Say one of: {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    command, *rest = arguments
    module, development, libraries = COMMANDS[command]
    if libraries and not system.ensure(tests=command in {"setup", "test"}):
        return 1
    python = environment.ensure(ROOT, development=development)
    if not module:
        print(f"The environment is ready: {python}")
        return 0
    os.chdir(ROOT)
    return os.execv(python, [str(python), "-m", module, *rest])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
