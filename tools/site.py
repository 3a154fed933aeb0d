"""One copy of the portal on this machine: its folder, its lock, its environment."""

import contextlib
import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools import processes, servers

LOCAL = "127.0.0.1"
BEGUN = "2026-01-01"


@dataclass
class Site:
    """A data folder and what to serve from it; values left out come from the environment."""

    data: Path = field(default_factory=lambda: Path(os.environ.get("DATA") or "var").resolve())
    host: str = field(default_factory=lambda: os.environ.get("HOST") or LOCAL)
    port: int = field(default_factory=lambda: _port("PORT", 8000))

    @property
    def logs(self) -> Path:
        """Where every process writes."""
        return self.data / "log"

    @property
    def url(self) -> str:
        """The address that people type and that letters carry."""
        return os.environ.get("SITE_URL") or f"http://localhost:{self.port}"

    def make_folder(self) -> None:
        """Makes the data folder, private to its owner."""
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            sys.exit(f"{self.data} cannot be made ({error.strerror}): set DATA to another folder.")
        if not os.access(self.data, os.W_OK):
            sys.exit(f"{self.data} cannot be written: set DATA to another folder.")

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Holds the folder for this process; exits with a sentence when another holds it."""
        self.make_folder()
        try:
            handle = os.open(self.data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            sys.exit(
                f"{self.data / 'lock'} cannot be written ({error.strerror}): another user has run "
                "the portal on this folder; run it as that user, or set DATA to another folder."
            )
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                other = self.live().get("pid", "unknown")
                sys.exit(
                    f"Another copy (process {other}) already runs on {self.data}: stop it first, "
                    "or set DATA and PORT to run a second one beside it."
                )
            self.announce({})
            yield
            self.announce({})
            servers.remove_short_folder(self.data)
        finally:
            os.close(handle)

    def announce(self, facts: dict[str, str]) -> None:
        """Tells other commands on this folder how the running copy is reached (no secrets)."""
        text = json.dumps({"pid": str(os.getpid()), **facts})
        (self.data / "lock").write_text(text, encoding="utf-8")

    def live(self) -> dict[str, str]:
        """What the running copy announced; empty when there is none."""
        try:
            handle = os.open(self.data / "lock", os.O_RDONLY)
        except OSError:
            return {}
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            try:
                return dict(json.loads((self.data / "lock").read_text(encoding="utf-8")))
            except ValueError:
                return {}
        finally:
            os.close(handle)
        return {}

    def secret_key(self) -> str:
        """SECRET_KEY, else one made once and kept in the folder."""
        given = os.environ.get("SECRET_KEY")
        if given:
            return given
        kept = self.data / "secret-key"
        with contextlib.suppress(FileExistsError):
            handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(handle, "w", encoding="ascii") as output:
                output.write(secrets.token_urlsafe(50))
        return kept.read_text(encoding="ascii").strip()

    def addresses(self) -> servers.Addresses:
        """The servers given by DATABASE_URL and REDIS_URL, else our own of this folder."""
        own = servers.addresses(self.data)
        return servers.Addresses(
            os.environ.get("DATABASE_URL") or own.database_url,
            os.environ.get("REDIS_URL") or own.redis_url,
        )

    def start_servers(self, group: processes.Group) -> None:
        """Starts those servers that the environment does not give."""
        servers.start(
            group,
            self.data,
            self.logs,
            database=not os.environ.get("DATABASE_URL"),
            redis=not os.environ.get("REDIS_URL"),
        )

    def environment(self, **more: str) -> dict[str, str]:
        """What every process of this copy gets. `more` wins over the caller's environment."""
        at = self.addresses()
        everyone = self.host in {"0.0.0.0", "::"}
        hosts = "*" if everyone else ",".join({"localhost", LOCAL, "[::1]", self.host})
        defaults = {
            "DEBUG": "0",
            "DEMO": "1",
            "ALLOWED_HOSTS": hosts,
            "DOCUMENTS_DIR": str(self.data / "documents"),
            "STATIC_ROOT": str(self.data / "static"),
        }
        # A process dies with a clear message rather than with half a line in a buffer.
        ours = {"SITE_URL": self.url, "SECRET_KEY": self.secret_key(), "PYTHONUNBUFFERED": "1"}
        ours |= {"DATABASE_URL": at.database_url, "REDIS_URL": at.redis_url}
        return {**defaults, **os.environ, **ours, **more}


@contextlib.contextmanager
def reachable() -> Iterator[dict[str, str]]:
    """The environment of the copy on DATA: the running one, else with servers started for it.

    Exits with a sentence where a copy is still starting: its tables may not be there yet.
    """
    site = Site()
    live = site.live()
    if live and "SITE_URL" not in live:
        sys.exit(
            f"The copy on {site.data} (process {live.get('pid', 'unknown')}) is still starting: "
            "wait until it says that it is ready, then give this command again."
        )
    if live:
        facts = {name: live[name] for name in ("SITE_URL", "EMAIL_URL") if name in live}
        yield site.environment(**facts)
        return
    with site.alone():
        group = processes.Group()
        processes.adopt_orphans()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            site.start_servers(group)
            yield site.environment()
        finally:
            group.stop()


def manage(arguments: list[str], environment: dict[str, str]) -> int:
    """Runs one management command; returns its exit status."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], check=False, env=environment
    ).returncode


def _port(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and 0 < int(value) < 65536):
        sys.exit(f"{name}={value} is not a port: give a number from 1 to 65535, such as {default}.")
    return int(value)
