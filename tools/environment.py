"""Makes and mends .venv from the hash-pinned lock."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STAMP = "ccm-lock.sha256"
LOCKS = {False: "requirements.txt", True: "requirements-dev.txt"}


def ensure(root: Path, *, development: bool) -> Path:
    """Returns the interpreter of `root/.venv`, made or mended so that it holds the locked packages.

    A second call costs one interpreter start. Exits with a sentence when packages are not had.
    """
    venv = root / ".venv"
    python = venv / "bin" / "python"
    if _is_current(root, venv, development=development) and _works(python):
        return python
    with _alone(root):
        if _is_current(root, venv, development=development) and _works(python):
            return python
        stamp = venv / STAMP
        # No stamp: half-made, or not ours. An interpreter that does not answer has vanished.
        if not stamp.exists() or not _works(python):
            shutil.rmtree(venv, ignore_errors=True)
            print(f"Making {venv} with Python {sys.version.split()[0]}.", flush=True)
            _run([sys.executable, "-m", "venv", str(venv)], "The environment could not be made")
        had_development = stamp.exists() and LOCKS[True] in stamp.read_text(encoding="utf-8")
        development = development or had_development
        stamp.unlink(missing_ok=True)
        lock = root / LOCKS[development]
        print(f"Installing the packages of {lock.name}.", flush=True)
        _install(python, lock, compiled=not development)
        # Written last, so that an interrupted installation never looks finished.
        stamp.write_text(_line(lock), encoding="utf-8")
    return python


def _line(lock: Path) -> str:
    return f"{lock.name} {hashlib.sha256(lock.read_bytes()).hexdigest()}\n"


def _is_current(root: Path, venv: Path, *, development: bool) -> bool:
    """Whether the stamp names a lock that is enough for what is asked."""
    try:
        stamp = (venv / STAMP).read_text(encoding="utf-8")
    except OSError:
        return False
    enough = [LOCKS[True]] if development else [LOCKS[True], LOCKS[False]]
    return any(stamp == _line(root / name) for name in enough)


def _works(python: Path) -> bool:
    test = "import sys; sys.exit(sys.version_info[:2] not in {(3, 12), (3, 13)})"
    try:
        return (
            subprocess.run([python, "-c", test], check=False, capture_output=True).returncode == 0
        )
    except OSError:
        return False


def _install(python: Path, lock: Path, *, compiled: bool) -> None:
    """Compiling all modules takes longer than installing them, and a test run imports a third."""
    wanted = ["--require-hashes", "-r", str(lock)]
    uv = shutil.which("uv")
    if uv:
        command = [uv, "pip", "install", "-q", "-p", str(python), *wanted]
        if compiled:
            command.append("--compile-bytecode")
        if subprocess.run(command, check=False).returncode == 0:
            return
        print("uv could not install the packages; pip tries.", flush=True)
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    pip.append("--compile" if compiled else "--no-compile")
    _run([*pip, *wanted], "The packages could not be installed; the lines above say why")


def _run(command: list[str], complaint: str) -> None:
    if subprocess.run(command, check=False).returncode != 0:
        sys.exit(f"{complaint}. Mend that and try again; nothing half-made is kept in use.")


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Two commands that start together must not both make the environment."""
    handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
