"""Starts child processes that cannot outlive their parent, and stops every one of them."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LINUX = sys.platform == "linux"


def adopt_orphans() -> None:
    """Makes grandchildren whose parent dies ours, so that `Group.stop` finds them (Linux)."""
    if LINUX:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


@dataclass
class Child:
    """One process: its name in messages, and the signal that stops it in good order."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    polite: signal.Signals


@dataclass
class Group:
    """The children of one command, stopped in the reverse order of their start."""

    children: list[Child] = field(default_factory=list)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        polite: signal.Signals = signal.SIGTERM,
    ) -> Child:
        """Starts a process with its output appended to `log`.

        Call from the main thread only: the kernel sends the death signal when the *thread* that
        started a child ends.
        """
        libc = ctypes.CDLL(None) if LINUX else None
        parent = os.getpid()

        def die_with_parent() -> None:
            if libc is not None:
                libc.prctl(PR_SET_PDEATHSIG, int(polite), 0, 0, 0)
                if os.getppid() != parent:
                    os._exit(1)

        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            process = subprocess.Popen(
                [os.fspath(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(env) if env is not None else None,
                # A session of its own: an interrupt at the terminal reaches the runner alone,
                # which then stops the children in order.
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        child = Child(name, process, log, polite)
        self.children.append(child)
        return child

    def fallen(self) -> Child | None:
        """The first child that has ended by itself, if any."""
        return next((c for c in self.children if c.process.poll() is not None), None)

    def stop(self, *names: str, patience: float = 8) -> None:
        """Stops the named children (all when none is named), then whatever they left behind."""
        chosen = [c for c in reversed(self.children) if not names or c.name in names]
        for child in chosen:
            if child.process.poll() is None:
                child.process.send_signal(child.polite)
        end = time.monotonic() + patience
        for child in chosen:
            try:
                child.process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                _kill_session(child.process.pid)
                child.process.wait()
            _kill_session(child.process.pid)
            self.children.remove(child)
        if not names:
            _kill_descendants()


def _kill_session(leader: int) -> None:
    """Ends the process group that a child led; grandchildren may still be in it."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _kill_descendants() -> None:
    """Ends adopted orphans: processes that left their group while their parent was stopping."""
    for _ in range(20):
        orphans = descendants(os.getpid())
        if not orphans:
            return
        for pid in orphans:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:
            return
        time.sleep(0.05)


def descendants(ancestor: int) -> list[int]:
    """Every process below `ancestor`, by the kernel's list (empty where there is no /proc)."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        # The name in brackets may itself hold spaces and brackets.
        parents[int(stat.parent.name)] = int(text.rpartition(")")[2].split()[1])
    found: list[int] = []
    frontier = {ancestor}
    while frontier:
        frontier = {pid for pid, parent in parents.items() if parent in frontier}
        found.extend(frontier)
    return found


def tail(log: Path, lines: int = 25) -> str:
    """The end of a log, for the message about the process that wrote it."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(host: str, preferred: int = 0) -> int:
    """`preferred` when nobody listens there, else a port that the kernel gives."""
    if 0 < preferred < 65536 and port_is_free(host, preferred):
        return preferred
    with socket.socket(socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def accepts(path: Path) -> bool:
    """Whether a server answers on this unix socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
