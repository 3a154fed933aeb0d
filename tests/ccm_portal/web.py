"""The portal as the web server sees it, page cache included, for tests of that cache."""

import gzip
import io
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler

from ccm_portal.front import Front
from ccm_portal.front.watch import Epoch, Watch
from states.history import act
from states.models import State, User

MOST = 64 * 1024 * 1024


class Answer:
    """What came back: status, headers by lower-case name, body as sent, and when it was asked."""

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes, at: float) -> None:
        self.status = int(status.split()[0])
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body
        self.at = at

    @property
    def text(self) -> str:
        """The body, unpacked where it was sent compressed."""
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


class Portal:
    """The portal as the web server sees it, with a count of what Django itself had to answer."""

    def __init__(self, most: int = MOST, watch: Watch | None = None) -> None:
        self.django = WSGIHandler()
        self.front = Front(self._counted, most, watch=watch)
        self.asked: list[str] = []
        self.before_answer: Callable[[str], None] = lambda path: None

    def _counted(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ["PATH_INFO"])
        answer = self.django(environ, start_response)
        self.before_answer(environ["PATH_INFO"])
        return answer

    def get(self, address: str, method: str = "GET", **headers: str) -> Answer:
        """Asks for a path with its query; header names are given as WSGI spells them."""
        begun = time.monotonic()
        status, sent, result = self.ask(address, method, **headers)
        body = b"".join(result)
        if hasattr(result, "close"):
            result.close()
        return Answer(status, sent, body, begun)

    def ask(
        self, address: str, method: str = "GET", **headers: str
    ) -> tuple[str, list[tuple[str, str]], Any]:
        """The same with the body as it is handed to the server, of which nothing is read yet."""
        path, _mark, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            **headers,
        }
        said: list[tuple[str, list[tuple[str, str]]]] = []
        result = self.front(environ, lambda status, sent, exc=None: said.append((status, sent)))
        return *said[-1], result

    def until_sure(self) -> None:
        """Waits for the first reading of the generation."""
        self.get("/healthz")
        wait_for(lambda: bool(self.front._watch.epoch()))

    def until_changed(self, epoch: Epoch | None) -> None:
        """Waits until the change of something public has been seen."""
        wait_for(lambda: self.front._watch.epoch() not in {None, epoch})

    def is_kept(self, address: str, **headers: str) -> bool:
        """Whether the second of two requests is answered without Django."""
        self.until_sure()
        self.get(address, **headers)
        before = len(self.asked)
        self.get(address, **headers)
        return len(self.asked) == before


def wait_for(come: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not come():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def rename(state: State, name: str) -> float:
    """Commits a new name; returns the moment at which the commit had been made."""
    with act(by=None, reason="renamed by a test"):
        State.objects.filter(pk=state.pk).update(name_en=name)
    return time.monotonic()


def session_of(user: User, signed_in: type) -> str:
    return "; ".join(f"{each.key}={each.value}" for each in signed_in(user).cookies.values())
