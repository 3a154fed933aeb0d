"""Letters under fire: senders are killed, Redis is emptied, and nothing is lost."""

import datetime as dt
import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection

from records import letters
from records.models import Letter, Stage
from reporting import dues
from states import registry
from states.history import act
from states.models import Contact, Practice
from tests import factories

ON = dt.date(2027, 3, 1)
DRAINERS = 4
LEASE = 6.0  # seconds; longer than a send on a busy machine
LATE = 0.01  # the sink answers so many seconds late
S = Letter.Status


@dataclass
class Fire:
    """What was seen: whom each letter reached how often, and what each kill cut off."""

    copies: Counter[str] = field(default_factory=Counter)
    others: list[str] = field(default_factory=list)
    kills: list[tuple[str, int]] = field(default_factory=list)
    missed: int = 0
    claimed: dict[int, int] = field(default_factory=dict)
    living: set[int] = field(default_factory=set)
    redis_emptied: int = 0


class Stream:
    """The lines of sink and drainers, in the order in which they were written."""

    def __init__(self, source: int) -> None:
        self.source = source
        self.rest = b""

    def lines(self, patience: float) -> Iterator[dict[str, Any]]:
        """What has come, waiting for `patience` seconds at most for the first of it."""
        ready, _w, _x = select.select([self.source], [], [], patience)
        if not ready:
            return
        *whole, self.rest = (self.rest + os.read(self.source, 65536)).split(b"\n")
        for line in whole:
            if line.startswith(b"{"):
                yield json.loads(line)


def two_hundred_due_letters(number: int) -> None:
    """Planned, not made: as many mailboxes of one State, half of which asked for a second copy."""
    with act(by=None, reason="arranged by a test"):
        laos = factories.party("LAO", "Lao People's Democratic Republic", "2009-03-18")
        registry.bring_up_to_date(ON)
        letters.ship_stages()
        Stage.objects.update(held=False)
        Practice.objects.create(key=Practice.Key.FIRST_RELEASE, value="yes")
        Contact.objects.bulk_create(
            Contact(
                state=laos,
                purpose="article-7",
                place="capital",
                email=f"mailbox{index}@example.org",
                resend=index % 2 == 0,
            )
            for index in range(number)
        )
    planned = letters.plan(dues.of_reports(ON), ON)
    assert planned.new == number


def environment(port: int) -> dict[str, str]:
    """That of the portal, with the test's own database and the sink."""
    at = connection.settings_dict
    address = (
        f"{quote(at['HOST'], safe='')}:{at['PORT']}" if at["PORT"] else quote(at["HOST"], safe="")
    )
    who = quote(at["USER"]) + (f":{quote(at['PASSWORD'])}" if at["PASSWORD"] else "")
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{who}@{address}/{at['NAME']}",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "LETTERS_START_ON": "2026-01-01",
        "DEBUG": "0",
        "LOG_LEVEL": "INFO",
        "PYTHONUNBUFFERED": "1",
    }


def burn(number: int, kills: int, seed: int, patience: float) -> Fire:
    """Sends `number` letters while `kills` drainers die; returns when nothing is left to send."""
    two_hundred_due_letters(number)
    chance = random.Random(seed)
    fire = Fire()
    source, drain = os.pipe()
    stream = Stream(source)
    python = [sys.executable, "-m"]
    sink = subprocess.Popen([*python, "tests.records.sink", str(LATE)], stdout=drain)
    port = next(
        line["port"]
        for _ in range(100)
        for line in stream.lines(0.5)
        if line["event"] == "sink listens"
    )
    nursery = subprocess.Popen(
        [*python, "tests.records.drainers", str(LEASE)],
        stdin=subprocess.PIPE,
        stdout=drain,
        stderr=drain,
        env=environment(port),
    )
    os.close(drain)
    try:
        _burn(fire, stream, nursery, number, kills, chance, patience)
    finally:
        assert nursery.stdin is not None
        for worker in fire.living:
            os.kill(worker, signal.SIGKILL)
        nursery.stdin.close()
        nursery.wait(timeout=20)
        sink.kill()
        sink.wait(timeout=20)
        os.close(source)
    return fire


def _burn(
    fire: Fire,
    stream: Stream,
    nursery: subprocess.Popen[bytes],
    number: int,
    kills: int,
    chance: random.Random,
    patience: float,
) -> None:
    def one_more() -> None:
        assert nursery.stdin is not None
        nursery.stdin.write(b"start\n")
        nursery.stdin.flush()

    for _ in range(DRAINERS):
        one_more()
    every = number * 3 // 4 // kills
    phase, after = chance.choice(PHASES), every
    until = time.monotonic() + patience
    sending = True
    while sending:
        assert time.monotonic() < until, f"not sent in {patience} s: {fire}"
        sending = Letter.objects.filter(status__in=[S.QUEUED, S.SENDING]).exists()
        for line in stream.lines(0.2 if sending else 0.5):
            sending = True  # once nothing is left to send, what was written is read to its end
            worker = line.get("worker", 0)
            note(fire, line, worker)
            begun = sum(fire.copies.values())
            if not fire.redis_emptied and begun >= number // 2:
                cache.clear()
                fire.redis_emptied += 1
            aimed = line["event"] == phase and worker in fire.living and begun >= after
            if aimed and len(fire.kills) < kills and kill(fire, phase, worker):
                one_more()
                phase, after = chance.choice(PHASES), begun + chance.randint(1, every)


def note(fire: Fire, line: dict[str, Any], worker: int) -> None:
    """Keeps what the line tells."""
    match line["event"]:
        case "drainer lives":
            fire.living.add(worker)
        case "letter claimed":
            fire.claimed[worker] = line["letter"]
        case "data" if line["to"].startswith("mailbox"):
            fire.copies[line["message_id"]] += 1
        case "data":
            fire.others.append(line["to"])


PHASES = ["letter claimed", "mail", "data"]


def kill(fire: Fire, phase: str, worker: int) -> bool:
    """Kills the process while its letter is *being sent*; lets it go on where it is not.

    It is stopped first, so that what is read of the letter is what the kill cuts off.
    """
    os.kill(worker, signal.SIGSTOP)
    sending = Letter.objects.filter(pk=fire.claimed.get(worker, 0), status=S.SENDING)
    if not sending.exists():
        os.kill(worker, signal.SIGCONT)
        return False
    os.kill(worker, signal.SIGKILL)
    fire.living.discard(worker)
    until = time.monotonic() + 2
    while os.path.exists(f"/proc/{worker}") and time.monotonic() < until:
        time.sleep(0.001)
    # A confirmation may have been on its way to the database when the process was stopped.
    if sending.exists():
        fire.kills.append((phase, fire.claimed[worker]))
    else:
        fire.missed += 1
    return True


def judge(fire: Fire, number: int, kills: int) -> str:
    """Asserts what is promised of every letter; returns the figures in a sentence."""
    rows = list(Letter.objects.all())
    held = [row for row in rows if not row.resend]
    again = [row for row in rows if row.resend]
    doubtful = [row for row in rows if row.status == S.DOUBTFUL]
    extra = {row.pk: fire.copies[row.message_id] - 1 for row in again}
    cut_off = {letter for _phase, letter in fire.kills}

    assert len(fire.kills) >= kills
    assert fire.redis_emptied == 1
    # None lost, none made up.
    assert len(rows) == number
    assert {row.status for row in rows} <= {S.SENT, S.DOUBTFUL}
    assert all(row.status == S.SENT and fire.copies[row.message_id] >= 1 for row in again)
    assert set(fire.copies) <= {row.message_id for row in rows}
    # Of what holds, a copy too many never leaves, and what may be missing is listed.
    assert all(fire.copies[row.message_id] == 1 for row in held if row.status == S.SENT)
    assert all(fire.copies[row.message_id] <= 1 for row in doubtful)
    assert {row.pk for row in doubtful} <= cut_off
    # Of what resends, one extra copy for a kill at most, under the same Message-ID.
    copies = [pk for pk, more in extra.items() for _ in range(more)]
    assert len(copies) <= len(fire.kills) + fire.missed
    assert set(copies) <= cut_off
    unsent = [row.pk for row in doubtful if not fire.copies[row.message_id]]
    return (
        f"{number} letters, {len(fire.kills)} kills while sending "
        f"({dict(Counter(phase for phase, _letter in fire.kills))}, {fire.missed} too late), "
        f"{sum(fire.copies.values())} at the sink, {len(doubtful)} doubtful {sorted(unsent)} of "
        f"which did not leave, extra copies {sorted(copies)}"
    )


@pytest.fixture
def started(settings: Any) -> None:
    settings.LETTERS_START_ON = dt.date(2026, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_letters_under_fire(started: None, capsys: pytest.CaptureFixture[str]) -> None:
    fire = burn(number=200, kills=8, seed=20261120, patience=60)

    figures = judge(fire, number=200, kills=8)

    print(figures)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.django_db(transaction=True)
def test_letters_under_fire_for_long(
    seed: int, started: None, capsys: pytest.CaptureFixture[str]
) -> None:
    fire = burn(number=1000, kills=40, seed=seed, patience=300)

    figures = judge(fire, number=1000, kills=40)

    with capsys.disabled():
        print(figures)
