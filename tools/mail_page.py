"""Shows the letters kept by the mail catcher as plain pages."""

import email
import email.policy
import re
from datetime import datetime
from email.message import EmailMessage
from functools import lru_cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

NAME = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9a-f]{16}\.eml")
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
LISTED = 500
STYLE = """
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
body { max-inline-size: 70rem; margin: 0 auto; padding: 1.5rem; }
table { border-collapse: collapse; inline-size: 100%; }
th, td { text-align: start; vertical-align: top; padding: .4rem .8rem .4rem 0;
  border-block-end: 1px solid #8888; overflow-wrap: anywhere; }
td:first-child { white-space: nowrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #8888;
  padding: 1rem; }
"""
# The page runs no script, loads nothing from elsewhere and cannot be framed.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Server(ThreadingHTTPServer):
    """Serves the letters of one folder."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], folder: Path, hosts: set[str]) -> None:
        super().__init__(address, Page)
        self.folder = folder
        self.hosts = hosts


class Page(BaseHTTPRequestHandler):
    """The list, one letter, one enclosure, the style."""

    server: Server
    server_version = "letters"
    sys_version = ""

    def do_GET(self) -> None:
        host = (self.headers.get("Host") or "").rpartition(":")[0] or self.headers.get("Host")
        if host not in self.server.hosts:
            # A web page elsewhere may point a name of its own at this machine.
            self._send(403, b"This page answers only to its own address.\n", "text/plain")
            return
        match self.path.split("?")[0].strip("/").split("/"):
            case [""]:
                self._html(200, "Sent letters", self._list())
            case ["style.css"]:
                self._send(200, STYLE.encode(), "text/css")
            case ["letter", name] if self._has(name):
                self._html(200, "One letter", show(self.server.folder / name))
            case ["letter", name, number] if (
                self._has(name) and number.isascii() and number.isdigit()
            ):
                self._enclosure(name, int(number))
            case _:
                self._html(404, "No such letter", '<p><a href="/">All letters</a></p>')

    def _has(self, name: str) -> bool:
        return NAME.fullmatch(name) is not None and (self.server.folder / name).is_file()

    def _list(self) -> str:
        names = sorted((p.name for p in self.server.folder.glob("*.eml")), reverse=True)
        if not names:
            return (
                "<p>Nothing has been sent yet. What this copy of the portal sends appears here.</p>"
            )
        rows = "".join(_row(str(self.server.folder), name) for name in names[:LISTED])
        more = f"<p>The newest {LISTED} of {len(names)}.</p>" if len(names) > LISTED else ""
        return (
            f"{more}<table><thead><tr><th scope=col>Sent<th scope=col>To<th scope=col>Subject"
            f"</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _enclosure(self, name: str, number: int) -> None:
        enclosures = list(_read(self.server.folder / name).iter_attachments())
        if number >= len(enclosures):
            self._html(404, "No such enclosure", '<p><a href="/">All letters</a></p>')
            return
        part = enclosures[number]
        content = part.get_payload(decode=True)
        file_name = quote(part.get_filename() or f"enclosure-{number + 1}", safe="")
        disposition = f"attachment; filename*=UTF-8''{file_name}"
        self._send(
            200,
            content if isinstance(content, bytes) else part.as_bytes(),
            "application/octet-stream",
            disposition,
        )

    def _html(self, status: int, title: str, body: str) -> None:
        page = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}'
            '</title><meta name="viewport" content="width=device-width">'
            '<link rel="stylesheet" href="/style.css"></head>'
            f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
        )
        self._send(status, page.encode("utf-8", "replace"), "text/html")

    def _send(self, status: int, body: bytes, kind: str, disposition: str = "") -> None:
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        charset = "; charset=utf-8" if kind.startswith("text/") else ""
        self.send_header("Content-Type", kind + charset)
        self.send_header("Content-Length", str(len(body)))
        if disposition:
            self.send_header("Content-Disposition", disposition)
        self.end_headers()
        self.wfile.write(body)


def show(letter: Path) -> str:
    """One letter as HTML: its headers, its words, its enclosures; nothing of it is markup."""
    message = _read(letter)
    rows = "".join(
        f"<dt>{label}<dd>{escape(_header(message, label))}"
        for label in ("From", "To", "Cc", "Reply-To", "Date", "Subject", "Message-ID")
        if message.get(label) is not None
    )
    enclosures = "".join(
        f'<li><a href="/letter/{letter.name}/{number}">'
        f"{escape(part.get_filename() or f'enclosure {number + 1}')}</a>"
        for number, part in enumerate(message.iter_attachments())
    )
    enclosed = f"<h2>Enclosures</h2><ul>{enclosures}</ul>" if enclosures else ""
    return (
        f'<p><a href="/">All letters</a></p><dl>{rows}</dl>'
        f"<pre>{_with_links(_words(message))}</pre>{enclosed}"
    )


def _with_links(text: str) -> str:
    """Escaped text in which web addresses can be followed (a pass, a confirmation)."""
    parts: list[str] = []
    end = 0
    for found in LINK.finditer(text):
        address = escape(found.group())
        parts += [escape(text[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def _words(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return "(no text)"
    try:
        return str(body.get_content())
    except (LookupError, KeyError):
        # A character set or a type that Python does not know: the bytes as they stand.
        content = body.get_payload(decode=True)
        return content.decode("utf-8", "replace") if isinstance(content, bytes) else "(no text)"


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


@lru_cache(maxsize=2 * LISTED)
def _row(folder: str, name: str) -> str:
    message = _read(Path(folder) / name)
    sent = datetime.strptime(name[:15], "%Y%m%dT%H%M%S")
    subject = _header(message, "Subject") or "(no subject)"
    return (
        f"<tr><td>{sent:%-d %B %Y, %H:%M:%S}<td>{escape(_header(message, 'To'))}"
        f'<td><a href="/letter/{name}">{escape(subject)}</a></tr>'
    )


def _read(letter: Path) -> EmailMessage:
    message = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message
