"""A mail server in the test's own process that keeps what it is given, or behaves as badly as a test asks."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as a sender needs. ``letters`` are those it has accepted.

    ``recipients`` and ``data`` are its replies to RCPT and to the letter itself; ``hang`` makes it fall silent after
    it has read a letter (``taken`` is set then), ``cut`` end the connection there.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.letters: list[EmailMessage] = []
        self.recipients, self.data = "250 ok", "250 ok"
        self.hang = self.cut = False
        self.taken = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline():
            if not self._answer(line.decode().upper()):
                return

    def _answer(self, line: str) -> bool:
        if line.startswith("RCPT"):
            self._say(self.server.recipients)
        elif line.startswith("DATA"):
            return self._letter()
        else:
            self._say("221 bye" if line.startswith("QUIT") else "250 ok")
        return not line.startswith("QUIT")

    def _letter(self) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.server.taken.set()
        if self.server.hang:
            time.sleep(60)
        if self.server.hang or self.server.cut:
            return False
        if self.server.data.startswith("250"):
            letter = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.server.letters.append(letter)
        self._say(self.server.data)
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server that listens until the end of the block."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()
