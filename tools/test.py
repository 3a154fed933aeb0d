"""Runs checks, then tests, then browser tests, on servers of its own in a temporary folder."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import catalogues, check, processes, servers, system

BROWSER_TESTS = Path("tests/browser")
PYTEST = [sys.executable, "-m", "pytest"]


def main(arguments: list[str]) -> int:
    """Stops at the first stage that fails, so that its own closing lines are the last ones.

    `--soak` runs the long tests alone; other arguments go to pytest instead of the stages.
    """
    processes.adopt_orphans()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="ccm-test-"))
    group = processes.Group()
    try:
        at = servers.start(group, folder, folder / "log", throwaway=True)
        environment = portal_environment(at, folder)
        catalogues.compile_all(Path("locale"))
        if arguments == ["--soak"]:
            return _pytest("soak", ["-m", "soak"], environment)
        if arguments:
            return _pytest("as asked", arguments, environment)
        if check.run_all(environment):
            return 1
        return _all(environment)
    except KeyboardInterrupt:
        return 130
    finally:
        group.stop(patience=3)
        shutil.rmtree(folder, ignore_errors=True)


def _all(environment: dict[str, str]) -> int:
    browser = system.chromium()
    if browser:
        environment = {**environment, "CHROMIUM": browser}
    elif os.environ.get("REQUIRE_BROWSER") == "1":
        print(
            "No Chromium was found and REQUIRE_BROWSER=1: install chromium, or set CHROMIUM.",
            file=sys.stderr,
        )
        return 1
    # Neighbours share what is arranged once; who has nothing left takes over from another.
    workers = ["-n", str(min(8, max(2, os.cpu_count() or 2))), "--dist", "worksteal"]
    status = _pytest(
        "unit, law and races",
        [*workers, "-m", "not soak and not browser", f"--ignore={BROWSER_TESTS}"],
        environment,
    )
    if status:
        return status
    # Without a browser the plugin skips each test aloud, so that pytest counts them.
    skipping = [] if browser else ["-p", "tools.without_browser", "-rs"]
    # Two browsers before one portal; tests that follow from one another stay together.
    browsers = ["-n", "2", "--dist", "loadgroup"]
    return _pytest(
        "browser", [*skipping, *browsers, "-m", "not soak", str(BROWSER_TESTS)], environment
    )


def portal_environment(at: servers.Addresses, folder: Path) -> dict[str, str]:
    """What a plain `pytest` needs; the caller's own settings do not reach the tests."""
    portal = {
        "DATABASE_URL": at.database_url,
        "REDIS_URL": at.redis_url,
        "SECRET_KEY": "only for tests",
        "DEBUG": "0",
        "DEMO": "1",
        "SITE_URL": "http://localhost:8000",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "EMAIL_URL": "smtp://127.0.0.1:25",
        "DOCUMENTS_DIR": str(folder / "documents"),
        "STATIC_ROOT": str(folder / "static"),
    }
    dropped = {"LETTERS_START_ON", "CLAMD_SOCKET", "S3_BUCKET", "BEHIND_PROXY", "LOG_LEVEL"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, **portal}


def _pytest(stage: str, arguments: list[str], environment: dict[str, str]) -> int:
    print(f"\n== {stage} ==", flush=True)
    status = subprocess.run(
        [*PYTEST, *arguments], check=False, env=environment, stdin=subprocess.DEVNULL
    )
    return status.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
