"""Asks a server on this machine for many pages at once: with wrk where it is, else by ourselves."""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
ENCODING = "gzip, deflate, br"
CONNECTIONS = 16

# Requests are made ready before the clock runs; the order is random and the same for each seed.
SCRIPT = """
local ready = {}
function init(args)
  math.randomseed(tonumber(args[2]))
  for line in io.lines(args[1]) do
    local path, language = line:match("^(%S+) (.*)$")
    ready[#ready + 1] = wrk.format("GET", path,
      {["Host"] = "localhost", ["Accept-Encoding"] = "ENCODING", ["Accept-Language"] = language})
  end
end
function request() return ready[math.random(#ready)] end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\\n{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"most":%d,"bad":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    latency.max, e.status + e.connect + e.read + e.write + e.timeout))
end
""".replace("ENCODING", ENCODING)

type Wanted = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Load:
    """What came of one run: answers a second, milliseconds of the middle and of the slowest."""

    requests: int
    rate: float
    p50: float
    p99: float
    most: float
    bad: int


def generator() -> str:
    """The name of what asks."""
    return "wrk" if shutil.which("wrk") else "a threaded client in Python (wrk is not installed)"


def cpus() -> tuple[str, str] | None:
    """One processor for the servers and one for who asks them; None where that cannot be."""
    known = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(known) < 2 or not shutil.which("taskset"):
        return None
    return str(known[0]), str(known[1])


def pinned(command: Sequence[str | Path], which: int) -> list[str]:
    """The command, held on the servers' processor (0) or on that of who asks (1)."""
    pair = cpus()
    parts = [os.fspath(part) for part in command]
    return ["taskset", "-c", pair[which], *parts] if pair else parts


def ask(
    port: int, wanted: Wanted, seconds: float, *, seed: int = 1, connections: int = CONNECTIONS
) -> Load:
    """Asks for (path, Accept-Language) pairs in random order for so long; over loopback only."""
    if shutil.which("wrk"):
        return _wrk(port, wanted, seconds, seed, connections)
    return _threads(port, wanted, seconds, seed, connections)


def _wrk(port: int, wanted: Wanted, seconds: float, seed: int, connections: int) -> Load:
    with tempfile.TemporaryDirectory(prefix="ccm-wrk-") as folder:
        script, addresses = Path(folder) / "ask.lua", Path(folder) / "addresses"
        script.write_text(SCRIPT, encoding="utf-8")
        lines = "".join(f"{path} {language}\n" for path, language in wanted)
        addresses.write_text(lines, encoding="utf-8")
        # wrk knows whole seconds only.
        length = ["-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "20s"]
        command = ["wrk", *length, "-s", script, f"http://{HOST}:{port}/", "--", addresses, seed]
        done = subprocess.run(
            pinned([str(part) for part in command], 1), capture_output=True, text=True, check=True
        )
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return Load(
        requests=found["requests"],
        rate=max(0.5, found["requests"]) / found["microseconds"] * 1e6,
        p50=found["p50"] / 1000,
        p99=found["p99"] / 1000,
        most=found["most"] / 1000,
        bad=found["bad"],
    )


def _threads(port: int, wanted: Wanted, seconds: float, seed: int, connections: int) -> Load:
    taken: list[float] = []
    bad: list[int] = []
    begun = time.monotonic()

    def run(number: int) -> None:
        choice = random.Random(f"{seed} {number}")
        connection = http.client.HTTPConnection(HOST, port, timeout=20)
        while time.monotonic() < begun + seconds:
            path, language = choice.choice(wanted)
            start = time.perf_counter()
            headers = {"Accept-Encoding": ENCODING, "Accept-Language": language}
            connection.request("GET", path, headers=headers | {"Host": "localhost"})
            answer = connection.getresponse()
            answer.read()
            taken.append((time.perf_counter() - start) * 1000)
            if answer.status >= 400:
                bad.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(min(connections, 8))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.monotonic() - begun
    cuts = statistics.quantiles(taken, n=100) if len(taken) > 1 else [*taken, *taken] * 50
    return Load(len(taken), max(0.5, len(taken)) / lasted, cuts[49], cuts[98], max(taken), len(bad))


def get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One answer: status, headers by lower-case name, body as sent."""
    connection = http.client.HTTPConnection(HOST, port, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": "localhost", **headers})
        answer = connection.getresponse()
        sent = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, sent, answer.read()
    finally:
        connection.close()
