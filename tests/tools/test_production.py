"""What production runs, read from its own files and run here as far as this machine can."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection

from tools.environment import LOCKS
from tools.processes import free_port
from tools.system import FONTS, LIBRARIES

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ["web", "worker", "beat"]
GIVEN = {
    "SECRET_KEY": "a long random value that only this test uses, 0123456789",
    "SITE_URL": "https://portal.example",
    "POSTGRES_PASSWORD": "secret",
}


def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text(encoding="utf-8")


def filled_in(value: str) -> str:
    """Compose's ${NAME:-default} and ${NAME:?sentence}, with the values of this test."""
    return re.sub(
        r"\$\{(\w+)(?::([-?])([^}]*))?\}",
        lambda found: GIVEN.get(found[1], found[3] if found[2] == "-" else ""),
        value,
    )


def environment_of(service: str) -> dict[str, str]:
    given = compose()["services"][service]["environment"]
    return {name: filled_in(str(value)) for name, value in given.items()}


@pytest.mark.parametrize("service", [*PORTAL, "migrate", "db", "redis", "clamav"])
def test_no_service_runs_as_root_or_writes_outside_its_volumes(service: str) -> None:
    found = compose()["services"][service]

    assert found["user"].split(":")[0] not in {"", "0", "root"}
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in found["security_opt"]
    assert any(mount.startswith("/tmp") for mount in found["tmpfs"])


@pytest.mark.parametrize("service", [*PORTAL, "db", "redis", "clamav"])
def test_every_lasting_service_has_a_health_check_and_comes_back(service: str) -> None:
    found = compose()["services"][service]

    assert found["healthcheck"]["test"][0] == "CMD"
    assert found["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", PORTAL)
def test_the_portal_starts_after_the_migrations_have_succeeded(service: str) -> None:
    waits = compose()["services"][service]["depends_on"]

    assert waits["migrate"]["condition"] == "service_completed_successfully"


@pytest.mark.parametrize("service", ["web", "worker"])
def test_web_and_worker_scale_by_number(service: str) -> None:
    found = compose()["services"][service]

    # A name or a fixed port would allow one copy only.
    assert "container_name" not in found
    assert all(str(port).startswith("${PORT") for port in found.get("ports", []))


def test_production_has_no_default_secret_and_neither_debugs_nor_demonstrates() -> None:
    for service in PORTAL:
        given = compose()["services"][service]["environment"]

        assert given["SECRET_KEY"].startswith("${SECRET_KEY:?")
        assert "${POSTGRES_PASSWORD:?" in given["DATABASE_URL"]
        assert (given["DEBUG"], given["DEMO"]) == ("0", "0")


def test_every_volume_that_is_mounted_is_declared_and_the_reverse() -> None:
    found = compose()

    mounted = {
        mount.split(":")[0]
        for service in found["services"].values()
        for mount in service.get("volumes", [])
    }

    assert mounted == set(found["volumes"])


def test_the_image_installs_by_hash_and_runs_as_the_user_of_the_compose_file() -> None:
    text = dockerfile()
    user = re.findall(r"^USER (\S+)$", text, re.MULTILINE)

    assert f"--require-hashes -r {LOCKS[False]}" in text
    assert user == [compose()["services"]["web"]["user"]]
    assert all(package in text for package in [*LIBRARIES, *FONTS])
    assert "HEALTHCHECK" in text


def test_the_image_starts_what_the_compose_file_starts() -> None:
    command = re.findall(r"^CMD (\[.*\])$", dockerfile(), re.MULTILINE)

    assert yaml.safe_load(command[-1]) == compose()["services"]["web"]["command"]


def test_what_the_image_copies_holds_no_secret_and_no_data() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert {".git", ".env", "var", ".venv"} <= set(ignored)


def test_compose_accepts_its_file() -> None:
    docker = shutil.which("docker")
    known = docker and subprocess.run(
        [docker, "compose", "version"], capture_output=True, check=False
    )
    if not known or known.returncode != 0:
        pytest.skip("no docker compose command on this machine")

    done = subprocess.run(
        ["docker", "compose", "config", "--quiet"],
        cwd=ROOT,
        env={**os.environ, **GIVEN},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def unprivileged() -> list[str]:
    """What makes a command another user than root; nothing is needed for an ordinary user."""
    if os.geteuid() != 0:
        return []
    uid, gid = compose()["services"]["web"]["user"].split(":")
    prefix = ["unshare", "-U", f"--map-user={uid}", f"--map-group={gid}"]
    if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip(
            "root without user namespaces cannot become another user who reads this checkout"
        )
    return prefix


@pytest.fixture
def production(
    transactional_db: None, tmp_path: Path
) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a service's own command, unprivileged, in the compose file's environment alone.

    An empty value takes the name out of that environment.
    """
    prefix = unprivileged()
    started: list[subprocess.Popen[bytes]] = []
    database = os.environ["DATABASE_URL"].rpartition("/")[0]

    def start(service: str, **more: str) -> subprocess.Popen[bytes]:
        environment = environment_of(service) | {
            "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(tmp_path),
            "PYTHONDONTWRITEBYTECODE": "1",
            "DATABASE_URL": f"{database}/{connection.settings_dict['NAME']}",
            "REDIS_URL": f"{os.environ['REDIS_URL'].partition('?')[0]}?db=9",
            "DOCUMENTS_DIR": str(tmp_path),
            "STATIC_ROOT": str(tmp_path),
        }
        command = [
            part.replace("/tmp/", f"{tmp_path}/")
            for part in compose()["services"][service]["command"]
        ]
        with (tmp_path / f"{service}.log").open("wb") as log:
            process = subprocess.Popen(
                [*prefix, *command],
                cwd=ROOT,
                env={name: value for name, value in (environment | more).items() if value},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        process.terminate()
    for process in started:
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def answer(port: int, path: str) -> tuple[int, str]:
    ask = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Host": "portal.example"}
    )
    try:
        with urllib.request.urlopen(ask, timeout=10) as found:
            return found.status, found.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError as error:
        return 0, str(error)


def until(test: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if test():
            return True
        time.sleep(0.2)
    return False


def effective_user(pid: int) -> int:
    """The user as the process itself sees it."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    outer = int(status.partition("Uid:")[2].split()[1])
    for line in Path(f"/proc/{pid}/uid_map").read_text(encoding="ascii").splitlines():
        inner, start, length = map(int, line.split())
        if start <= outer < start + length:
            return inner + outer - start
    return outer


def test_web_worker_and_clock_of_production_become_ready_as_an_unprivileged_user(
    production: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    port = free_port("127.0.0.1")

    web = production("web", GRANIAN_PORT=str(port), GRANIAN_HOST="127.0.0.1")
    assert until(lambda: answer(port, "/healthz")[0] == 200), (tmp_path / "web.log").read_text()
    early = answer(port, "/readyz")
    production("worker")
    production("beat")

    assert effective_user(web.pid) != 0
    assert early[0] == 503, early
    assert until(lambda: answer(port, "/readyz")[0] == 200), answer(port, "/readyz")
    healthy = subprocess.run(
        [sys.executable, "-m", "tools.health", "web"],
        cwd=ROOT,
        env={"GRANIAN_PORT": str(port), "SITE_URL": GIVEN["SITE_URL"]},
        check=False,
    )
    assert healthy.returncode == 0


def test_production_without_a_secret_does_not_start(
    production: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    process = production("migrate", SECRET_KEY="")

    assert process.wait(60) != 0
    assert "SECRET_KEY" in (tmp_path / "migrate.log").read_text(encoding="utf-8")


def test_the_health_check_of_a_silent_clock_fails(tmp_path: Path) -> None:
    schedule = tmp_path / "beat"
    check = [sys.executable, "-m", "tools.health", "beat", str(schedule)]

    missing = subprocess.run(check, cwd=ROOT, check=False).returncode
    schedule.touch()
    fresh = subprocess.run(check, cwd=ROOT, check=False).returncode
    os.utime(schedule, (time.time() - 3600,) * 2)
    silent = subprocess.run(check, cwd=ROOT, check=False).returncode

    assert (missing, fresh, silent) == (1, 0, 1)
