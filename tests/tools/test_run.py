"""`make run` starts a whole portal from an empty folder, says where it is, and leaves nothing."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import processes, servers
from tools.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
# The runner's own servers, whatever this test was given.
OWN = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SITE_URL", "EMAIL_URL", "DOCUMENTS_DIR"}
OWN |= {"STATIC_ROOT", "ALLOWED_HOSTS", "DEBUG", "PYTHONWARNINGS"}


def environment(data: Path, port: int, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OWN}
    return {**kept, "DATA": str(data), "PORT": str(port), "HOST": "127.0.0.1", **more}


def run(data: Path, port: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools.run"],
        cwd=ROOT,
        env=environment(data, port),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def belonging_to(data: Path) -> list[str]:
    """Command lines of processes that were started for this folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"DATA={data}".encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_text().replace("\0", " "))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the portal keeps its data: empty at first, then as the test before has left it."""
    return tmp_path_factory.mktemp("portal")


@pytest.fixture
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[str], Path, int]]:
    """A portal that has begun and is not yet ready."""
    data, port = folder / "data", free_port("127.0.0.1")
    with (folder / "output").open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tools.run"],
            cwd=ROOT,
            env=environment(data, port),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
        )
    yield process, data, port
    process.kill()
    process.wait()


def said(process: subprocess.Popen[str], data: Path, line: str, seconds: float = 120) -> str:
    """The runner's output once it holds `line`, or once the runner has ended."""
    output = data.parent / "output"
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        if line in output.read_text(encoding="utf-8"):
            break
        time.sleep(0.1)
    return output.read_text(encoding="utf-8")


def test_a_portal_runs_from_an_empty_folder_and_stops_without_a_trace(
    running: tuple[subprocess.Popen[str], Path, int],
) -> None:
    process, data, port = running

    text = said(process, data, "Stop with Ctrl-C")
    assert "Stop with Ctrl-C" in text, text
    second = run(data, free_port("127.0.0.1"))
    crowded = run(data.parent / "other", port)
    with urllib.request.urlopen(f"http://localhost:{port}/readyz", timeout=10) as ready:
        status = ready.status
    mail_page = re.search(r"read at:\s+(http://localhost:\d+)", text)
    assert mail_page, text
    with urllib.request.urlopen(mail_page[1], timeout=10) as page:
        letters = page.read().decode()
    key = data / "secret-key"
    before = belonging_to(data)
    process.send_signal(signal.SIGTERM)

    assert f"http://localhost:{port}" in text
    assert f"make code DATA={data}\n" in text
    assert status == 200
    assert "<title>Sent letters</title>" in letters
    assert second.returncode == 1
    assert "Another copy" in second.stderr
    assert crowded.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in crowded.stderr
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(before) >= 6
    assert process.wait(20) == 0
    assert belonging_to(data) == []
    assert (data / "postgresql" / "PG_VERSION").exists()


def test_a_killed_runner_leaves_no_orphan(
    running: tuple[subprocess.Popen[str], Path, int],
) -> None:
    process, data, _ = running
    text = said(process, data, "Stop with Ctrl-C")
    assert "Stop with Ctrl-C" in text, text

    process.kill()
    process.wait()

    end = time.monotonic() + 15
    while belonging_to(data) and time.monotonic() < end:
        time.sleep(0.1)
    assert belonging_to(data) == []


def test_a_port_that_is_no_number_gets_a_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.run"],
        cwd=ROOT,
        env={**environment(tmp_path, 1), "PORT": "eighty"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert (
        done.stderr == "PORT=eighty is not a port: give a number from 1 to 65535, such as 8000.\n"
    )


def test_a_folder_that_is_not_ours_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "taken" / "lock").mkdir(parents=True)

    through = run(tmp_path / "file" / "data", free_port("127.0.0.1"))
    taken = run(tmp_path / "taken", free_port("127.0.0.1"))

    assert (through.returncode, taken.returncode) == (1, 1)
    assert through.stderr.count("\n") == taken.stderr.count("\n") == 1
    assert "cannot be made (Not a directory): set DATA to another folder." in through.stderr
    assert "taken/lock cannot be written (Is a directory)" in taken.stderr


def test_a_folder_of_another_major_version_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "postgresql"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("12\n", encoding="ascii")

    with pytest.raises(SystemExit, match="was made by PostgreSQL 12 and this copy brings"):
        servers.start(processes.Group(), tmp_path, tmp_path / "log", redis=False)


def test_sockets_of_a_deep_folder_have_a_short_path(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)

    folder = servers.socket_folder(deep)

    assert len(os.fsencode(folder / servers.SOCKET_NAME)) <= servers.LONGEST_SOCKET
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder == servers.socket_folder(deep)
    assert folder != servers.socket_folder(deep.parent)
    servers.remove_short_folder(deep)
    assert not folder.exists()


def test_a_socket_answers_or_not(tmp_path: Path) -> None:
    path = tmp_path / "s"

    before = processes.accepts(path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        during = processes.accepts(path)

    assert (before, during) == (False, True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
def test_root_runs_postgresql_in_a_private_folder_where_namespaces_are_switched_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing = tmp_path / "bin" / "unshare"
    refusing.parent.mkdir()
    refusing.write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{refusing.parent}:{os.environ['PATH']}")
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    runner = (
        "import sys, time; from pathlib import Path; from tools import processes, servers\n"
        "folder, group = Path(sys.argv[1]), processes.Group()\n"
        "servers.start(group, folder, folder / 'log', redis=False, throwaway=True)\n"
        "print(group.children[0].process.pid, flush=True); time.sleep(60)"
    )

    with subprocess.Popen(
        [sys.executable, "-c", runner, private], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        server = Path("/proc") / process.stdout.readline().strip()
        owner = server.stat().st_uid
        process.kill()
    end = time.monotonic() + 15
    while runs(server) and time.monotonic() < end:
        time.sleep(0.1)

    assert owner == servers.NOBODY
    assert not runs(server), "PostgreSQL outlived its runner"


def runs(process: Path) -> bool:
    """Whether it still does anything: one that nobody has waited for has no command line."""
    try:
        return bool((process / "cmdline").read_bytes())
    except OSError:
        return False
