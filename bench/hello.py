"""The raw WSGI hello against which the portal is measured: what the server itself can do."""

from collections.abc import Callable, Iterable
from typing import Any

BODY = [b"Hello, world\n"]
HEADERS = [("Content-Type", "text/plain"), ("Content-Length", str(len(BODY[0])))]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Says hello."""
    start_response("200 OK", HEADERS)
    return BODY
