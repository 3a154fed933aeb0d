"""The runner finds a Python that works by trying each, and makes its environment once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import environment

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "python.sh"
NEEDED = ["sh", "dirname", "id", "sed", "env"]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder that serves as PATH, with a shell and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in NEEDED:
        found = next(
            Path(p) / name for p in os.environ["PATH"].split(":") if (Path(p) / name).is_file()
        )
        (folder / name).symlink_to(found)
    return folder


def find(path: Path, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs the script with a command that does not exist, which names the interpreter's version."""
    return subprocess.run(
        [path / "sh", str(SCRIPT), "no-such-command"],
        env={"PATH": str(path), "HOME": str(home), "UV_PYTHON_DOWNLOADS": "never"} | more,
        check=False,
        capture_output=True,
        text=True,
    )


def executable(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="ascii")
    path.chmod(0o755)


def test_a_machine_without_python_gets_one_sentence(bare: Path, tmp_path: Path) -> None:
    answer = find(bare, tmp_path)

    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "Python 3.13 (or 3.12) is needed and was not found" in answer.stderr


def test_a_shim_for_a_version_that_is_not_installed_is_passed_over(
    bare: Path, tmp_path: Path
) -> None:
    executable(bare / "python3.13", "echo 'pyenv: version not installed' >&2; exit 127")
    executable(bare / "python3", f'exec {sys.executable} "$@"')

    answer = find(bare, tmp_path)

    assert answer.returncode == 2
    assert "Say one of:" in answer.stderr


def test_an_interpreter_kept_by_pyenv_is_found_without_its_shims(
    bare: Path, tmp_path: Path
) -> None:
    version = ".".join(map(str, sys.version_info[:2]))
    executable(tmp_path / f".pyenv/versions/{version}.0/bin/python", f'exec {sys.executable} "$@"')

    answer = find(bare, tmp_path)

    assert answer.returncode == 2


def test_an_older_python_is_not_taken(bare: Path, tmp_path: Path) -> None:
    # It answers every question but that of its version.
    executable(bare / "python3", 'case "$2" in *version_info*) exit 1;; esac; exit 0')

    answer = find(bare, tmp_path)

    assert answer.returncode == 1


def test_python_keeps_what_it_compiled_where_the_shell_was_told_otherwise(
    bare: Path, tmp_path: Path
) -> None:
    executable(bare / "python3.13", 'echo "written: ${PYTHONDONTWRITEBYTECODE-yes}"')

    answer = find(bare, tmp_path, PYTHONDONTWRITEBYTECODE="1")

    assert answer.stdout == "written: yes\n"


def test_uv_is_asked_only_when_nothing_else_is_found_and_may_not_fetch(
    bare: Path, tmp_path: Path
) -> None:
    log = tmp_path / "asked"
    executable(bare / "uv", f'echo "$@" >> {log}; exit 2')

    answer = find(bare, tmp_path)

    assert answer.returncode == 1
    assert "find" in log.read_text(encoding="ascii")
    assert "install" not in log.read_text(encoding="ascii")


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose lock holds no package, so that nothing is fetched.

    Its environment was half-made and has been made anew, once for all tests: it takes seconds.
    """
    folder = tmp_path_factory.mktemp("checkout")
    for lock in environment.LOCKS.values():
        (folder / lock).write_text(f"# {lock}\n", encoding="ascii")
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "half").touch()
    environment.ensure(folder, development=True)
    return folder


@pytest.fixture
def checkout(mended: Path, tmp_path: Path) -> Path:
    """A copy of the checkout and its environment."""
    shutil.copytree(mended, tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path


def test_a_broken_environment_is_made_anew(checkout: Path) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python")

    again = environment.ensure(checkout, development=False)

    assert subprocess.run([again, "-c", "import pip"], check=False).returncode == 0


def test_a_half_made_environment_is_made_anew_and_a_whole_one_is_left_alone(
    checkout: Path,
) -> None:
    (checkout / ".venv" / "kept").touch()

    python = environment.ensure(checkout, development=True)
    environment.ensure(checkout, development=True)
    environment.ensure(checkout, development=False)

    assert python.exists()
    assert not (checkout / ".venv" / "half").exists()
    assert (checkout / ".venv" / "kept").exists()


def test_a_changed_lock_is_installed_and_an_unpinned_package_refused(checkout: Path) -> None:
    lock = checkout / environment.LOCKS[True]
    lock.write_text("django==6.1.3\n", encoding="ascii")

    with pytest.raises(SystemExit, match="could not be installed"):
        environment.ensure(checkout, development=True)

    assert not (checkout / ".venv" / environment.STAMP).exists()
