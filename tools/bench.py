"""Runs the measurements (`python -m bench`) on servers and data of their own."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import catalogues, processes, servers
from tools.test import portal_environment


def main(arguments: list[str]) -> int:
    """Returns the exit status of the measurements; fsync stays on, as in production."""
    processes.adopt_orphans()
    folder = Path(tempfile.mkdtemp(prefix="ccm-bench-"))
    group = processes.Group()
    try:
        at = servers.start(group, folder, folder / "log")
        catalogues.compile_all(Path("locale"))
        environment = {**os.environ, **portal_environment(at, folder)}
        return subprocess.run(
            [sys.executable, "-m", "bench", *arguments], check=False, env=environment
        ).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        group.stop(patience=3)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
