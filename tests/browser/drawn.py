"""The program as the browser's walk drives it: each answer names the templates it was drawn from.

A WSGI application around the real one; ``X-Drawn`` carries the names. ``/failures/<number>/`` is the page of that
status, which a program in order shows nobody.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.template import engines
from django.template.loader import render_to_string
from jinja2 import Template

from config.wsgi import application as program

FAILURE = re.compile(r"/failures/(400|500|503)/")
answer = threading.local()


jinja = engines["jinja2"].env
find = jinja.get_template


def noting(name: str | Template, *given: Any) -> Template:
    """Keep the name of a template that the answer in hand is drawn from: a page, what it extends and includes."""
    template = find(name, *given)
    if template.name:
        answer.names.add(template.name)
    return template


jinja.get_template = noting


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The program, or one of its pages of failure."""
    answer.names = set[str]()

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        return start_response(status, [*headers, ("X-Drawn", " ".join(sorted(answer.names)))], *more)

    if failure := FAILURE.fullmatch(environ["PATH_INFO"]):
        page = render_to_string(f"{failure[1]}.html").encode()
        start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [page]
    return program(environ, start)
