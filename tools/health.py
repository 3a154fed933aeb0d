"""Answers a container's health check: exit status 0 for healthy."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

# Beat writes its schedule at least every three minutes.
SILENT_CLOCK = 400


def web() -> bool:
    """Whether this container's web server answers /healthz, asked under the site's own name."""
    port = os.environ.get("GRANIAN_PORT", "8000")
    name = urlsplit(os.environ.get("SITE_URL", "")).hostname or "localhost"
    ask = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": name})
    try:
        with urllib.request.urlopen(ask, timeout=8) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def worker() -> bool:
    """Whether this container's worker answers a ping through the queue."""
    name = f"celery@{socket.gethostname()}"
    command = ["celery", "-A", "ccm_portal", "inspect", "ping", "-t", "10", "-d", name]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def beat(schedule: Path) -> bool:
    """Whether the clock wrote its schedule lately (`schedule` is a prefix: the suffix varies)."""
    files = schedule.parent.glob(f"{schedule.name}*")
    newest = max((path.stat().st_mtime for path in files), default=0.0)
    return time.time() - newest < SILENT_CLOCK


def main(arguments: list[str]) -> int:
    """`web`, `worker`, or `beat SCHEDULE`."""
    match arguments:
        case ["web"]:
            healthy = web()
        case ["worker"]:
            healthy = worker()
        case ["beat", schedule]:
            healthy = beat(Path(schedule))
        case _:
            print("Say web, worker, or beat and its schedule file.", file=sys.stderr)
            return 2
    return 0 if healthy else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
