"""A roster between its preview and its confirmation: kept outside the web root, encrypted, for its owner.

It names people by identity number, so it lies on the disk as ciphertext and not longer than a day.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings

from accounts.crypto import decrypt, encrypt
from office.sheets import Table

from .roster import Line, Outcome

KEPT_FOR = timedelta(days=1)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True)
class Kept:
    """A parsed file: the kind of roster, whose it is, the file's name, its rows, the outcome shown.

    ``outcome`` is None while a job works it out; ``job`` is the one that previews or writes it.
    """

    kind: str
    user_id: int
    file_name: str
    table: Table
    outcome: Outcome | None = None
    job: int | None = None


def _path(token: str) -> Path:
    return Path(settings.DATA_DIR) / "rosters" / f"{token}.bin"


def keep(kept: Kept, at: datetime, token: str = "") -> str:
    """Write it down, anew under ``token`` where given; returns the token. Removes what is older than a day."""
    token = token or secrets.token_urlsafe(16)
    path = _path(token)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for other in path.parent.iterdir():
        if other.stat().st_mtime < (at - KEPT_FOR).timestamp():
            other.unlink(missing_ok=True)
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_bytes(encrypt(json.dumps(asdict(kept), ensure_ascii=False)))
    draft.replace(path)
    return token


def find(token: str, kind: str, user_id: int | None) -> Kept | None:
    """What was kept under ``token``, if it is this person's roster of this kind and still there."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        found = json.loads(decrypt(_path(token).read_bytes()))
    except (OSError, InvalidToken):
        return None
    if found["kind"] != kind or found["user_id"] != user_id:
        return None
    found["table"] = Table(**found["table"])
    if found["outcome"]:
        found["outcome"] = Outcome([_line(line) for line in found["outcome"]["lines"]])
    return Kept(**found)


def _line(kept: dict[str, Any]) -> Line:
    changes = [(label, old, new) for label, old, new in kept["changes"]]
    return Line(**kept | {"changes": changes})


def drop(token: str) -> None:
    """Remove it, if it is there."""
    _path(token).unlink(missing_ok=True)
