"""Signs of life: what makes the portal not ready, what only warns; what logs keep secret."""

import datetime as dt
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
import structlog
import time_machine
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client, override_settings
from django.utils import timezone

from ccm_portal import health, log, tasks
from records import letters
from records.models import Letter


def readyz(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def everybody_lives() -> None:
    health.alive("worker")
    health.alive("beat")


def test_the_web_process_answers_without_asking_anything(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


def test_with_everything_alive_the_portal_is_ready(client: Client, db: None) -> None:
    everybody_lives()

    status, answer = readyz(client)

    assert status == 200
    assert answer["ready"]
    assert (answer["database"], answer["redis"]) == ("ok", "ok")
    assert answer["oldest_unheld_letter_seconds"] is None


@pytest.mark.parametrize("who", ["worker", "beat"])
def test_without_a_sign_of_life_it_is_not_ready(who: str, client: Client, db: None) -> None:
    everybody_lives()
    cache.delete(f"alive:{who}")

    status, answer = readyz(client)

    assert status == 503
    assert answer["problems"] == [f"No sign of life from the {who}."]


@pytest.mark.parametrize(("seconds", "status"), [(55, 200), (65, 503)])
def test_a_sign_of_life_counts_for_a_minute(
    seconds: int, status: int, client: Client, db: None
) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        everybody_lives()

    with time_machine.travel(now + dt.timedelta(seconds=seconds), tick=False):
        answered, answer = readyz(client)

    assert answered == status
    assert answer["worker_seconds"] == seconds


def test_without_redis_it_is_not_ready(client: Client, db: None) -> None:
    away = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }
    with override_settings(CACHES=away):
        health.alive("worker")
        status, answer = readyz(client)

    assert status == 503
    assert answer["problems"] == ["Redis does not answer."]


def test_without_the_database_it_is_not_ready(client: Client, db: None) -> None:
    everybody_lives()

    def away(*_arguments: Any) -> None:
        raise OperationalError("the server closed the connection")

    with connection.execute_wrapper(away):
        status, answer = readyz(client)

    assert status == 503
    assert answer["problems"] == ["The database does not answer."]


def test_a_letter_that_waits_long_only_warns(client: Client, db: None) -> None:
    everybody_lives()
    letters.write(key="a", kind="test", to="a@example.org", template="_greeting")
    letters.write(key="b", kind="test", to="b@example.org", template="_greeting", held=True)
    Letter.objects.filter(key="a").update(queued_at=timezone.now() - dt.timedelta(hours=1))

    status, answer = readyz(client)

    assert status == 200
    assert 3595 < answer["oldest_unheld_letter_seconds"] < 3605
    assert answer["warnings"] == ["A letter has waited for more than 15 minutes."]


def test_a_held_letter_does_not_warn(client: Client, db: None) -> None:
    everybody_lives()
    letters.write(key="b", kind="test", to="b@example.org", template="_greeting", held=True)

    _status, answer = readyz(client)

    assert answer["oldest_unheld_letter_seconds"] is None


def wait_for(condition: Callable[[], object], seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize(
    ("who", "arguments"),
    [
        ("worker", ["worker", "-P", "solo", "-n", "test@%h", "-Q", "nobody-uses-this-queue"]),
        ("beat", ["beat", "--pidfile", ""]),
    ],
)
def test_worker_and_beat_show_that_they_live_when_they_start(
    who: str, arguments: list[str], tmp_path: Any
) -> None:
    if who == "beat":
        arguments = [*arguments, "--schedule", str(tmp_path / "beat")]
    output = (tmp_path / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "ccm_portal", *arguments, "-l", "INFO"],
        stdout=output,
        stderr=output,
        env={**os.environ, "DEBUG": "0"},
    )
    try:
        lives = wait_for(lambda: cache.get(f"alive:{who}"))
    finally:
        process.terminate()
        process.wait(timeout=20)
        output.close()

    assert lives, (tmp_path / "log").read_text()
    assert time.time() - cache.get(f"alive:{who}") < 30


def test_logs_keep_the_secrets_of_links_to_themselves(capsys: pytest.CaptureFixture[str]) -> None:
    settings = log.configure("INFO", for_people=False)
    formatter = settings["formatters"]["portal"]
    made = formatter["()"](
        processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]
    )
    record = logging.LogRecord(
        "django.request",
        logging.WARNING,
        "",
        1,
        "Not Found: %s, %s",
        ("/pass/invitation/AbC-123_x/", "/account/password/reset/key/1-cxyz-9/"),
        None,
    )

    line = json.loads(made.format(record))

    assert line["event"] == "Not Found: /pass/invitation/…/, /account/password/reset/key/…/"
    assert line["level"] == "warning"


def test_the_id_of_a_request_reaches_the_log_of_its_task(tmp_path: Any) -> None:
    queue = f"test-{os.getpid()}"
    file = tmp_path / "log"
    output = file.open("w")
    worker = ["worker", "-P", "solo", "-n", f"{queue}@%h", "-Q", queue, "-l", "INFO"]
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "ccm_portal", *worker],
        stdout=output,
        stderr=output,
        env={**os.environ, "DEBUG": "0"},
    )
    try:
        with structlog.contextvars.bound_contextvars(request_id="request-42"):
            tasks.heartbeat.apply_async(queue=queue, expires=60)
        arrived = wait_for(lambda: "task_succeeded" in file.read_text())
    finally:
        process.terminate()
        process.wait(timeout=20)
        output.close()

    lines = [json.loads(line) for line in file.read_text().splitlines() if line.startswith("{")]
    assert arrived, file.read_text()
    done = next(line for line in lines if line["event"] == "task_succeeded")
    assert done["request_id"] == "request-42"
