"""docker-compose.yml as an engine would read it, so that its commands can be given by hand on this machine."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import SIGKILL, SIGTERM
from typing import Any

import yaml

from tests.demonstration import ROOT

PROGRAMS = Path(sys.executable).parent
_PLACE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<word>[^}]*))?\}")


def raw() -> dict[str, Any]:
    """The file as YAML, its variables not yet filled in."""
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8")))


def composed(settings: Mapping[str, str]) -> dict[str, Any]:
    """The file with the variables of .env filled in. Raises KeyError for one that is required and empty."""

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [filled(inner) for inner in value]
        return _PLACE.sub(lambda place: _word(place, settings), value) if isinstance(value, str) else value

    return dict(filled(raw()))


def _word(place: re.Match[str], settings: Mapping[str, str]) -> str:
    if place[0] == "$$":
        return "$"
    given = settings.get(place["name"], "")
    if not given and place["kind"] == "?":
        raise KeyError(place["name"])
    return given or (place["word"] or "")


def here(words: list[str], **changes: str) -> list[str]:
    """A command as it is given on this machine: the program from our environment, addresses changed."""
    if words[0] == "CMD-SHELL":
        words = ["/bin/sh", "-c", words[1]]
    words = [word for word in words if word != "CMD"]
    for old, new in changes.items():
        words = [word.replace(old, new) for word in words]
    return words


def variables(service: Mapping[str, Any], **changes: str) -> dict[str, str]:
    """The environment of a service on this machine, and nothing else of ours."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "LC_ALL") if name in os.environ}
    path = f"{PROGRAMS}:{os.environ['PATH']}"
    return kept | {"PATH": path, "HOSTNAME": socket.gethostname()} | dict(service["environment"]) | changes


@contextmanager
def up(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A service's process in a group of its own, ended with the block."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, SIGKILL)
            process.wait()
