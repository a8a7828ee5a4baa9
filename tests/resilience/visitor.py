"""A person at the program's address, as a browser without JavaScript is one."""

from __future__ import annotations

import http.client
import re
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

PASSWORD = "demo-2026"  # of every account of the demonstration that logs in
PATIENCE = 60.0  # seconds until an answer is given up
LOST = (ConnectionError, http.client.HTTPException, TimeoutError)


@dataclass(frozen=True)
class Answer:
    """What came back: ``status`` 0 is a connection that broke off."""

    status: int
    text: str
    seconds: float
    address: str = ""

    @property
    def words(self) -> str:
        """The page's words without its markup, on one line."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.text)).split())

    @property
    def refusal(self) -> str:
        """The sentence that says why not, where there is one."""
        found = re.search(r"(未能|没有|系统|请求)\S*(办理|保存|不能|故障|接受)\S*", self.words)
        return self.words[found.start() : found.start() + 300] if found else self.words[:300]


class Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other."""

    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(frozen=True)
class Upload:
    """One file in a form."""

    name: str
    content: bytes


@dataclass
class Visitor:
    """Somebody with cookies of their own; ``host`` is http://host:port."""

    host: str
    cookies: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), Stay())

    def get(self, path: str) -> Answer:
        return self._ask(urllib.request.Request(self.host + path))

    def post(self, path: str, fields: Mapping[str, Any] | None = None, **headers: str) -> Answer:
        """Send a form; a value may be an Upload. Redirects are not followed."""
        boundary = secrets.token_hex(16)
        body, kind = _encoded({**(fields or {}), "csrfmiddlewaretoken": self._token()}, boundary)
        request = urllib.request.Request(self.host + path, data=body, method="POST")
        request.add_header("Content-Type", kind)
        request.add_header("Referer", self.host + path)
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        return self._ask(request)

    def enter(self, username: str) -> Visitor:
        """Log in through the login page; returns oneself. AssertionError where that fails."""
        self.get("/login/")
        answer = self.post("/login/", {"username": username, "password": PASSWORD})
        assert answer.status == 302, f"{username}: {answer.status} {answer.words[:300]}"
        return self

    def click_in(self, username: str) -> Visitor:
        """Log in with the demonstration's one click, which asks no password and so costs no hashing."""
        self.get("/login/")
        answer = self.post("/login/demo/", {"username": username})
        assert answer.status == 302, f"{username}: {answer.status} {answer.words[:300]}"
        return self

    def _token(self) -> str:
        return next((cookie.value or "" for cookie in self.cookies if cookie.name == "csrftoken"), "")

    def _ask(self, request: urllib.request.Request) -> Answer:
        began = time.monotonic()
        try:
            with self.opener.open(request, timeout=PATIENCE) as response:
                return _answer(response, began)
        except urllib.error.HTTPError as response:
            return _answer(response, began)
        except urllib.error.URLError as error:
            return Answer(0, str(error.reason), time.monotonic() - began)
        except LOST as error:
            return Answer(0, repr(error), time.monotonic() - began)


def _answer(response: Any, began: float) -> Answer:
    text = response.read().decode("utf-8", "replace")
    address = response.headers.get("Location", "")
    return Answer(response.status, text, time.monotonic() - began, address)


def _encoded(fields: Mapping[str, Any], boundary: str) -> tuple[bytes, str]:
    """The body of a form and its kind; several parts where there is a file."""
    if not any(isinstance(value, Upload) for value in fields.values()):
        return urlencode(fields, doseq=True).encode(), "application/x-www-form-urlencoded"
    parts = b""
    for name, value in fields.items():
        named = f'; filename="{value.name}"' if isinstance(value, Upload) else ""
        content = value.content if isinstance(value, Upload) else str(value).encode()
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
        parts += head.encode() + content + b"\r\n"
    return parts + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
