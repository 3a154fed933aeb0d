"""Runs every check that needs no test: format, lint, layers, types, spelling, migrations."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools import processes, servers

BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "-W", "error", "manage.py"]
APPLICATION = [
    "ccm_portal",
    "states",
    "records",
    "reporting",
    "meetings",
    "workplans",
    "extensions",
    "finances",
]
SPELLED = [
    *APPLICATION,
    "tools",
    "tests",
    "docs",
    "templates",
    "bench",
    "README.md",
    "CHANGELOG.md",
]


def checks() -> dict[str, list[str]]:
    """What is run, by the name under which it is reported; the slowest first."""
    found = {
        "types": [str(BIN / "mypy"), *_present(APPLICATION)],
        "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
        "system check": [*MANAGE, "check"],
        "layers": [str(BIN / "lint-imports")],
        "spelling": [str(BIN / "codespell"), *_present(SPELLED)],
        "format": [str(BIN / "ruff"), "format", "--check", "."],
        "lint": [str(BIN / "ruff"), "check", "--output-format", "concise", "."],
    }
    if any(Path("templates").rglob("*.html")):
        djlint = [str(BIN / "djlint"), "templates"]
        found["template layout"] = [*djlint, "--check"]
        found["template lint"] = [*djlint, "--lint"]
    return found


def run_all(environment: dict[str, str]) -> list[str]:
    """Runs the checks two at a time and prints what fails; returns the names of those."""
    print("== check ==", flush=True)
    failed = []
    with ThreadPoolExecutor(2) as pool:
        jobs = {name: pool.submit(_one, command, environment) for name, command in checks().items()}
        for name, job in jobs.items():
            status, output, seconds = job.result()
            print(f"{'failed' if status else 'passed'}  {name} ({seconds:.1f} s)", flush=True)
            if status:
                failed.append(name)
                print(output.rstrip(), flush=True)
    if failed:
        print(f"{len(failed)} of {len(checks())} checks failed: {', '.join(failed)}", flush=True)
    return failed


def _one(command: list[str], environment: dict[str, str]) -> tuple[int, str, float]:
    begun = time.monotonic()
    done = subprocess.run(
        command,
        check=False,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    return done.returncode, done.stdout, time.monotonic() - begun


def _present(names: list[str]) -> list[str]:
    return [name for name in names if Path(name).exists()]


def main() -> int:
    """Checks with a server of its own: `makemigrations --check` asks for applied migrations."""
    folder = Path(tempfile.mkdtemp(prefix="ccm-check-"))
    group = processes.Group()
    try:
        at = servers.start(group, folder, folder / "log", throwaway=True)
        return bool(run_all({**os.environ, **environment(at)}))
    finally:
        group.stop(patience=3)
        shutil.rmtree(folder, ignore_errors=True)


def environment(at: servers.Addresses) -> dict[str, str]:
    """The least that the settings ask for."""
    return {
        "DATABASE_URL": at.database_url,
        "REDIS_URL": at.redis_url,
        "SECRET_KEY": "only for checks",
    }


if __name__ == "__main__":
    sys.exit(main())
