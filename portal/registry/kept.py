"""A roster between its preview and its confirmation: on the shelf, for its owner, not longer than a day."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from office.sheets import Table

from . import shelf
from .roster import Line, Outcome

FOLDER = "rosters"


@dataclass(frozen=True)
class Kept:
    """A parsed file: the kind of roster, whose it is, the file's name, its rows, the outcome shown.

    ``outcome`` is None while a job works it out; ``job`` is the one that previews or writes it; ``target`` is what
    the rows belong to, where the kind has one.
    """

    kind: str
    user_id: int
    file_name: str
    table: Table
    outcome: Outcome | None = None
    job: int | None = None
    target: int | None = None


def keep(kept: Kept, at: datetime, token: str = "") -> str:
    """Write it down, anew under ``token`` where given; returns the token."""
    return shelf.put(FOLDER, asdict(kept), at, token)


def find(token: str, kind: str, user_id: int | None) -> Kept | None:
    """What was kept under ``token``, if it is this person's roster of this kind and still there."""
    found = shelf.get(FOLDER, token)
    if found is None or found["kind"] != kind or found["user_id"] != user_id:
        return None
    found["table"] = Table(**found["table"])
    if found["outcome"]:
        lines = [_line(line) for line in found["outcome"]["lines"]]
        found["outcome"] = Outcome(**found["outcome"] | {"lines": lines})
    return Kept(**found)


def _line(kept: dict[str, Any]) -> Line:
    changes = [(label, old, new) for label, old, new in kept["changes"]]
    return Line(**kept | {"changes": changes})


def drop(token: str) -> None:
    """Remove it, if it is there."""
    shelf.drop(FOLDER, token)
