"""A line between a browser and the portal that can be cut, and that counts what goes through it."""

import contextlib
import socket
import threading
from dataclasses import replace
from typing import Self

from tests.browser.conftest import Portal


class Line:
    """Hands every connection on to the portal until it is cut; `sent` counts the bytes going up."""

    def __init__(self, portal: Portal) -> None:
        host, port = portal.url.removeprefix("http://").split(":")
        self._to = (host, int(port))
        self._door = socket.create_server(("127.0.0.1", 0))
        self.portal = replace(portal, url=f"http://localhost:{self._door.getsockname()[1]}")
        self.sent = self.answered = 0
        self._dead = False
        self._ends: set[socket.socket] = set()
        self._counting = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_problem: object) -> None:
        self.cut()
        self._door.close()

    def cut(self) -> None:
        """Everything that is under way is torn, and nothing gets through."""
        self._dead = True
        for end in tuple(self._ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """The line is back."""
        self._dead = False

    def _listen(self) -> None:
        while True:
            try:
                near, _address = self._door.accept()
            except OSError:
                return
            if self._dead:
                near.close()
                continue
            try:
                far = socket.create_connection(self._to)
            except OSError:
                near.close()
                continue
            self._ends |= {near, far}
            threading.Thread(target=self._carry, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(far, near, False), daemon=True).start()

    def _carry(self, start: socket.socket, end: socket.socket, up: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := start.recv(16 * 1024):
                with self._counting:
                    if up:
                        self.sent += len(piece)
                    else:
                        self.answered += len(piece)
                end.sendall(piece)
        for one in (start, end):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
            self._ends.discard(one)
