"""A mail host that takes every letter, answers late, and says at once what it was told."""

import asyncio
import json
import re
import sys
from email import message_from_bytes

from aiosmtpd.smtp import SMTP, Envelope, Session

LINK = re.compile(r"\S+/pass/\S+")


class Sink:
    """Writes a line for each sender and each letter before it answers, `late` seconds later."""

    def __init__(self, late: float) -> None:
        self.late = late

    async def handle_MAIL(  # noqa: N802 -- the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        say(event="mail", worker=worker(address))
        await asyncio.sleep(self.late)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 -- the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        message = message_from_bytes(envelope.content)
        say(
            event="data",
            worker=worker(envelope.mail_from or ""),
            to=envelope.rcpt_tos[0],
            message_id=message["Message-ID"],
            links=LINK.findall(message.get_payload(decode=True).decode()),
        )
        await asyncio.sleep(self.late)
        return "250 Accepted"


def worker(address: str) -> int:
    """The process that the sender's address names."""
    return int(address.removeprefix("worker-").partition("@")[0])


def say(**facts: object) -> None:
    """One line, written whole."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


async def main(late: float) -> None:
    """Listens until it is ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Sink(late), hostname="localhost", enable_SMTPUTF8=True), "127.0.0.1", 0
    )
    say(event="sink listens", port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
