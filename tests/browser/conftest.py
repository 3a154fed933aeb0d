"""A real portal, started as a newcomer starts it, and a real browser to look at it."""

import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).parent.parent.parent
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
READY = 120  # seconds
PATIENCE = 15_000  # milliseconds
SECRETARIAT = {"assistant", "officer", "director"}
expect.set_options(timeout=PATIENCE)


# Each page stands for itself and goes to whichever worker is free.
INDEPENDENT = {"test_pages.py"}
# A State that has its mission certify first does so for every report that it hands in later.
AFTER = {"test_with_colleagues": "test_report_journey"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser; the tests of a file follow from one another."""
    for item in items:
        if "browser" in Path(item.path).parts:
            item.add_marker(pytest.mark.browser)
            if item.path.name not in INDEPENDENT:
                item.add_marker(pytest.mark.xdist_group(AFTER.get(item.path.stem, item.path.stem)))


@dataclass(frozen=True)
class Portal:
    """A running copy: where it is, where its letters are read, and how its people sign in."""

    url: str
    mail_url: str
    password: str
    environment: dict[str, str]

    def code(self, email: str) -> str:
        """The person's present second-factor code, as `make code` prints it."""
        lines = self.manage("code").splitlines()
        return next(
            match.group()
            for line in lines
            if email in line and (match := re.search(r"\b\d{6}\b", line))
        )

    def manage(self, *arguments: str) -> str:
        """What `manage.py` answers on this copy."""
        return subprocess.run(
            [sys.executable, "-m", "tools.manage", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout

    def letters(self) -> str:
        """The page on which sent letters are read."""
        with urllib.request.urlopen(self.mail_url, timeout=10) as answer:
            return answer.read().decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def alone(at: Path) -> Iterator[None]:
    """Of all workers of the run one at a time."""
    with at.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of the run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def portal(common: Path) -> Iterator[Portal]:
    """`make run` on an empty folder, stopped with a signal as Ctrl-C would.

    All workers visit one portal. Who comes first starts it, and stops it when the others have left.
    """
    said, door = common / "portal.json", common / "door"
    running: subprocess.Popen[bytes] | None = None
    with (common / "visitors").open("w") as visitors:
        with alone(door):
            if not said.exists():
                running, found = _start(common / "portal")
                said.write_text(json.dumps(asdict(found)), encoding="utf-8")
            fcntl.flock(visitors, fcntl.LOCK_SH)
        try:
            yield Portal(**json.loads(said.read_text(encoding="utf-8")))
        finally:
            fcntl.flock(visitors, fcntl.LOCK_UN)
            if running is not None:
                with alone(door):
                    said.unlink()
                    fcntl.flock(visitors, fcntl.LOCK_EX)
                    running.send_signal(signal.SIGINT)
                    assert running.wait(30) == 0


def _start(data: Path) -> tuple[subprocess.Popen[bytes], Portal]:
    data.mkdir()
    dropped = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "EMAIL_URL", "SITE_URL"}
    dropped |= {"DOCUMENTS_DIR", "STATIC_ROOT", "DEBUG", "ALLOWED_HOSTS", "DEMO"}
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= {"DATA": str(data), "PORT": str(_free_port()), "MAIL_PORT": str(_free_port())}
    said = data / "said"
    with said.open("w") as output:
        running = subprocess.Popen(
            [sys.executable, "-m", "tools.run"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return running, _ready(running, said, environment)


def _ready(running: subprocess.Popen[bytes], said: Path, environment: dict[str, str]) -> Portal:
    deadline = time.monotonic() + READY
    while time.monotonic() < deadline:
        text = said.read_text()
        if "Stop with Ctrl-C" in text:
            return Portal(
                url=re.search(r"ready after .*?:\s+(http://\S+)", text).group(1),
                mail_url=re.search(r"read at:\s+(http://\S+)", text).group(1),
                password=re.search(r"password: (\S+)", text).group(1),
                environment=environment,
            )
        if running.poll() is not None:
            pytest.fail(f"the portal did not start:\n{text}")
        time.sleep(0.2)
    running.send_signal(signal.SIGINT)
    pytest.fail(f"the portal was not ready after {READY} s:\n{said.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the distribution."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium",
            chromium_sandbox=False,
            args=list(FLAGS),
        )
        yield chromium
        chromium.close()


@dataclass
class Reader:
    """Somebody at a screen; what the console complains of and which hosts are asked is kept."""

    portal: Portal
    context: BrowserContext
    page: Page
    complaints: list[tuple[str, str]]
    strangers: list[str]
    refusals: set[str]

    def go(self, path: str, status: int = 200) -> Page:
        """Opens an address of the portal, which must answer with `status`."""
        url = self.portal.url + path
        if status >= 400:
            self.refused(path)
        answer = self.page.goto(url)
        assert answer is not None, path
        assert answer.status == status, f"{path} answered {answer.status}, not {status}"
        return self.page

    def refused(self, path: str) -> None:
        """The address may refuse from now on: the browser notes each refusal in its console."""
        self.refusals.add(self.portal.url + path)

    def sign_in(self, email: str, password: str = "") -> Page:
        """Signs in to read English; of the secretariat alone a second factor is asked."""
        page = self.go("/account/login/?lang=en")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password", exact=True).fill(password or self.portal.password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/account/login/" not in url)
        if email.split("@")[0] in SECRETARIAT:
            expect(page).to_have_url(re.compile("/account/2fa/authenticate/"))
            page.get_by_label("Code").fill(self.portal.code(email))
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.wait_for_url(lambda url: "/2fa/" not in url)
        return page

    def heard(self) -> list[str]:
        """What the console complained of, where; a refusal that was expected is none."""
        return [
            f"{where}: {text}"
            for where, text in self.complaints
            if not (text.startswith("Failed to load resource") and where in self.refusals)
        ]

    def letter(self, to: str, words: str, within: float = 90) -> Page:
        """Opens on the mail catcher's page the newest letter to `to` with `words` in its subject.

        Letters leave with the worker, so they are waited for; says which letters there are when
        this one does not come.
        """
        row = self.page.locator("tr", has_text=to).filter(has_text=words).first
        deadline = time.monotonic() + within
        while True:
            self.page.goto(self.portal.mail_url)
            if row.count():
                row.get_by_role("link").click()
                return self.page
            if time.monotonic() > deadline:
                pytest.fail(f"no letter to {to} about {words!r}:\n{self.page.inner_text('main')}")
            self.page.wait_for_timeout(500)


@dataclass(frozen=True)
class Keys:
    """Where the sessions of those are kept who have signed in.

    A code of a second factor works only once, so that all workers share the session it opened.
    """

    common: Path
    own: Path

    def of(self, who: str) -> Path:
        """The file of the person's session."""
        folder = self.common if who.split("@")[0] in SECRETARIAT else self.own
        return folder / f"{who or 'anybody'}.json"


@pytest.fixture(scope="session")
def keys(common: Path, tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """The sessions of this run."""
    return Keys(common, tmp_path_factory.mktemp("keys"))


class Room:
    """Where people sit down at screens, each with a browser context of their own."""

    def __init__(self, portal: Portal, browser: Browser, keys: Keys) -> None:
        self.portal, self.browser, self.keys = portal, browser, keys
        self.sat: list[Reader] = []
        self.seats: dict[str, Reader] = {}

    def seat_of(self, who: str) -> Reader:
        """Where the person sits already, or sits down now."""
        if who not in self.seats:
            self.seats[who] = self.sit_down(who)
        return self.seats[who]

    def sit_down(self, who: str = "", *, width: int = 1280, **options: Any) -> Reader:
        """Somebody who has signed in as `who`; `options` are those of Playwright's contexts."""
        key = self.keys.of(who)
        with alone(key.with_suffix(".turn")):
            one = self._open(key if key.exists() else None, width=width, **options)
            if who and not key.exists():
                one.sign_in(who)
                one.context.storage_state(path=key)
        return one

    def _open(self, key: Path | None, *, width: int, **options: Any) -> Reader:
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            locale="en-GB",
            storage_state=key,
            **options,
        )
        context.set_default_timeout(PATIENCE)
        context.set_default_navigation_timeout(2 * PATIENCE)
        page = context.new_page()
        one = Reader(self.portal, context, page, [], [], set())
        page.on(
            "console",
            lambda m: (
                m.type == "error"
                and one.complaints.append((m.location.get("url") or page.url, m.text))
            ),
        )
        page.on("pageerror", lambda error: one.complaints.append((page.url, str(error))))
        page.on(
            "request",
            lambda request: (
                request.url.startswith((self.portal.url, self.portal.mail_url, "data:", "blob:"))
                or one.strangers.append(f"{page.url} asks {request.url}")
            ),
        )
        self.sat.append(one)
        return one

    def be_calm(self) -> None:
        """Nobody has complained or asked a stranger since the last time."""
        complaints = [complaint for one in self.sat for complaint in one.heard()]
        strangers = [words for one in self.sat for words in one.strangers]
        for one in self.sat:
            for kept in (one.complaints, one.strangers, one.refusals):
                kept.clear()
        assert complaints == []
        assert strangers == []

    def leave(self) -> None:
        """Everybody goes, and takes the context along."""
        for one in self.sat:
            one.context.close()


@pytest.fixture
def reader(portal: Portal, browser: Browser, keys: Keys) -> Iterator[Callable[..., Reader]]:
    """`reader("assistant@demo.example", width=360, …)` sits down; nobody may have complained."""
    room = Room(portal, browser, keys)
    yield room.sit_down
    room.leave()
    room.be_calm()
