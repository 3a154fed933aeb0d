"""Runs the whole portal on this machine: servers, web, worker, clock, mail catcher."""

import os
import shlex
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from tools import processes
from tools.site import LOCAL, Site

PATIENCE = 180
PYTHON = Path(sys.executable)
PREPARATION = "The preparation"


class Stopped(Exception):
    """Somebody asked the portal to stop."""


def main() -> int:
    """Starts everything, says where it is, and stays until told to stop; returns an exit status."""
    site = Site()
    if not processes.port_is_free(site.host, site.port):
        print(
            f"Port {site.port} on {site.host} is taken: stop what listens there, or choose another "
            f"port, for example: make run PORT={site.port + 1}",
            file=sys.stderr,
        )
        return 1
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    watch = MakeWatch()
    with site.alone():
        group = processes.Group()
        processes.adopt_orphans()
        try:
            _start(site, group, watch)
            _stay(group, watch)
        except Stopped:
            print("\nStopping.", flush=True)
            return 0
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            group.stop()
    return 1


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _start(site: Site, group: processes.Group, watch: "MakeWatch") -> None:
    begun = time.monotonic()
    run = site.data / "run"
    run.mkdir(mode=0o700, exist_ok=True)
    for mark in ("servers", "migrated", "who"):
        (run / mark).unlink(missing_ok=True)
    environment = site.environment()
    mail_page = 0
    if not os.environ.get("EMAIL_URL"):
        mail_page, facts = _catch_mail(site, group)
        environment |= facts
    # It imports Django while PostgreSQL starts.
    prepare = group.start(
        PREPARATION,
        [PYTHON, "-m", "tools.prepare", run],
        site.logs / "prepare.log",
        env=environment,
    )
    site.start_servers(group)
    (run / "servers").touch()
    while not (run / "migrated").exists():
        _check(group, watch)
    _start_portal(site, group, environment)
    while prepare.process.poll() is None:
        _check(group, watch)
    _check(group, watch)
    group.children.remove(prepare)
    # From here on other commands find its tables and its people.
    site.announce({name: environment[name] for name in ("SITE_URL", "EMAIL_URL")})
    answer = ""
    while time.monotonic() - begun < PATIENCE:
        ready, answer = _asks_ready(site)
        if ready:
            break
        _check(group, watch)
    else:
        sys.exit(f"The portal is not ready after {PATIENCE} s; /readyz says: {answer}")
    _say(site, mail_page, run, time.monotonic() - begun)


def _catch_mail(site: Site, group: processes.Group) -> tuple[int, dict[str, str]]:
    """Starts the mail catcher; returns its page's port and the settings that send mail to it."""
    page = processes.free_port(site.host, int(os.environ.get("MAIL_PORT") or site.port + 25))
    smtp = processes.free_port(LOCAL)
    catcher = [PYTHON, "-m", "tools.mail_catcher", "--folder", site.data / "mail"]
    at = ["--host", site.host, "--smtp-port", str(smtp), "--page-port", str(page)]
    group.start("The mail catcher", [*catcher, *at], site.logs / "mail.log")
    # Letters may go out at once, because they go no further than this machine.
    begin = os.environ.get("LETTERS_START_ON") or "2026-01-01"
    return page, {"EMAIL_URL": f"smtp://{LOCAL}:{smtp}", "LETTERS_START_ON": begin}


def _start_portal(site: Site, group: processes.Group, environment: dict[str, str]) -> None:
    programs = PYTHON.parent
    processes_of_web = os.environ.get("WEB_PROCESSES") or "1"
    granian = [
        programs / "granian",
        "--interface",
        "wsgi",
        "--no-ws",
        "ccm_portal.wsgi:application",
    ]
    listen = ["--host", site.host, "--port", str(site.port), "--workers", processes_of_web]
    # Each thread holds a connection to the database; Granian would begin up to 512 of them.
    listen += ["--blocking-threads", "8"]
    # A worker that is still importing does not hear that it should stop.
    listen += ["--workers-kill-timeout", "3s"]
    celery = [programs / "celery", "-A", "ccm_portal"]
    worker = [*celery, "worker", "-Q", "celery,pdf", "-c", "2", "-n", f"portal-{os.getpid()}@%h"]
    quick = ["--without-gossip", "--without-mingle", "-l", "INFO"]
    beat = [
        *celery,
        "beat",
        "--schedule",
        site.data / "run" / "beat",
        "--pidfile",
        "",
        "-l",
        "INFO",
    ]
    for name, command in (
        ("The web server", [*granian, *listen]),
        ("The worker", [*worker, *quick]),
        ("The clock", beat),
    ):
        group.start(name, command, site.logs / f"{name.split()[1]}.log", env=environment)


def _check(group: processes.Group, watch: "MakeWatch") -> None:
    """Waits a moment; exits with the end of its log when a process has fallen."""
    time.sleep(0.05)
    if watch.interrupted():
        raise Stopped
    fallen = group.fallen()
    if fallen is None or (fallen.name == PREPARATION and fallen.process.returncode == 0):
        return
    sys.exit(
        f"{fallen.name} ended by itself (status {fallen.process.returncode}). "
        f"The end of {fallen.log}:\n{processes.tail(fallen.log)}"
    )


def _asks_ready(site: Site) -> tuple[bool, str]:
    host = LOCAL if site.host == "0.0.0.0" else site.host
    try:
        with urllib.request.urlopen(f"http://{host}:{site.port}/readyz", timeout=5) as answer:
            return answer.status == 200, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return False, error.read().decode(errors="replace")
    except OSError as error:
        return False, str(error)


def _say(site: Site, mail_page: int, run: Path, seconds: float) -> None:
    print(f"The portal is ready after {seconds:.1f} s:  {site.url}")
    if mail_page:
        print(f"Letters that it sends are read at:  http://localhost:{mail_page}")
    if (run / "who").exists():
        # Its last words are `make code`, which finds another folder only where it is named.
        folder = f" DATA={shlex.quote(str(site.data))}" if os.environ.get("DATA") else ""
        print(f"\n{(run / 'who').read_text(encoding='utf-8').strip()}{folder}\n")
    print(f"Logs are in {site.logs}. Stop with Ctrl-C.", flush=True)


def _stay(group: processes.Group, watch: "MakeWatch") -> None:
    while True:
        time.sleep(0.2)
        _check(group, watch)


class MakeWatch:
    """Notices that the `make` above was interrupted or killed.

    Interrupted alone (not through the terminal), make waits for its child without telling it;
    killed, it tells nobody. When interrupted it stops catching SIGINT, which the kernel shows.
    """

    def __init__(self) -> None:
        self.parent = os.getppid()
        self.is_make = self._field("Name") in {"make", "gmake"}
        # A shell starts a command in the background with interrupts ignored.
        self.catches = self._catches_interrupts()

    def interrupted(self) -> bool:
        """Whether the make that started us is gone or going."""
        if not self.is_make:
            return False
        return os.getppid() != self.parent or (self.catches and not self._catches_interrupts())

    def _catches_interrupts(self) -> bool:
        caught = self._field("SigCgt")
        return bool(caught) and bool(int(caught, 16) >> (signal.SIGINT - 1) & 1)

    def _field(self, name: str) -> str:
        try:
            status = Path(f"/proc/{self.parent}/status").read_text(encoding="utf-8")
        except OSError:
            return ""
        lines = (line.partition(":") for line in status.splitlines())
        return next((value.strip() for key, _, value in lines if key == name), "")


if __name__ == "__main__":
    sys.exit(main())
