"""Starts the servers that are measured, one process each, and reads what they log."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench import load
from tools import processes

PROGRAMS = Path(sys.executable).parent


@dataclass
class Server:
    """One running web server."""

    name: str
    port: int
    child: processes.Child

    def memory(self) -> float:
        """Megabytes resident of the process that answers (Granian's child)."""
        return max(resident(pid) for pid in family(self.child.process.pid)) / 1024

    def told(self, since: int = 0) -> tuple[int, int]:
        """How many pages were made, and how many found the same, after that byte of the log."""
        misses = found_same = 0
        with self.child.log.open("rb") as lines:
            lines.seek(since)
            for line in lines:
                if b"page_cache_hits" in line:
                    said = json.loads(line)
                    misses += said["misses"]
                    found_same += said["found_same"]
        return misses, found_same

    def log_size(self) -> int:
        """Where the log ends now, once the last batch must have been written."""
        time.sleep(0.7)
        return self.child.log.stat().st_size


def start(
    group: processes.Group, name: str, application: str, folder: Path, env: dict[str, str]
) -> Server:
    """Starts Granian as production does, on a free port of loopback, and waits for its answer."""
    port = processes.free_port(load.HOST)
    command = [PROGRAMS / "granian", "--interface", "wsgi", "--no-ws", application]
    listen = ["--host", load.HOST, "--port", str(port), "--workers", "1"]
    listen += ["--blocking-threads", "8"]
    child = group.start(
        name, load.pinned([*command, *listen], 0), folder / f"{name.replace(' ', '-')}.log", env=env
    )
    end = time.monotonic() + 60
    while time.monotonic() < end and child.process.poll() is None:
        try:
            load.get(port, "/healthz")
        except OSError:
            time.sleep(0.1)
        else:
            return Server(name, port, child)
    sys.exit(f"{name} did not start. The end of {child.log}:\n{processes.tail(child.log)}")


def worker_memory(group: processes.Group, folder: Path, env: dict[str, str]) -> float:
    """Megabytes resident of a Celery process that works (a child of the worker)."""
    name = "bench worker"
    command = [PROGRAMS / "celery", "-A", "ccm_portal", "worker", "-Q", "celery,pdf", "-c", "1"]
    quick = ["--without-gossip", "--without-mingle", "-l", "INFO"]
    child = group.start(name, [*command, *quick], folder / "worker.log", env=env)
    end = time.monotonic() + 60
    while time.monotonic() < end and b"ready" not in child.log.read_bytes():
        time.sleep(0.2)
    time.sleep(1)
    found = max(resident(pid) for pid in family(child.process.pid)) / 1024
    group.stop(name)
    return found


def family(pid: int) -> list[int]:
    """A process and everything below it."""
    return [pid, *processes.descendants(pid)]


def resident(pid: int) -> int:
    """Kilobytes resident, or 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def environment(database: str, *, cache: bool, folder: Path) -> dict[str, str]:
    """What a server gets: production mode, stylesheets with their hashes, the cache on or off."""
    mine = {"PAGE_CACHE_MB": "64" if cache else "0", "DATABASE_URL": database}
    kept = dict(os.environ)
    return {**kept, **mine, "PYTHONUNBUFFERED": "1", "STATIC_ROOT": str(folder / "static")}
