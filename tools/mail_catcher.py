"""Takes every letter sent to it, keeps it as a file, and shows it; sends nothing on."""

import argparse
import hashlib
import os
import signal
import sys
import threading
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tools.mail_page import Server

LARGEST = 100 * 1024 * 1024


class Keep:
    """Writes each letter to a folder, complete or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(  # noqa: N802 (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        # Two letters of one second differ by what they say or to whom; a repeated one is kept too.
        seed = f"{time.time_ns()} {envelope.rcpt_tos}".encode() + content
        name = f"{time.strftime('%Y%m%dT%H%M%S')}-{hashlib.sha256(seed).hexdigest()[:16]}"
        unfinished = self.folder / f"{name}.part"
        unfinished.write_bytes(content)
        os.replace(unfinished, self.folder / f"{name}.eml")
        return "250 Message accepted for delivery"


def main() -> None:
    """Serves until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--page-port", type=int, required=True)
    arguments = parser.parse_args()
    arguments.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    controller = Controller(
        Keep(arguments.folder),
        hostname="127.0.0.1",
        port=arguments.smtp_port,
        data_size_limit=LARGEST,
        ready_timeout=20,
    )
    controller.start()
    hosts = {"localhost", "127.0.0.1", arguments.host}
    page = Server((arguments.host, arguments.page_port), arguments.folder, hosts)
    threading.Thread(target=page.serve_forever, daemon=True).start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()
    sys.exit(0)


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main()
