"""`make bench`: what the portal costs, as ratios to a raw hello, and a table of targets."""

from __future__ import annotations

import gzip
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import django

from bench import load, web
from bench.load import Load, Wanted
from tools import processes

QUICK = os.environ.get("BENCH_QUICK") == "1"
ROUNDS = 2 if QUICK else 5
SHORT, LONG, MIXED = (1.0, 2.0, 4.0) if QUICK else (1.5, 3.0, 10.0)
# Where every answer is work, more who wait only make the wait longer.
FEW = 4
PAGES = {
    "State page": "/states/LAO/",
    "States list": "/states/",
    "/api/v1/deadlines": "/api/v1/deadlines",
}
MIX = "200 addresses"
STATE = "LAO"
MOVING = "200 addresses for as long as a generation is watched"
# What moves a generation, in the two ways in which it can: facts of one State, facts of all.
MOVES = {
    "200 addresses, the generation of a State moving every 10 s": (
        "UPDATE states_state SET note = note WHERE iso3 = 'LAO'"
    ),
    "200 addresses, the generation of all moving every 10 s": (
        "UPDATE states_decisionday SET note = note"
    ),
}


@dataclass
class Found:
    """What was measured: loads by (server, what), and lines of the table."""

    loads: dict[tuple[str, str], list[Load]] = field(default_factory=lambda: defaultdict(list))
    lines: list[tuple[str, str, str, str]] = field(default_factory=list)

    def say(self, what: str, target: str, measured: str, met: bool | None = None) -> None:
        """Adds a line to the table."""
        verdict = {None: "", True: "met", False: "NOT MET"}[met]
        self.lines.append((what, target, measured, verdict))

    def ratio(self, server: str, base: str, what: str, base_what: str = "") -> float:
        """The median over the rounds of one rate to another of the same round."""
        pairs = zip(self.loads[server, what], self.loads[base, base_what or what], strict=True)
        return statistics.median(one.rate / other.rate for one, other in pairs)

    def middle(self, server: str, what: str, of: str = "rate") -> float:
        """The median over the rounds."""
        return statistics.median(getattr(each, of) for each in self.loads[server, what])


def main() -> int:
    """Measures everything in less than ten minutes; the exit status says only that it ran."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ccm_portal.settings")
    begun = time.monotonic()
    found = Found()
    group = processes.Group()
    with tempfile.TemporaryDirectory(prefix="ccm-bench-web-") as name:
        folder = Path(name)
        try:
            servers, grown = _prepare(group, folder)
            _measure(found, servers)
            _staleness(found, servers["cached"])
            _bytes(found, servers["cached"])
            found.say("memory of a web process", "", f"{servers['cached'].memory():.0f} MB")
            uncached = servers["uncached"].memory()
            found.say("the same without the page cache", "", f"{uncached:.0f} MB")
            environment = dict(os.environ)
            memory = web.worker_memory(group, folder, environment)
            found.say("memory of a worker process", "", f"{memory:.0f} MB")
        finally:
            group.stop(patience=3)
    _verdicts(found)
    _pdf(found)
    _reports(found)
    _exports(found)
    _print(found, grown, time.monotonic() - begun)
    return 0


def _prepare(group: processes.Group, folder: Path) -> tuple[dict[str, web.Server], str]:
    """Two databases, the second with twenty times the rows; five servers, all on one processor."""
    one = os.environ["DATABASE_URL"]
    parts = urlsplit(one)
    twenty = urlunsplit(parts._replace(path=f"{parts.path}_twenty"))
    environment = web.environment(one, cache=False, folder=folder) | {"LOG_LEVEL": "WARNING"}
    for command in (
        ["manage.py", "migrate", "-v0"],
        ["manage.py", "load_treaty"],
        ["manage.py", "collectstatic", "--noinput", "-v0"],
        ["-m", "bench.bulk", "1"],
    ):
        print("$ python", *command, flush=True)
        subprocess.run([sys.executable, *command], check=True, env=environment)
    _copy(one, twenty)
    print("$ python -m bench.bulk 20", flush=True)
    grown = subprocess.run(
        [sys.executable, "-m", "bench.bulk", "20"],
        check=True,
        env=environment | {"DATABASE_URL": twenty},
        capture_output=True,
        text=True,
    ).stdout.strip()
    django.setup()
    portal = "ccm_portal.wsgi:application"
    servers = {"hello": web.start(group, "hello", "bench.hello:application", folder, environment)}
    for name, address in (("", one), (" of twenty", twenty)):
        for kind in ("cached", "uncached"):
            settings = web.environment(address, cache=kind == "cached", folder=folder)
            server = web.start(group, f"{kind}{name}", portal, folder, settings)
            servers[server.name] = server
    return servers, grown


def _copy(one: str, twenty: str) -> None:
    import psycopg

    source, copy = (unquote(urlsplit(each).path.lstrip("/")) for each in (one, twenty))
    with psycopg.connect(one, autocommit=True) as connection:
        other = connection.info.dsn
    with psycopg.connect(other, dbname="postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{copy}"')
        connection.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{source}"')


def _addresses() -> Wanted:
    """Two hundred addresses, each in one of several languages, the same in every run."""
    from states.models import State

    choice = random.Random(2010)
    states = list(State.objects.of_the_treaty().order_by("pk").values_list("pk", flat=True))
    paths = [f"/states/{iso3}/" for iso3 in choice.sample(states, 120)]
    paths += [f"/states/{iso3}.json" for iso3 in choice.sample(states, 20)]
    paths += [f"/states/{iso3}/deadlines.ics" for iso3 in choice.sample(states, 20)]
    paths += [f"/states/?as_at={year}-06-01" for year in range(2009, 2019)]
    paths += [f"/reports/?year={year}" for year in range(2018, 2026)]
    paths += [f"/api/v1/deadlines?state={iso3}" for iso3 in choice.sample(states, 15)]
    paths += ["/", "/states/", "/reports/", "/calendar/", "/api/v1/states", "/api/v1/deadlines"]
    paths += ["/states.csv"]
    languages = ["en", "fr-CH, fr;q=0.9, en;q=0.8", "es", "de, en;q=0.5"]
    return [(path, choice.choice(languages)) for path in paths]


def _measure(found: Found, servers: dict[str, web.Server]) -> None:
    mixed = _addresses()
    assert len(mixed) == 200
    print(
        f"Asking with {load.generator()}, {load.CONNECTIONS} connections ({FEW} without cache), "
        f"{ROUNDS} rounds."
    )
    if load.cpus() is None:
        print("Servers and generator share the processors: they could not be held apart.")
    for server in servers.values():
        for path in PAGES.values():
            status, _headers, _body = load.get(server.port, path, **{"Accept-Encoding": "gzip"})
            assert status == 200, (server.name, path, status)
    told: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for turn in range(ROUNDS):
        print(f"round {turn + 1} of {ROUNDS}", flush=True)
        for what, path in PAGES.items():
            for name, server in servers.items():
                slow = name.startswith("uncached")
                wanted = [(path, "en")]
                run = (
                    load.ask(server.port, wanted, LONG, seed=turn, connections=FEW)
                    if slow
                    else load.ask(server.port, wanted, SHORT, seed=turn)
                )
                found.loads[name, what].append(run)
        for name, server in servers.items():
            cached = name.startswith("cached")
            if cached:
                for path, language in mixed:
                    headers = {"Accept-Encoding": load.ENCODING, "Accept-Language": language}
                    load.get(server.port, path, **headers)
            connections = FEW if name.startswith("uncached") else load.CONNECTIONS
            lasts = LONG if name.startswith("uncached") else SHORT
            found.loads[name, MIX].append(
                load.ask(server.port, mixed, lasts, seed=turn, connections=connections)
            )
            compared = name == "cached"
            if compared:
                # As long as the runs beside it: a machine that runs hot is slower in ten seconds
                # than in one, whoever is asked.
                found.loads["hello", MOVING].append(
                    load.ask(servers["hello"].port, mixed, MIXED, seed=turn)
                )
            # Of the large database only what was made anew is told: one round is enough.
            moves = MOVES if compared or (cached and turn == 0) else {}
            for what, statement in moves.items():
                before = server.log_size()
                moving = Moving(server.name, statement)
                moving.start()
                run = load.ask(server.port, mixed, MIXED, seed=turn)
                moving.join()
                server.log_size()
                told[name, what].append(server.told(before))
                found.loads[name, what].append(run)
    bad = sum(each.bad for runs in found.loads.values() for each in runs)
    found.say("answers that failed", "0", str(bad), bad == 0)
    for (name, what), counts in told.items():
        made, same = (sum(each) for each in zip(*counts, strict=True))
        asked = sum(each.requests for each in found.loads[name, what])
        label = "" if name == "cached" else ", 20 times the data"
        found.say(
            f"made anew, {what}{label}",
            "",
            f"{made:,} of {asked:,} ({made / max(1, asked):.2%}); found the same: {same:,}",
        )


class Moving(threading.Thread):
    """Moves a generation of one database once in a run of ten seconds, near its beginning."""

    def __init__(self, name: str, statement: str) -> None:
        super().__init__(daemon=True)
        self._twenty = name.endswith("twenty")
        self._statement = statement

    def run(self) -> None:
        import psycopg

        time.sleep(min(1.0, MIXED / 4))
        parts = urlsplit(os.environ["DATABASE_URL"])
        path = f"{parts.path}_twenty" if self._twenty else parts.path
        with psycopg.connect(urlunsplit(parts._replace(path=path)), autocommit=True) as connection:
            assert connection.execute(self._statement).rowcount, "nothing was moved"


def _staleness(found: Found, server: web.Server) -> None:
    """Writes, then asks until the page shows it; at rest and with the server fully busy."""
    from django.db import connection

    from states.history import act
    from states.models import State

    def once(number: int) -> float:
        with act(by=None, reason="the bench asks how long this takes"):
            State.objects.filter(pk=STATE).update(name_en=f"Bench {number}")
        committed = last = time.monotonic()
        while time.monotonic() < committed + 20:
            asked = time.monotonic()
            body = load.get(server.port, f"/api/v1/states?state={STATE}")[2]
            if f"Bench {number}".encode() in body:
                return last - committed
            last = asked
        return 20.0

    number = 5 if QUICK else 15
    at_rest = [once(turn) for turn in range(number)]
    busy = threading.Thread(
        target=load.ask, args=(server.port, [("/states/", "en"), ("/states/LAO/", "fr")], number)
    )
    busy.start()
    under_load = []
    while busy.is_alive():
        under_load.append(once(1000 + len(under_load)))
    busy.join()
    connection.close()
    for what, taken in (("at rest", at_rest), ("under load", under_load)):
        worst, middle = max(taken), statistics.median(taken)
        found.say(
            f"oldest page seen after a write, {what}",
            "at most 0.50 s",
            f"{worst:.2f} s (median {middle:.2f}, {len(taken)} writes)",
            worst <= 0.5,
        )


def _bytes(found: Found, server: web.Server) -> None:
    """HTML, stylesheets and scripts of a first view, as they are sent compressed."""
    packed = {"Accept-Encoding": "gzip"}
    worst = 0
    for path in ("/", "/states/", "/states/LAO/"):
        _status, headers, body = load.get(server.port, path, **packed)
        text = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
        html, size = text.decode(), len(body)
        if path == "/states/":
            found.say("States list, not compressed", "at least 25 kB", f"{len(text) / 1000:.0f} kB",
                      len(text) >= 25_000)  # fmt: skip
        linked = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', html)
        for each in dict.fromkeys(linked):
            size += len(load.get(server.port, each, **packed)[2])
        worst = max(worst, size)
        found.say(
            f"first view of {path}",
            "at most 60 kB",
            f"{size / 1000:.1f} kB ({len(body) / 1000:.1f} kB HTML)",
            size <= 60_000,
        )


def _verdicts(found: Found) -> None:
    rate = statistics.median(each.rate for what in PAGES for each in found.loads["hello", what])
    found.say("raw hello", "", f"{rate:,.0f} a second")
    for what in (*PAGES, MIX):
        share = found.ratio("cached", "hello", what)
        found.say(
            f"{what} from the cache",
            "at least 60 % of hello",
            f"{share:.0%} ({found.middle('cached', what):,.0f} a second, "
            f"p99 {found.middle('cached', what, 'p99'):.1f} ms)",
            share >= 0.6,
        )
        share = found.ratio("uncached", "hello", what)
        found.say(
            f"{what} without the cache",
            "",
            f"{share:.2%} ({found.middle('uncached', what):,.0f} a second, "
            f"p99 {found.middle('uncached', what, 'p99'):.0f} ms)",
        )
    for what in MOVES:
        share = found.ratio("cached", "hello", what, MOVING)
        found.say(
            what,
            "at least 60 % of hello",
            f"{share:.0%} ({found.middle('cached', what):,.0f} a second, "
            f"p99 {found.middle('cached', what, 'p99'):.1f} ms)",
            share >= 0.6,
        )
    for what in (*PAGES, MIX):
        for kind, words in (("cached", "from the cache"), ("uncached", "without the cache")):
            times = 1 / found.ratio(f"{kind} of twenty", kind, what)
            found.say(
                f"{what} {words}, 20 times the data",
                "at most 1.3 times the time",
                f"{times:.2f}",
                times <= 1.3,
            )


def _pdf(found: Found) -> None:
    from bench import pdf

    for each in pdf.run(2 if QUICK else 5):
        found.say(
            f"PDF, {each.name}",
            f"at most {pdf.TARGET} of WeasyPrint",
            f"{each.ratio:.2f} ({each.door:.2f} s)",
            each.ratio <= pdf.TARGET,
        )


def _reports(found: Found) -> None:
    from bench import reports

    for each in reports.run(2 if QUICK else 5):
        found.say(
            f"report of {reports.MANY} rows, {each.name}",
            f"at most {reports.TARGET} times the queries of {reports.FEW} rows",
            f"{each.times:.2f} ({each.queries[1]} queries; {each.seconds[1]:.2f} s, "
            f"of {reports.FEW} rows {each.seconds[0]:.2f} s)",
            each.times <= reports.TARGET,
        )


def _exports(found: Found) -> None:
    """Everything that fifteen years of reports say, sent in the memory of one."""
    from bench import exports

    exports.make()
    one, every = exports.run()
    ratio = every.megabytes / one.megabytes
    found.say(
        f"memory of sending {every.rows:,} answers (15 years of 112 States), to {one.rows:,} (one)",
        f"at most {exports.TARGET}",
        f"{ratio:.2f} ({every.megabytes:.0f} MB to {one.megabytes:.0f} MB)",
        ratio <= exports.TARGET,
    )
    found.say(
        "its first bytes, of the whole time",
        "at most 5 %",
        f"{every.first / every.all:.1%} ({every.first:.2f} s of {every.all:.1f} s)",
        every.first <= 0.05 * every.all,
    )


def _print(found: Found, grown: str, took: float) -> None:
    widths = [max(len(line[column]) for line in found.lines) for column in range(4)]
    print()
    for line in (("what", "target", "measured", "verdict"), *found.lines):
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("| " + " | ".join(cells) + " |")
        if line[0] == "what":
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    print(f"\n20 times: {grown}.")
    print(f"Medians of {ROUNDS} alternating rounds, asked by {load.generator()}; {took:.0f} s.")


if __name__ == "__main__":
    sys.exit(main())
