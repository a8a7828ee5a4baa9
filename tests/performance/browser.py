"""A client that costs next to nothing: one connection, the cookies of one person."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

TOKEN = "a" * 32  # any text of this length is a CSRF secret when cookie and header agree


@dataclass(frozen=True)
class Answer:
    """Status, body, how many queries it took (where that was asked) and after how many seconds it was there."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    seconds: float

    @property
    def queries(self) -> int:
        return int(self.headers.get("X-Queries", -1))


class Browser:
    """Whoever has the session ``session``, or nobody."""

    def __init__(self, port: int, session: str = "") -> None:
        self.port = port
        cookies = [f"csrftoken={TOKEN}"] if session else []
        self.cookies = "; ".join([*cookies, *([f"sessionid={session}"] if session else [])])
        self.connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self.used = 0.0

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, values: Mapping[str, str], **headers: str) -> Answer:
        return self._ask("POST", path, urlencode(values).encode(), headers)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = self.cookies
        if body is not None:
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": TOKEN}
        # The server closes what has been idle for two seconds.
        if time.monotonic() - self.used > 1:
            self.connection.close()
        began = time.perf_counter()
        try:
            self.connection.request(method, path, body, sent)
            response = self.connection.getresponse()
            content = response.read()
        except (HTTPException, OSError):
            self.connection.close()
            raise
        taken = time.perf_counter() - began
        self.used = time.monotonic()
        return Answer(response.status, content, dict(response.getheaders()), taken)
